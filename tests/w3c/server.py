"""Our own service, started for a run in a process of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live import serving
from tests.w3c.client import Endpoint


@contextmanager
def writable(*options: str) -> Iterator[Endpoint]:
    """Serve from a store of its own, with writing on, until the block ends.

    Args:
        options: what `samsyn serve` is reported beside that.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = (*serving.writing(Path(folder)), "--log", "off", *options)
        with serving.serving(*told) as server:
            at = server.address
            yield Endpoint(f"{at}/sparql", f"{at}/update", f"{at}/gsp", serving.TOKEN)
