"""Growing in the background: one thread per wish, so that nobody's page stands still meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING

from corpus.errors import AlignloomError

if TYPE_CHECKING:
    from synth.growing import Proposal, Wish
    from ui.house import House


@dataclass(slots=True, eq=False)
class Job:
    """One wish being granted."""

    job_id: int
    tree_id: str
    """The tree that it grows; empty where one is to be planted."""
    wish: Wish
    about: str
    """What ideas are to grow from, for a reader: the title of an idea or a work, or a topic."""
    cancelled: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    outcome: Proposal | AlignloomError | None = None
    """What came of it; `None` while it runs."""
    told: bool = False
    """Whether its visitor knows that it was cancelled."""

    @property
    def under(self) -> str:
        """The idea that ideas are to grow under; empty where a tree is to be planted."""
        return self.wish.node


class Jobs:
    """The wishes of one home that are being granted, or were and nobody has been told."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._numbers = count(1)
        self._changing = RLock()

    def start(self, house: House, wish: Wish, *, tree_id: str, about: str) -> Job:
        """Begin to grant a wish, and return at once."""
        with self._changing:
            job = Job(next(self._numbers), tree_id, wish, about)
            self._jobs[job.job_id] = job
        Thread(target=_grant, args=(house, wish, job), daemon=True).start()
        return job

    def open(self, tree_id: str) -> list[Job]:
        """What still runs for a tree and was not cancelled, oldest first."""
        with self._changing:
            return [
                job
                for job in self._jobs.values()
                if job.tree_id == tree_id and not job.ended.is_set() and not job.cancelled.is_set()
            ]

    def taken(self, job_ids: Iterable[int]) -> list[Job]:
        """Those of some jobs that have ended; each is handed out once."""
        with self._changing:
            ended = [n for n in job_ids if n in self._jobs and self._jobs[n].ended.is_set()]
            return [self._jobs.pop(n) for n in ended]

    def cancel(self, job_id: int) -> Job | None:
        """Let nothing come of a job, if it still runs: what it still does is thrown away."""
        with self._changing:
            job = self._jobs.get(job_id)
            if job is None or job.ended.is_set():
                return None
            job.cancelled.set()
            return job

    def drop(self, job_id: int) -> None:
        """Cancel a job of which nobody wants to be told any more."""
        with self._changing:
            if job := self._jobs.pop(job_id, None):
                job.cancelled.set()

    def wait(self) -> None:
        """Return when nothing runs any more."""
        with self._changing:
            running = list(self._jobs.values())
        for job in running:
            job.ended.wait()


def _grant(house: House, wish: Wish, job: Job) -> None:
    try:
        job.outcome = house.propose(wish, wanted=lambda: not job.cancelled.is_set())
    except AlignloomError as error:
        job.outcome = error
    finally:
        job.ended.set()
