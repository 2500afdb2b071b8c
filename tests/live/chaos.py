"""Harm done to a running server from outside: processes killed, and what they need taken away."""

from __future__ import annotations

import os
import resource
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from tests.live.attacking import ask
from tests.live.serving import Server
from tests.workers.bench import alive, children

WORKERS: Final = 4
PATIENCE: Final = 60.0
QUERY: Final = """
SELECT (COUNT(*) AS ?n) { ?s a <http://www.w3.org/2004/02/skos/core#Concept> FILTER (?s != <x:%d>) }
"""
"""A question that is new each time, and never slow."""
LONG: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
_MIB: Final = 1024 * 1024


@dataclass
class Victim:
    """A server, with what can be done to it.

    Args:
        server: the server.
        chance: chooses.
    """

    server: Server
    chance: Random

    @property
    def web(self) -> int:
        """The process that was started."""
        return self.server.process.pid

    def zygote(self) -> int:
        """The process that holds the data: the one with most children, and workers alone have none.

        It is 0 while there is none with all its workers.
        """
        parents = Counter(
            {pid: len(_own(pid)) for pid in children(self.web) if len(_own(pid)) >= WORKERS}
        )
        return parents.most_common(1)[0][0] if parents else 0

    def workers(self) -> list[int]:
        """The processes that answer."""
        zygote = self.zygote()
        return _own(zygote) if zygote else []

    def launchers(self) -> list[int]:
        """What starts zygotes, and what stands in for it."""
        zygote = self.zygote()
        return [pid for pid in children(self.web) if pid != zygote and pid not in _own(zygote)]

    # Harm

    def kill_some_workers(self) -> None:
        """Kill one worker or several."""
        workers = self.workers()
        _kill(*self.chance.sample(workers, self.chance.randint(1, len(workers)) if workers else 0))

    def kill_zygote(self) -> None:
        """Kill the process that holds the data."""
        if zygote := self.zygote():
            _kill(zygote)

    def kill_launcher(self) -> None:
        """Kill the process that starts zygotes, or the one that stands in for it."""
        launchers = self.launchers()
        if len(launchers) == 2:  # With both gone at once the server ends, as it is to.
            _kill(self.chance.choice(launchers))

    def stop_zygote(self) -> None:
        """Let the zygote hang, as a machine does that has no memory left."""
        if zygote := self.zygote():
            os.kill(zygote, signal.SIGSTOP)
            _kill(*_own(zygote)[:1])
            time.sleep(0.3)
            with suppress(ProcessLookupError):
                os.kill(zygote, signal.SIGCONT)

    def starve_of_descriptors(self) -> None:
        """Leave web process or zygote no descriptor, while workers have to be replaced."""
        zygote = self.zygote()
        for process in self.chance.sample([self.web, zygote], 1) if zygote else ():
            with _limited(process, resource.RLIMIT_NOFILE, 0):
                self.kill_some_workers()
                self.bother()

    def starve_of_memory(self) -> None:
        """Let the zygote and what is born of it have no more memory than it has."""
        if zygote := self.zygote():
            with _limited(zygote, resource.RLIMIT_AS, 64 * _MIB):
                self.kill_some_workers()
                self.bother()

    def starve_of_processes(self) -> None:
        """Let the user of the zygote have no further process."""
        if zygote := self.zygote():
            with _limited(zygote, resource.RLIMIT_NPROC, 0):
                self.kill_some_workers()
                self.bother()

    def starve_of_disk(self) -> None:
        """Leave the web process no room in files, while an old client asks for much."""
        address = urlsplit(self.server.address)
        path = "/sparql?" + urlencode({"query": LONG, "format": "csv"})
        with (
            _limited(self.web, resource.RLIMIT_FSIZE, 4096),
            suppress(OSError),
            socket.create_connection((address.hostname, address.port), timeout=5) as line,
        ):
            line.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            line.recv(1000)

    def bother(self, query: str = QUERY) -> None:
        """Ask as a client does that leaves after a moment; any answer will do."""
        text = query.replace("%d", str(_fresh()))
        address = f"{self.server.address}/sparql?" + urlencode({"query": text})
        with suppress(OSError, ValueError):
            urlopen(address, timeout=0.3).read(_MIB)  # noqa: S310  our own address

    def harms(self) -> dict[str, Callable[[], None]]:
        """List all harm that can be done here."""
        harms = {
            "workers": self.kill_some_workers,
            "zygote": self.kill_zygote,
            "launcher": self.kill_launcher,
            "hanging": self.stop_zygote,
            "descriptors": self.starve_of_descriptors,
            "memory": self.starve_of_memory,
            "disk": self.starve_of_disk,
        }
        if os.geteuid():
            # The limit does not hold for root.
            harms["processes"] = self.starve_of_processes
        return harms

    # What is seen

    def state(self) -> Mapping[str, object]:
        """Return what is to be as before when all harm is over."""
        return {
            "ready": _status(f"{self.server.address}/ready"),
            "workers": len(self.workers()),
            "launchers": len(self.launchers()),
            "descriptors": len([*Path(f"/proc/{self.web}/fd").iterdir()]),
            "held": self._held(),
            "answer": ask(self.server, QUERY % _fresh()).body,
        }

    def _held(self) -> dict[str, float]:
        body = urlopen(f"{self.server.address}/metrics", timeout=10).read().decode()  # noqa: S310
        rows = (line.rsplit(" ", 1) for line in body.splitlines() if line.startswith("samsyn_held"))
        return {name: float(value) for name, value in rows if "connections" not in name}

    def whole(self) -> Mapping[str, object]:
        """Return what is seen once all workers are there."""
        end = time.monotonic() + PATIENCE
        while (now := self.seen()).get("workers") != WORKERS:
            assert time.monotonic() < end, now
            time.sleep(0.1)
        return now

    def settled(self, before: Mapping[str, object]) -> None:
        """Wait until all is as it was.

        Raises:
            AssertionError: it never is.
        """
        end = time.monotonic() + PATIENCE
        while (now := self.seen()) != before:
            if time.monotonic() > end:
                raise AssertionError(_differences(before, now) + self.server.output())
            time.sleep(0.1)

    def seen(self) -> Mapping[str, object]:
        """Return the state, or why there is none."""
        try:
            return self.state()
        except (OSError, ValueError) as error:
            return {"error": str(error)}


def _differences(before: Mapping[str, object], now: Mapping[str, object]) -> str:
    names = sorted({*before, *now})
    return "".join(
        f"{name}: {str(before.get(name))[:300]} before, {str(now.get(name))[:300]} now\n"
        for name in names
        if before.get(name) != now.get(name)
    )


def _fresh() -> int:
    return time.monotonic_ns()


def _status(address: str) -> int:
    try:
        with urlopen(address, timeout=10) as reply:  # noqa: S310  our own address
            status: int = reply.status
            return status
    except HTTPError as error:
        return error.code


def _own(parent: int) -> list[int]:
    """List the living children of a process, without theirs."""
    with suppress(OSError):
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [pid for pid in map(int, text.split()) if alive(pid)]
    return []


def _kill(*processes: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@contextmanager
def _limited(process: int, kind: int, most: int) -> Iterator[None]:
    """Set a limit of a running process for a while; it may end meanwhile."""
    try:
        before = resource.prlimit(process, kind)
        resource.prlimit(process, kind, (most, before[1]))
    except OSError:
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            resource.prlimit(process, kind, before)
