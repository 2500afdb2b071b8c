"""Anyone who dies, no process of a pool is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.workers.bench import PATIENCE, alive, children


@pytest.mark.threat("lost-process")
def test_no_process_survives_the_web_process(root: Path) -> None:
    """Killed without a word, it takes launcher, zygote, workers and a writer with it."""
    web = _start(root)
    told = _told(web)
    family = children(web.pid)
    assert set(family) > {told["zygote"], *told["workers"]}
    web.kill()
    web.communicate()
    _await_end(family)


@pytest.mark.threat("lost-process")
def test_no_process_survives_the_loss_of_the_launchers(root: Path) -> None:
    """Without what starts zygotes the pool goes on, and ends whole with the web process."""
    web = _start(root)
    told = _told(web)
    family = children(web.pid)
    for launcher in set(family) - {told["zygote"], *told["workers"]}:
        os.kill(launcher, signal.SIGKILL)
    assert alive(told["zygote"])
    web.kill()
    web.communicate()
    _await_end(family)


LOADING = """
import asyncio, time
from samsyn.server.workers.zygote import Plan
from samsyn.server.workers.launcher import Launcher
from samsyn.server.workers.limits import Limits

async def main():
    await launcher()
    print("[]", flush=True)
    await asyncio.sleep(1000)

launcher = Launcher(Plan(lambda: time.sleep(1000), Limits()))
asyncio.run(main())
"""


@pytest.mark.threat("lost-process")
def test_a_zygote_that_loads_ends_with_the_web_process(root: Path) -> None:
    """It hears nothing while it loads, and may load for ever, from a pipe by mistake."""
    command = [sys.executable, "-c", LOADING]
    web = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
    assert web.stdout is not None
    web.stdout.readline()
    family = children(web.pid)
    assert len(family) >= 2  # the launcher and the zygote
    web.kill()
    web.wait()
    web.stdout.close()
    _await_end(family)


def _start(root: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.workers.web"]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)


def _told(web: subprocess.Popen[bytes]) -> dict[str, list[int]]:
    assert web.stdout is not None
    told: dict[str, list[int]] = json.loads(web.stdout.readline())
    return told


def _await_end(family: list[int]) -> None:
    end = time.monotonic() + PATIENCE
    while left := [pid for pid in family if alive(pid)]:
        assert time.monotonic() < end, f"{left} survived"
        time.sleep(0.01)
