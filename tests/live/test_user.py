"""A server that root starts and that becomes an ordinary user, as `--user` has it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.live.attacking import ask, lookup, request
from tests.live.processes import generations
from tests.live.serving import ROOT, TOKEN, Server, serving, writing
from tests.live.test_threats_load import HOSTILE

USER = "nobody"


@pytest.fixture(scope="module")
def python() -> tuple[str, dict[str, str]]:
    """A Python that the user may run, with our libraries; a home of root is closed to others."""
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    paths = (str(ROOT / "service"), str(ROOT), sysconfig.get_path("purelib"))
    environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    version = f"python3.{sys.version_info.minor}"
    for program in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with suppress(OSError, subprocess.CalledProcessError):
            subprocess.run(
                [program, "-c", "import pyoxigraph, uvloop, httptools, samsyn.cli.serving"],
                user=USER, group=pwd.getpwnam(USER).pw_gid, extra_groups=[], cwd="/",
                env=environment, capture_output=True, check=True,
            )  # fmt: skip
            return program, environment
    pytest.skip("no Python that another user may run")


@pytest.fixture(scope="module")
def server(python: tuple[str, dict[str, str]]) -> Iterator[Server]:
    """The server, with a token that only root may read and a folder of the user's."""
    program, environment = python
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "store").mkdir(mode=0o700)
        shutil.chown(folder / "store", USER)
        options = ("--user", USER, "--timeout", "30", *writing(folder))
        with serving(*options, environment=environment, program=program) as it:
            yield it


@pytest.mark.threat("root")
def test_every_process_is_the_users(server: Server) -> None:
    """With no group of root's, no capability, and no way to look into it for others of the user."""
    number = pwd.getpwnam(USER).pw_uid
    for process in set().union(*generations(server.process.pid)):
        status = Path(f"/proc/{process}/status").read_text()
        fields = dict(row.split(":\t", 1) for row in status.splitlines() if ":\t" in row)
        assert fields["Uid"].split() == [str(number)] * 4
        assert "0" not in fields["Groups"].split()
        assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
        assert Path(f"/proc/{process}/environ").stat().st_uid == 0  # as of what is hidden


def test_an_ordinary_user_can_do_all_that_a_server_does(server: Server) -> None:
    """Answers, turns in the slow queue, limits, writes: nothing of it needs rights of root."""
    lookup(server)
    assert request(server, "GET", "/", accept="text/html").status == 200
    for name in ("path", "text"):
        reply = ask(server, HOSTILE[name], timeout="1")
        assert (reply.status, reply.kind) == (503, "query-limit")
    written = request(
        server, "POST", "/update", b"INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }",
        content_type="application/sparql-update", authorization=f"Bearer {TOKEN}",
    )  # fmt: skip
    assert written.status == 204
    assert ask(server, "ASK { GRAPH <urn:g> { ?s ?p 1 } }").body == b"true"
    checked = request(
        server, "POST", "/validate", b"<urn:a> <urn:b> 1 .", content_type="text/turtle"
    )
    assert checked.status == 200
    assert "refused" not in server.output()
    assert "runs as root" not in server.output()
