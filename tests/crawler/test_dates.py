"""Dates: as precise as they were written, in UTC, and never invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document
from crawler.dates import moment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023", "2023"),
        ("2023-07", "2023-07"),
        ("2023-7-6", "2023-07-06"),
        ("2023/07/26", "2023-07-26"),
        ("2023-07-26T20:50:00Z", "2023-07-26T20:50:00Z"),
        ("2022-07-23T22:10:36.513Z", "2022-07-23T22:10:36Z"),
        ("2011-05-19 09:32:46+00:00", "2011-05-19T09:32:46Z"),
        ("2020-12-10 21:05:00 -0800", "2020-12-11T05:05:00Z"),
        ("2021-04-08 17:15 -0400", "2021-04-08T21:15:00Z"),
        ("July 26, 2023", "2023-07-26"),
        ("26 Jul 2023", "2023-07-26"),
        ("Tue, 03 Nov 2026 17:22:31 +0100", "2026-11-03T16:22:31Z"),
        ("Wed, 26 Jul 2023 20:50:00 EST", "2023-07-27T01:50:00Z"),
        ("Wed, 26 Jul 2023 20:50:00 PDT", "2023-07-27T03:50:00Z"),
        ("Wed, 26 Jul 23 20:50:00 GMT", "2023-07-26T20:50:00Z"),
        ("Wednesday, 26-Jul-99 20:50:00 GMT", "1999-07-26T20:50:00Z"),
        ("Wed, 26 Jul 2023 9:05:00 GMT", "2023-07-26T09:05:00Z"),
        ("Wed, 26 Jul 2023 09:05 +0000 (UTC)", "2023-07-26T09:05:00Z"),
        ("Wed, 26 Jul 2023 20:50:00 CEST", "2023-07-26"),
        ("jul 2021", "2021-07"),
        ("D:20240305101112+01'00'", "2024-03-05T09:11:12Z"),
        ("D:20240305", "2024-03-05"),
    ],
)
def test_a_date_is_read_however_it_is_written(written: str, meant: str) -> None:
    assert moment(written) == meant


def test_a_time_without_a_zone_leaves_only_the_day() -> None:
    assert moment("2020-12-10 21:05:00") == "2020-12-10"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2023-13-01",
        "2023-02-30",
        "0000-00-00",
        "9999",
        "２０２３",
        "Foober 3, 2020",
        "03/04/2023",
        "2023-07-26T25:00:00Z",
        "2020-01-01T00:00:00+99:99",
    ],
)
def test_what_is_no_date_is_no_date(written: str) -> None:
    assert moment(written) is None


@given(
    st.one_of(st.text(), st.from_regex(r"\d{4}([-/]\d\d?([-/]\d\d?)?)?(T\d\d:\d\d(Z|\+\d\d))?"))
)
def test_whatever_is_read_as_a_date_is_one_that_a_document_can_hold(written: str) -> None:
    Document(doc_id="file:a", source="a", kind="note", title="a", published=moment(written))
