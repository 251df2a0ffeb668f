"""What a user may set: few fields, read once, from one file and the environment."""

from __future__ import annotations

import getpass
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from corpus.errors import BadSetting

FILE = "alignloom.toml"
PREFIX = "ALIGNLOOM_"


class EmbedderSettings(BaseModel):
    """Which embedding model reads the corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "sentence_transformers"
    """A file of `index/embedders/`."""
    model: str = ""
    """A model's name or folder; the embedder's own default where empty."""


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
    reader_name: str = Field(default_factory=_login_name, min_length=1, max_length=120)
    """Who judges ideas here; written beside every change of a tree."""
    contact: str = Field(default="", max_length=200, pattern=r"^[^\s()<>\"]*$")
    """An address of mail or web that every request names, so that its server can write to you."""
    source: tuple[dict[str, Any], ...] = ()
    """The `[[source]]` entries; `crawler.configuration` says what they may hold."""
    port: int = Field(default=8501, ge=1, le=65535)
    """Where the web page is served, on 127.0.0.1."""

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
    try:
        return Settings(**_read_file(path))
    except ValidationError as error:
        raise _refusal(path, error) from error


def _refuse_unknown_variables() -> None:
    """A mistyped variable would be ignored in silence; this says its name."""
    for name in os.environ:
        field = name.removeprefix(PREFIX).partition("__")[0].lower()
        if name.startswith(PREFIX) and field not in {"home", *Settings.model_fields}:
            raise _no_such(name, Settings)


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
    key = ".".join(keys)
    variable = PREFIX + "__".join(keys).upper()
    named = {name.upper() for name in os.environ}
    place = variable if variable in named else f"{path}: {key}"
    if fault["type"] == "extra_forbidden":
        return _no_such(place, EmbedderSettings if keys[0] == "embedder" else Settings)
    return BadSetting(
        f"{place} = {fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}",
        "change it, or remove it to use what Alignloom chooses",
    )
