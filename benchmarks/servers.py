"""The three servers: each a process of its own on loopback, with the same graph."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PEERS: Final = Path(sys.prefix) / "peers" / "bin"
"""Where `make bench-endpoint` installs the peers: in an environment of their own."""
OURS: Final = "samsyn"
OXIGRAPH: Final = "Oxigraph's server"
RDFLIB: Final = "rdflib-endpoint"
PATIENCE: Final = 60.0
"""Seconds that a server may take to start, or to end what was still asked of it."""
_AT_ONCE: Final = 0.1


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Args:
        name: what it is called in the table.
        version: what it says of itself.
        endpoint: the address that takes queries.
        process: its process.
    """

    name: str
    version: str
    endpoint: str
    process: subprocess.Popen[bytes]

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> bytes:
        """Return the body of the answer to a query.

        Raises:
            HTTPError: its status is none of success.
        """
        address = f"{self.endpoint}?{urlencode({'query': query})}"
        request = Request(address, headers={"Accept": accept})  # noqa: S310 (our own address)
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            body: bytes = response.read()
            return body

    def rest(self) -> None:
        """Wait until it answers a trifle at once, and so has nothing left to do.

        Raises:
            RuntimeError: it has ended, or does not come to rest.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}")
            start = time.monotonic()
            try:
                self.ask("ASK {}")
            except HTTPError as error:
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
            except OSError:
                pass
            else:
                if time.monotonic() - start < _AT_ONCE:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not come to rest in {PATIENCE:.0f} s")


@contextmanager
def servers(folder: Path) -> Iterator[list[Server]]:
    """Start all three with the closed graph, and end them.

    Args:
        folder: where the graph and the logs go.
    """
    graph = folder / "graph.nq"
    export = [sys.executable, "-m", "samsyn", "export", "--output", str(graph)]
    subprocess.run(export, check=True, capture_output=True)  # noqa: S603 (our own program)
    started: list[Server] = []
    try:
        for start in (_oxigraph, _rdflib, _ours):
            started.append(start(folder, graph))
            print(f"{started[-1].name} {started[-1].version} runs", file=sys.stderr, flush=True)
        yield started
    finally:
        for server in started:
            _end(server.process)


def _oxigraph(folder: Path, graph: Path) -> Server:
    # In memory, which is the faster of its two forms; the default graph is the union, as ours is.
    program, port = str(PEERS / "oxigraph"), _free_port()
    address = f"http://127.0.0.1:{port}"
    process = _process(
        [program, "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"], folder
    )
    server = Server(OXIGRAPH, _said([program, "--version"]), f"{address}/query", process)
    with _ended_on_error(process):
        server.rest()
        headers = {"Content-Type": "application/n-quads"}
        quads = Request(f"{address}/store", graph.read_bytes(), headers, method="POST")  # noqa: S310
        with urlopen(quads, timeout=PATIENCE):  # noqa: S310 (our own address)
            return server


def _rdflib(folder: Path, graph: Path) -> Server:
    # Its own command makes the default graph the union.
    port, program = _free_port(), str(PEERS / "rdflib-endpoint")
    process = _process(
        [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(graph)], folder
    )
    names = "rdflib-endpoint", "rdflib"
    code = f"from importlib.metadata import version; print(*map(version, {names}), sep=', rdflib ')"
    said = _said([str(PEERS / "python"), "-c", code])
    server = Server(RDFLIB, said, f"http://127.0.0.1:{port}/", process)
    with _ended_on_error(process):
        server.rest()
    return server


def _ours(folder: Path, graph: Path) -> Server:
    # It serves the repository, of which the graph is the export.
    del graph
    port, program = _free_port(), [sys.executable, "-m", "samsyn"]
    process = _process([*program, "serve", "--port", str(port)], folder)
    said = _said([*program, "--version"])
    server = Server(OURS, said, f"http://127.0.0.1:{port}/sparql", process)
    with _ended_on_error(process):
        server.rest()
    return server


def _process(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as file:
        return subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)  # noqa: S603


@contextmanager
def _ended_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip().rpartition(" ")[2] if "," not in done.stdout else done.stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
