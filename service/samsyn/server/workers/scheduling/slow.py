"""The jobs of the slow queue: they run and are stopped in turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from samsyn.errors import SamsynError
from samsyn.server.workers.running import Run
from samsyn.server.workers.scheduling.scheduler import BusyError, SlowQueue

TURN: Final = 0.1
"""Seconds that a slow job runs before others that wait have their turn."""


class SlowJobs:
    """Stops and resumes jobs as the slow queue says.

    Args:
        queue: says who runs and who waits.
        turn_out: ends a job for which there is no place.
    """

    def __init__(self, queue: SlowQueue[Run], turn_out: Callable[[Run, SamsynError], None]) -> None:
        self.queue = queue
        self._turn_out = turn_out

    def enter(self, run: Run) -> None:
        """Have a job run, or wait for its turn."""
        try:
            runs = self.queue.enter(run)
        except BusyError as error:
            self._turn_out(run, error)
            return
        if runs:
            run.later(self._take_turns, TURN)
        else:
            run.stop()

    def leave(self, run: Run) -> None:
        """Give the place of a job, if it has one, to the next."""
        self._resume(self.queue.leave(run))

    def _take_turns(self, run: Run) -> None:
        run.look()
        called = self.queue.take_turns(run)
        if run in called:
            called.remove(run)
            run.later(self._take_turns, TURN)
        else:
            run.stop()
        self._resume(called)

    def _resume(self, runs: list[Run]) -> None:
        for run in runs:
            run.resume()
            run.later(self._take_turns, TURN)
