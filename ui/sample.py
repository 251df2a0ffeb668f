"""The bundled sample corpus, put on a home's shelf and into its index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import corpus
from ui.show import Progress

if TYPE_CHECKING:
    from ui.house import House

FOLDER = Path(next(iter(corpus.__path__))) / "sample"


def load(house: House, on_progress: Progress) -> None:
    """Import the sample and bring the index in step; a second time there is nothing to do."""
    from crawler.importer import import_paths

    import_paths(
        [FOLDER],
        house.shelf,
        on_progress=lambda now: on_progress("importing", now.files_done, now.files_total),
    )
    house.bring_in_step(on_progress)
