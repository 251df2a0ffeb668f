"""Planting a tree from the page: on a topic, a question, a work, a kept idea, or from a file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from corpus.errors import AlignloomError, BadSetting
from corpus.model import Idea
from ui import dress, loom_import, outline
from ui.foreign import label, one_line
from ui.house import House
from ui.loom_growing import LOOK_S, Wanted, choice, jobs, outcome_of, start
from ui.loom_jobs import Job
from ui.view import refusal

QUESTIONS = (
    "How would we notice …?",
    "What would have to be true for … to work?",
    "What does … take for granted?",
    "What is the cheapest experiment that could show … wrong?",
    "Who has tried …, and what came of it?",
)
"""Templates of questions; the dots stand for what the reader writes."""
FOUND = 12
"""Works to choose from."""
LATEST_TREES = 40
"""Trees, the newest, whose kept ideas are offered as a start."""


def plant(house: House) -> None:
    """Start a tree: from the document that the address names, or from what the reader chooses."""
    doc_id = st.query_params.get("doc", "")
    if doc_id:
        named = house.shelf.document(doc_id).title
        st.html(dress.title("A tree from a document", named))
        _planting(house, Wanted(doc_id=doc_id))
        return
    st.html(
        dress.title(
            "Grow a tree of ideas",
            "Every idea comes with the sentences of the corpus that it stands on, and with the "
            "earlier works nearest to it. Choosing is your part.",
        )
    )
    begun = st.segmented_control(
        "Start from", list(_STARTS), default="A topic", required=True, key="plant-start"
    )
    _STARTS[begun or "A topic"](house)


def _from_topic(house: House) -> None:
    words = st.text_input(
        "Topic or question", placeholder="oversight of models that sandbag", key="plant-topic"
    )
    _planting(house, Wanted(topic=words or ""))


def _from_question(house: House) -> None:
    template = st.selectbox("Question", QUESTIONS, key="plant-question")
    about = st.text_input("About", placeholder="a sandbagging model", key="plant-about")
    asked = (template or QUESTIONS[0]).replace("…", about.strip()) if about else ""
    if asked:
        st.html(dress.small(asked))
    _planting(house, Wanted(topic=asked))


def _from_work(house: House) -> None:
    """A work that is found by its title, or one of those that arrived last."""
    words = st.text_input(
        "Which work?", placeholder="words of its title; none: the newest", key="plant-work"
    )
    found = outline.told_apart(_works(house, (words or "").strip()))
    chosen = st.selectbox(
        "Work",
        list(found),
        format_func=found.__getitem__,
        key=f"work-{words}",
    )
    _planting(house, Wanted(doc_id=chosen or ""))


def _works(house: House, words: str) -> dict[str, str]:
    """Titles by id, best first."""
    from index.question import Question

    if not words:
        newest = house.shelf.newest(FOUND)
        documents = house.shelf.documents(newest)
        return {doc_id: documents[doc_id].title for doc_id in newest}
    hits = house.searcher().search(Question(text=words, k=FOUND)).hits
    return {hit.document.doc_id: hit.document.title for hit in hits}


def _from_kept(house: House) -> None:
    """A branch that was kept becomes a tree of its own."""
    kept = _kept(house)
    if not kept:
        st.html(dress.small("Nothing is kept yet. Keep an idea of a tree, then start from it."))
        return
    titles = outline.told_apart({name: idea.title for name, idea in kept.items()})
    chosen = st.selectbox("Kept idea", titles, format_func=titles.__getitem__, key="plant-kept")
    st.html(
        dress.small(
            "It becomes the start of a tree of its own, with what stands below it and was not "
            "pruned. The tree that it comes from stays as it is."
        )
    )
    if chosen and st.button("Plant", key="plant-branch", type="primary"):
        _plant_branch(house, kept[chosen])


def _kept(house: House) -> dict[str, Idea]:
    """Kept ideas of the newest trees, by id."""
    trees = map(house.trees.tree, house.trees.names()[:LATEST_TREES])
    ideas = (idea for tree in trees for idea in tree.ideas.values())
    return {idea.idea_id: idea for idea in ideas if idea.state == "kept"}


def _plant_branch(house: House, idea: Idea) -> None:
    from synth.branching import branch

    who = house.settings.reader_name
    taken = house.trees.names()
    ideas = branch(house.trees.tree(idea.tree_id), idea.idea_id, who=who, taken=taken)
    tree = house.trees.plant(ideas[0], below=ideas[1:], who=who)
    st.query_params.from_dict({"tree": tree.tree_id, "node": tree.root})
    st.rerun()


_STARTS: dict[str, Callable[[House], None]] = {
    "A topic": _from_topic,
    "A question": _from_question,
    "A work": _from_work,
    "A kept idea": _from_kept,
    "A file": loom_import.offer,
}


def _planting(house: House, wanted: Wanted) -> None:
    """Choose moves and a number, and plant; while it grows, say so."""
    moves, n = choice("plant")
    grows = isinstance(st.session_state.get("planting"), Job)
    if st.button("Grow", key="plant-go-", type="primary", disabled=grows) and not grows:
        if not (wanted.topic.strip() or wanted.doc_id):
            refusal(BadSetting("there is nothing to start from yet", "write or choose it above"))
            return
        about = wanted.topic.strip() or house.shelf.document(wanted.doc_id).title
        st.session_state["planting"] = start(house, wanted, moves, n, tree_id="", about=about)
    planted = st.session_state.get("planting")
    if isinstance(planted, Job):
        st.fragment(_await, run_every=LOOK_S)(house, planted)


def _await(house: House, job: Job) -> None:
    """Say that a tree grows; once it stands, open it."""
    if job.ended.is_set():
        jobs(house).taken([job.job_id])
        st.session_state.pop("planting", None)
        _open(job)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(dress.small(f"Reading, drafting, comparing … “{one_line(job.about, 90)}”"))
        if st.button("Cancel", key="cancel-planting"):
            jobs(house).drop(job.job_id)
            st.session_state.pop("planting", None)
            st.rerun()


def _open(job: Job) -> None:
    outcome = job.outcome
    if outcome is None or isinstance(outcome, AlignloomError) or outcome.tree is None:
        st.info(label(outcome_of(job), 400))
        return
    st.session_state["loom-said"] = [outcome_of(job)]
    tree = outcome.tree
    st.query_params.from_dict({"tree": tree.tree_id, "node": tree.root})
    st.rerun()
