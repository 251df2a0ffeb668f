"""The architecture, as a test: who may import whom, and where each framework lives."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "corpus": {"corpus"},
    "crawler": {"crawler", "corpus"},
    "index": {"index", "corpus"},
    "synth": {"synth", "index", "corpus"},
    "ui": {"ui", "synth", "index", "crawler", "corpus"},
}

HOMES = {
    "scrapy": ("crawler/asking/",),
    "twisted": ("crawler/asking/",),
    "faiss": ("index/backends/faiss.py",),
    "tantivy": ("index/words.py",),
    "sentence_transformers": (
        "index/embedders/sentence_transformers.py",
        "index/rerankers/cross_encoder.py",
    ),
    "transformers": ("index/embedders/sentence_transformers.py",),
    "torch": ("index/embedders/sentence_transformers.py", "index/encoder.py", "index/training/"),
    "openvino": ("index/embedders/openvino.py",),
    "llama_index": ("synth/writers/llama_index.py",),
    "openai": ("synth/writers/llama_index.py",),
    "httpx": ("synth/wire.py",),
    "streamlit": ("ui/",),
    "starlette": ("ui/feeds.py", "ui/web.py"),
    "aiohttp": ("crawler/asking/",),
    "feedparser": ("crawler/feed_entries.py",),
    "alembic": ("corpus/",),
    "sqlalchemy": ("corpus/",),
    "typer": ("ui/",),
    "rich": ("ui/",),
    "pypdfium2": ("crawler/pdf_worker.py",),
    "trafilatura": ("crawler/page.py",),
    "jinja2": ("synth/",),
    "sklearn": ("synth/taste.py", "synth/topics.py"),
    "scipy": ("synth/taste.py",),
}

FORBIDDEN = {"pickle", "shelve", "marshal", "fitz", "pymupdf", "ebooklib"}


def files(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*.py") if "__pycache__" not in p.parts)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where things live"
            yield node.module or ""


def places() -> list[Path]:
    return [path for folder in MAY_IMPORT for path in files(folder)]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_point_up_the_list_only(folder: str) -> None:
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in files(folder)
        for name in imported(path)
        if name.partition(".")[0] in MAY_IMPORT.keys() - MAY_IMPORT[folder]
    }
    assert not wrong


@pytest.mark.parametrize("framework", HOMES)
def test_a_framework_has_one_home(framework: str) -> None:
    strays = {
        str(path.relative_to(ROOT))
        for path in places()
        for name in imported(path)
        if name.partition(".")[0] == framework
        and not str(path.relative_to(ROOT)).startswith(HOMES[framework])
    }
    assert not strays


def test_nothing_is_unpickled_and_no_library_with_a_copyleft_network_clause_is_used() -> None:
    used = {(str(path), name) for path in places() for name in imported(path)}
    assert not {(path, name) for path, name in used if name.partition(".")[0] in FORBIDDEN}


def test_only_ui_prints() -> None:
    printing = {
        str(path.relative_to(ROOT))
        for folder in MAY_IMPORT.keys() - {"ui"}
        for path in files(folder)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert not printing


def test_a_package_is_a_door_sign_without_code() -> None:
    for folder in MAY_IMPORT:
        for path in files(folder):
            if path.name == "__init__.py":
                body = ast.parse(path.read_text()).body
                assert len(body) == 1, f"{path} holds more than a docstring"
                assert isinstance(body[0], ast.Expr)


def test_no_file_of_the_page_hides_a_top_folder_from_the_web_server() -> None:
    names = {path.stem for path in (ROOT / "ui").iterdir()}
    assert not names & {*MAY_IMPORT, "tests", "benchmarks"}


def test_help_imports_no_framework() -> None:
    models = "torch sentence_transformers llama_index openvino faiss numpy"
    heavy = f"{models} scrapy streamlit sqlalchemy pydantic".split()
    script = (
        "import sys; sys.argv = ['alignloom', '--help']\n"
        "from ui.main import run\n"
        "try: run()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "alignloom" in done.stdout
    assert done.stderr.strip() == "[]"
