"""What native code that has taken over a worker could try: programs, and what becomes of them.

They are in Python, and call the kernel directly where a library would not; nothing is between
them and the kernel but what the process has given up.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass

from samsyn.server.workers.confinement import syscalls

DONE = "done"
REFUSED = "refused"
ENDED = "ended"
"""The process was killed by the kernel for it."""

BEGIN = """
import ctypes, mmap, os, resource, signal, socket, sys
libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""


@dataclass(frozen=True)
class Probe:
    """One thing to try.

    Args:
        name: what it is.
        program: what is run; names in capitals are put in: ``TOKEN``, ``FOLDER``, ``WEB``,
            ``ZYGOTE``, ``OTHER`` (processes), ``PORT``, ``DATAGRAMS``, and ``NR(call)``.
        outcome: what becomes of it in a worker.
        works: whether an ordinary process may do it.
    """

    name: str
    program: str
    outcome: str = REFUSED
    works: bool = True


def outcome(program: str) -> str:
    """Run a program in this process and tell whether it could do what it does."""
    try:
        exec(BEGIN + program, {})  # noqa: S102  that is the point
    except (OSError, ValueError, MemoryError) as error:
        return f"{REFUSED}: {error}"
    return DONE


def filled(program: str, values: dict[str, object]) -> str:
    """Put values, and the numbers of calls on this machine, into a program."""
    for name, value in values.items():
        program = program.replace(name, str(value))
    while "NR(" in program:
        before, _, rest = program.partition("NR(")
        call, _, after = rest.partition(")")
        program = f"{before}{syscalls.number(platform.machine(), call)}{after}"
    return program


def _nr(name: str, arguments: str = "0, 0, 0, 0, 0", outcome_: str = ENDED) -> Probe:
    return Probe(name, f"call(NR({name}), {arguments})", outcome_, works=False)


ROWS: Mapping[str, tuple[Probe, ...]] = {
    "read the token file, or any file; list a folder; look whether a file is there": (
        Probe("read the token file", "open('TOKEN').read()"),
        Probe("read a file that everybody may read", "open('/etc/passwd').read()"),
        Probe("list a folder", "os.listdir('FOLDER')"),
        Probe("look whether a file is there", "os.stat('TOKEN')"),
        Probe("open by a handle", "call(NR(open_by_handle_at), -100, 0, 0)", ENDED, works=False),
    ),
    "write, create, rename, remove or link a file; a file without a name; a file in memory": (
        Probe("write a file", "open('TOKEN', 'a').close()"),
        Probe("create a file", "open('FOLDER/new', 'w').close()"),
        Probe("create a file without a name", "os.open('FOLDER', os.O_TMPFILE | os.O_RDWR)"),
        Probe("remove a file", "os.unlink('FOLDER/spare')"),
        Probe("rename a file", "os.rename('FOLDER/moved', 'FOLDER/moving')"),
        Probe("change the mode of a file", "os.chmod('TOKEN', 0o600)"),
        Probe("make a link", "os.symlink('TOKEN', 'FOLDER/link')"),
        Probe("make a file in memory", "os.memfd_create('x')"),
        Probe("make a pipe", "os.pipe()"),
        Probe("copy a descriptor", "os.dup(0)"),
    ),
    "read the environment or memory of the web process or the zygote, write into it": (
        Probe("read the environment of the web process", "open('/proc/WEB/environ', 'rb').read()"),
        Probe(
            "write into the memory of the web process", "open('/proc/WEB/mem', 'r+b', 0).close()"
        ),
        Probe("write into the memory of the zygote", "open('/proc/ZYGOTE/mem', 'r+b', 0).close()"),
        Probe("read its own map of memory", "open('/proc/self/maps').read()"),
    ),
    "take the listening socket (`pidfd_getfd`), trace (`ptrace`), `process_vm_readv`": (
        Probe("open the process of the web process", "os.pidfd_open(WEB)", ENDED),
        _nr("pidfd_getfd", "3, 3, 0"),
        _nr("pidfd_send_signal", "3, 10, 0, 0"),
        _nr("ptrace"),
        _nr("process_vm_readv", "1, 0, 0, 0, 0, 0"),
        _nr("process_vm_writev", "1, 0, 0, 0, 0, 0"),
        _nr("process_madvise"),
        _nr("kcmp"),
    ),
    "signal the web process, the zygote, another worker, its group, everything": (
        Probe("signal the web process", "os.kill(WEB, 0)"),
        Probe("signal the zygote", "os.kill(ZYGOTE, 0)"),
        Probe("signal another worker", "os.kill(OTHER, 0)"),
        Probe("signal every process", "os.kill(-1, 0)"),
        Probe("signal its group", "os.kill(0, 0)"),
        Probe("signal a thread of another process", "call(NR(tgkill), WEB, WEB, 0)"),
        _nr("tkill", "1, 0"),
        _nr("rt_sigqueueinfo", "1, 0, 0"),
    ),
    "open a socket, of the network or UNIX; send a datagram to an address": (
        Probe("open a socket", "socket.socket()"),
        Probe("open a UNIX socket", "socket.socket(socket.AF_UNIX)"),
        Probe("open a pair of sockets", "socket.socketpair()"),
        Probe(
            "send a datagram to an address",
            "address = b'\\1\\0' + b'DATAGRAMS\\0'\n"
            "call(NR(sendto), 3, b'forged', 6, 0, address, len(address))",
            works=False,
        ),
        _nr("sendmsg", "3, 0, 0", REFUSED),
    ),
    "connect, bind, listen or accept on a socket that it has": (
        Probe(
            "connect a socket that it has",
            "call(NR(connect), int(os.environ.get('SOCKET', 3)), bytes(16), 16)",
            ENDED,
            works=False,
        ),
        Probe(
            "bind a socket that it has",
            "call(NR(bind), int(os.environ.get('SOCKET', 3)), bytes(16), 16)",
            ENDED,
            works=False,
        ),
        _nr("listen", "3, 1"),
        _nr("accept4"),
    ),
    "fork, start a thread": (
        Probe("fork", "os._exit(0) if os.fork() == 0 else os.wait()"),
        _nr("clone", "17, 0, 0, 0, 0", REFUSED),
        _nr("clone3", "0, 0", REFUSED),
        Probe(
            "start a thread",
            "import threading\nthread = threading.Thread(target=int)\n"
            "try:\n    thread.start()\n"
            "except RuntimeError as error:\n    raise OSError(str(error))\n"
            "thread.join()",
        ),
    ),
    "start a program": (
        Probe("run a program", "os.execv('/bin/true', ['true'])", ENDED, works=False),
        _nr("execveat"),
    ),
    "outlive its zygote, leave its session": (
        Probe(
            "outlive its zygote", "assert libc.prctl(1, 0, 0, 0, 0) == 0 or call(NR(prctl), 1, 0)"
        ),
        Probe("leave its session", "call(NR(setsid))", ENDED, works=False),
    ),
    "map or make memory from which code runs": (
        Probe("map memory from which code runs", "mmap.mmap(-1, 4096, prot=7)"),
        Probe(
            "make memory run as code",
            "area = mmap.mmap(-1, 4096)\n"
            "place = ctypes.addressof(ctypes.c_char.from_buffer(area))\n"
            "call(NR(mprotect), ctypes.c_void_p(place), ctypes.c_size_t(4096), 7)",
        ),
    ),
    "become another user, chroot, unshare, setns, mount": (
        Probe("become another user", "call(NR(setuid), 65534)", ENDED, works=False),
        _nr("setresgid"),
        _nr("setgroups"),
        _nr("capset", "0, 0", REFUSED),
        _nr("chroot"),
        _nr("unshare", "0x10000000"),
        _nr("setns"),
        _nr("mount"),
        _nr("pivot_root"),
    ),
    "bpf, perf, userfaultfd, keyring, io_uring, modules, kexec, reboot, clock": (
        _nr("bpf"),
        _nr("perf_event_open"),
        _nr("userfaultfd"),
        _nr("keyctl"),
        _nr("add_key"),
        _nr("io_uring_setup"),
        _nr("io_setup"),
        _nr("personality", "0xffffffff"),
        _nr("reboot"),
        _nr("init_module"),
        _nr("kexec_load"),
        _nr("clock_settime", "0, 0"),
        _nr("settimeofday", "0, 0"),
        _nr("adjtimex", "0"),
        _nr("sethostname"),
        _nr("shmget"),
        _nr("seccomp", "0, 0, 0", REFUSED),
        _nr("ioctl", "0, 0x5412, 0", REFUSED),
        Probe("call what no kernel has", "call(1500)", works=False),
    ),
    "raise the limit of its memory beyond twice that of a job, open more files": (
        Probe(
            "raise the limit of its memory",
            "most = resource.RLIM_INFINITY\nresource.setrlimit(resource.RLIMIT_AS, (most, most))",
        ),
        Probe("open more files", "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))"),
    ),
    "change the limits or the priority of other processes": (
        Probe(
            "change the limits of another process", "resource.prlimit(WEB, resource.RLIMIT_CORE)"
        ),
        Probe("change the priority of a process", "os.setpriority(os.PRIO_PROCESS, 0, 1)"),
    ),
    "calls of x32": (
        Probe("call as a program of x32 does", "call(0x40000000 | NR(getpid))", ENDED, works=False),
    ),
}
"""What is tried, by the row of docs/confinement.md that says what becomes of it."""

PROBES = tuple(probe for row in ROWS.values() for probe in row)

POSSIBLE = (
    Probe("compute", "sum(range(1000))", DONE),
    Probe("take memory within its limit", "bytearray(16 * 1024 * 1024)", DONE),
    Probe("read its own memory", "ctypes.string_at(id(None), 8)", DONE),
    Probe("know the time", "import time; time.time()", DONE),
    Probe("know its own id", "os.getpid()", DONE),
    Probe("end itself", "os.kill(os.getpid(), 0)", DONE),
)
