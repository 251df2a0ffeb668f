"""What is planted in pages of every make comes out of them, to the letter and once."""

from __future__ import annotations

import pytest

from tests.crawler.worlds.extracting import TYPES
from tests.crawler.worlds.planted import Plants, survival


@pytest.mark.parametrize("name", TYPES)
def test_all_that_is_planted_survives(name: str) -> None:
    for seed in range(4):
        plants = Plants.sown(seed)
        found = survival(plants, TYPES[name](plants))
        assert not found.lost
        assert found.planted["footnotes"] == len(plants.notes)


def test_the_measure_counts_what_is_lost_changed_or_doubled() -> None:
    plants = Plants.sown(1)
    whole = TYPES["Jekyll, kramdown"](plants)
    assert not survival(plants, whole).lost
    code, tex = plants.code[0], plants.inline[0]
    spoiled = {
        "code": whole.replace(code, code.replace("    ", "  ")),
        "TeX in lines": whole.replace(f"${tex}$", f"${tex}$ ${tex}$"),
        "footnotes": whole.replace("[^3] goes", " goes"),
        "displayed TeX": whole.replace(plants.displayed[2], ""),
        "quotations": whole.replace("> Quoted", "Quoted"),
        "table rows": whole.replace(plants.cells[1][1], ""),
    }
    for kind, text in spoiled.items():
        assert kind in {each.partition(":")[0] for each in survival(plants, text).lost}
