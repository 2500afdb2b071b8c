"""Servers on loopback: `samsyn serve` in a process of its own, and one that has only files."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import IO, Final
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60
TOKEN: Final = "made-by-chance-0123456789"  # noqa: S105  of no other server


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Args:
        address: such as ``http://127.0.0.1:8000``, without a slash at its end.
        process: the one that was started; it may have others of its own.
        log: the file to which it writes both its outputs.
        faulty: whether a traceback is expected.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    faulty: bool = False

    def output(self) -> str:
        """Return what it has written so far."""
        return Path(self.log.name).read_text(encoding="utf-8")

    def stop(self) -> None:
        """Interrupt it as Ctrl-C does, and wait until it has ended.

        It is killed, and the test fails, should it not end; it fails as well for a traceback.
        """
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"the server did not end within {PATIENCE} seconds: {self.output()}")
        assert self.faulty or "Traceback" not in self.output(), self.output()


@contextmanager
def serving(
    *arguments: str,
    directory: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    program: str = sys.executable,
    module: str = "samsyn",
    faulty: bool = False,
) -> Iterator[Server]:
    """Serve on a free port of loopback for as long as the context lasts.

    Args:
        arguments: options of ``samsyn serve``, added to the port.
        directory: where it starts; what it serves are the facts of the checkout all the same.
        environment: variables set for it beside those of the tests.
        program: the Python that runs it.
        module: what is run; it takes the options of samsyn.
        faulty: whether a traceback is expected.
    """
    port = free_port()
    command = [program, "-W", "error", "-m", module, "serve", "--port", str(port)]
    # A file, since a pipe that nobody reads would hold the server up once it is full.
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=directory,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", process, log, faulty)
        try:
            _await(server)
            yield server
        finally:
            server.stop()


def writing(folder: Path, token: str = TOKEN) -> tuple[str, ...]:
    """Return the options of a server that takes writes.

    Args:
        folder: where the file of the token is made, and where the store is.
        token: what allows to write.
    """
    file = folder / "token"
    file.touch(mode=0o600)
    file.write_text(token, encoding="ascii")
    return "--update-token-file", str(file), "--data-dir", str(folder / "store")


@contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on a free port of loopback, as any web server would.

    Args:
        folder: the folder, which may gain files meanwhile.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=folder)) as files:
        thread = Thread(target=files.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{files.server_port}"
        finally:
            files.shutdown()
            thread.join()


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the tests look at what the clients say."""


def free_port() -> int:
    """Return a port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.process.poll() is not None:
            pytest.fail(f"the server stopped at its start: {server.output()}")
        try:
            with urlopen(f"{server.address}/health", timeout=5):  # noqa: S310 - our own address
                return
        except HTTPError as error:
            pytest.fail(f"the server is not well: {error}")
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start within {PATIENCE} seconds: {server.output()}")
