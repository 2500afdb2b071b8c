"""System calls: their numbers on each machine, and which kind of process may make which.

The numbers are those of ``asm/unistd_64.h`` for x86-64 and of ``asm-generic/unistd.h`` for ARM64.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

X86_64: Final = "x86_64"
AARCH64: Final = "aarch64"
MACHINES: Final = (X86_64, AARCH64)

# fmt: off
_NUMBERS: Final[Mapping[str, tuple[int, int | None]]] = {
    "accept": (43, 202), "accept4": (288, 242), "access": (21, None), "acct": (163, 89),
    "add_key": (248, 217), "adjtimex": (159, 171), "bind": (49, 200), "bpf": (321, 280),
    "brk": (12, 214), "capget": (125, 90), "capset": (126, 91), "chown": (92, None),
    "chroot": (161, 51), "clock_adjtime": (305, 266), "clock_getres": (229, 114),
    "clock_gettime": (228, 113), "clock_nanosleep": (230, 115), "clock_settime": (227, 112),
    "clone": (56, 220), "clone3": (435, 435), "close": (3, 57), "close_range": (436, 436),
    "connect": (42, 203), "copy_file_range": (326, 285), "delete_module": (176, 106),
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21), "epoll_pwait": (281, 22), "epoll_wait": (232, None),
    "execve": (59, 221), "execveat": (322, 281), "exit": (60, 93), "exit_group": (231, 94),
    "faccessat": (269, 48), "faccessat2": (439, 439), "fadvise64": (221, 223),
    "fallocate": (285, 47), "fanotify_init": (300, 262), "fchmod": (91, 52),
    "fchmodat": (268, 53), "fchown": (93, 55), "fchownat": (260, 54), "fcntl": (72, 25),
    "fdatasync": (75, 83), "finit_module": (313, 273), "flock": (73, 32), "fork": (57, None),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430), "fspick": (433, 433),
    "fstat": (5, 80), "fstatfs": (138, 44), "fsync": (74, 82), "ftruncate": (77, 46),
    "futex": (202, 98), "getcpu": (309, 168), "getcwd": (79, 17), "getdents64": (217, 61),
    "getegid": (108, 177), "geteuid": (107, 175), "getgid": (104, 176), "getpgid": (121, 155),
    "getpgrp": (111, None), "getpid": (39, 172), "getppid": (110, 173), "getrandom": (318, 278),
    "getrlimit": (97, 163), "getrusage": (98, 165), "getsid": (124, 156),
    "getsockname": (51, 204), "getsockopt": (55, 209), "gettid": (186, 178),
    "gettimeofday": (96, 169), "getuid": (102, 174), "init_module": (175, 105),
    "io_setup": (206, 0), "io_submit": (209, 2), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "ioctl": (16, 29),
    "ioperm": (173, None), "iopl": (172, None), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219),
    "kill": (62, 129), "landlock_add_rule": (445, 445), "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446), "lchown": (94, None), "link": (86, None),
    "linkat": (265, 37), "listen": (50, 201), "lookup_dcookie": (212, 18), "lseek": (8, 62),
    "lstat": (6, None), "madvise": (28, 233), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None),
    "mknodat": (259, 33), "mmap": (9, 222), "modify_ldt": (154, None), "mount": (165, 40),
    "mount_setattr": (442, 442), "move_mount": (429, 429), "mprotect": (10, 226),
    "mq_open": (240, 180), "mremap": (25, 216), "msgget": (68, 186), "munmap": (11, 215),
    "name_to_handle_at": (303, 264), "nanosleep": (35, 101), "newfstatat": (262, 79),
    "nfsservctl": (180, 42), "open": (2, None), "open_by_handle_at": (304, 265),
    "open_tree": (428, 428), "openat": (257, 56), "perf_event_open": (298, 241),
    "personality": (135, 92), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pipe2": (293, 59), "pivot_root": (155, 41),
    "poll": (7, None), "ppoll": (271, 73), "prctl": (157, 167), "pread64": (17, 67),
    "prlimit64": (302, 261), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pselect6": (270, 72),
    "ptrace": (101, 117), "pwrite64": (18, 68), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "read": (0, 63), "readlink": (89, None), "readlinkat": (267, 78), "readv": (19, 65),
    "reboot": (169, 142), "recvfrom": (45, 207), "recvmmsg": (299, 243), "recvmsg": (47, 212),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "request_key": (249, 218), "restart_syscall": (219, 128), "rmdir": (84, None),
    "rseq": (334, 293), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigqueueinfo": (129, 138), "rt_sigreturn": (15, 139), "rt_tgsigqueueinfo": (297, 240),
    "sched_getaffinity": (204, 123), "sched_yield": (24, 124), "seccomp": (317, 277),
    "select": (23, None), "semget": (64, 190), "sendfile": (40, 71), "sendmmsg": (307, 269),
    "sendmsg": (46, 211), "sendto": (44, 206), "set_robust_list": (273, 99),
    "set_tid_address": (218, 96), "setdomainname": (171, 162), "setfsgid": (123, 152),
    "setfsuid": (122, 151), "setgid": (106, 144), "setgroups": (116, 159),
    "sethostname": (170, 161), "setns": (308, 268), "setpgid": (109, 154),
    "setpriority": (141, 140), "setregid": (114, 143), "setresgid": (119, 149),
    "setresuid": (117, 147), "setreuid": (113, 145), "setrlimit": (160, 164),
    "setsid": (112, 157), "setsockopt": (54, 208), "settimeofday": (164, 170),
    "setuid": (105, 146), "setxattr": (188, 5), "shmat": (30, 196), "shmget": (29, 194),
    "shutdown": (48, 210), "sigaltstack": (131, 132), "socket": (41, 198),
    "socketpair": (53, 199), "splice": (275, 76), "stat": (4, None), "statfs": (137, 43),
    "statx": (332, 291), "swapoff": (168, 225), "swapon": (167, 224), "symlink": (88, None),
    "symlinkat": (266, 36), "sysinfo": (99, 179), "syslog": (103, 116), "tee": (276, 77),
    "tgkill": (234, 131), "time": (201, None), "times": (100, 153), "tkill": (200, 130),
    "umask": (95, 166), "umount2": (166, 39), "uname": (63, 160), "unlink": (87, None),
    "unlinkat": (263, 35), "unshare": (272, 97), "userfaultfd": (323, 282), "vfork": (58, None),
    "vhangup": (153, 58), "vmsplice": (278, 75), "wait4": (61, 260), "waitid": (247, 95),
    "write": (1, 64), "writev": (20, 66),
}
# fmt: on
"""The number of each call on x86-64 and on ARM64; None: that machine has no such call."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORKER: Final = _names(
    """
    read write readv writev pread64 recvfrom close brk munmap mremap madvise futex
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time getcpu getpid
    gettid getppid getrandom getrusage rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
    restart_syscall sched_getaffinity sched_yield sysinfo lseek exit exit_group
    """
)
"""What a worker may call: it reads its job, writes its answer, computes, takes memory and ends."""

ZYGOTE: Final = WORKER | _names(
    """
    open openat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink
    readlinkat getcwd getdents64 rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir
    link linkat symlink symlinkat fsync fdatasync fallocate ftruncate flock fcntl fchmod
    fchmodat umask statfs fstatfs fadvise64 ioctl pwrite64 dup dup2 dup3 pipe2 sendmsg recvmsg
    select pselect6 poll ppoll wait4 waitid prctl seccomp landlock_create_ruleset
    landlock_add_rule landlock_restrict_self setrlimit getrlimit capset capget close_range
    set_robust_list set_tid_address rseq getuid geteuid getgid getegid getsid getpgid getpgrp
    uname times sendfile copy_file_range shutdown getsockname getsockopt setsockopt
    epoll_create1 epoll_ctl epoll_wait epoll_pwait
    """
)
"""What a zygote and a writer may call as well: they fork, wait, hand over descriptors, and keep the
record, as far as Landlock lets them."""

HOSTILE: Final = _names(
    """
    execve execveat fork vfork ptrace process_vm_readv process_vm_writev process_madvise
    process_mrelease pidfd_open pidfd_getfd pidfd_send_signal tkill rt_sigqueueinfo
    rt_tgsigqueueinfo kcmp unshare setns mount umount2 pivot_root chroot move_mount open_tree
    fsopen fsconfig fsmount fspick mount_setattr swapon swapoff reboot init_module
    finit_module delete_module kexec_load kexec_file_load acct quotactl quotactl_fd
    settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname bpf
    perf_event_open userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter
    io_uring_register io_setup io_submit memfd_create memfd_secret setuid setgid setreuid
    setregid setresuid setresgid setgroups setfsuid setfsgid setpgid setsid setpriority
    personality socket connect bind listen accept accept4 sendmmsg recvmmsg open_by_handle_at
    name_to_handle_at fanotify_init mknod mknodat chown fchown lchown fchownat setxattr shmget
    shmat msgget semget mq_open vmsplice tee splice iopl ioperm modify_ldt lookup_dcookie
    syslog nfsservctl vhangup
    """
)
"""What none of these processes ever has a reason to call: programs, the network, other processes,
other users, other namespaces, the kernel itself."""

LENIENT: Final = frozenset({"socket", "setpriority", "memfd_create", "fork", "vfork"})
"""Of these, what a library might try and go on without: a worker is refused, and not ended."""


def numbers(machine: str, names: frozenset[str]) -> list[int]:
    """List the numbers of calls, sorted, without those that a machine does not have."""
    place = MACHINES.index(machine)
    found = (_NUMBERS[name][place] for name in names)
    return sorted(number for number in found if number is not None)


def number(machine: str, name: str) -> int | None:
    """Return the number of a call, or None if a machine does not have it."""
    return _NUMBERS[name][MACHINES.index(machine)]
