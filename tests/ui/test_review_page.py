"""Review: pairs without names, trials that tell what was planted, and figures with intervals."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.comparisons import Comparison, Comparisons
from corpus.model import Evidence, Idea, Lineage, Tree
from corpus.trials import TrialItem, Trials
from synth.comparing import CRITERIA, NOT_QUALITY
from synth.intervals import Share
from synth.trials import Wanted
from synth.trying import draw_trial
from tests.hostile import PAYLOADS
from tests.ui.pages import address, drawn, opened
from ui import review_marks
from ui.house import House
from ui.review_trial import claim_of
from ui.view import renew

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    return partial(opened, monkeypatch)


def made(home: Path, criterion: str = "") -> list[Comparison]:
    return Comparisons(House(home).store).of_tree("t-1", criterion=criterion)


def press(app: AppTest, words: str) -> AppTest:
    """Press the button that says so."""
    return next(button for button in app.button if button.label == words).click().run()


def pair(app: AppTest) -> list[str]:
    """The titles of the two ideas, in the order in which they are shown."""
    parts = drawn(app).split('<h2 class="al-idea">')[1:]
    return [part.partition("</h2>")[0] for part in parts]


# -- before there is anything ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("compare", "No tree has been grown yet"),
        ("trial", "In about half of them a flaw was planted"),
        ("results", "Nobody was tried yet"),
    ],
)
def test_each_part_says_what_it_is_for_before_there_is_anything(
    visit: Visit, sample_home: Path, part: str, words: str
) -> None:
    assert words in drawn(visit(sample_home, "review", part=part))


# -- pairs ----------------------------------------------------------------------------------------


def test_a_pair_shows_titles_and_quotes_and_nothing_of_where_they_are_from(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    trees = House(full_home).trees
    named = Lineage(writer="a-writer", model="a-model", author="an-author", asked="a-topic")
    secret = [
        Idea(
            idea_id=f"s-{n}", tree_id="t-1", move="replicate", title=f"Secret {n}",
            parents=("root-1",), lineage=named, notes=("a-note",), tags=("a-tag",),
        )
        for n in range(2)
    ]  # fmt: skip
    trees.add(secret, who="an-author")
    for idea_id in tree.ideas:
        if idea_id != tree.root:
            trees.change(idea_id, "state", "pruned", who="reader")
    trees.change("s-0", "state", "kept", who="reader")
    app = visit(full_home, "review")
    assert sorted(pair(app)) == ["Secret 0", "Secret 1"]
    for hidden in ("a-writer", "a-model", "an-author", "a-topic", "eplicate", "a-note", "kept"):
        assert hidden not in drawn(app)
    assert CRITERIA["importance"] in drawn(app)


def test_each_answer_is_kept_as_what_was_shown_under_one_criterion_only(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    app = visit(full_home, "review")
    shown = []
    for words in ("The first", "The second", "A tie", "No decision"):
        shown.append(pair(app))
        app = press(app, words)
    found = made(full_home)
    assert [each.decision for each in found] == ["first", "second", "tie", "undecided"]
    titles = {idea.idea_id: idea.title for idea in tree.ideas.values()}
    assert [[titles[each.first], titles[each.second]] for each in found] == shown
    assert {each.criterion for each in found} == {"importance"}
    assert len({frozenset(each) for each in shown}) == 4
    app.segmented_control(key="criterion").set_value("novelty").run()
    assert "0 of 6 pairs" in drawn(app)


@pytest.mark.parametrize("part", ["compare", "results"])
def test_an_address_of_no_tree_says_so_and_opens_none_until_one_is_chosen(
    visit: Visit, full_home: Path, tree: Tree, part: str
) -> None:
    app = visit(full_home, "review", tree="nothere", part=part)
    assert "no tree named 'nothere'" in app.warning[0].value.replace("\\", "")
    assert not pair(app)
    assert app.selectbox(key="review-tree").value is None
    assert address(app)["tree"] == "nothere"
    app = app.selectbox(key="review-tree").set_value("t-1").run()
    assert not app.warning
    assert address(app)["tree"] == "t-1"
    assert len(pair(app)) == (2 if part == "compare" else 0)
    assert address(visit(full_home, "review", tree="t", part=part))["tree"] == "t-1"


def test_of_trees_with_one_title_that_one_is_compared_that_was_chosen(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    for name in ("2-t-1", "3-t-1"):
        root = Idea(idea_id=f"{name}-root", tree_id=name, move="root", title=tree.title)
        House(full_home).trees.plant(root, who="reader")
    app = visit(full_home, "review", tree="t-1")
    for name in ("3-t-1", "2-t-1", "t-1"):
        app = app.selectbox(key="review-tree").set_value(name).run()
        assert address(app)["tree"] == name
        assert bool(pair(app)) == (name == "t-1")


def test_the_last_pair_is_seen_again_in_its_order_and_the_newest_answer_counts(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    app = visit(full_home, "review")
    first = pair(app)
    app = press(press(app, "The first"), "The last pair again")
    assert pair(app) == first
    app = press(app, "The second")
    assert pair(app) != first
    one, other = made(full_home)
    assert (one.first, one.second) == (other.first, other.second)
    assert "1 of 6 pairs" in drawn(app)


def test_two_readers_see_pairs_in_orders_of_their_own(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    settings = full_home / "alignloom.toml"
    plain = settings.read_text()
    seen = set()
    for reader in "abcdefgh":
        settings.write_text(f'reader_name = "{reader}"\n{plain}')
        renew()
        seen.add(tuple(pair(visit(full_home, "review"))))
    assert len(seen) > 2


def test_when_all_pairs_are_seen_it_says_so(visit: Visit, full_home: Path, tree: Tree) -> None:
    app = visit(full_home, "review")
    for _ in range(6):
        app = press(app, "A tie")
    assert "You have compared all pairs" in drawn(app)


def test_the_last_of_all_pairs_can_be_seen_again(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    app = visit(full_home, "review")
    for _ in range(6):
        last = pair(app)
        app = press(app, "A tie")
    app = press(app, "The last pair again")
    assert pair(app) == last
    app = press(app, "The first")
    assert "You have compared all pairs" in drawn(app)
    assert [each.decision for each in made(full_home)][-1] == "first"


def test_a_tree_with_one_idea_is_refused_in_words(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    for idea_id in ("idea-1", "idea-2", "idea-3"):
        House(full_home).trees.change(idea_id, "state", "pruned", who="reader")
    assert "1 idea to compare" in visit(full_home, "review").warning[0].value


# -- a trial --------------------------------------------------------------------------------------


def test_a_trial_shows_one_claim_at_a_time_and_tells_afterwards_what_it_was(
    visit: Visit, full_home: Path
) -> None:
    app = visit(full_home, "review", part="trial")
    app.number_input(key="items").set_value(4).run()
    app = press(app, "Begin a trial")
    kept = Trials(House(full_home).store)
    trial_id = address(app)["trial"]
    items = kept.items(trial_id)
    for place, item in enumerate(items, start=1):
        assert f"{place} of 4" in drawn(app)
        assert "You " not in drawn(app)
        app = press(app, ("Sound", "Flawed", "Skip", "Sound")[place - 1])
        told = drawn(app)
        assert ("Nothing was planted" in told) == (not item.flaw)
        if item.flaw not in ("", "source"):
            assert f"planted, {item.flaw}" in told
        app = press(app, "The next one" if place < 4 else "How it went")
    verdicts = {each.number: each.verdict for each in kept.verdicts(trial_id)}
    assert list(verdicts.values()) == ["sound", "flawed", "unsure", "sound"]
    assert "sound claims, suspected" in drawn(app)
    assert "You skipped 1" in drawn(app)
    assert "Begin a trial" in {b.label for b in press(app, "Another trial").button}


def test_a_flaw_may_be_called_by_its_name(visit: Visit, full_home: Path) -> None:
    app = press(visit(full_home, "review", part="trial"), "Begin a trial")
    app.pills[0].set_value("overclaim").run()
    app = press(app, "Flawed")
    [verdict] = Trials(House(full_home).store).verdicts()
    assert verdict.verdict == "overclaim"
    assert "You called it overclaim" in drawn(app)


def test_the_words_that_were_planted_stand_out_where_there_is_no_doubt_which() -> None:
    quote = Evidence(doc_id="web:a", version="0" * 64, start=0, end=9, quote="This is 3")
    item = TrialItem(number=1, claim="This is 7, his 7.", evidence=(quote,), origin="web:a")
    assert '<p class="al-claim">This <mark>is</mark> 7' in claim_of(item, "is")
    assert "<mark>" not in claim_of(item, "7")
    assert "<mark>" not in claim_of(item)


def test_a_trial_that_was_begun_is_gone_on_with(visit: Visit, full_home: Path) -> None:
    app = press(visit(full_home, "review", part="trial"), "Begin a trial")
    press(app, "Sound")
    again = visit(full_home, "review", part="trial")
    assert "2 of 12" in drawn(again)


def test_more_claims_than_there_are_is_refused_in_words(visit: Visit, full_home: Path) -> None:
    app = visit(full_home, "review", part="trial")
    app.checkbox(key="only-trees").check().run()
    assert "claims that stand alone" in press(app, "Begin a trial").warning[0].value


# -- results --------------------------------------------------------------------------------------


def test_each_ranking_stands_alone_beside_what_a_rank_is_worth(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    names = ("idea-1", "idea-2", "idea-3")
    Comparisons(House(full_home).store).record(
        Comparison(
            tree_id="t-1", first=first, second=second, criterion=criterion, judge=judge,
            decision="first", who="ada",
        )
        for criterion, judge in (("novelty", "reader:ada"), ("importance", "model:m"))
        for first, second in pairwise(names)
    )  # fmt: skip
    app = visit(full_home, "review", part="results")
    assert [box.label.replace("\\", "") for box in app.expander[:2]] == [
        "Importance, by model:m",
        "Novelty, by reader:ada",
    ]
    shown = drawn(app)
    assert shown.count(NOT_QUALITY) == 2
    assert "2 pairs decided, 0 not" in shown
    assert shown.index("Find out more about 1") < shown.index("Find out more about 2")
    assert 'href="loom?tree=t-1&amp;node=idea-1"' in shown


def test_a_ranking_says_of_each_idea_what_the_command_line_says(
    visit: Visit, call: Any, full_home: Path, tree: Tree
) -> None:
    house = House(full_home)
    more = [
        Idea(
            idea_id=f"more-{n}", tree_id="t-1", move="replicate", title=f"More {n}",
            parents=("root-1",),
        )
        for n in range(6)
    ]  # fmt: skip
    house.trees.add(more, who="reader")
    house.trees.change("more-5", "state", "pruned", who="reader")
    Comparisons(house.store).record(
        Comparison(
            tree_id="t-1", first="idea-1", second=second, criterion="novelty",
            judge="reader:ada", decision="first", who="ada",
        )
        for second in ("idea-2", "idea-3", "more-0")
    )  # fmt: skip
    [ranking] = call(full_home, "rank", "t-1", "--json").json["rankings"]
    assert len(ranking["ideas"]) == 9
    shown = drawn(visit(full_home, "review", part="results")).partition("Who finds")[0]
    told = re.findall(r"<li><span>(\d+)\. <a href=[^>]*node=([^\"]+)\".*?<b>(.*?)</b>", shown)
    assert told == [
        (
            str(each["rank"]),
            each["id"],
            f"rank {each['ranks'][0]} to {each['ranks'][1]} of 9; {pairs_of(each['pairs'])}",
        )
        for each in ranking["ideas"]
    ]
    assert "Nobody has compared 5 of 9 ideas yet" in shown


def pairs_of(count: int) -> str:
    return {0: "no pair decided", 1: "1 pair"}.get(count, f"{count} pairs")


def test_where_all_ideas_were_compared_nothing_is_said_of_others(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    app = visit(full_home, "review")
    for _ in range(6):
        app = press(app, "A tie")
    shown = drawn(visit(full_home, "review", part="results"))
    assert "of 4; 3 pairs" in shown
    assert "Nobody has compared" not in shown


def test_judges_are_told_by_flaw_with_intervals_and_over_time(
    visit: Visit, full_home: Path
) -> None:
    house = House(full_home)
    kept = Trials(house.store)
    for seed in range(2):
        wanted = Wanted(n=6, seed=seed, flaws=("number", "negation"))
        trial_id, items = draw_trial(wanted, shelf=house.shelf, trees=[])
        kept.keep(trial_id, items)
        kept.record(trial_id, "reader:ada", {i.number: i.flaw or "sound" for i in items})
    shown = drawn(visit(full_home, "review", part="results"))
    assert "by its name" in shown
    assert "sound claims, suspected" in shown
    assert "of 6, 0% (0% to 39%)" in shown
    assert "Over time" in shown


def test_keep_rates_by_move_and_by_writer_have_intervals(
    visit: Visit, full_home: Path, tree: Tree
) -> None:
    trees = House(full_home).trees
    trees.change("idea-1", "state", "kept", who="reader")
    trees.change("idea-2", "state", "pruned", who="reader")
    shown = drawn(visit(full_home, "review", part="results"))
    assert "Next step" in shown
    assert "by hand" in shown
    assert shown.count("1 of 2, 50% (9% to 91%); 2 open") == 2


def test_names_of_others_are_letters_in_every_row() -> None:
    for payload in PAYLOADS:
        row = review_marks.share(payload, Share(1, 2))
        row += review_marks.rank(
            payload, (1, 2), of=3, place=1, words=payload, to={"node": payload}
        )
        assert row.count("<a ") == 1
        assert not {"<script", "<img", "<svg"} & set(row.split())
