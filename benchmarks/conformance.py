"""The conformance kit against three servers, side by side.

Usage: python -m benchmarks.conformance [--output FILE]

Starts Oxigraph's server, rdflib-endpoint and ours on loopback, empty but for ours, which serves the
repository and writes to a folder of its own; runs every case with a token; writes the table.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.request import urlopen

from samsyn.conformance import Endpoint, Report, check
from samsyn.conformance.report import comparison
from samsyn.conformance.run import Result

PEERS: Final = Path(sys.prefix) / "peers" / "bin"
"""Where the peers are installed, in an environment of their own."""
OUTPUT: Final = Path(__file__).parents[1] / "docs" / "endpoint-conformance.md"
TOKEN: Final = "token-for-the-check"  # noqa: S105 (the servers are ours and on loopback)
PATIENCE: Final = 60.0
"""Seconds that a server may take to start."""
_TEXT: Final = """# Conformance of endpoints

Made by `python -m benchmarks.conformance`; not edited by hand. Each server was asked by
`samsyn endpoint test`, with a token, for every case of its tables: {versions}.

*Must* and *should* are those of the Recommendation that the clause is in; what a clause leaves to
the service, or a server does not offer, is not run. The tables hold what the Recommendations say
and are no copy of a public suite.

"""


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[str]:
    """Run a server until the block ends, and give its address once it answers."""
    address = f"http://127.0.0.1:{port}"
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            with urlopen(address, timeout=5):  # noqa: S310 (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer in {PATIENCE:.0f} s")


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own(stack: ExitStack, folder: Path) -> Endpoint:
    """Start our server with writing on, and give its address and token."""
    token, port = folder / "token", _port()
    token.write_text(TOKEN)
    token.chmod(0o600)
    options = ["--update-token-file", str(token), "--data-dir", str(folder / "record")]
    command = [sys.executable, "-m", "samsyn", "serve", "--port", str(port), *options]
    address = stack.enter_context(running(command, port, folder))
    return Endpoint(f"{address}/sparql", token=TOKEN)


def endpoints(stack: ExitStack, folder: Path) -> Iterator[tuple[str, Endpoint]]:
    """Start the three, and yield each name with its addresses."""

    def start(port: int, *command: str) -> str:
        return stack.enter_context(running(list(command), port, folder))

    yield "samsyn", own(stack, folder)

    port = _port()
    address = start(port, str(PEERS / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}")
    yield (
        "Oxigraph",
        Endpoint(f"{address}/query", f"{address}/update", f"{address}/store", TOKEN),
    )

    port = _port()
    program = [str(PEERS / "rdflib-endpoint"), "serve", "--host", "127.0.0.1"]
    address = start(port, *program, "--port", str(port), "--enable-update")
    yield "rdflib-endpoint", Endpoint(f"{address}/", f"{address}/", token=TOKEN)


def versions() -> str:
    """Return the names of the servers with their versions."""
    code = "from importlib.metadata import version as v;"
    code += 'print(f\'Oxigraph {v("oxigraph")}, rdflib-endpoint {v("rdflib-endpoint")}\')'
    peers = subprocess.run(  # noqa: S603 (our own program)
        [str(PEERS / "python"), "-c", code], capture_output=True, text=True, check=True
    )
    from samsyn import __version__

    return f"samsyn {__version__}, {peers.stdout.strip()}"


def main() -> int:
    """Run all and write the table; 1 where ours breaks anything, or leaves a case out unasked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    reports: dict[str, Report] = {}
    with TemporaryDirectory() as name, ExitStack() as stack:
        for server, endpoint in endpoints(stack, Path(name)):
            reports[server] = check(endpoint, tell=lambda line: print(line, file=sys.stderr))
    given.output.write_text(_TEXT.format(versions=versions()) + comparison(reports), "utf-8")
    return _verdict(reports)


def _verdict(reports: Mapping[str, Report]) -> int:
    wrong = [o for o in reports["samsyn"].outcomes if o.result is not Result.PASSED]
    for outcome in wrong:
        print(f"{outcome.case.id}: {outcome.result}: {outcome.words}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
