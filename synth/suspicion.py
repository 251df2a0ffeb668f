"""Suspicion: whether a text hides something, or speaks to a model instead of to a reader.

A flag, never a filter: texts on alignment quote attacks as their subject. What is flagged is
kept, shown to models as any other text, and said beside the claims that quote near it.
"""

from __future__ import annotations

import re

from corpus.model import Version
from corpus.text import UNSEEN

AROUND = 600
"""Characters before and after a quote that are looked at with it."""

_TAGS = re.compile("[\U000e0000-\U000e007f]")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_JOINERS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""A few of these are ordinary typography: soft hyphens, joiners of scripts and of emoji."""
_MANY = 4

_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|your"
    r"|all|any|these|the)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|directions?"
    r"|constraints?|context)"
    r"|\b(?:system|developer|hidden) (?:prompt|message|instructions?)\b"
    r"|\byou are (?:now|no longer|an? (?:ai|language model|assistant|llm|helpful))"
    r"|\b(?:as|attention|note to|dear|to (?:all|any|the)) (?:an? )?(?:ai|llms?|language models?|"
    r"(?:ai )?(?:assistants?|reviewers?|summari[sz]ers?|agents?))\b.{0,40}\b(?:must|should|please"
    r"|read|reading|do not|output|give|rate|include|write)"
    r"|\b(?:reveal|print|repeat|output|show|leak|send)\b.{0,30}\b(?:your|the)\b.{0,20}\b(?:system"
    r"|prompt|instructions?|api[ -]?keys?|secrets?|passwords?|credentials?)"
    r"|\b(?:rate|score|rank|review)\b.{0,40}\b(?:10/10|ten out of ten|highest|positively|first)"
    r"|\bpositive review only\b"
    r"|\bdo not (?:mention|highlight|report) (?:any )?(?:negatives?|flaws?|weakness)"
    r"|\b(?:include|insert|add|append|render|embed|emit)\b.{0,40}\b(?:links?|images?|urls?"
    r"|markdown|https?)\b"
    r"|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<<SYS>>|\bBEGIN (?:SYSTEM|PROMPT)"
    r"|\bnew instructions?:"
    r"|\btell (?:every|the|your|all)\b.{0,20}\b(?:readers?|users?)\b.{0,20}\b(?:to|that)\b"
    r"|\b(?:call|invoke|run) the \w+ (?:tool|function|plugin)\b|\brm -rf\b|\bjavascript:|<script\b"
    r"|\b(?:reply|respond|answer) (?:only )?with\b.{0,120}\bnothing else\b",
    re.IGNORECASE | re.DOTALL,
)


def suspicions(text: str) -> list[str]:
    """What is suspicious about a text, in words for a reader; nothing where nothing is."""
    found = []
    if _TAGS.search(text):
        found.append("tag characters that nobody can see")
    if _TURNED.search(text):
        found.append("characters that turn the direction of reading")
    if len(_JOINERS.findall(text)) >= _MANY:
        found.append("characters without width")
    if _TO_A_MODEL.search(UNSEEN.sub("", text)):
        found.append("words that seem to speak to a model")
    return found


def suspicions_near(version: Version, start: int, end: int) -> list[str]:
    """What is suspicious about a quote and the text around it."""
    return suspicions(version.text[max(0, start - AROUND) : end + AROUND])
