"""Taste: what a reader kept, pruned and marked, and what that says of works not seen yet.

A logistic regression on what a text means and on its words, fitted anew each time: it takes a
fraction of a second, and nothing has to be kept in step. Works that nobody said anything of stand
for what is not of interest, as in arxiv-sanity-lite; what was pruned or marked down weighs more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Idea
from corpus.shelf import Shelf
from index.fusion import diverse, standard
from index.question import Findings, Question
from index.weighing import CONSIDERED
from synth.examples import Example, Texts, examples_of, passed_over, texts_of, whole, words_of
from synth.reading import topic_of
from synth.words import terms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from index.embedder import Rows, Vectors
    from index.searcher import Searcher

FEWEST = 5
"""Liked texts from which on something can be learned; under it only nearness is told."""
HALF_LIFE_DAYS = 120.0
"""After so long a mark counts half."""
STRENGTH = 10.0
"""Inverse of the regularisation, found on the newsletter by `benchmarks.digest`."""
FOLDS = 5
"""Parts that what was liked is cut into, each judged by what was learned from the others."""
WORDS_SHARE = 1.0
"""Weight of the words beside the embedding, both unit rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What taste says of one text."""

    strength: float
    """How much it is like what was liked and unlike the rest: for ordering, on no scale."""
    share: float
    """0 to 1: the share of what was liked that is no stronger, each judged by the others."""
    nearest: Example
    """The liked example that is nearest to it."""
    cosine: float


class Taste:
    """What was learned of some examples."""

    def __init__(self, liked: Sequence[Example], rows: Vectors, model: _Model | None) -> None:
        self._liked = liked
        self._rows = rows
        self._model = model

    @property
    def is_learned(self) -> bool:
        """Whether there was enough to learn from; else strengths and shares are cosines."""
        return self._model is not None

    def opinions(self, texts: Texts) -> list[Opinion]:
        """What it says of each text."""
        near = texts.rows @ self._rows.T
        best = near.argmax(axis=1)
        cosines = near[np.arange(len(near)), best]
        strengths = self._model.strengths(texts) if self._model else cosines
        shares = self._model.shares(strengths) if self._model else np.clip(cosines, 0, 1)
        return [
            Opinion(
                strength=float(strength),
                share=float(share),
                nearest=self._liked[place],
                cosine=float(cosine),
            )
            for strength, share, place, cosine in zip(
                strengths, shares, best.tolist(), cosines, strict=True
            )
        ]


def learn(
    examples: Sequence[Example], seen: Texts, background: Texts | None = None
) -> Taste | None:
    """Learn from examples, whose texts are `seen` in their order; `None` where none is liked.

    background  texts that nobody said anything of
    """
    liked = [n for n, each in enumerate(examples) if each.likes]
    if not liked:
        return None
    model = None
    others = background if background is not None and len(background.words) else None
    against = len(examples) - len(liked) + (len(others.words) if others else 0)
    if len(liked) >= FEWEST and against >= 2:
        model = _fitted(examples, seen, others)
    return Taste([examples[n] for n in liked], seen.rows[liked], model)


class _Model:
    """A fitted regression, its vocabulary, and how strong what was liked is by the others."""

    def __init__(
        self, vectorizer: TfidfVectorizer, regression: LogisticRegression, liked: Vectors
    ) -> None:
        self._vectorizer = vectorizer
        self._regression = regression
        self._liked = np.sort(liked)

    def strengths(self, texts: Texts) -> Vectors:
        """The logarithm of the odds that each text is liked, both classes taken as equal, (n,)."""
        joined = _joined(texts, self._vectorizer.transform(texts.words))
        found: Vectors = self._regression.decision_function(joined)
        return found

    def shares(self, strengths: Vectors) -> Vectors:
        """The share of liked texts that are no stronger, (n,).

        Each liked text was judged by a regression that had not seen it, so that one that is as
        much like the liked ones as they are like each other is above a share s of them with
        probability 1 - s (conformal prediction, Vovk et al. 2005, section 2.2).
        """
        below = np.searchsorted(self._liked, strengths, side="right")
        return (below / len(self._liked)).astype(np.float32)


def _fitted(examples: Sequence[Example], seen: Texts, others: Texts | None) -> _Model:
    from sklearn.feature_extraction.text import TfidfVectorizer

    likes = np.array([each.likes for each in examples])
    weights = np.array([each.weight for each in examples]) * _decay(examples)
    texts = seen
    if others is not None:
        texts = Texts(np.concatenate([seen.rows, others.rows]), [*seen.words, *others.words])
        likes = np.concatenate([likes, np.zeros(len(others.words), dtype=bool)])
        weights = np.concatenate([weights, np.full(len(others.words), 0.5)])
    vectorizer = TfidfVectorizer(
        analyzer=_tokens, sublinear_tf=True, max_features=30_000, dtype=np.float32
    )
    joined = _joined(texts, vectorizer.fit_transform(texts.words))
    held_out = _held_out(joined, likes, weights)
    return _Model(vectorizer, _regression(joined, likes, weights), held_out)


def _regression(rows: csr_matrix, likes: Rows, weights: Vectors) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", tol=1e-3, max_iter=2_000)
    return regression.fit(rows, likes, sample_weight=weights)


def _held_out(rows: csr_matrix, likes: Rows, weights: Vectors) -> Vectors:
    """How strong each liked text is by a regression on the texts of the other folds."""
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros(len(likes), dtype=np.float32)
    folds = StratifiedKFold(
        min(FOLDS, int(likes.sum()), int((~likes).sum())), shuffle=True, random_state=0
    )
    for there, out in folds.split(likes, likes):
        fitted = _regression(rows[there], likes[there], weights[there])
        found[out] = fitted.decision_function(rows[out])
    return found[likes]


def _joined(texts: Texts, words: csr_matrix) -> csr_matrix:
    """Embedding and words side by side."""
    from scipy import sparse

    return sparse.hstack([sparse.csr_matrix(texts.rows), words * WORDS_SHARE]).tocsr()


def _tokens(text: str) -> list[str]:
    """Informative words and pairs of them."""
    words = terms(text)
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _decay(examples: Sequence[Example]) -> Vectors:
    """How much each still counts, by its age beside the newest: no clock is asked."""
    newest = max(each.at for each in examples)
    days = np.array([(newest - each.at).total_seconds() / 86_400 for each in examples])
    return np.asarray(0.5 ** (days / HALF_LIFE_DAYS))


# -- a reader's -----------------------------------------------------------------------------------


def taste_of(
    profile: str, *, shelf: Shelf, searcher: Searcher, judged: Collection[str] = ()
) -> Taste | None:
    """What a reader's marks and the ideas that were kept and pruned say; `None`: nothing yet.

    judged  documents that it will be asked about: being new says nothing against them
    """
    examples = examples_of(profile, shelf)
    said = {each.doc_id for each in examples if each.doc_id}
    others = passed_over(shelf, said, beside=judged)
    return taste_from(examples, others, shelf=shelf, searcher=searcher)


def taste_from(
    examples: Sequence[Example], others: Sequence[str], *, shelf: Shelf, searcher: Searcher
) -> Taste | None:
    """What these examples say beside documents that nobody said anything of."""
    vectors = searcher.leads(each.doc_id for each in examples if each.doc_id)
    examples = [each for each in examples if each.text or each.doc_id in vectors]
    if not any(each.likes for each in examples):
        return None
    said = [each.text for each in examples if each.text]
    embedded = iter(searcher.embed(said)) if said else iter(())
    words = words_of(shelf, [each.doc_id for each in examples if each.doc_id])
    rows = [next(embedded) if each.text else whole(vectors[each.doc_id]) for each in examples]
    seen = Texts(np.stack(rows), [each.text or words[each.doc_id] for each in examples])
    return learn(examples, seen, texts_of(others, shelf=shelf, searcher=searcher)[1])


def ideas_by_taste(
    ideas: Sequence[Idea], profile: str, *, searcher: Searcher
) -> list[tuple[Idea, Opinion]]:
    """Ideas, those first that are like what was kept and marked; none where nothing was.

    An idea that is kept or pruned itself is one of those that are learned from: give open ones.
    """
    taste = taste_of(profile, shelf=searcher.shelf, searcher=searcher)
    if taste is None or not ideas:
        return []
    said = [topic_of(idea) for idea in ideas]
    opinions = taste.opinions(Texts(searcher.embed(said), said))
    return sorted(zip(ideas, opinions, strict=True), key=lambda pair: -pair[1].strength)


# -- search by it ---------------------------------------------------------------------------------


def search_by_taste(question: Question, searcher: Searcher) -> Findings:
    """The works that answer, those lifted that are like what the reader kept and marked.

    Of the 50 that fit best, fitness and taste are brought to one scale and added; where the works
    are to be unlike one another, those are chosen by the sum. Without anything kept, the order
    stays as it is, and that is said.
    """
    found = searcher.search(replace(question, k=max(question.k, CONSIDERED), diverse=False))
    by_id = {hit.document.doc_id: hit for hit in found.hits}
    taste = taste_of("", shelf=searcher.shelf, searcher=searcher, judged=by_id)
    if taste is None:
        note = "nothing is kept or marked yet, so that the order is that of any reader"
        return searcher.search(replace(question, notes=(*question.notes, note)))
    there, texts = texts_of(list(by_id), shelf=searcher.shelf, searcher=searcher)
    if not there:
        return found
    fit = standard(np.array([by_id[doc_id].score for doc_id in there], dtype=np.float32))
    liked = np.array([each.strength for each in taste.opinions(texts)], dtype=np.float32)
    scores = fit + standard(liked)
    order = np.argsort(-scores, kind="stable")[: question.k].tolist()
    if question.diverse:
        order = diverse(scores, texts.rows, question.k)
    return replace(found, hits=tuple(by_id[there[place]] for place in order))
