"""What a worker cannot do: the filter read as the kernel reads it, and in a process of its own."""

from __future__ import annotations

import errno
import platform
from collections.abc import Callable
from struct import iter_unpack
from typing import Any

import pytest
from tests.workers.child import Child

from samsyn.errors import ToolError
from samsyn.workers import confinement

MACHINES = sorted(confinement._MACHINES)
EXPECTED = {
    "x86_64": {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "execve": 59, "ptrace": 101,
        "process_vm_readv": 310, "process_vm_writev": 311, "execveat": 322,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    },
    "aarch64": {
        "socket": 198, "bind": 200, "listen": 201, "connect": 203, "execve": 221, "ptrace": 117,
        "process_vm_readv": 270, "process_vm_writev": 271, "execveat": 281,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    },
}  # fmt: skip
"""The numbers of the calls, as ``asm/unistd.h`` of each machine has them."""
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386 = 0x40000003
ALLOWED = 0x7FFF0000
REFUSED = 0x00050000 | errno.EPERM


def verdict(program: bytes, machine: int, call: int) -> int:
    """Run a filter as the kernel does (``linux/filter.h``)."""
    lines = list(iter_unpack("HBBI", program))
    held = 0
    place = 0
    while True:
        code, if_true, if_false, value = lines[place]
        place += 1
        if code == 0x20:
            held = {0: call, 4: machine}[value]
        elif code == 0x15:
            place += if_true if held == value else if_false
        elif code == 0x35:
            place += if_true if held >= value else if_false
        elif code == 0x06:
            return value
        else:
            pytest.fail(f"the filter has an unknown line: {code:#x}")


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each machine whose calls are known."""
    name: str = request.param
    monkeypatch.setattr(platform, "machine", lambda: name)
    return name


@pytest.mark.threat("system-calls")
def test_the_calls_listed_are_refused_and_no_others(machine: str) -> None:
    """Of all calls, exactly those that reach out of the process are refused."""
    program = confinement._program()
    refused = {call for call in range(1024) if verdict(program, AUDIT[machine], call) != ALLOWED}
    assert refused == set(EXPECTED[machine].values())
    assert {verdict(program, AUDIT[machine], call) for call in refused} == {REFUSED}


@pytest.mark.threat("system-calls")
def test_other_tables_of_calls_are_refused(machine: str) -> None:
    """A process cannot get around the filter by the calls of another machine, or those of x32."""
    program = confinement._program()
    harmless = 0
    assert verdict(program, AUDIT[machine], harmless) == ALLOWED
    assert verdict(program, I386, harmless) == REFUSED
    assert verdict(program, AUDIT[machine], 0x40000000 | harmless) == REFUSED


@pytest.mark.threat("system-calls")
@pytest.mark.parametrize(
    ("act", "succeeds_unconfined"),
    [
        pytest.param("import socket; socket.socket()", True, id="socket"),
        pytest.param("import socket; socket.socket(socket.AF_UNIX)", True, id="unix-socket"),
        pytest.param("import os; os.execv('/bin/true', ['true'])", True, id="execve"),
        pytest.param("import subprocess; subprocess.run(['/bin/true'])", True, id="subprocess"),
    ],
)
def test_a_confined_process_cannot(
    child: Callable[..., Child],
    act: str,
    succeeds_unconfined: bool,  # noqa: FBT001
) -> None:
    """What works in a process of its own fails there once it is confined, and for good."""
    confine = "from samsyn.workers import confinement; confinement.confine()"
    assert (child(act).returncode == 0) is succeeds_unconfined
    confined = child(f"{confine}; {act}")
    assert confined.returncode != 0
    assert "PermissionError" in confined.errors


def test_a_confined_process_can_still_work(child: Callable[..., Child]) -> None:
    """Files, sockets that it has, memory and time are left to it."""
    done = child(
        "import socket, time; from samsyn.workers import confinement; "
        "ours, theirs = socket.socketpair(); confinement.confine(); "
        "ours.sendall(b'x'); assert theirs.recv(1) == b'x'; "
        "open('/proc/self/stat').close(); time.sleep(0); bytearray(10**7)"
    )
    assert done.returncode == 0, done.errors


def test_a_process_with_two_threads_is_not_forked(child: Callable[..., Child]) -> None:
    """A fork would copy one of them, so the launcher refuses, and says what to do."""
    done = child(
        "import threading; from samsyn.workers.launcher import Launcher; "
        "from samsyn.workers.limits import Limits; "
        "stop = threading.Event(); threading.Thread(target=stop.wait, daemon=True).start(); "
        "Launcher(None, Limits())"
    )
    assert "ToolError: The process that is to fork has 2 threads." in done.errors
    assert "OPENBLAS_NUM_THREADS=1" in done.errors


@pytest.mark.threat("system-calls")
def test_a_kernel_that_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that could not be confined does not go on."""

    class Library:
        def prctl(self, *_: Any) -> int:
            return -1

    monkeypatch.setattr(confinement.ctypes, "CDLL", lambda *_, **__: Library())
    with pytest.raises(ToolError, match="refused to confine"):
        confinement.confine()


HIDDEN = """
import ctypes, os
from samsyn.workers import confinement
libc = ctypes.CDLL(None, use_errno=True)
if not os.getuid():
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
libc.prctl(4, 1, 0, 0, 0)  # as after the start of a program by an ordinary user
HIDE
parent = os.getpid()
kept = os.open("/dev/null", os.O_RDONLY)
if not os.fork():
    def tried(act):
        try:
            act()
            return "done"
        except PermissionError:
            return "refused"
    def take():
        if libc.syscall(438, os.pidfd_open(parent), kept, 0) < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
    def attach():
        if libc.ptrace(0x4206, parent, 0, 0) < 0:
            raise OSError(ctypes.get_errno(), "ptrace")
    print(tried(lambda: open(f"/proc/{parent}/environ", "rb").read()))
    print(tried(lambda: open(f"/proc/{parent}/mem", "r+b", 0).close()))
    print(tried(take))
    print(tried(attach), flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.threat("memory-of-others")
def test_other_processes_of_the_user_cannot_look_into_a_hidden_one(
    child: Callable[..., Child],
) -> None:
    """Memory, environment and descriptors are closed even to a process that is not confined."""
    hidden = child(HIDDEN.replace("HIDE", "confinement.hide()"))
    assert hidden.output.split() == ["refused"] * 4, hidden.errors
    assert child(HIDDEN.replace("HIDE", "")).output.split()[0] == "done"
