"""What a user may set: few fields, read once, from one file and the environment."""

from __future__ import annotations

import getpass
import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from corpus import plugins
from corpus.errors import BadSetting
from index import embedders
from index.embedder import FASTEST
from synth import writers

FILE = "alignloom.toml"
PREFIX = "ALIGNLOOM_"
_MAIL_ADDRESS = r"^([^\s@<>,;\"]+@[^\s@<>,;\"]+)?$"


class EmbedderSettings(BaseModel):
    """Which embedding model reads the corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "fastest"
    """A file of `index/embedders/`, or the fastest that is installed."""
    model: str = ""
    """A model's name or folder; the embedder's own default where empty."""

    @field_validator("name")
    @classmethod
    def _there_is_one(cls, name: str) -> str:
        """A file of `index/embedders/`; another name would be found out only by a build."""
        known = [FASTEST, *plugins.names(embedders)]
        if name not in known:
            raise ValueError("no embedder has that name; there are " + ", ".join(known))
        return name


class SearchSettings(BaseModel):
    """What search does beside the two rankers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reranker: str = ""
    """The folder of a cross-encoder that puts the best works in a better order; none if empty."""


class LlmSettings(BaseModel):
    """Which language model is asked by the writers that ask one, how, and for how much."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = ""
    """The address under which a server has `/chat/completions`."""
    model: str = Field(default="", max_length=200)
    key: SecretStr = SecretStr("")
    temperature: float = Field(default=0.2, ge=0, le=2)
    timeout_s: float = Field(default=120, gt=0, le=3_600)
    context_tokens: int = Field(default=8_192, ge=1_024, le=10_000_000)
    reply_tokens: int = Field(default=1_500, ge=100, le=100_000)
    check: bool = False
    """Whether claims are put to the model again, in a fresh context, beside their quotes."""
    usd_per_million_read: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    usd_per_million_written: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    tokens_per_run: int = Field(default=200_000, ge=0, le=10**15)
    tokens_per_day: int = Field(default=2_000_000, ge=0, le=10**15)
    usd_per_run: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    usd_per_day: float = Field(default=5.0, ge=0, allow_inf_nan=False)
    script: Literal["honest", "lying", "obedient", "repetitive", "broken"] = "honest"
    """How the writer `scripted` behaves."""

    @field_validator("url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        """An address that can be shown: a key in it would stand in every message."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc):
            raise ValueError("write the address of a server, such as http://127.0.0.1:11434/v1")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(
                "leave out names, passwords and what follows ? or #; a key is llm.key"
            )
        return url.rstrip("/")


class MailSettings(BaseModel):
    """Who carries the digest to whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="", max_length=253)
    """The mail server; nothing is mailed where it is empty."""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` is for a server on this machine only."""
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(default="", max_length=254, pattern=_MAIL_ADDRESS)
    to: str = Field(default="", max_length=254, pattern=_MAIL_ADDRESS)
    page: str = Field(default="", max_length=300, pattern=r"^(https?://[^\s<>\"]+)?$")
    """The address of the web page as the reader reaches it; the links of a mail lead there."""


class ProfileSettings(BaseModel):
    """One of several readers of this corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=40, pattern=r"^[\w-]+$")
    interest: str = Field(default="", max_length=2_000)
    to: str = Field(default="", max_length=254, pattern=_MAIL_ADDRESS)
    most: int = Field(default=7, ge=1, le=50)
    threshold: float = Field(default=0.1, ge=0, le=1)
    wildcards: int = Field(default=1, ge=0, le=5)
    again_after_days: int = Field(default=0, ge=0, le=36_500)


class AlertSettings(BaseModel):
    """A standing query: each digest tells which new works answer it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = Field(min_length=1, max_length=400)
    name: str = Field(default="", max_length=100)
    """What it is called in the digest; the query itself where empty."""
    profile: str = Field(default="", max_length=40, pattern=r"^[\w-]*$")
    """For this reader only; for every reader where empty."""


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without an account for this user id
        return "reader"


class Settings(BaseSettings):
    """Everything that can be set, from `alignloom.toml` and `ALIGNLOOM_…`, which goes before."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__"
    )

    database: str = ""
    """A database URL; empty for SQLite in the home folder."""
    embedder: EmbedderSettings = EmbedderSettings()
    search: SearchSettings = SearchSettings()
    writer: str = "extractive"
    """Who summarises, answers and proposes where a command does not say: a file of
    `synth/writers/`."""
    llm: LlmSettings = LlmSettings()
    reader_name: str = Field(default_factory=_login_name, min_length=1, max_length=120)
    """Who judges ideas here; written beside every change of a tree."""
    contact: str = Field(default="", max_length=200, pattern=r"^[!#-'*-;=?-~]*$")
    """An address of mail or web that every request names, so that its server can write to you.

    Letters that a header of HTTP can carry, but for `"`, `<`, `>` and parentheses.
    """
    source: tuple[dict[str, Any], ...] = ()
    """The `[[source]]` entries; `crawler.configuration` says what they may hold."""
    mail: MailSettings = MailSettings()
    profile: tuple[ProfileSettings, ...] = ()
    """The `[[profile]]` entries: several readers, each with a digest of their own."""
    alert: tuple[AlertSettings, ...] = ()
    """The `[[alert]]` entries: queries whose new answers every digest tells."""
    port: int = Field(default=8501, ge=1, le=65535)
    """Where the web page is served, on 127.0.0.1."""

    @field_validator("writer")
    @classmethod
    def _there_is_one(cls, writer: str) -> str:
        """A file of `synth/writers/`; another would be found out only where it is to write."""
        known = plugins.names(writers)
        if writer not in known:
            raise ValueError("no writer has that name; there are " + ", ".join(known))
        return writer

    @model_validator(mode="after")
    def _readers_are_known(self) -> Settings:
        """Each profile once, and no alert for a reader whom nobody named."""
        names = [profile.name for profile in self.profile]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two [[profile]] entries are named {name!r}")
        for each in self.alert:
            if each.profile not in ("", *names):
                raise ValueError(
                    f"the [[alert]] {each.name or each.query!r} is for {each.profile!r}, "
                    "but no [[profile]] has that name"
                )
        return self

    @classmethod
    def settings_customise_sources(  # noqa: D102 - told by the library
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def read_settings(home: Path) -> Settings:
    """The settings of a home; a bad key or value is refused by name, and its place is told."""
    path = home / FILE
    _refuse_unknown_variables()
    return checked(path, _read_file(path))


def checked(path: Path, values: dict[str, Any]) -> Settings:
    """The settings that a file at `path` with these values would be; a bad one is refused."""
    try:
        return Settings(**values)
    except SettingsError as error:
        raise _unreadable_variable() from error
    except ValidationError as error:
        raise _refusal(path, error) from error


def _refuse_unknown_variables() -> None:
    """A mistyped variable would be ignored in silence; this says its name."""
    for name in os.environ:
        field = name.removeprefix(PREFIX).partition("__")[0].lower()
        if name.startswith(PREFIX) and field not in {"home", *Settings.model_fields}:
            raise _no_such(name, Settings)


def _unreadable_variable() -> BadSetting:
    """A section, or a list of entries, that one variable gives otherwise than as JSON."""
    fields = {PREFIX + each.upper(): each for each in (*_SECTIONS, "source")}
    name = next(n for n in os.environ if n.upper() in fields and not _is_json(os.environ[n]))
    field = fields[name.upper()]
    if field in ("source", "profile", "alert"):
        return BadSetting(f"{name} is a list of entries", f"write each as [[{field}]] in {FILE}")
    key = next(iter(_SECTIONS[field].model_fields)).upper()
    return BadSetting(f"{name} is a section", f"write one variable for each key: {name}__{key}=…")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _no_such(place: str, model: type[BaseModel]) -> BadSetting:
    return BadSetting(
        f"{place}: no such setting", "one of: " + ", ".join(sorted(model.model_fields))
    )


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(
            f"settings in {path} cannot be read: {error}", "mend that line, or move the file away"
        ) from error


def _refusal(path: Path, error: ValidationError) -> BadSetting:
    """The first fault in words: where it stands, which key, which value."""
    fault = error.errors(include_url=False)[0]
    keys = [str(part) for part in fault["loc"]]
    why = fault["msg"].removeprefix("Value error, ")
    if not keys:  # two entries that do not go together
        return BadSetting(f"{path}: {why}", "change one of them")
    key = ".".join(keys)
    variable = PREFIX + "__".join(keys).upper()
    named = {name.upper() for name in os.environ}
    place = variable if variable in named else f"{path}: {key}"
    if fault["type"] == "extra_forbidden":
        return _no_such(place, _SECTIONS.get(keys[0], Settings))
    written = "(not shown)" if _may_hold_a_key(keys) else repr(fault["input"])
    return BadSetting(
        f"{place} = {written}: {why[0].lower()}{why[1:]}",
        "change it, or remove it to use what Alignloom chooses",
    )


_SECTIONS: dict[str, type[BaseModel]] = {
    "embedder": EmbedderSettings,
    "search": SearchSettings,
    "llm": LlmSettings,
    "mail": MailSettings,
    "profile": ProfileSettings,
    "alert": AlertSettings,
}


def _may_hold_a_key(keys: list[str]) -> bool:
    """Whether a value is, or may contain, what must not be printed."""
    return keys[0] in ("llm", "mail") and keys[1:2] in ([], ["key"], ["url"], ["password"])
