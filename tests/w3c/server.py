"""Our own service, started for a run in a process of its own."""

from __future__ import annotations

import re
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.w3c.client import Endpoint

_PATIENCE: Final = 60
_ADDRESS: Final = re.compile(r"https?://[\w.:\[\]]+")


@contextmanager
def serving(*options: str) -> Iterator[Endpoint]:
    """Serve from an empty store on any free port, until the block ends.

    Args:
        options: what `samsyn serve` is told beside that.

    Raises:
        RuntimeError: the service stops at its start, or complains.
    """
    with tempfile.TemporaryDirectory() as folder:
        token, store = Path(folder, "token"), Path(folder, "store")
        token.touch(mode=0o600)
        token.write_text(secrets.token_hex())
        command = [sys.executable, "-m", "samsyn", "serve", "--port", "0", "--log", "off"]
        command += ["--store", str(store), "--update-token-file", str(token), *options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            yield _endpoint(_told(process), token.read_text())
        finally:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=_PATIENCE)
        if "Traceback" in output:
            raise RuntimeError(output)


def _told(process: subprocess.Popen[str]) -> str:
    lines = []
    for line in process.stdout or ():
        found = _ADDRESS.search(line)
        if found and "serves" in line:
            return found[0]
        lines.append(line)
    raise RuntimeError("the service stopped at its start: " + "".join(lines))


def _endpoint(address: str, token: str) -> Endpoint:
    return Endpoint(f"{address}/sparql", f"{address}/update", f"{address}/gsp", token)
