"""The jobs of the slow lane: they run and are stopped in turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from samsyn.errors import SamsynError
from samsyn.workers.lanes import BusyError, SlowLane
from samsyn.workers.run import Run

TURN: Final = 0.1
"""Seconds that a slow job runs before others that wait have their turn."""


class SlowJobs:
    """Stops and resumes jobs as the slow lane says.

    Args:
        lane: says who runs and who waits.
        turn_out: ends a job for which there is no place.
    """

    def __init__(self, lane: SlowLane[Run], turn_out: Callable[[Run, SamsynError], None]) -> None:
        self.lane = lane
        self._turn_out = turn_out

    def enter(self, run: Run) -> None:
        """Have a job run, or wait for its turn."""
        try:
            runs = self.lane.enter(run)
        except BusyError as error:
            self._turn_out(run, error)
            return
        if runs:
            run.later(self._take_turns, TURN)
        else:
            run.stop()

    def leave(self, run: Run) -> None:
        """Give the place of a job, if it has one, to the next."""
        self._resume(self.lane.leave(run))

    def _take_turns(self, run: Run) -> None:
        run.look()
        called = self.lane.take_turns(run)
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
