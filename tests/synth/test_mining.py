from __future__ import annotations

import pytest

from corpus.model import Version
from synth.cues import Kind
from synth.evidence import candidates
from synth.mining import Mined, mine, worth_reading
from synth.move import open_move

STATED: list[tuple[Kind, str]] = [
    ("open question", "It is an open question whether critics of code transfer to arguments."),
    ("open question", "It remains unclear how reward models fail under strong optimisation."),
    (
        "open question",
        "We do not know how to align systems that are smarter than their overseers.",
    ),
    ("open question", "Does assistance leave human judges less able once it is withdrawn again?"),
    ("limitation", "The main limitation of debate is that honest arguments may be too long."),
    ("limitation", "Linear probes do not generalise to deceptive inputs of another distribution."),
    ("limitation", "Our protocol breaks down when the monitor and the policy share weights."),
    ("assumption", "The argument assumes that human errors resemble those of a weaker model."),
    ("assumption", "The plan rests on the assumption that evaluation is easier than generation."),
    ("crux", "The crux is whether misaligned models can coordinate without communicating."),
    ("crux", "I would change my mind if probes caught every planted backdoor in training."),
    ("crux", "The real crux that divides both camps is what counts as a step of an argument."),
    ("crux", "The biggest disagreement among them is about how alien the reasoning of agents is."),
    ("crux", "If we had a theory of reward models, I would feel more optimistic about oversight."),
    ("crux", "Most of the hope for oversight hinges on tools that read a network’s features."),
    ("experiment", "One could test this by planting a single flaw in half of the proofs."),
    ("experiment", "One simple way we can measure it is to train a deceptive model on purpose."),
    (
        "experiment",
        "We could fine-tune the model on half of the tasks and see if the probe still fires.",
    ),
    ("experiment", "Somebody should design an experiment in which judges see both transcripts."),
    ("experiment", "A cheap experiment would be to give judges the proof without the debate."),
    ("objection", "The strongest objection is that overseers never see the hidden reasoning."),
    ("objection", "Critics argue that scalable oversight rewards persuasion rather than truth."),
    ("finding", "We find that critics trained on planted bugs catch more bugs than reviewers."),
    ("notion", "It is difficult to formally define when a policy is aligned with a reward."),
    (
        "notion",
        "Many call models deceptive, and it is unclear what they mean by deception in a model.",
    ),
    ("unmeasured", "We do not really know how often critics of models miss a planted flaw."),
]

MENTIONED = [
    "This section lists the open questions of the field and the literature on them.",
    "We conclude with a discussion of limitations and directions.",
    "Welcome to the podcast, where we talk about open problems in alignment research.",
    "The experiments were run on two machines.",
    "Maybe we could train a model about the size of a brain, which is what the anchor asks.",
    "There are research projects that we would be happy for people to do in oversight.",
    "In this paper we define a reward model as a network that scores a policy’s replies.",
    "With more computers you can run more experiments, and find better reward models.",
    "You could train the model again to iron out the failure mode that you have noticed.",
    "The deployment of a model ought to depend on whether its benefits exceed its risks.",
]


def mined(text: str, kind: Kind) -> list[Mined]:
    return mine(candidates(Version(doc_id="web:example.org/one", text=text)), [kind])


@pytest.mark.parametrize(("kind", "sentence"), STATED)
def test_a_stated_thing_is_found_with_its_reason(kind: Kind, sentence: str) -> None:
    [found] = worth_reading(mined(sentence, kind))
    assert found.kind == kind
    assert found.candidate.evidence.quote == sentence
    assert found.reasons[0].startswith("says “")
    assert found.gist in sentence


@pytest.mark.parametrize("sentence", MENTIONED)
def test_a_mere_mention_is_not_worth_reading(sentence: str) -> None:
    kinds: list[Kind] = ["open question", "limitation", "experiment", "notion", "crux"]
    assert not [each for kind in kinds for each in worth_reading(mined(sentence, kind))]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("open question", "It is not an open question whether critics of code transfer at all."),
        ("assumption", "The argument works without assuming that overseers of models are honest."),
        ("assumption", "It should never be assumed that reward models capture preferences."),
        ("assumption", "The plan does not rest on the assumption that overseers are honest."),
        ("crux", "The verdict on debate does not hinge on whether judges of models are human."),
    ],
)
def test_what_a_sentence_denies_is_not_put_into_its_mouth(kind: Kind, sentence: str) -> None:
    assert mined(
        sentence.replace(" not", "").replace("without ", "by ").replace(" never", ""), kind
    )
    assert not mined(sentence, kind)


@pytest.mark.parametrize(
    "sentence",
    [
        "A promising direction is whole-brain emulation of overseers of reward models.",
        "The main question is however models of overseers generalise to unseen reward data.",
    ],
)
def test_a_title_goes_on_from_whole_words_only(sentence: str) -> None:
    [found] = mined(sentence, "open question")
    assert open_move("next_step").title(found) == f"Settle what is open: “{sentence[:-1]}”"


def test_a_gist_is_cut_from_the_sentence_as_it_is_written() -> None:
    [found] = mined(
        "It remains unclear whether a model’s overseers read all of it.", "open question"
    )
    assert found.gist == "whether a model’s overseers read all of it."


def test_a_sentence_that_stands_alone_ranks_above_one_that_points_back() -> None:
    text = (
        "It remains unclear whether it would do that for them in these cases.\n\n"
        "It remains unclear whether reward models survive optimisation pressure."
    )
    first, second = mined(text, "open question")
    assert first.candidate.number == 2
    assert first.score > second.score


def test_a_section_that_is_about_it_speaks_for_a_sentence() -> None:
    sentence = "Debate may not generalise to judges who cannot read the whole argument."
    [plain] = mined(sentence, "limitation")
    [headed] = mined(f"## Limitations\n\n{sentence}", "limitation")
    assert headed.score > plain.score
    assert "under the heading “Limitations”" in headed.reasons


def test_what_an_interviewer_asks_is_not_taken_for_a_research_question() -> None:
    asked = "How do overseers evaluate alignment proposals beyond their own expertise?"
    turns = (
        f"**Host:**\n{asked}\n\n**Guest:**\nThey get help.\n\n**Host:**\nOkay. Really?\n\n"
        "**Guest:**\nYes.\n\n**Host:**\nAnd when do they get it?\n\n**Guest:**\nLater.\n"
    )
    assert not worth_reading(mined(turns, "open question"))
    assert worth_reading(mined(asked, "open question"))


def test_a_sentence_that_breaks_off_or_leans_on_another_ranks_below_a_whole_one() -> None:
    whole = "It remains unclear whether reward models survive optimisation pressure."
    [best] = mined(whole, "open question")
    for worse in (
        whole[:-1] + "...",
        "It remains unclear whether reward models survive like that.",
    ):
        [found] = mined(worse, "open question")
        assert found.score < best.score


def test_a_way_to_fail_is_no_mere_game() -> None:
    red_team = open_move("red_team")
    for text, fails in (
        ("Debate does not scale to agents that game the judge of their oversight.", True),
        ("Monitors of models cannot detect agents which collude with the policy.", True),
        ("The model does not generalise to game-changing tasks of alignment research.", False),
    ):
        [found] = mined(text, "limitation")
        assert (red_team.title(found) is not None) is fails


def test_what_is_only_supposed_ranks_below_what_is_said() -> None:
    [said] = mined("Linear probes do not generalise to deceptive inputs of a model.", "limitation")
    supposed = "We retrain where linear probes of a model see that they do not generalise to lies."
    [only] = mined(supposed.replace("where", "if"), "limitation")
    [stated] = mined(supposed, "limitation")
    assert only.score < stated.score <= said.score
    assert "only supposed" in only.reasons


def test_lists_of_references_are_left_alone() -> None:
    text = "## References\n\nIt remains unclear whether reward models survive optimisation."
    assert not worth_reading(mined(text, "open question"))


def test_a_wall_of_text_is_passed_over() -> None:
    wall = "we could test whether " * 20_000 + "it holds."
    assert not mine(candidates(Version(doc_id="web:example.org/one", text=wall)))
