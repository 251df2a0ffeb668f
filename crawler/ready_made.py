"""The sources that ship with Alignloom: the field's forums, papers, journals, labs and letters.

`docs/sources.md` shows the same list as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.source import Json, SourceSettings

OWN = "its authors' own"
"""No open licence is known: read, searched and quoted, never passed on."""

ALIGNMENT = (
    "AI safety",
    "AI alignment",
    "alignment research",
    "aligning language models",
    "misalign*",
    "value alignment",
    "alignment problem",
    "scalable oversight",
    "weak to strong generalization",
    "reward hacking",
    "reward tampering",
    "specification gaming",
    "goal misgeneralization",
    "deceptive alignment",
    "scheming",
    "corrigib*",
    "mechanistic interpretability",
    "sparse autoencoder*",
    "eliciting latent knowledge",
    "model organisms",
    "AI control",
    "power seeking",
    "existential risk*",
    "catastrophic risk*",
    "dangerous capabilit*",
    "sandbagging",
    "sycophan*",
    "jailbreak*",
    "constitutional AI",
    "human feedback",
    "instrumental convergence",
    "inner alignment",
    "mesa optimi*",
    "embedded agency",
    "safety case*",
)
"""What a paper must say to be of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """A source that needs no more than being switched on."""

    name: str
    type: str
    url: str
    gives: str
    licence: str
    """Of its texts, in words."""
    options: Mapping[str, Json] = field(default_factory=dict)

    @property
    def settings(self) -> SourceSettings:
        """Its settings as they are without an entry of one's own."""
        return SourceSettings(
            name=self.name, type=self.type, url=self.url, options=dict(self.options)
        )

    @property
    def entry(self) -> dict[str, Json]:
        """Its `[[source]]` entry."""
        return {"name": self.name, "type": self.type, "url": self.url, **self.options}


def _forum(
    name: str, url: str, gives: str, *, dialect: str, tags: list[Json], licence: str = OWN
) -> ReadyMade:
    options: dict[str, Json] = {
        "dialect": dialect,
        "comments": True,
        "min_karma": 1,
        "tags": tags,
    }
    return _made(name, "forum_magnum", url, gives=gives, licence=licence, options=options)


def _feed(name: str, url: str, gives: str, *, flavour: str = "", licence: str = OWN) -> ReadyMade:
    options: dict[str, Json] = {"paged": flavour == "wordpress", "flavour": flavour}
    return _made(name, "feed", url, gives=gives, licence=licence, options=options)


def _site(
    name: str, url: str, gives: str, *include: str, exclude: tuple[str, ...] = ()
) -> ReadyMade:
    options: dict[str, Json] = {"include": list(include), "exclude": list(exclude)}
    return _made(name, "sitemap", url, gives=gives, licence=OWN, options=options)


def _git(name: str, url: str, gives: str, path: str) -> ReadyMade:
    licence = "as its licence file says"
    return _made(name, "git", url, gives=gives, licence=licence, options={"paths": [path]})


def _made(
    name: str, kind: str, url: str, *, gives: str, licence: str, options: Mapping[str, Json]
) -> ReadyMade:
    return ReadyMade(name=name, type=kind, url=url, gives=gives, licence=licence, options=options)


ENTRIES = (
    _forum(
        "lesswrong",
        "https://www.lesswrong.com",
        "posts tagged AI, with comments",
        dialect="selector",
        tags=["ai"],
    ),
    _forum(
        "alignmentforum",
        "https://www.alignmentforum.org",
        "all posts, with comments",
        dialect="selector",
        tags=[],
    ),
    _forum(
        "eaforum",
        "https://forum.effectivealtruism.org",
        "posts tagged AI safety, with comments",
        dialect="terms",
        tags=["ai-safety"],
        licence="CC BY 4.0 since December 2022",
    ),
    _made(
        "arxiv",
        "arxiv",
        "https://arxiv.org",
        gives="papers of five categories that speak of alignment",
        licence="by paper",
        options={"query": list(ALIGNMENT)},
    ),
    _git(
        "axrp",
        "https://github.com/axrp/axrp.github.io",
        "transcripts of the AI X-risk Research Podcast",
        "_posts",
    ),
    _git(
        "agentmodels",
        "https://github.com/agentmodels/agentmodels.org",
        "a book on modelling agents with probabilistic programs",
        "chapters",
    ),
    _site(
        "transformer-circuits",
        "https://transformer-circuits.pub",
        "interpretability articles",
        "/20*",
    ),
    _feed(
        "distill",
        "https://distill.pub/rss.xml",
        "a journal of machine learning, finished in 2021",
        licence="CC BY 4.0",
    ),
    _site(
        "anthropic-alignment",
        "https://alignment.anthropic.com",
        "notes of Anthropic's alignment teams",
        "/20*",
    ),
    _site(
        "anthropic-research",
        "https://www.anthropic.com/research",
        "Anthropic's research posts",
        "/research/*",
    ),
    _feed(
        "deepmind-safety",
        "https://deepmindsafetyresearch.medium.com/feed",
        "posts of DeepMind's safety teams",
    ),
    _feed(
        "redwood",
        "https://redwoodresearch.substack.com/feed",
        "posts of Redwood Research",
        flavour="substack",
    ),
    _feed(
        "miri",
        "https://intelligence.org/feed",
        "posts of the Machine Intelligence Research Institute",
        flavour="wordpress",
    ),
    _feed("aiimpacts", "https://aiimpacts.org/feed", "posts of AI Impacts", flavour="wordpress"),
    _feed(
        "aisafetycamp",
        "https://aisafety.camp/feed",
        "posts of the AI Safety Camp",
        flavour="wordpress",
    ),
    _feed(
        "importai",
        "https://importai.substack.com/feed",
        "the letter Import AI",
        flavour="substack",
    ),
    _feed(
        "mlsafety",
        "https://newsletter.mlsafety.org/feed",
        "the ML Safety Newsletter",
        flavour="substack",
    ),
    _feed(
        "jsteinhardt",
        "https://jsteinhardt.wordpress.com/feed",
        "Jacob Steinhardt's posts until 2021",
        flavour="wordpress",
    ),
    _feed(
        "bounded-regret",
        "https://bounded-regret.ghost.io/rss/",
        "Jacob Steinhardt's posts since 2021",
        flavour="ghost",
    ),
    _feed(
        "vkrakovna",
        "https://vkrakovna.wordpress.com/feed",
        "Victoria Krakovna's posts",
        flavour="wordpress",
    ),
    _site(
        "generative-ink",
        "https://generative.ink/posts/",
        "essays on language models as simulators and looms",
        "/posts/*",
    ),
    _site(
        "eleutherai",
        "https://blog.eleuther.ai/",
        "posts of EleutherAI",
        exclude=("/tags*", "/page/*", "/archives*", "/search*", "/about*", "/authors*"),
    ),
    _feed("carado", "https://carado.moe/rss.xml", "Tamsin Leake's posts"),
)

READY_MADE: tuple[Mapping[str, Json], ...] = tuple(made.entry for made in ENTRIES)
"""As entries of `alignloom.toml` would name them."""
