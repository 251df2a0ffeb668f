"""Loom: a tree of ideas, the path to one of them with its quotes, and what one does with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from corpus.errors import AlignloomError
from corpus.model import Idea, State, Tree
from corpus.text import clean_line
from ui import dress, exchange, outline, quoting, welcome
from ui.foreign import label, slug
from ui.house import House
from ui.moving import move_label, move_names
from ui.outline import Row
from ui.view import View, column, refusal

SIGNS: dict[State, str] = {"open": ":gray[○]", "kept": ":green[●]", "pruned": ":red[✕]"}
JUDGEMENTS: tuple[tuple[str, str, State, str], ...] = (
    ("Keep", "keep", "kept", "a"),
    ("Prune", "prune", "pruned", "x"),
    ("Restore", "restore", "open", "o"),
)
"""Words, key, the state that it sets, and the shortcut; `r` and `c` are the framework's."""
OFFERED = 20
"""Trees to choose from beside the open one, the newest."""
DEEPEST = 8
"""Levels that are still indented; deeper ones stand under the last."""


def draw(house: House) -> None:
    """The tree that the address names, or how to plant one."""
    if not (welcome.has_corpus(house) and welcome.has_index(house)):
        return
    _say_what_happened()
    tree = _tree(house)
    if tree is None or "doc" in st.query_params:
        with column():
            _plant(house)
        return
    selected = _selected(tree)
    shown = outline.rows(tree, selected.idea_id)
    left, right = st.columns([5, 7], gap="large")
    with left:
        _choose_tree(house, tree)
        _outline(shown, selected)
    with right:
        _path(house, tree, selected)
        _actions(house, tree, selected)
        _expand(house, selected)


def _tree(house: House) -> Tree | None:
    """The tree of the address, or the newest; `None` where there is none."""
    asked = st.query_params.get("tree", "")
    names = house.trees.names()
    if asked:
        return house.trees.tree(asked)
    return house.trees.tree(names[0]) if names else None


def _selected(tree: Tree) -> Idea:
    """The idea of the address, or the root."""
    asked = st.query_params.get("node", "")
    return tree.ideas.get(asked) or tree.ideas[tree.root]


def _choose_tree(house: House, tree: Tree) -> None:
    """Another tree, or a new one."""
    names = list(dict.fromkeys([tree.tree_id, *house.trees.names()[:OFFERED]]))
    titles = outline.told_apart({name: house.trees.tree(name).title for name in names})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Tree",
            names,
            format_func=lambda name: titles[name],
            label_visibility="collapsed",
            key=f"tree-{tree.tree_id}-{len(names)}",
            on_change=_open_chosen,
            args=(f"tree-{tree.tree_id}-{len(names)}",),
        )
        with st.popover("New tree", type="tertiary"):
            _topic(house, "new")
        with st.popover("Export", type="tertiary"):
            _exports(house, tree)


def _exports(house: House, tree: Tree) -> None:
    """The tree as a file; it is written when it is asked for."""
    from synth.export import names, open_export

    for name in names():
        export = open_export(name)
        st.download_button(
            export.label,
            data=partial(exchange.written, house, tree, name),
            file_name=f"{slug(tree.tree_id)}{export.suffix}",
            key=f"export-{name}",
            on_click="ignore",
            type="tertiary",
        )


def _open_chosen(key: str) -> None:
    st.query_params.from_dict({"tree": st.session_state[key]})


# -- the outline --------------------------------------------------------------------------------


def _outline(shown: list[Row], selected: Idea) -> None:
    with st.container(horizontal=True, gap="small"):
        for words, key, step in (("Previous", "k", -1), ("Next", "j", 1)):
            st.button(
                words,
                key=f"step-{key}",
                shortcut=key,
                type="tertiary",
                on_click=_select,
                args=(outline.beside(shown, selected.idea_id, step),),
            )
    with st.container(key="outline", gap=None):
        for row in shown:
            _row(row, selected)


def _row(row: Row, selected: Idea) -> None:
    idea = row.idea
    is_selected = idea.idea_id == selected.idea_id
    with st.container(key=f"row-d{min(row.depth, DEEPEST)}-{idea.idea_id}"):
        st.button(
            _row_label(row),
            key=f"open-{idea.idea_id}",
            type="secondary" if is_selected else "tertiary",
            width="stretch",
            on_click=_select,
            args=(idea.idea_id,),
        )


def _row_label(row: Row) -> str:
    words = label(row.idea.title, 90)
    if row.idea.state == "pruned":
        words = f":gray[~~{words}~~]"
    move = f":gray[{label(move_label(row.idea.move))}] " if row.depth else ""
    below = f" :gray[+{row.below}]" if row.below else ""
    return f"{SIGNS[row.idea.state]} {move}{words}{below}"


def _select(idea_id: str) -> None:
    st.query_params["node"] = idea_id


# -- the path and the idea ----------------------------------------------------------------------


def _path(house: House, tree: Tree, selected: Idea) -> None:
    """The ideas from the root down, folded but for the last."""
    *above, last = tree.path(selected.idea_id)
    for idea in above:
        with st.expander(
            f":gray[{label(move_label(idea.move))}] {label(idea.title)}", type="compact"
        ):
            _claims(house, idea)
    st.html(dress.idea(last))
    _claims(house, last)
    for note in last.notes:
        st.html(dress.note(note))
    if last.nearest:
        with st.expander(f"Nearest earlier works ({len(last.nearest)})", type="compact"):
            for near in last.nearest:
                st.html(dress.near(near))
            st.html(dress.small("Near means alike in wording and meaning. Rank is not quality."))
    st.html(dress.small(_lineage(last)))


def _claims(house: House, idea: Idea) -> None:
    """The idea's claims whose quotes are in the store, at their places; others are counted."""
    from synth.evidence import sources, verified

    kept, dropped = verified(idea.claims, house.shelf)
    quoting.claims(kept, sources(kept, house.shelf), key=idea.idea_id)
    if dropped:
        st.html(dress.small(f"{dropped} claims are not shown: their quotes are not in the store."))


def _lineage(idea: Idea) -> str:
    made = idea.lineage
    writer = f"writer: {made.writer}" + (f" ({made.model})" if made.model else "")
    return " · ".join(filter(None, (writer, made.author, idea.idea_id)))


# -- what one does ------------------------------------------------------------------------------


def _actions(house: House, tree: Tree, idea: Idea) -> None:
    """Judge the idea. Keys bear its id: a hasty second key never strikes another idea."""
    with st.container(horizontal=True):
        for words, key, state, shortcut in JUDGEMENTS:
            if idea.state != state:
                st.button(
                    words,
                    key=f"{key}-{idea.idea_id}",
                    shortcut=shortcut,
                    on_click=_set_state,
                    args=(house, idea.idea_id, state),
                )
        st.button(
            "Undo", key="undo", shortcut="u", type="tertiary", on_click=_undo, args=(house, tree)
        )
    with st.form(f"note-{idea.idea_id}", clear_on_submit=True, border=False):
        written = st.text_input(
            "Note",
            placeholder="A note beside this idea",
            label_visibility="collapsed",
            key="note-words",
        )
        if st.form_submit_button("Note it", key="note-it", type="tertiary") and written.strip():
            _note(house, idea, written)
            st.rerun()


def _set_state(house: House, idea_id: str, state: State) -> None:
    _try(lambda: house.trees.change(idea_id, "state", state, who=house.settings.reader_name))


def _undo(house: House, tree: Tree) -> None:
    _try(lambda: house.trees.undo(tree.tree_id, who=house.settings.reader_name))


def _note(house: House, idea: Idea, written: str) -> None:
    words = clean_line(written, 2000)
    _try(lambda: house.trees.note(idea.idea_id, words, who=house.settings.reader_name))


def _try(action: Callable[[], object]) -> None:
    """Do it; what is refused is said at the top of the page that is drawn next."""
    try:
        action()
    except AlignloomError as error:
        st.session_state["refused"] = error


def _say_what_happened() -> None:
    grown = st.session_state.pop("grown", None)
    if grown:
        st.toast(grown)
    error = st.session_state.pop("refused", None)
    if isinstance(error, AlignloomError):
        refusal(error)


# -- growing ------------------------------------------------------------------------------------


def _plant(house: House) -> None:
    """Start a tree: from the document that the address names, or from a topic."""
    doc_id = st.query_params.get("doc", "")
    if doc_id:
        named = house.shelf.document(doc_id).title
        st.html(dress.title("A tree from a document", named))
        _grow(house, "plant", Wanted(doc_id=doc_id))
        return
    st.html(
        dress.title(
            "Grow a tree of ideas",
            "Write a topic or a question. Every idea comes with the sentences of the corpus that "
            "it stands on, and with the earlier works nearest to it. Choosing is your part.",
        )
    )
    _topic(house, "plant")


def _topic(house: House, key: str) -> None:
    topic = st.text_input(
        "Topic or question",
        placeholder="How would we notice a sandbagging model?",
        key=f"{key}-topic",
    )
    _grow(house, key, Wanted(topic=topic or ""))


def _expand(house: House, idea: Idea) -> None:
    """Let chosen moves grow ideas under this one."""
    with st.container(border=True):
        st.html(dress.small("Grow from here"))
        _grow(house, "expand", Wanted(node=idea.idea_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What ideas are wanted from: one of the three."""

    topic: str = ""
    doc_id: str = ""
    node: str = ""


def _grow(house: House, key: str, wanted: Wanted) -> None:
    """Choose moves and a number, and grow."""
    moves = st.pills(
        "Moves",
        move_names(),
        format_func=move_label,
        selection_mode="multi",
        key=f"{key}-moves",
        help="None chosen: all of them.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input("How many", 1, 50, 6, key=f"{key}-n", width=130)
        pressed = st.button(
            "Grow",
            key=f"{key}-go-{wanted.node}",
            type="primary",
            shortcut="e" if wanted.node else None,
        )
    if pressed:
        _grown(house, wanted, list(moves), int(n))


def _grown(house: House, wanted: Wanted, moves: list[str], n: int) -> None:
    from synth.growing import Wish

    wish = Wish(
        topic=wanted.topic,
        doc_id=wanted.doc_id,
        node=wanted.node,
        n=n,
        moves=tuple(moves),
        who=house.settings.reader_name,
    )
    st.toast("Reading, drafting, comparing …")  # seen wherever the page is scrolled to
    with st.spinner("Reading, drafting, comparing …"):
        proposal = house.propose(wish)
    if proposal.refused or proposal.tree is None:
        st.info(label(proposal.refused or "Nothing new came of it.", 400))
        return
    st.session_state["grown"] = (
        f"{len(proposal.ideas)} ideas: {proposal.generated} drafts looked at, "
        f"{proposal.unique} unlike the others."
    )
    node = wanted.node or proposal.tree.root
    st.query_params.from_dict({"tree": proposal.tree.tree_id, "node": node})
    st.rerun()


VIEW = View(title="Loom", order=3, draw=draw)
