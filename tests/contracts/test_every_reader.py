"""What every reader must keep. A reader without a sample in `samples/readers` fails here."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from corpus import plugins
from corpus.shelf import Shelf
from crawler import readers
from crawler.file import File, Limits, offer
from crawler.importer import import_paths
from crawler.reader import Reader, Reading, Refusal

SAMPLES = Path(__file__).parent.parent / "samples" / "readers"
NAMES = plugins.names(readers)


def load(name: str) -> Reader:
    return cast("Reader", plugins.load(readers, name, "READER"))


def sample(name: str) -> File:
    [path] = SAMPLES.glob(f"{name}.*")
    return offer(path.resolve(), SAMPLES.resolve(), Limits())


@pytest.mark.parametrize("name", NAMES)
def test_its_sample_fits_it_and_no_other_reader(name: str) -> None:
    assert [other for other in NAMES if load(other).fits(sample(name))] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_its_sample_into_named_texts_the_same_each_time(name: str) -> None:
    found = list(load(name).read(sample(name)))
    assert found
    assert not [item for item in found if isinstance(item, Refusal)]
    for reading in found:
        assert isinstance(reading, Reading)
        assert reading.title.strip()
        assert reading.text.strip()
        assert len(reading.raw_sha256) == 64
    assert list(load(name).read(sample(name))) == found


@pytest.mark.parametrize("name", NAMES)
def test_its_sample_can_be_imported_and_says_who_read_it(name: str, shelf: Shelf) -> None:
    report = import_paths([sample(name).path], shelf, on_progress=lambda _: None)
    assert report.new
    assert not report.refused
    versions = shelf.current(shelf.select()).values()
    assert {(v.extractor, v.extractor_version) for v in versions} == {(name, load(name).version)}


@pytest.mark.parametrize("name", NAMES)
def test_it_refuses_half_of_its_sample_or_reads_what_is_left(
    name: str, shelf: Shelf, tmp_path: Path
) -> None:
    whole = sample(name).path
    half = tmp_path / whole.name
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    report = import_paths([half], shelf, on_progress=lambda _: None)
    assert report.read or report.refused
