"""Settings: one file, overridden by the environment, every fault named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadSetting
from ui.settings import read_settings


def test_a_home_without_a_file_has_settings_of_its_own(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings.database == ""
    assert settings.embedder.name == "fastest"
    assert settings.reader_name


def test_the_environment_goes_before_the_file_key_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'reader_name = "Ada"\nport = 9000\n[embedder]\nname = "hashing"\nmodel = "m"\n'
    (tmp_path / "alignloom.toml").write_text(text)
    monkeypatch.setenv("ALIGNLOOM_PORT", "9100")
    monkeypatch.setenv("ALIGNLOOM_EMBEDDER__MODEL", "other")
    settings = read_settings(tmp_path)
    assert (settings.reader_name, settings.port) == ("Ada", 9100)
    assert (settings.embedder.name, settings.embedder.model) == ("hashing", "other")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 1", "alignloom.toml: prot"),
        ("port = 0", "alignloom.toml: port = 0"),
        ('port = "many"', "alignloom.toml: port = 'many'"),
        ('[embedder]\nnom = "x"', "alignloom.toml: embedder.nom"),
        ("port = ", "alignloom.toml cannot be read"),
        ('reader_name = ""', "reader_name"),
        ('[embedder]\nname = "hashin"', "alignloom.toml: embedder.name = 'hashin'"),
        ('writer = "nobody"', "alignloom.toml: writer = 'nobody'"),
    ],
)
def test_a_fault_names_the_file_the_key_and_the_value(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "alignloom.toml").write_text(text)
    with pytest.raises(BadSetting) as caught:
        read_settings(tmp_path)
    assert named in caught.value.problem
    assert caught.value.remedy


def test_a_fault_in_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_PORT", "harbour")
    with pytest.raises(BadSetting, match="ALIGNLOOM_PORT = 'harbour'"):
        read_settings(tmp_path)


@pytest.mark.parametrize("name", ["ALIGNLOOM_PROT", "ALIGNLOOM_EMBEDDER__NOM"])
def test_a_mistyped_variable_is_named_and_not_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(BadSetting, match=f"{name}: no such setting"):
        read_settings(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "alignloom.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match="cannot be read"):
        read_settings(tmp_path)


def test_a_key_is_told_by_the_environment_and_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alignloom.toml").write_text(
        '[llm]\nurl = "http://127.0.0.1:1/v1/"\nmodel = "m"\n'
    )
    monkeypatch.setenv("ALIGNLOOM_LLM__KEY", "sk-secret")
    llm = read_settings(tmp_path).llm
    assert llm.key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(llm)
    assert llm.url == "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    "text",
    [
        "[llm]\nkey = 5551234567",
        '[llm]\nurl = "https://me:5551234567@example.org/v1"',
        '[llm]\nurl = "https://example.org/v1?key=5551234567"',
        'llm = "5551234567"',
    ],
)
def test_a_fault_beside_a_key_does_not_show_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "alignloom.toml").write_text(text)
    with pytest.raises(BadSetting) as caught:
        read_settings(tmp_path)
    assert "5551234567" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[llm]\nmodle = "x"', "llm.modle: no such setting"),
        ("[llm]\ntemperature = 3", "llm.temperature = 3"),
        ("[llm]\nusd_per_day = nan", "llm.usd_per_day = nan"),
        ('[llm]\nscript = "cunning"', "llm.script = 'cunning'"),
        ('[llm]\nurl = "localhost:11434"', "llm.url = (not shown): write the address"),
    ],
)
def test_a_fault_of_the_model_s_section_names_its_key(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "alignloom.toml").write_text(text)
    with pytest.raises(BadSetting) as caught:
        read_settings(tmp_path)
    assert named in caught.value.problem


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("EMBEDDER", "ALIGNLOOM_EMBEDDER__NAME="),
        ("MAIL", "ALIGNLOOM_MAIL__HOST="),
        ("LLM", "ALIGNLOOM_LLM__URL="),
        ("PROFILE", "[[profile]] in alignloom.toml"),
    ],
)
def test_a_section_that_is_given_as_one_variable_is_refused_with_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, remedy: str
) -> None:
    monkeypatch.setenv(f"ALIGNLOOM_{name}", "hashing")
    with pytest.raises(BadSetting, match=f"ALIGNLOOM_{name} is a") as caught:
        read_settings(tmp_path)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[profile]]\nname = "ada"\n[[alert]]\nquery = "q"\nprofile = "adda"', "'adda'"),
        ('[[profile]]\nname = "ada"\n[[profile]]\nname = "ada"', "are named 'ada'"),
    ],
)
def test_an_alert_for_nobody_and_two_readers_of_one_name_are_refused(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "alignloom.toml").write_text(f'{text}\n[llm]\nkey = "5551234567"')
    with pytest.raises(BadSetting) as caught:
        read_settings(tmp_path)
    assert named in caught.value.problem
    assert "5551234567" not in str(caught.value)
