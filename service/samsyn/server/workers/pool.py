"""The pool, as the web process sees it: jobs in, answers out, whatever becomes of the workers."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from samsyn.errors import SamsynError
from samsyn.server.limits.quotas import Kind, Quotas
from samsyn.server.workers import framing
from samsyn.server.workers.answer import (
    Answer,
    EngineError,
    JobFailedError,
    LostError,
    OverLimitError,
)
from samsyn.server.workers.fork import Fork
from samsyn.server.workers.memory import Memory
from samsyn.server.workers.running import Job, Run
from samsyn.server.workers.scheduling.admission import Admission, Place
from samsyn.server.workers.scheduling.free import FreeWorkers
from samsyn.server.workers.scheduling.kills import Kills
from samsyn.server.workers.scheduling.readers import Readers
from samsyn.server.workers.scheduling.scheduler import BusyError, SlowQueue
from samsyn.server.workers.scheduling.slow import SlowJobs
from samsyn.server.workers.supervisor import Launch, Supervisor
from samsyn.server.workers.worker import LAST
from samsyn.server.workers.writes import Writes

LOG = logging.getLogger("samsyn.server.workers")

MOMENT: Final = 0.02
"""Seconds after which a job is looked at whether it is still quick."""

_QUICK: Final = 0.02
"""Seconds of processor time that a quick job may use."""

_MOST: Final = 2 / 3
"""The part of its time for which a job has waited if it is not told that it needs too much."""

TENDED: Final = 0.1
"""Seconds between two looks at the memory of workers, at readers and births."""

FORGIVEN: Final = 0.02
"""Seconds within which a worker is not killed for its client: it may soon be done, and is kept."""

_TOLD: Final = (b"memory", b"answer")
"""The limits that a worker notices itself."""

_OWN_FAULT: Final = {
    -signal.SIGXCPU: "cpu",
    # The engine ends the process where it gets no memory, and the kernel where the stack is full.
    -signal.SIGABRT: "memory",
    -signal.SIGSEGV: "depth",
    -signal.SIGBUS: "memory",
}


@dataclass(frozen=True)
class Sizes:
    """How much the pool takes on at a time.

    Args:
        quick: workers that are kept for what has just come.
        slow: jobs that run in the slow queue.
        waiting: jobs that may wait in the slow queue.
        own: jobs that one client may have waiting in the slow queue.
        unread: answers of one client that may wait for their reader.
        kills: workers of one client that may be killed a second in the long run.
        min_client_bytes_per_second: what a reader has to take at least, where places are plenty.
        buffer: bytes of an answer that are held for its reader.
    """

    quick: int = 4
    slow: int = 2
    waiting: int = 64
    own: int = 48
    unread: int = 8
    kills: float = 4.0
    min_client_bytes_per_second: int = 2048
    buffer: int = 2 * 1024 * 1024


class Pool:
    """Runs jobs in forks of a zygote.

    Args:
        launch: forks a zygote that loads the data.
        sizes: how much it takes on.
        observe: called with the name of what happened to a job or worker, for counting.
        quotas: counts what is held for clients.
        panicked: tells of a process that has ended whether a library in it had a fault.
    """

    def __init__(
        self,
        launch: Launch,
        sizes: Sizes,
        observe: Callable[[str], None] = lambda _: None,
        quotas: Quotas | None = None,
        panicked: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self.sizes = sizes
        self.quotas = quotas or Quotas({})
        self._observe = observe
        self._panicked = panicked
        self._supervisor = Supervisor(launch, self)
        self._runs: dict[Fork, Run] = {}
        queue: SlowQueue[Run] = SlowQueue(sizes.slow, sizes.waiting, sizes.own)
        self._slow = SlowJobs(queue, self._turn_out)
        self._kills = Kills(sizes.kills)
        self._admission = Admission(self.quotas, self._kills)
        self._free = FreeWorkers(
            sizes.quick,
            self._admission,
            lambda: [run.client for fork, run in self._runs.items() if not fork.last],
        )
        self._memory = Memory(self.quotas)
        self._readers = Readers(sizes.unread, sizes.min_client_bytes_per_second, self.quotas)
        self._writes = Writes()
        self.forks: Counter[str] = Counter({"born": 0, "ended": 0, "killed": 0})
        """Workers since the start: those that were born, ended by themselves, and were killed."""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def hello(self) -> str | None:
        """What the zygote said of its data, or None while there is none."""
        return self._supervisor.hello

    @property
    def busy(self) -> int:
        """How many jobs are being worked on."""
        return len(self._runs)

    def states(self) -> dict[str, int]:
        """Count the workers: idle, at work, stopped until their turn, waiting for their reader."""
        found = {"idle": len(self._free.idle), "running": 0, "waiting": 0, "unread": 0}
        for run in self._runs.values():
            state = "unread" if run.waits_for_reader else "waiting" if run.stopped else "running"
            found[state] += 1
        return found

    async def start(self) -> None:
        """Launch the zygote and wait for it.

        Raises:
            StartError: it could not load its data.
        """
        await self._supervisor.start()
        self._tend()

    def close(self) -> None:
        """End every process; answers under way break."""
        if self._timer is not None:
            self._timer.cancel()
        for fork in [*self._free.all(), *self._runs]:
            fork.kill()
        self._supervisor.close()

    def doubtful(self, client: str) -> bool:
        """Return whether others go before a client, since its jobs have cost much lately."""
        return self._admission.doubtful(client)

    async def ask(self, job: Job) -> Answer:
        """Run a job, and return its answer once there is enough of it to send.

        A job whose worker died of something else than its own limit runs once more.

        Raises:
            BusyError: there is no place for it now.
            OverLimitError: it went over one of its limits.
            JobFailedError: it cannot be done.
            LostError: its worker died, twice.
        """
        try:
            return await self._try(job)
        except LostError:
            self._observe("retried")
            return await self._try(job)

    async def write(self, job: Job) -> Answer:
        """Run a job that changes the data; one at a time.

        It waits for its turn no longer than it may take then.

        Raises:
            BusyError: too many wait for their turn, or its turn did not come in time.
            LostError: nobody knows whether it was done; the data has been loaded again.
            SamsynError: as `ask`; nothing has changed.
        """
        async with self._writes.turn(job.bounds.wall):
            place = self._admission.enter(job.client)
            try:
                fork, line = await self._supervisor.writer()
            except BaseException:
                self._admission.leave(place)
                raise
            run = self._run(job, fork)
            try:
                run.begin()
                await run.answer.started()
                await self._supervisor.hand_over(line)
            except (EngineError, LostError, OverLimitError, asyncio.CancelledError):
                # It may have been killed just after the change was put on record.
                await asyncio.shield(self._supervisor.restart())
                raise
            return run.answer

    async def _try(self, job: Job) -> Answer:
        place = self._place(job.client)
        try:
            delayed = self._admission.delayed(job.client)
            free = None if delayed else self._free.take(job.client)
            fork = free or await self._arrive(job, place)
        except BaseException:
            self._admission.leave(place)
            raise
        run = self._run(job, fork)
        run.later(self._look, MOMENT)
        run.begin()
        if fork.gone:
            self._give_up(run, LostError())
        await run.answer.started()
        return run.answer

    def _place(self, client: str) -> Place:
        """Take a job on, in the place of an answer that waits for its reader if need be."""
        try:
            return self._admission.enter(client)
        except BusyError as error:
            other = None if error.own else self._readers.in_the_way(client, self._runs.values())
            if other is None:
                raise
            self._observe("slow-reader")
            self._turn_out(other, BusyError(own=True))
            return self._admission.enter(client)

    def _run(self, job: Job, fork: Fork) -> Run:
        run = Run(job, fork, self.sizes.buffer, self)
        self._runs[fork] = run
        return run

    async def _arrive(self, job: Job, place: Place) -> Fork:
        delayed = True
        try:
            async with asyncio.timeout(job.bounds.wall):
                if self._admission.delayed(job.client):
                    self._observe("delayed")
                    await self._admission.delay(job.client)
                delayed = False
                free = self._free.take(job.client)
                if free is not None:
                    return free
                self._admission.stand_in_line(place)
                self._refill()
                fork = await place.worker
                self._free.received(fork)
                return fork
        except BaseException as error:
            worker = place.worker
            if worker.done() and not worker.cancelled() and worker.exception() is None:
                self._free.received(worker.result())
                self._release(worker.result())
            if isinstance(error, TimeoutError):
                raise BusyError(own=delayed) from None
            raise

    def born(self, fork: Fork) -> None:
        """Take in a new worker."""
        self.forks["born"] += 1
        self._release(fork)

    def outdated(self, forks: list[Fork]) -> None:
        """Let the workers of an earlier revision go, as soon as each has done its job."""
        for fork in forks:
            fork.last = True
            if self._free.forget(fork):
                fork.kill()
        self._refill()

    def taken(self, fork: Fork, kind: int, payload: bytes) -> None:
        """Take a message from a worker.

        Raises:
            FrameError: it was asked nothing, or tells of a limit that there is not.
        """
        run = self._runs.get(fork)
        if run is None:
            raise framing.FrameError
        match kind:
            case framing.HEAD:
                run.answer.head = payload
            case framing.DATA:
                run.answer.feed(payload)
            case framing.END:
                fork.last = fork.last or payload == LAST
                self._finish(run, None)
            case framing.LIMIT:
                if payload not in _TOLD:
                    raise framing.FrameError
                self._observe(f"limit-{payload.decode()}")
                self._finish(run, OverLimitError(payload.decode()))
            case framing.FAIL:
                self._finish(run, JobFailedError(payload))
            case framing.FAULT:
                self._finish(run, JobFailedError(b""))

    def closed(self, fork: Fork) -> None:
        """Give a worker no other job: it has ended, or is about to."""
        fork.last = True
        self._free.forget(fork)
        self._refill()

    def ended(self, fork: Fork, status: int | None) -> None:
        """Take note that a worker has ended.

        Args:
            fork: the worker.
            status: its exit code, or minus the number of the signal; None if nobody knows.
        """
        self.forks["killed" if (status or 0) < 0 else "ended"] += 1
        fork.forget()
        if status == -signal.SIGSYS:
            LOG.error("a worker was ended for a system call that no honest one makes")
        run = self._runs.get(fork)
        if run is not None:
            event, error = self._why(fork, status)
            self._observe(event)
            if not isinstance(error, LostError):
                # Anyone who asks the same again costs the server another worker.
                self._kills.count(run.client)
            self._close(run, error)
        self._refill()

    def _why(self, fork: Fork, status: int | None) -> tuple[str, SamsynError]:
        """Name the event that a worker ended in the middle of a job, and the error."""
        limit = _OWN_FAULT.get(status or 0)
        if limit is None:
            return "lost", LostError()
        if self._panicked(fork.pid):
            return "engine", EngineError()
        return f"limit-{limit}", OverLimitError(limit)

    def _finish(self, run: Run, error: SamsynError | None) -> None:
        self._close(run, error)
        if run.fork.writes:
            return
        if run.fork.last:
            run.fork.kill()
        else:
            self._release(run.fork)

    def _give_up(self, run: Run, error: SamsynError) -> None:
        self._close(run, error)
        run.fork.kill()
        self._refill()

    def _close(self, run: Run, error: SamsynError | None) -> None:
        if self._runs.pop(run.fork, None) is not None:
            self.quotas.give(run.client, Kind.JOBS)
            self._admission.used(run.client, run.fork.spent())
            self._memory.forget(run)
            run.end()
            run.answer.finish(error)
            self._slow.leave(run)

    def _release(self, fork: Fork) -> None:
        """Give a worker that has done its job to another, unless it was its last."""
        if fork.last or fork.gone:
            fork.kill()
            self._refill()
        else:
            self._free.put(fork)

    def _refill(self) -> None:
        """Ask for as many workers as are missing among the quick."""
        missing = self._free.missing - self._supervisor.expected
        if missing > 0:
            self._supervisor.fork(missing)

    def _tend(self) -> None:
        """Look after what nobody reports: memory, readers, births that failed."""
        # First of all, so that it goes on whatever fails here for want of memory or descriptors.
        self._timer = asyncio.get_running_loop().call_later(TENDED, self._tend)
        for run in self._runs.values():
            self._memory.look(run)
        self._make_room()
        for run in self._readers.too_slow(self._runs.values()):
            self._observe("slow-reader")
            self._turn_out(run, BusyError(own=True))
        self._supervisor.tend()
        self._refill()

    def _make_room(self) -> None:
        """End the jobs that hold most as long as all together hold too much."""
        while (largest := self._memory.excess(self._runs.values())) is not None:
            self._observe("crowded")
            self._turn_out(largest, BusyError(own=self._memory.is_most(largest.client)))

    def _look(self, run: Run) -> None:
        """Move a job that is no longer quick to the slow queue."""
        if run.fork.spent() < _QUICK and not run.waits_for_reader:
            run.later(self._look, MOMENT / 2)
            return
        run.slow = True
        run.fork.yield_to_all()
        self._observe("slow")
        self._refill()
        if run.waits_for_reader:
            return
        other = self._slow.queue.in_the_way(run)
        if other is not None:
            self._observe("displaced")
            self._turn_out(other, BusyError(own=True))
        self._slow.enter(run)

    def unread(self, run: Run) -> None:
        """Go on with others: what waits for its reader takes no time from them.

        A client has so many of these; one more is refused as long as nothing of it was sent.
        """
        if self._readers.too_many(run, self._runs.values()):
            self._observe("unread")
            self._turn_out(run, BusyError(own=True))
            return
        # Others may come before the next look at all.
        self._memory.look(run)
        self._make_room()
        if run.fork not in self._runs:
            return
        if run.slow:
            run.later(None)
        if run.stopped:
            # Its last bytes came after it was stopped; out of line, nobody else would wake it.
            run.resume()
        self._slow.leave(run)

    def read(self, run: Run) -> None:
        """Have a slow job whose reader has taken enough go on in its turn, as all others do."""
        if run.slow:
            self._slow.enter(run)

    def overdue(self, run: Run) -> None:
        """End a job whose time is over.

        One that waited for its turn for most of it may well be done another time. Where it waited
        for others of its own client, the one that has had most is given that time once more: either
        it is done, or it needs too much.
        """
        wall = run.job.bounds.wall
        if not run.given and run.waited > wall * _MOST and self._slow.queue.leads(run):
            run.extend(run.waited)
            return
        unlucky = run.stopped and run.fork.spent() < 2 * _QUICK
        if unlucky or wall + run.given - run.waited < wall * (1 - _MOST):
            self._give_up(run, BusyError(own=self._slow.queue.behind_own(run)))
            return
        self._observe("limit-time")
        self._dismiss(run, OverLimitError("time"))

    def abandoned(self, run: Run) -> None:
        """End a job whose reader has gone."""
        self._observe("abandoned")
        self._dismiss(run, LostError())

    def _dismiss(self, run: Run, error: SamsynError) -> None:
        """Let a job go that is not to be done any further, and kill its worker for it.

        A worker that has hardly begun may be done in a moment, which costs less than another.
        """
        left = FORGIVEN - run.age
        if left > 0 and not (run.begun or run.fork.writes):
            run.answer.finish(error)
            run.clock.stop()
            run.later(self._killed, left)
        else:
            self._turn_out(run, error)

    def _killed(self, run: Run) -> None:
        self._turn_out(run, LostError())

    def _turn_out(self, run: Run, error: SamsynError) -> None:
        """End a job and its worker, which counts for its client: anyone who comes needs another."""
        self._kills.count(run.client)
        self._give_up(run, error)
