"""Limits on one job, in a process of their own."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from tests.workers.child import Child

BEGIN = """
import resource, time
from samsyn.server.workers import limits
from samsyn.server.workers.limits import Allowance, Limits

def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

MIB = 1024 * 1024
"""


@pytest.mark.threat("costly-query")
def test_processor_time_counts_for_each_job(child: Callable[..., Child]) -> None:
    """Many short jobs in one process may take longer together than one may alone."""
    jobs = "for _ in range(5):\n    Allowance(Limits(cpu=1)).apply(); spin(0.4)"
    assert child(BEGIN + jobs).returncode == 0
    whole = child(BEGIN + "Allowance(Limits(cpu=1)).apply(); spin(4)")
    assert whole.returncode == -signal.SIGXCPU


@pytest.mark.threat("costly-query")
def test_memory_counts_for_each_job(child: Callable[..., Child]) -> None:
    """Two jobs may each take most of the limit, though the process gives nothing back."""
    apply, take = "Allowance(Limits(memory=100 * MIB)).apply()", "kept.append(bytearray(60 * MIB))"
    begin = f"{BEGIN}kept = []\n"
    assert child(f"{begin}{apply}; {take}; {apply}; {take}").returncode == 0
    assert "MemoryError" in child(f"{begin}{apply}; {take}; {take}").errors


def test_limits_are_lifted(child: Callable[..., Child]) -> None:
    """What becomes the zygote has none."""
    done = child(
        BEGIN + "Allowance(Limits(memory=50 * MIB)).apply(); limits.lift(); bytearray(100 * MIB); "
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY)"
    )
    assert done.output == "True\n", done.errors


def test_a_hard_limit_of_the_operator_is_kept(child: Callable[..., Child]) -> None:
    """Where the operator allows less than the settings, nothing fails, and the operator's holds."""
    done = child(
        BEGIN + "resource.setrlimit(resource.RLIMIT_CPU, (50, 50)); "
        "Allowance(Limits(cpu=100)).apply(); print(resource.getrlimit(resource.RLIMIT_CPU))"
    )
    assert done.output == "(50, 50)\n", done.errors
