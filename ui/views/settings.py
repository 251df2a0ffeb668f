"""Settings: who writes, which model and embedder, what may be spent and what was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import streamlit as st
from pydantic import ValidationError

from corpus import plugins
from corpus.errors import AlignloomError, BadSetting
from ui import dress
from ui.editing_settings import Value, overridden, save
from ui.foreign import label, one_line
from ui.house import House
from ui.settings import FILE
from ui.view import View, column, renew

_LABELS = {
    "writer": "Writer",
    "llm.url": "Server",
    "llm.model": "Model",
    "llm.context_tokens": "Context",
    "llm.check": "Put claims to the model again, beside their quotes",
    "llm.tokens_per_run": "Tokens per run",
    "llm.tokens_per_day": "Tokens per day",
    "llm.usd_per_run": "US dollars per run",
    "llm.usd_per_day": "US dollars per day",
    "llm.usd_per_million_read": "US dollars per million tokens read",
    "llm.usd_per_million_written": "US dollars per million tokens written",
    "embedder.name": "Embedder",
    "embedder.model": "Its model, a name or a folder",
    "reader_name": "Reader",
    "contact": "Contact",
}
"""What each setting is called here."""
_FAULTS = {
    "greater_than_equal": "give {ge:,.16g} or more",
    "less_than_equal": "give {le:,.16g} or less",
    "string_too_short": "this may not be empty",
    "string_too_long": "give {max_length:,} letters at most",
    "string_pattern_mismatch": "write an address of mail or of the web, without blanks",
}
"""What to do about a value, by the validator's name for what is wrong with it."""
_ANOTHER = "another model, or leave it empty for the embedder’s own"
CALLS = 12
"""Model calls that are listed, the newest."""


def draw(house: House) -> None:
    """Everything that one changes by hand, and a line for what only a file or a shell can."""
    with column():
        path = _named(house.home / FILE)
        st.html(dress.title("Settings", f"They are kept in {path}; comments in it stay."))
        _writing(house)
        _budget(house)
        _reading(house)
        _home(house)


def _writing(house: House) -> None:
    """The writer and its model; the key is told of, never shown."""
    from synth.writer import names

    settings = house.settings
    llm = settings.llm
    st.html(dress.heading("Who writes"))
    with st.form("writing", border=True):
        values: dict[str, Value] = {
            "writer": _choice("writer", names(), settings.writer),
            "llm.url": _text("llm.url", llm.url, "http://127.0.0.1:11434/v1"),
            "llm.model": _text("llm.model", llm.model, "as the server calls it"),
            "llm.context_tokens": _number("llm.context_tokens", llm.context_tokens),
            "llm.check": st.checkbox(
                _LABELS["llm.check"],
                key=_field("llm.check", llm.check),
                disabled=bool(overridden("llm.check")),
            ),
        }
        st.html(dress.small(_key_words(house)))
        _submit(house, "writing", values)
    if st.button("Test the connection", key="test"):
        _test(house)


def _key_words(house: House) -> str:
    if not house.settings.llm.key.get_secret_value():
        return "No key is set. In a shell: export ALIGNLOOM_LLM__KEY=… before alignloom ui."
    place = overridden("llm.key") or FILE
    return f"A key is set in {place}; it is shown nowhere."


def _test(house: House) -> None:
    from ui.connecting import tested

    with st.spinner("Asking …"):
        answered, line = tested(house)
    (st.success if answered else st.warning)(label(line, 400))


def _budget(house: House) -> None:
    """What may be spent, what was spent today, and on what."""
    from corpus.calls import Calls

    llm = house.settings.llm
    ledger = Calls(house.store)
    spent = ledger.spent_today()
    st.html(dress.heading("What may be spent"))
    used = {
        "today": f"{spent.tokens:,} of {llm.tokens_per_day:,} tokens, "
        f"${spent.usd:.4f} of ${llm.usd_per_day:.2f}",
        "days begin": "at midnight UTC",
    }
    st.html(dress.facts(used))
    names = ("tokens_per_run", "tokens_per_day", "usd_per_run", "usd_per_day")
    prices = ("usd_per_million_read", "usd_per_million_written")
    with st.form("budget", border=True):
        values: dict[str, Value] = {}
        for row in (names[:2], names[2:], prices):
            for name, place in zip(row, st.columns(2), strict=True):
                with place:
                    values[f"llm.{name}"] = _number(f"llm.{name}", getattr(llm, name))
        _submit(house, "budget", values)
    calls = ledger.newest(CALLS)
    if calls:
        with st.expander(f"The last {len(calls)} calls", key="calls"):
            for call in calls:
                took = call.prompt_tokens + call.reply_tokens
                fault = f" · {call.fault}" if call.fault else ""
                st.html(
                    dress.small(
                        f"{call.at:%Y-%m-%d %H:%M} UTC · {call.purpose} · {call.model} · "
                        f"{took:,} tokens · ${call.cost_usd:.4f}{fault}"
                    )
                )


def _reading(house: House) -> None:
    """Which model reads the corpus, and what the index was made with."""
    from index import embedders
    from index.embedder import FASTEST

    chosen = house.settings.embedder
    st.html(dress.heading("Who reads"))
    with st.form("reading", border=True):
        known = [FASTEST, *plugins.names(embedders)]
        values: dict[str, Value] = {
            "embedder.name": _choice("embedder.name", known, chosen.name),
            "embedder.model": _text("embedder.model", chosen.model, "its own default"),
        }
        manifest = house.manifest()
        if manifest:
            st.html(dress.small(f"The index was made with {manifest.embedder}."))
        st.html(dress.small("After a change, everything is embedded anew: alignloom index"))
        _submit(house, "reading", values, check=_readable)


def _readable(values: Mapping[str, Value]) -> None:
    """Refuse an embedder that makes no vectors, as far as that is known without asking a hub."""
    from index.embedder import DEFAULT, FASTEST, fastest_here, open_embedder
    from index.encoder_files import REMEDY
    from index.weights import NamedModel

    name, model = str(values["embedder.name"]), str(values["embedder.model"])
    try:
        name = fastest_here(model) if name == FASTEST else name
        embedder = open_embedder(name, model=model)
        if name != DEFAULT or NamedModel(model).folder:  # else a hub would be asked
            with st.spinner("Looking at the model …"):
                embedder.embed(["A word."])
    except OSError as error:
        why = f"model {one_line(model, 100)!r} cannot be read: {error.strerror}"
        raise BadSetting(why, _ANOTHER) from error
    except BadSetting as error:
        remedy = _ANOTHER if error.remedy == REMEDY else error.remedy
        raise BadSetting(error.problem, remedy) from error


def _named(folder: Path) -> str:
    """The folder as one would type it."""
    own = Path.home()
    return f"~/{folder.relative_to(own)}" if folder.is_relative_to(own) else str(folder)


def _home(house: House) -> None:
    """Whose judgements these are, and where everything is."""
    settings = house.settings
    st.html(dress.heading("Who and where"))
    with st.form("home", border=True):
        values: dict[str, Value] = {
            "reader_name": _text("reader_name", settings.reader_name, "your name"),
            "contact": _text("contact", settings.contact, "you@example.org"),
        }
        _submit(house, "home", values)
    kept = "a database of your own" if settings.database else "alignloom.db in the home"
    st.html(dress.facts({"home": _named(house.home), "store": kept, "port": str(settings.port)}))
    st.code(f"{house.call} doctor", language=None)


# -- fields -------------------------------------------------------------------------------------


def _field(key: str, value: Value) -> str:
    """The name of a setting's field; one that nobody has touched here follows the setting.

    Another window or a person may have changed it since this page was drawn: saving something
    else would write the older value over theirs.
    """
    name, drawn = f"set-{key}", f"drawn-{key}"
    held = st.session_state.get(name, value)
    st.session_state[name] = value if held == st.session_state.get(drawn, value) else held
    st.session_state[drawn] = value
    return name


def _text(key: str, value: str, hint: str) -> str:
    return (
        st.text_input(
            _LABELS[key],
            placeholder=hint,
            key=_field(key, value),
            help=_help(key),
            disabled=bool(overridden(key)),
        )
        or ""
    ).strip()


def _choice(key: str, known: Sequence[str], value: str) -> str:
    options = list(dict.fromkeys([*known, value]))
    chosen = st.selectbox(
        _LABELS[key],
        options,
        key=_field(key, value),
        help=_help(key),
        disabled=bool(overridden(key)),
    )
    return chosen or value


def _number(key: str, value: float) -> float:
    """A number as the setting has it, whole or not; bounds are the setting's to say."""
    whole = isinstance(value, int)
    given = st.number_input(
        _LABELS[key],
        step=1000 if whole else 0.1,
        format="%d" if whole else "%g",  # a price of 0.075 is shown as that
        key=_field(key, value),
        help=_help(key),
        disabled=bool(overridden(key)),
    )
    return int(given) if whole else float(given)


def _help(key: str) -> str:
    variable = overridden(key)
    return f"Set by {variable}, which goes before the file." if variable else f"`{key}`"


def _submit(
    house: House,
    key: str,
    values: Mapping[str, Value],
    *,
    check: Callable[[Mapping[str, Value]], None] = lambda _: None,
) -> None:
    """Save what the form says, but for what the environment decides anyway.

    What came of it is said beside the button: anything else may be out of sight.

    check  raises where the values cannot be, though each by itself is what a setting may be
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.form_submit_button("Save", key=f"save-{key}", type="primary")
        if st.session_state.get("saved") == key:
            del st.session_state["saved"]
            st.success("Saved.")
        if not pressed:
            return
        changed = {n: v for n, v in values.items() if not overridden(n) and _is_new(house, n, v)}
        try:
            check(values)
            save(house.home, changed)
        except AlignloomError as error:
            st.warning(f"{_why(error, values)}  \n**Nothing was saved.**")
            return
    st.session_state["saved"] = key
    renew()
    st.rerun()


def _why(error: AlignloomError, of: Collection[str]) -> str:
    """What is wrong with which field of a form; of what else it is, in the words of the error."""
    fault = error.__cause__
    if isinstance(fault, ValidationError):
        first = fault.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        if key in of:
            remedy = _FAULTS.get(first["type"], "").format(**first.get("ctx", {}))
            words = remedy or first["msg"].removeprefix("Value error, ")
            return f"**{_LABELS[key]}:** {label(words, 400)}."
    return f"{label(error.problem, 400)}  \n**Try:** {label(error.remedy, 400)}"


def _is_new(house: House, key: str, value: Value) -> bool:
    held: object = house.settings
    for part in key.split("."):
        held = getattr(held, part)
    return held != value


VIEW = View(title="Settings", order=9, draw=draw)
