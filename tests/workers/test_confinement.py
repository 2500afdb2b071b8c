"""What the processes of a pool cannot do: filters read as the kernel reads them, and tried."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from struct import iter_unpack
from typing import Any

import pytest
from tests.workers import probes
from tests.workers.child import Child
from tests.workers.probes import PROBES

from samsyn.errors import ToolError
from samsyn.server.workers.confinement import landlock, sandbox, seccomp, syscalls

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386 = 0x40000003
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
WRITTEN_OTHERWISE = {"newfstatat": "fstatat"}
"""How the common header writes the name of a call."""


def verdict(program: bytes, machine: int, call: int, *arguments: int) -> int:
    """Run a filter as the kernel does (``linux/filter.h``)."""
    lines = list(iter_unpack("HBBI", program))
    words = {0: call, 4: machine}
    for number in range(6):
        value = arguments[number] if number < len(arguments) else 0
        words[16 + 8 * number] = value & 0xFFFFFFFF
        words[20 + 8 * number] = value >> 32
    held = 0
    place = 0
    while True:
        code, if_true, if_false, value = lines[place]
        place += 1
        match code:
            case 0x20:
                held = words[value]
            case 0x15:
                place += if_true if held == value else if_false
            case 0x35:
                place += if_true if held >= value else if_false
            case 0x45:
                place += if_true if held & value else if_false
            case 0x06:
                return int(value)
            case _:
                pytest.fail(f"the filter has an unknown line: {code:#x}")


@pytest.fixture(params=syscalls.MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    """Each machine whose calls are known."""
    name: str = request.param
    return name


def number(machine: str, name: str) -> int:
    """Return the number of a call that the machine has."""
    found = syscalls.number(machine, name)
    assert found is not None
    return found


@pytest.mark.threat("system-calls")
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    """Each name has the number that the kernel's header gives it."""
    if not HEADERS[machine].is_file():
        pytest.skip("no kernel headers")
    found = {}
    for row in HEADERS[machine].read_text().splitlines():
        words = row.split()
        if len(words) > 2 and words[0] == "#define" and words[2].isdigit():
            name = words[1].removeprefix("__NR_").removeprefix("__NR3264_")
            found.setdefault(name, int(words[2]))
    for name in syscalls.ZYGOTE | syscalls.HOSTILE:
        value = syscalls.number(machine, name)
        assert found.get(name, found.get(WRITTEN_OTHERWISE.get(name, ""))) == value, name


@pytest.mark.threat("system-calls")
def test_a_worker_may_call_what_is_listed_and_nothing_else(machine: str) -> None:
    """Of all calls, those without a condition are allowed that the table lists; by the way."""
    program = seccomp.of_worker(machine)
    free = {call for call in range(1024) if verdict(program, AUDIT[machine], call) == seccomp.ALLOW}
    conditional = {"sendto", "mmap", "mprotect", "prlimit64"}  # with arguments of zero
    names = syscalls.WORKER | conditional
    assert free == set(syscalls.numbers(machine, names))


@pytest.mark.threat("system-calls")
def test_a_worker_is_ended_for_what_is_hostile(machine: str) -> None:
    """What no library tries ends it; what some library might try is refused."""
    program = seccomp.of_worker(machine)
    for name in syscalls.HOSTILE - syscalls.LENIENT:
        call = syscalls.number(machine, name)
        if call is not None:
            assert verdict(program, AUDIT[machine], call) == seccomp.END, name
    assert verdict(program, AUDIT[machine], number(machine, "openat")) == seccomp.REFUSE
    assert verdict(program, AUDIT[machine], number(machine, "clone3")) == seccomp.ABSENT


@pytest.mark.threat("zygote")
def test_nothing_hostile_is_allowed_to_a_zygote(machine: str) -> None:
    """Neither while it loads nor afterwards."""
    for program in (seccomp.of_loading(machine), seccomp.of_zygote(machine)):
        for call in syscalls.numbers(machine, syscalls.HOSTILE):
            assert verdict(program, AUDIT[machine], call) == seccomp.REFUSE
    assert not syscalls.HOSTILE & syscalls.ZYGOTE


@pytest.mark.threat("system-calls")
@pytest.mark.parametrize(
    ("name", "arguments", "allowed"),
    [
        pytest.param("mmap", (0, 4096, 3, 0x22), True, id="memory"),
        pytest.param("mmap", (0, 4096, 7, 0x22), False, id="memory-with-code"),
        pytest.param("mprotect", (0, 4096, 4), False, id="code"),
        pytest.param("sendto", (3, 1, 5, 0, 0, 0), True, id="send"),
        pytest.param("sendto", (3, 1, 5, 0, 1, 0), False, id="send-to-an-address"),
        pytest.param("sendto", (3, 1, 5, 0, 1 << 32, 0), False, id="send-to-a-high-address"),
        pytest.param("kill", (77, 6), True, id="itself"),
        pytest.param("kill", (78, 6), False, id="another"),
        pytest.param("kill", (0xFFFFFFFF, 6), False, id="all"),
        pytest.param("tgkill", (77, 77, 6), True, id="abort"),
        pytest.param("tgkill", (78, 78, 6), False, id="a-thread-of-another"),
        pytest.param("prlimit64", (0, 9), True, id="own-limit"),
        pytest.param("prlimit64", (78, 9), False, id="limit-of-another"),
    ],
)
def test_arguments_decide(
    machine: str,
    name: str,
    arguments: tuple[int, ...],
    allowed: bool,  # noqa: FBT001
) -> None:
    """Some calls are harmless with some arguments only."""
    program = seccomp.for_process(seccomp.of_worker(machine), 77)
    found = verdict(program, AUDIT[machine], number(machine, name), *arguments)
    assert found == (seccomp.ALLOW if allowed else seccomp.REFUSE)


@pytest.mark.threat("zygote")
def test_a_zygote_forks_and_starts_no_threads(machine: str) -> None:
    """A fork has no flags but those of fork(); new namespaces and threads have others."""
    program = seccomp.of_zygote(machine)
    clone = number(machine, "clone")
    assert verdict(program, AUDIT[machine], clone, 0x01200011) == seccomp.ALLOW
    for flags in (0x3D0F00, 0x10000011, 0x100, 0x20000011):
        assert verdict(program, AUDIT[machine], clone, flags) == seccomp.REFUSE


@pytest.mark.threat("system-calls")
def test_other_tables_of_calls_end_the_process(machine: str) -> None:
    """A process cannot get around a filter by the calls of another machine, or those of x32."""
    for make in (seccomp.of_loading, seccomp.of_zygote, seccomp.of_worker):
        program = make(machine)
        harmless = number(machine, "read")
        assert verdict(program, AUDIT[machine], harmless) == seccomp.ALLOW
        assert verdict(program, I386, harmless) == seccomp.END
        assert verdict(program, AUDIT[machine], 0x40000000 | harmless) == seccomp.END


@pytest.mark.threat("system-calls")
def test_what_is_tried_works_in_an_ordinary_process(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    """So a probe does not fail for another reason than the confinement."""
    for name in ("token", "spare", "moved"):
        (tmp_path / name).write_text("secret", encoding="utf-8")
    values = {
        "TOKEN": tmp_path / "token",
        "FOLDER": tmp_path,
        "WEB": os.getpid(),
        "ZYGOTE": os.getppid() if os.geteuid() == 0 else os.getpid(),
        "OTHER": os.getpid(),
    }
    programs = {probe.name: probes.filled(probe.program, values) for probe in PROBES if probe.works}
    # A signal to all would reach processes of others, were it one.
    done = child(
        "import os\nfrom tests.workers import probes\n"
        f"for name, program in {programs!r}.items():\n"
        "    print(name, probes.outcome(program), sep=': ')"
    )
    told = dict(line.split(": ", 1) for line in done.output.splitlines())
    assert told == dict.fromkeys(programs, probes.DONE), done.errors


@pytest.mark.threat("zygote")
@pytest.mark.parametrize(
    ("act", "succeeds_unconfined"),
    [
        pytest.param("import socket; socket.socket()", True, id="socket"),
        pytest.param("import socket; socket.socket(socket.AF_UNIX)", True, id="unix-socket"),
        pytest.param("import os; os.execv('/bin/true', ['true'])", True, id="execve"),
        pytest.param("import os; os.pidfd_open(1)", True, id="process"),
    ],
)
def test_a_zygote_that_loads_cannot(
    child: Callable[..., Child],
    act: str,
    succeeds_unconfined: bool,  # noqa: FBT001
) -> None:
    """What works in a process of its own fails there once it is confined, and for good."""
    isolate = "from samsyn.server.workers.confinement import sandbox; sandbox.isolate()"
    assert (child(act).returncode == 0) is succeeds_unconfined
    confined = child(f"{isolate}; {act}")
    assert confined.returncode != 0
    assert "PermissionError" in confined.errors


@pytest.mark.threat("zygote")
def test_a_zygote_that_has_loaded_writes_to_its_folder_alone(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    """It reads nothing outside but what the kernel says of processes."""
    if not landlock.version():
        pytest.skip("no Landlock in this kernel")
    (tmp_path / "store").mkdir()
    (tmp_path / "other").mkdir()
    done = child(
        "import os; from pathlib import Path\n"
        "from samsyn.server.workers.confinement import sandbox\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "sandbox.isolate(); sandbox.settle(folder / 'store')\n"
        "(folder / 'store' / 'draft').write_text('x')\n"
        "os.replace(folder / 'store' / 'draft', folder / 'store' / 'file')\n"
        "print((folder / 'store' / 'file').read_text())\n"
        "sandbox.one_thread()\n"
        "for act in (lambda: (folder / 'other' / 'file').write_text('x'),\n"
        "            lambda: os.listdir(folder), lambda: open('/etc/passwd')):\n"
        "    try:\n"
        "        act()\n"
        "    except PermissionError:\n"
        "        print('refused')\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]) if os.fork() else os._exit(7))"
    )
    assert done.output.split() == ["x", "refused", "refused", "refused", "7"], done.errors


@pytest.mark.threat("zygote")
def test_without_landlock_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An older kernel, or a container engine that forbids it, does not keep the server down."""
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(sandbox, "_filter", lambda _: None)
    assert sandbox.settle(None).rules is None
    assert "no Landlock" in caplog.text


@pytest.mark.parametrize("known", [1, 2, 3, 4, 5, 6, 7, 9])
def test_older_kernels_are_asked_for_what_they_know(
    monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    """What a version does not know is left out, since it would refuse all."""
    asked: list[bytes] = []

    def call(_number: int, attributes: bytes, *_: object) -> int:
        asked.append(attributes)
        return 5

    monkeypatch.setattr(landlock, "_call", call)
    assert landlock.ruleset(known, {}) == 5
    files, network, scopes = (int.from_bytes(asked[0][at : at + 8], "little") for at in (0, 8, 16))
    assert files.bit_length() == {1: 13, 2: 14, 3: 15, 4: 15}.get(known, 16)
    assert (network != 0, scopes != 0) == (known >= 4, known >= 6)


def test_a_process_with_two_threads_is_not_forked(child: Callable[..., Child]) -> None:
    """A fork would copy one of them, so the launcher refuses, and says what to do."""
    done = child(
        "import threading; from samsyn.server.workers.launcher import Launcher; "
        "from samsyn.server.workers.zygote import Plan; "
        "from samsyn.server.workers.limits import Limits; "
        "stop = threading.Event(); threading.Thread(target=stop.wait, daemon=True).start(); "
        "Launcher(Plan(None, Limits()))"
    )
    assert "ToolError: The process that is to fork has 2 threads." in done.errors
    assert "OPENBLAS_NUM_THREADS=1" in done.errors


@pytest.mark.threat("system-calls")
def test_a_kernel_that_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that could not be confined does not go on."""

    class Library:
        def prctl(self, *_: Any) -> int:
            return -1

    monkeypatch.setattr(sandbox, "_library", Library)
    with pytest.raises(ToolError, match="refused to confine"):
        sandbox.confine()


ALONE = """
import os
from tests.workers import probes
from samsyn.server.workers.confinement import sandbox
if USER and not os.getuid():
    os.setgroups([]); os.setgid(USER); os.setuid(USER)
sandbox.confine()
for name, program in PROGRAMS.items():
    print(name, probes.outcome(program)[:7], sep=": ")
print("over", flush=True)
os._exit(0)
"""


@pytest.mark.threat("system-calls")
@pytest.mark.parametrize("user", [0, 65534])
def test_a_process_without_a_zygote_is_confined_as_a_worker(
    child: Callable[..., Child], tmp_path: Path, user: int
) -> None:
    """One call confines a process whole, for root and for others, no matter who forked it."""
    (tmp_path / "token").write_text("secret", encoding="utf-8")
    (tmp_path / "token").chmod(0o644)
    values = {"TOKEN": tmp_path / "token", "FOLDER": tmp_path, "WEB": os.getpid()}
    programs = {
        probe.name: probes.filled(probe.program, {**values, "ZYGOTE": 1, "OTHER": os.getpid()})
        for probe in PROBES
        if probe.works and probe.outcome == probes.REFUSED
    }
    done = child(ALONE.replace("PROGRAMS", repr(programs)).replace("USER", str(user)))
    told = dict(line.split(": ", 1) for line in done.output.splitlines()[:-1])
    assert told == dict.fromkeys(programs, probes.REFUSED), done.errors


HIDDEN = """
import ctypes, os
from samsyn.server.workers.confinement import sandbox
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
    hidden = child(HIDDEN.replace("HIDE", "sandbox.hide()"))
    assert hidden.output.split() == ["refused"] * 4, hidden.errors
    assert child(HIDDEN.replace("HIDE", "")).output.split()[0] == "done"
