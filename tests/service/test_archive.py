"""The record on disk: whole or not there, whatever happens on the way."""

from __future__ import annotations

import json
import os
import resource
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from samsyn import names
from samsyn.dataset.archive import MANIFEST, Archive
from samsyn.dataset.exact import (
    BlankNode,
    Dataset,
    Graph,
    Literal,
    NamedNode,
    Triple,
    computed,
    written,
)
from samsyn.errors import RecordError, ToolError, UsageError

S, P = NamedNode("http://e/s"), NamedNode("http://e/p")
EXACT: Final = Literal("01", datatype=NamedNode(names.XSD + "integer"))
SHARED: Final = BlankNode("shared")
STATED: Final = names.GRAPH + "stated/networks"

# Later versions of Python warn of forks where some library has threads; these do nothing but write.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def number(value: int) -> Graph:
    """Make a graph that says a number."""
    return written("http://e/changing", [Triple(S, P, Literal(str(value)))])


def revision(*graphs: Graph) -> Dataset:
    """Make a dataset of all kinds of graphs, and some more."""
    read = Graph(STATED, names.STATED, Path("data/stated/networks.ttl"), "0" * 64, ())
    return Dataset({}).with_graph(
        read,
        written("", [Triple(S, P, EXACT), Triple(S, P, Triple(S, P, SHARED))]),
        written("_:g", [Triple(SHARED, P, S)]),
        written("http://e/empty", []),
        *graphs,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "store" / "record"


def reopened(folder: Path) -> Dataset | None:
    """Read a record as a server that starts would, in a process of its own."""
    opened = Archive(folder, patience=0)
    try:
        return opened.read()
    finally:
        os.close(opened._lock)


def test_what_is_recorded_is_read_back(folder: Path) -> None:
    """Names, provenance statuses, paths, digests, terms and blank nodes come back as they were."""
    kept = Archive(folder)
    assert kept.read() is None
    kept.write(revision(number(1)))
    assert kept.read() == revision(number(1))


def test_the_repository_is_read_back(folder: Path, dataset: Dataset) -> None:
    """The whole repository comes back the same, so the files are needed only once."""
    kept = Archive(folder)
    kept.write(dataset)
    back = kept.read()
    assert back is not None
    assert back.graphs == dataset.graphs
    assert back.revision == dataset.revision


def test_only_graphs_that_changed_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a revision like the last but for one graph, that graph and the manifest are written."""
    kept = Archive(folder)
    kept.write(revision(number(1)))
    put: list[str] = []
    write = kept._write
    monkeypatch.setattr(kept, "_write", lambda name, data: put.append(name) or write(name, data))
    kept.write(revision(number(2)))
    assert len(put) == 2
    assert kept.read() == revision(number(2))


def files(folder: Path) -> set[str]:
    """List the files of a record, the lock apart."""
    return {path.name for path in folder.iterdir()} - {"lock"}


def test_nothing_is_left_of_former_revisions(folder: Path) -> None:
    """Files that no manifest names go, files of somebody else stay."""
    kept = Archive(folder)
    kept.write(revision(number(1)))
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / f"{'a' * 64}.nt").write_text("", encoding="utf-8")
    (folder / f"{MANIFEST}.new").write_text("{", encoding="utf-8")
    kept.read()
    named = {entry["file"] for entry in json.loads((folder / MANIFEST).read_bytes())["graphs"]}
    assert files(folder) == {MANIFEST, "notes.txt", *named}
    kept.write(revision())
    assert len(files(folder)) < 2 + len(named)


STEPS: Final = ("open", "write", "fsync", "close", "replace", "unlink", "listdir")
"""All that the archive asks of the system when it writes."""


def killed_at(step: int, act: Callable[[], object], *, half: bool) -> bool:
    """Do something in a child that ends before one of its steps; tell whether it came so far.

    Args:
        step: which call of the system it does not live to make.
        act: what to do.
        half: whether the last write still writes the first half.
    """
    child = os.fork()
    if not child:
        left = [step]

        def counted(call: Callable[..., Any]) -> Callable[..., Any]:
            def made(*arguments: Any, **options: Any) -> Any:
                if not left[0]:
                    if half and call is os_write:
                        os_write(arguments[0], arguments[1][: len(arguments[1]) // 2])
                    os._exit(1)
                left[0] -= 1
                return call(*arguments, **options)

            return made

        os_write = os.write
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 1


@pytest.mark.threat("power-cut")
@pytest.mark.parametrize("half", [False, True], ids=["between-steps", "amid-a-write"])
def test_a_kill_between_any_two_steps_leaves_one_revision(folder: Path, *, half: bool) -> None:
    """Whenever a writer dies, the record is the former revision or the new one, and whole."""
    kept = Archive(folder)
    old, new = revision(number(1)), revision(number(2), written("http://e/more", []))
    kept.write(old)
    seen, step = [], 0
    while killed_at(step, lambda: kept.write(new), half=half):
        # A server that starts after it reads the record, and can write.
        found = kept.read()
        assert found in (old, new)
        seen.append(found == new)
        kept.write(old)
        assert kept.read() == old
        assert len(files(folder)) == 1 + len({graph.triples for graph in old.graphs.values()})
        step += 1
    assert kept.read() == new
    # There is one step before which the former revision stands, and after which the new one does.
    assert seen == sorted(seen)
    assert {*seen} == {False, True}
    assert step > 15


@pytest.mark.threat("power-cut")
def test_a_first_revision_is_whole_or_not_there(folder: Path) -> None:
    """Killed while it is filled, a record is empty still, and is filled at the next start."""
    kept = Archive(folder)
    step, seen = 0, []
    while killed_at(step, lambda: kept.write(revision()), half=True):
        seen.append(kept.read())
        for name in files(folder):
            (folder / name).unlink()
        step += 1
    assert set(map(bool, seen)) == {False, True}
    assert all(found in (None, revision()) for found in seen)


@pytest.mark.threat("power-cut")
def test_files_are_on_disk_before_the_manifest_names_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is synced before it gets its name, the folder before and after the manifest."""
    kept = Archive(folder)
    calls: list[str] = []
    places: dict[int, str] = {}

    def opened(path: Any, *arguments: Any, open_: Any = os.open, **options: Any) -> int:
        handle: int = open_(path, *arguments, **options)
        places[handle] = Path(path).name
        return handle

    def synced(handle: int, sync: Any = os.fsync) -> None:
        calls.append(f"sync {places.get(handle, 'folder')}")
        sync(handle)

    def named(draft: Any, name: Any, replace: Any = os.replace, **options: Any) -> None:
        calls.append(f"name {Path(name).name}")
        replace(draft, name, **options)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", named)
    kept.write(revision())
    for place, call in enumerate(calls):
        kind, _, name = call.partition(" ")
        if kind == "name":
            assert calls[place - 1] == f"sync {name}.new"
    assert calls[-3:] == [f"sync {MANIFEST}.new", f"name {MANIFEST}", "sync folder"]
    assert calls[-4] == "sync folder"


def test_two_servers_cannot_share_a_folder(folder: Path) -> None:
    """Anyone who comes second is reported; when the first has ended, it may."""
    first = Archive(folder)
    with pytest.raises(UsageError, match=r"Another server writes to .*record"):
        Archive(folder, patience=0)
    os.close(first._lock)
    assert reopened(folder) is None


def test_the_lock_goes_over_to_a_fork(folder: Path) -> None:
    """A writer that takes over from its parent holds the folder when the parent has let go."""
    first = Archive(folder)
    ready, end = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(end[1])
        os.write(ready[1], b"x")
        os.read(end[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    os.close(first._lock)
    with pytest.raises(UsageError, match="Another server"):
        Archive(folder, patience=0)
    for handle in (end[0], end[1], *ready):
        os.close(handle)
    os.waitpid(child, 0)
    assert reopened(folder) is None


def spoilt(folder: Path, how: str) -> None:
    """Damage a record."""
    manifest = folder / MANIFEST
    named = {entry["graph"]: entry["file"] for entry in json.loads(manifest.read_bytes())["graphs"]}
    match how:
        case "missing-file":
            (folder / named[""]).unlink()
        case "changed-file":
            (folder / named[""]).write_bytes(b"<http://e/s> <http://e/p> <http://e/o> .\n")
        case "cut-file":
            (folder / named[""]).write_bytes((folder / named[""]).read_bytes()[:-9])
        case "cut-manifest":
            manifest.write_bytes(manifest.read_bytes()[:-9])
        case "other-manifest":
            manifest.write_text('{"version": 1, "graphs": [{"graph": ""}]}', encoding="utf-8")
        case "later-version":
            manifest.write_text('{"version": 2, "graphs": []}', encoding="utf-8")
        case "empty-manifest":
            manifest.write_bytes(b"")


DAMAGES: Final = {
    "missing-file": "cannot be read",
    "changed-file": "is not what its name says",
    "cut-file": "is not what its name says",
    "cut-manifest": "is no manifest",
    "other-manifest": "is no manifest",
    "later-version": "is of version 2",
    "empty-manifest": "is no manifest",
}


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_record_is_an_error(folder: Path, how: str) -> None:
    """What is damaged is named, with what to do; there is never half a dataset."""
    kept = Archive(folder)
    kept.write(revision(number(1)))
    spoilt(folder, how)
    with pytest.raises(RecordError, match=DAMAGES[how]) as caught:
        kept.read()
    assert str(folder) in str(caught.value)
    assert "from a copy" in str(caught.value)


@pytest.mark.threat("full-disk")
def test_a_full_disk_leaves_the_former_revision(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes no more is an error, and what was there is there still."""
    kept = Archive(folder)
    kept.write(revision(number(1)))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(ToolError, match="does not take the record: No space left"):
            kept.write(revision(number(2)))
    assert kept.read() == revision(number(1))


@pytest.mark.threat("full-disk")
@pytest.mark.parametrize("limit", [700, 20_000], ids=["amid-a-file", "at-the-manifest"])
def test_a_disk_with_little_room_is_left_as_it_was(folder: Path, limit: int) -> None:
    """Nothing is left of a write that did not fit, and a smaller one succeeds at once."""
    kept = Archive(folder)
    kept.write(revision(number(1)))
    before = files(folder)
    many = [written(f"http://e/{n}", [Triple(S, P, S)] * (n < 1)) for n in range(200)]
    large = written("http://e/large", [Triple(S, P, Literal("x" * 900))])
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, former[1]))
    try:
        with pytest.raises(ToolError, match="does not take the record: File too large"):
            kept.write(revision(number(2), *([large] if limit < 900 else many)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert files(folder) == before
    assert kept.read() == revision(number(1))
    kept.write(revision(number(3)))
    assert kept.read() == revision(number(3))


@pytest.mark.threat("full-disk")
def test_what_an_earlier_write_left_makes_room_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts of a writer that was killed are gone before the next one writes anything."""
    kept = Archive(folder)
    kept.write(revision())
    (folder / f"{'a' * 64}.nt.new").write_text("half", encoding="utf-8")
    (folder / f"{'b' * 64}.nt").write_text("whole", encoding="utf-8")
    seen: list[set[str]] = []
    write = kept._write

    def watched(name: str, data: bytes) -> None:
        seen.append(files(folder))
        write(name, data)

    monkeypatch.setattr(kept, "_write", watched)
    kept.write(revision(number(1)))
    assert not any(name.startswith(("a" * 64, "b" * 64)) for names_ in seen for name in names_)


@pytest.mark.threat("store-folder")
def test_a_draft_that_is_a_link_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    """Links that lie where drafts come are replaced, and what they lead to is not touched."""
    kept = Archive(folder)
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    (folder / f"{MANIFEST}.new").symlink_to(target)
    kept.write(revision(number(1)))
    assert target.read_text(encoding="utf-8") == "mine"
    assert kept.read() == revision(number(1))
    assert not any(path.is_symlink() for path in folder.iterdir())


@pytest.mark.threat("store-folder")
def test_the_folder_is_nobody_else_s(folder: Path) -> None:
    """The folder, its lock and its files are for the user of the server alone."""
    Archive(folder).write(revision())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("mode", [0o722, 0o770, 0o777, 0o1777], ids=oct)
def test_a_folder_that_others_may_write_to_is_refused(folder: Path, mode: int) -> None:
    """The message says what to do; a folder that others may read is no danger."""
    folder.mkdir(parents=True)
    folder.chmod(mode)
    with pytest.raises(UsageError, match="Others may write") as caught:
        Archive(folder)
    assert "chmod 700" in str(caught.value)
    folder.chmod(0o755)
    assert reopened(folder) is None


@pytest.mark.threat("store-folder")
def test_a_folder_of_another_user_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anyone who owns the folder could say what the record is."""
    folder.mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(UsageError, match="belongs to another user") as caught:
        Archive(folder)
    assert "12345" in str(caught.value)


def test_a_link_to_a_folder_may_be_named(folder: Path, tmp_path: Path) -> None:
    """A service manager makes such links; the folder behind it is what is checked."""
    folder.mkdir(parents=True, mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(folder)
    Archive(link).write(revision())
    assert (folder / MANIFEST).is_file()


ELSEWHERE: Final = dict.fromkeys(("graph", "provenance_status", "path", "digest"), "")
TEXTS: Final = {
    "deep": b'{"version": 1, "graphs": ' + b"[" * 200_000,
    "long-number": b'{"version": ' + b"9" * 100_000 + b"}",
    "list": b"[1]",
    "text": b'"version"',
    "other-bytes": b'\xff\xfe{"version": 1}' * 10_000,
    "elsewhere": json.dumps(
        {"version": 1, "graphs": [{**ELSEWHERE, "file": "../../../etc/passwd"}]}
    ).encode(),
}
KINDS: Final = ("folder", "fifo", "link")


def put(place: Path, kind: str) -> None:
    """Put something at a place where a file should be."""
    match kind:
        case "folder":
            place.mkdir()
        case "fifo":
            os.mkfifo(place)
        case "link":
            place.symlink_to("/dev/zero")
        case "huge":
            with place.open("wb") as file:
                file.truncate(1 << 40)
        case _:
            place.write_bytes(TEXTS[kind])


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("kind", [*KINDS, "huge", *TEXTS])
def test_a_manifest_of_any_kind_is_one_message(folder: Path, kind: str) -> None:
    """Whatever lies there instead of a manifest is reported in a few words, without waiting."""
    kept = Archive(folder)
    put(folder / MANIFEST, kind)
    with pytest.raises(RecordError, match="the record is damaged") as caught:
        kept.read()
    assert len(str(caught.value)) < 700
    assert caught.value.exit_code == 3
    with pytest.raises(RecordError):
        kept.write(revision())


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_of_any_kind_is_one_message(folder: Path, kind: str) -> None:
    """The same for what lies where a graph should be."""
    kept = Archive(folder)
    kept.write(revision())
    spoilt(folder, "missing-file")
    named = {
        entry["graph"]: entry["file"]
        for entry in json.loads((folder / MANIFEST).read_bytes())["graphs"]
    }
    put(folder / named[""], kind)
    with pytest.raises(RecordError, match="the record is damaged"):
        kept.read()


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_of_any_kind_is_one_message(folder: Path, kind: str) -> None:
    """A lock that is no file is refused when the server starts."""
    folder.mkdir(parents=True)
    put(folder / "lock", kind)
    with pytest.raises(UsageError) as caught:
        Archive(folder, patience=0)
    assert "--data-dir" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """A file where the folder should be is named, with the option to change."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="--data-dir"):
        Archive(tmp_path / "file")


def test_a_computed_graph_may_be_kept_too(folder: Path) -> None:
    """Whatever graph is handed over is kept in its order."""
    made = computed("http://e/c", names.IS_SCHEMA, [Triple(S, P, S)])
    kept = Archive(folder)
    kept.write(Dataset({}).with_graph(made))
    assert kept.read() == Dataset({}).with_graph(made)
