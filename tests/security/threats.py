"""The attacks that the tests hold the server to withstand, and the tests that say so.

A test names the attack that it is about by ``@pytest.mark.threat("KEY")``, with a key of
:data:`THREATS`. ``python -m tests.security`` writes the tables of the page on security.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ANYBODY: Final = "Anybody on the network"
MANY: Final = "Somebody with many addresses, or an IPv6 network"
SENDER: Final = "Somebody who sends data, shapes or queries"
PAGE: Final = "A web page in a reader's browser"
EXPLOIT: Final = "Somebody who runs code of their own in a worker"
HOST: Final = "A proxy, or another user of the host"
WRITER: Final = "Somebody who guesses the token, or who has it"
FAULTS: Final = "Nobody: processes, disks and kernels fail"
SUPPLY: Final = "Somebody who changes what is installed"


@dataclass(frozen=True)
class Threat:
    """One kind of attack.

    Args:
        who: who makes it.
        attack: what they do.
        defence: what stands against it.
    """

    who: str
    attack: str
    defence: str


THREATS: Final = {
    "framing": Threat(
        ANYBODY,
        "a request that a proxy and the server read differently, or that hides another",
        "doubtful requests are refused, and their connection ends; `Upgrade` is overlooked",
    ),
    "strange": Threat(
        ANYBODY,
        "bytes, headers, addresses and queries by chance",
        "each gets an answer that names the mistake; none is a fault of the server",
    ),
    "long-head": Threat(
        ANYBODY, "an address or headers without end", "the head of a request is bounded"
    ),
    "long-body": Threat(
        ANYBODY,
        "a body without end, a body where none belongs, a body that expands",
        "`max_body` and `max_write` count the bytes of any method, and what gzip makes of them",
    ),
    "pipelining": Threat(
        ANYBODY,
        "thousands of requests sent ahead on one connection",
        "a few are held; then nothing more is read, or the connection ends",
    ),
    "event-loop": Threat(
        ANYBODY,
        "a small request that takes long to read, so that all others wait",
        "short texts are read in time in proportion to their length, long ones by a worker; "
        "a watchdog counts each stop",
    ),
    "costly-query": Threat(
        ANYBODY,
        "a query or a document that takes time, memory or output without end",
        "a worker has `timeout`, `memory` and `max_answer`, and is killed there",
    ),
    "crash": Threat(
        ANYBODY,
        "a query that makes the engine crash",
        "one worker ends; the query is not tried again, and its client waits longer each time",
    ),
    "killed-jobs": Threat(
        ANYBODY,
        "to start jobs and give them up, so that workers are killed and born without end",
        "a client has so many workers killed; then its next jobs wait",
    ),
    "slow-reader": Threat(
        ANYBODY,
        "to read an answer slowly or not at all",
        "`response_buffer_kib` and `min_client_bytes_per_second`; where too much waits (`unsent`), "
        "who holds most gives first",
    ),
    "slow-sender": Threat(
        ANYBODY,
        "to send a byte now and then",
        "`header_timeout` and `body_timeout` end the connection",
    ),
    "leaving": Threat(
        ANYBODY,
        "to ask and leave, so that work is done for nobody",
        "the work of who left is ended",
    ),
    "memory": Threat(
        ANYBODY,
        "to make the server hold memory that it does not count",
        "what is held is counted as it is, for each client and in all; figures agree with memory",
    ),
    "connections": Threat(
        ANYBODY,
        "to hold connections until none is left",
        "`client_connections` for each client, `connections` in all, and descriptors for workers",
    ),
    "shortage": Threat(
        ANYBODY,
        "to use up descriptors, processes or memory, so that no worker is born any more",
        "workers have their share first; missing ones come back by themselves",
    ),
    "crowding-out": Threat(
        ANYBODY,
        "to ask so much that others are not answered",
        "turns go round by client; a newcomer takes a place of who has most",
    ),
    "old-http": Threat(
        ANYBODY,
        "HTTP/1.0, whose answers have to be whole and lie in files until they are",
        "all of it or an error, never a half; `spool`, `client_spooled` and `spooled` bound files",
    ),
    "cache": Threat(
        ANYBODY,
        "thousands of questions that differ in a header or a parameter, to fill the cache",
        "a key is a digest, `cache` counts all of an entry, unknown parameters are overlooked",
    ),
    "log": Threat(
        ANYBODY,
        "to fill the log, or to write lines of your own into it",
        "lines are cut and escaped, also those of libraries; `log_rate` bounds their number",
    ),
    "deployment": Threat(
        MANY,
        "what one server cannot bound: rates at a public host, and what all its processes take",
        "the unit and the proxies of deploy/ bound both, and fit the settings",
    ),
    "site": Threat(
        MANY,
        "to be a new client with each request",
        "an IPv6 network of 64 bits is one client; one of 48, and all together, are bounded too",
    ),
    "outward": Threat(
        SENDER,
        "to make the server call another, by SERVICE, LOAD, FROM, imports, entities, contexts",
        "the text is refused; behind that, the kernel gives workers no socket",
    ),
    "files": Threat(
        SENDER, "to make the server read a file", "no address becomes a path, no document a file"
    ),
    "hostile-document": Threat(
        SENDER,
        "a document that expands, nests or repeats without end",
        "entities are refused or bounded, nothing is fetched, and a worker with limits reads it",
    ),
    "hostile-shapes": Threat(
        SENDER,
        "shapes with code, expensive patterns or endless recursion",
        "SHACL Core only, patterns that a linear engine runs, in a worker with limits",
    ),
    "injection": Threat(
        SENDER,
        "a parameter that becomes part of a query",
        "values are terms that the engine prints, never text",
    ),
    "script": Threat(
        PAGE,
        "text of data or of an address that becomes script or markup",
        "templates escape; pages have no script, and a policy that allows none",
    ),
    "cross-site": Threat(
        PAGE,
        "a write in the name of a reader",
        "writing needs the header `Authorization`; preflights give it to no page",
    ),
    "forged-address": Threat(
        PAGE,
        "a forged host or header that leads readers elsewhere or splits an answer",
        "links are built from `public_url` or a checked host; headers hold no line break",
    ),
    "kept-answer": Threat(
        PAGE,
        "to have an answer kept that another reader gets",
        "answers are kept by all that they depend on; two questions never share one",
    ),
    "system-calls": Threat(
        EXPLOIT,
        "to reach the network, files, other processes or more memory from a worker",
        "seccomp lets through a short list of calls, Landlock no file; what is hostile ends it",
    ),
    "frames": Threat(
        EXPLOIT,
        "to send the web process messages that fill its memory, hold its loop or split an answer",
        "messages are bounded in kind, length and number; a worker names no header of its own",
    ),
    "zygote": Threat(
        EXPLOIT,
        "the same from the zygote or a writer, which have the data and the record",
        "lists of calls for these too; after the load, they write to the folder of the record only",
    ),
    "root": Threat(
        EXPLOIT,
        "to have the rights of root after an exploit",
        "root is refused where others can reach the server, or given up for good by `user`",
    ),
    "memory-of-others": Threat(
        EXPLOIT,
        "to read or write the memory of the web process, or to take its socket",
        "processes are not dumpable, so the kernel refuses the user's other processes",
    ),
    "token-in-memory": Threat(
        EXPLOIT,
        "to find the token in memory, in the environment or on disk",
        "the token is read after the fork, and only by the web process",
    ),
    "proxy": Threat(
        HOST,
        "forwarding headers that are believed",
        "only those of `trusted_proxies` are; the farthest trusted entry counts",
    ),
    "token-file": Threat(
        HOST,
        "to read or replace the token's file",
        "a file that others may read or change is refused at the start",
    ),
    "store-folder": Threat(
        HOST,
        "to prepare links or files in the folder of the record",
        "the folder is the server's alone, links are not followed, a damaged record is refused",
    ),
    "guessing": Threat(
        WRITER,
        "to guess the token",
        "at least 16 characters, five of them different; wrong ones are logged and slowed",
    ),
    "unasked-write": Threat(
        WRITER, "to write without the token, or by another door", "there is none"
    ),
    "provenance_status": Threat(
        WRITER,
        "to pass off facts as ours, or facts that contradict the ontology",
        "what is written is `received`, the catalogue is closed, contradictions get 409",
    ),
    "full-disk": Threat(
        FAULTS,
        "the disk of the record is full or fails",
        "507: the record stays as it was, reading goes on",
    ),
    "power-cut": Threat(
        FAULTS,
        "a kill between any two steps of a write",
        "the state before or after, never a mixture",
    ),
    "lost-process": Threat(
        FAULTS,
        "a worker, zygote or launcher dies",
        "it is replaced, its query runs once more, no process is left behind",
    ),
    "readiness": Threat(
        FAULTS, "a server that answers nothing is taken for a sound one", "`/ready` asks a query"
    ),
    "lock": Threat(
        SUPPLY,
        "a release or an index that is not what it was",
        "each package is pinned by version and SHA-256, npm's by SHA-512; no lock names an address",
    ),
    "build-tools": Threat(
        SUPPLY,
        "a package that a server does not need",
        "a server installs what is imported, and no build tools",
    ),
    "bill": Threat(
        SUPPLY,
        "a part with a known hole that nobody knows to be inside",
        "an SBOM of each release, with the libraries inside machine code",
    ),
}


@dataclass(frozen=True)
class Held:
    """A test, and the attack that it is about.

    Args:
        key: the attack, a key of :data:`THREATS`.
        file: the test's file, from the root of the checkout.
        test: the name of its function.
        timed: whether only ``make soak`` runs it.
    """

    key: str
    file: str
    test: str
    timed: bool


def held(root: Path) -> list[Held]:
    """Find the tests that carry a mark, in the order of files and lines.

    Args:
        root: the checkout.
    """
    files = sorted((root / "tests").rglob("test_*.py"))
    return [each for file in files if "node_modules" not in file.parts for each in _in(file, root)]


def _in(file: Path, root: Path) -> Iterator[Held]:
    text = file.read_text(encoding="utf-8")
    if "mark.threat" not in text:
        return
    name = file.relative_to(root).as_posix()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [ast.unparse(each) for each in node.decorator_list]
            timed = "pytest.mark.timed" in marks
            for mark in marks:
                if mark.startswith("pytest.mark.threat("):
                    key = ast.literal_eval(mark.removeprefix("pytest.mark.threat"))
                    yield Held(key, name, node.name, timed)


def table(root: Path) -> str:
    """Write the tables of the page: who attacks, how, what stands against it, which test says so.

    Args:
        root: the checkout.
    """
    tests = defaultdict(list)
    for each in held(root):
        tests[each.key].append(each)
    groups = dict.fromkeys(threat.who for threat in THREATS.values())
    return "\n".join(
        f"**{who}**\n\n| attack | defence | tests |\n|---|---|---|\n"
        + "".join(
            f"| {threat.attack} | {threat.defence} | {_links(tests[key])} |\n"
            for key, threat in THREATS.items()
            if threat.who == who
        )
        for who in groups
    )


def _links(tests: Iterable[Held]) -> str:
    """Write the names of tests as the sentences that they are, file by file."""
    files = defaultdict(list)
    for each in tests:
        said = each.test.removeprefix("test_").replace("_", " ")
        files[each.file].append(said + (" (`make soak`)" if each.timed else ""))
    return "; ".join(
        f"[{file.removeprefix('tests/')}](../{file}): {', '.join(said)}"
        for file, said in files.items()
    )
