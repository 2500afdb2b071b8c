"""Which processes of a server know its token."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from tests.live.attacking import ask, request
from tests.live.processes import generations
from tests.live.serving import TOKEN, serving, writing

SECRET = "made-by-chance-2718281828"  # noqa: S105  of no program


@pytest.mark.threat("token-in-memory")
def test_only_the_web_process_knows_the_token(tmp_path: Path) -> None:
    """Launcher, zygote and workers do not have it in their memory, before and after a write."""
    if os.geteuid() != 0:
        pytest.skip("only root may look into processes that are hidden")
    options = (*writing(tmp_path), "--entailment", "none")
    with serving(*options, environment={"SECRET_OF_THE_OPERATOR": SECRET}) as server:
        assert ask(server, "ASK {}").body == b"true"
        written = request(
            server, "POST", "/update", b"CLEAR ALL",
            content_type="application/sparql-update", authorization=f"Bearer {TOKEN}",
        )  # fmt: skip
        assert written.status == 204
        (web,), *others = generations(server.process.pid)
        assert _knows(web, TOKEN)
        assert len(others) >= 3  # launcher, zygotes, workers
        everyone = [pid for generation in others for pid in generation]
        assert [pid for pid in everyone if _knows(pid, TOKEN)] == []
        # Nor what the operator's environment holds for other programs.
        assert _knows(web, SECRET)
        assert [pid for pid in everyone if _knows(pid, SECRET)] == []


def _knows(process: int, secret: str) -> bool:
    """Return whether a secret is somewhere in the memory of a process."""
    found = False
    # One that has just ended knows nothing any more.
    with (
        suppress(FileNotFoundError, ProcessLookupError),
        Path(f"/proc/{process}/mem").open("rb", 0) as memory,
    ):
        rows = [row.split() for row in Path(f"/proc/{process}/maps").read_text().splitlines()]
        # What is mapped from a file and not changed holds no secret of the process.
        for start, end in (row[0].split("-") for row in rows if row[1].startswith("rw")):
            with suppress(OSError):
                memory.seek(int(start, 16))
                found = found or secret.encode() in memory.read(int(end, 16) - int(start, 16))
    return found
