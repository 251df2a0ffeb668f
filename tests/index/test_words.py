"""The word index: stems, phrases, filters exact by either way, folders that never change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import generation as generations
from index.highlighting import matched
from index.words import BROAD, FEW, LOCKS, Wording, Words, write_words

COUNT = 2_000
TOPICS = ("debate", "probing", "oversight", "control", "trust")

Make = Callable[..., Words]


def wording(number: int, text: str, title: str = "") -> Wording:
    return Wording(number=number, document=number, title=title, heading=(), text=text)


def contents(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in LOCKS)
    return {path: path.read_bytes() for path in files}


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(*texts: str, title: str = "") -> Words:
        write_words(tmp_path / "words", (), [wording(n, t, title) for n, t in enumerate(texts)])
        return Words(tmp_path / "words")

    return write


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("many") / "words"
    texts = (" ".join([TOPICS[n % 5]] * (1 + n % 7) + ["model"] * (n % 3)) for n in range(COUNT))
    write_words(folder, (), [wording(n, text) for n, text in enumerate(texts)])
    return Words(folder)


@pytest.mark.parametrize("asked", ["universities", "University", "universität", "ÙNIVERSITY"])
def test_words_are_met_in_any_form_and_with_any_accent(make: Make, asked: str) -> None:
    words = make("the universities agree", "nobody agrees", "eine Universität")
    assert set(words.rank(asked, 9)) >= ({2} if asked == "universität" else {0})


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("what's the goal", {"goal"}),
        ("don't worry", {"worry"}),
        ("the model’s goal", {"model", "goal"}),
        ("O'Brien", {"O", "Brien"}),
        ("what's this", set()),
    ],
)
def test_the_end_of_a_contraction_is_no_word_that_was_asked_for(
    make: Make, asked: str, marked: set[str]
) -> None:
    text = "The model's goal isn't a t test; AI's s, don't worry, O'Brien"
    assert {text[start:end] for start, end in matched(text, asked)} == marked
    assert make("AI's s and a t test don't").coverage(asked, [0]) == 0


def test_a_quoted_phrase_stands_above_its_scattered_words(make: Make) -> None:
    words = make("hacking the reward", "reward hacking", "hacking for reward", "something else")
    assert next(iter(words.rank('"reward hacking"', 9))) == 1
    assert set(words.rank('"reward hacking"', 9)) == {0, 1, 2}


def test_no_phrase_reaches_from_the_title_into_the_text(make: Make) -> None:
    words = make("hacking is easy", title="On reward")
    assert words.rank("reward hacking", 1) == words.rank('"reward hacking"', 1)


def test_a_word_of_the_title_counts_for_more(tmp_path: Path) -> None:
    said = [wording(0, "trust is said here"), wording(1, "it is said here", title="trust")]
    write_words(tmp_path / "words", (), said)
    assert list(Words(tmp_path / "words").rank("trust", 2)) == [1, 0]


@pytest.mark.parametrize("share", [0.001, BROAD / 2, FEW * 1.2 / COUNT, 0.08, 0.5, 1.0])
def test_a_filter_gives_what_a_whole_ranking_has_of_the_allowed(many: Words, share: float) -> None:
    allowed = np.flatnonzero(np.random.default_rng(5).random(COUNT) < share)
    whole = many.rank("debate model", COUNT)
    expected = {number: score for number, score in whole.items() if number in set(allowed)}
    found = many.rank("debate model", COUNT, allowed=allowed)
    assert found == pytest.approx(expected)
    few = many.rank("debate model", 20, allowed=allowed)
    best = sorted(expected.values(), reverse=True)[:20]
    assert list(few.values()) == pytest.approx(best)


def test_a_filter_far_from_the_question_still_fills_the_page(many: Words) -> None:
    worst = np.array([n for n in range(COUNT) if n % 5 == 0 and n % 7 == 6 and n % 3 == 0])
    some = np.union1d(worst, [n for n in range(COUNT) if n % 5 == 1])
    assert len(many.rank("debate", len(worst), allowed=some)) == len(worst)


def test_coverage_weighs_the_rare_words_of_the_best_passage(make: Make) -> None:
    words = make(*["common model"] * 20, "common rare model")
    assert words.coverage("common rare", [20, 3]) == pytest.approx(1)
    assert 0 < words.coverage("common rare", [3]) < 0.3
    assert words.coverage("unheard", [3]) == words.coverage("common", []) == 0


def test_a_whole_document_is_measured_against_whole_documents(tmp_path: Path) -> None:
    """Cut in two or in twenty, the same texts have the same scores as wholes."""
    texts = [f"trust {'oversight ' * n}debate model {n}" for n in range(1, 9)]
    scores = []
    for name, pieces in (("two", 2), ("twenty", 20)):
        said = []
        for document, text in enumerate(texts):
            words = text.split() + ["filler"] * 20
            cuts = [words[n::pieces] for n in range(pieces)]
            said += [
                Wording(
                    number=100 * document + n,
                    document=document,
                    title="t",
                    heading=(),
                    text=" ".join(cut),
                )
                for n, cut in enumerate(cuts)
            ]
        write_words(tmp_path / name, (), said)
        scores.append(Words(tmp_path / name).rank_documents("trust", 9))
    assert scores[0] == pytest.approx(scores[1])


def test_the_folder_that_serves_answers_the_same_while_the_next_is_written(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    write_words(old, (), [wording(n, f"debate {n}") for n in range(50)])
    serving = Words(old)
    before = serving.rank("debate", 99)
    files = contents(old)
    generations.link(old, new, leave=LOCKS)
    write_words(new, range(10), [wording(n, f"debate {n}") for n in range(50, 70)])
    assert contents(old) == files
    assert serving.rank("debate", 99) == Words(old).rank("debate", 99) == before
    assert set(Words(new).rank("debate", 99)) == set(range(10, 70))


def test_steps_of_writing_are_merged_and_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    for n in range(25):
        write_words(folder, [n - 1] if n else [], [wording(n, "trust"), wording(100 + n, "trust")])
    assert set(Words(folder).rank("trust", 99)) == {24, *range(100, 125)}
    assert len(list(folder.rglob("*.idx"))) < 20
