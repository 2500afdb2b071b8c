"""What somebody who has taken over a worker of the real server could do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live.attacking import ask, request
from tests.live.probed import MARK
from tests.live.processes import generations
from tests.live.serving import TOKEN, Server, serving, writing
from tests.workers.probes import ENDED, POSSIBLE, PROBES, Probe, filled


def tried(server: Server, probe: Probe, values: dict[str, object]) -> str:
    """Try a probe in a worker and return what became of it."""
    program = MARK + filled(probe.program, values).encode()
    reply = request(server, "POST", "/validate", program, content_type="text/turtle")
    if (reply.status, reply.headers.get("content-type")) == (200, "text/plain"):
        return reply.body.decode()
    assert (reply.status, reply.kind) == (503, "lost"), reply
    return ENDED


@pytest.mark.threat("system-calls")
def test_a_worker_of_the_real_server_can_do_almost_nothing(tmp_path: Path) -> None:
    """Each thing to try ends as the table says; then all is as before."""
    for name in ("spare", "moved"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(TOKEN)
    with serving(
        *writing(tmp_path),
        "--entailment",
        "none",
        module="tests.live.probed",
        faulty=True,
        environment={"SAMSYN_CLIENT_KILLS": "1000"},
    ) as server:
        assert ask(server, "ASK {}").body == b"true"
        _, _, (zygote, *_), (worker, *_) = generations(server.process.pid)
        values: dict[str, object] = {
            "TOKEN": tmp_path / "token",
            "FOLDER": tmp_path,
            "WEB": server.process.pid,
            "ZYGOTE": zygote,
            "OTHER": worker,
            "DATAGRAMS": "/dev/log",
        }
        found = {probe.name: tried(server, probe, values) for probe in (*PROBES, *POSSIBLE)}
        assert [
            (probe.name, found[probe.name])
            for probe in (*PROBES, *POSSIBLE)
            if not found[probe.name].startswith(probe.outcome)
        ] == []
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "moved",
            "spare",
            "store",
            "token",
        ]
        assert ask(server, "ASK {}").body == b"true"
        assert "a system call that no honest one makes" in server.output()
        fault = MARK + b"raise KeyError('a fault of the tests')"
        assert request(server, "POST", "/validate", fault, content_type="text/turtle").status == 500
        assert "a fault of the tests" in server.output()
