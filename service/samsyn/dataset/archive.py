"""The record on disk, where writing is on: revisions that are whole or not there.

A revision is a manifest of N-Triples files, one for each graph, each named by its digest. New files
are written and synced first; then the manifest is renamed over the former one. A crash between any
two steps leaves the former revision or the new one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from samsyn.dataset.exact import Dataset, Graph, ntriples, read_back
from samsyn.errors import RecordError, ToolError, UsageError

MANIFEST: Final = "manifest.json"
_VERSION: Final = 1
_KEYS: Final = ("graph", "provenance_status", "path", "digest", "file")
_GRAPH: Final = re.compile(r"[0-9a-f]{64}\.nt")
_OURS: Final = re.compile(r"[0-9a-f]{64}\.nt(?:\.new)?|manifest\.json\.new")
"""What may be removed; whatever else lies in the folder is not ours."""
_LONGEST: Final = 64 * 1024 * 1024
"""Bytes that a manifest may have: some 200,000 graphs."""
_TOLD: Final = 200
"""Characters of what is wrong with a manifest that are reported."""
_OTHERS: Final = 0o022
"""Authorization of others to write."""


class Archive:
    """One folder with the record; nobody else may use it meanwhile.

    Who can write to the folder says what the record is. So it belongs to the server's user and
    to nobody else, and no link in it is followed.

    Args:
        folder: the folder, made if it is not there.
        patience: seconds to wait for a server that is just ending.

    Raises:
        UsageError: it cannot be used, others may write to it, or another server uses it.
    """

    def __init__(self, folder: Path, *, patience: float = 5.0) -> None:
        self.folder = folder
        self.shipped: Mapping[str, str] | None = None
        """The digests of the graphs that were shipped to it, by IRI, once it is read or written.

        None: it was written by a version that did not note them.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A handle, so that what is checked now is what is written to later.
            self._place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._check_owner()
            self._lock = os.open("lock", _LOCKING, 0o600, dir_fd=self._place)
        except OSError as error:
            raise UsageError(
                f"{folder} cannot hold the record: {error.strerror}.",
                advice="Name another folder with --data-dir.",
            ) from error
        if not stat.S_ISREG(os.fstat(self._lock).st_mode):
            raise UsageError(
                f"{folder / 'lock'} is no file.",
                advice="Remove it, or name another folder with --data-dir.",
            )
        self._claim(time.monotonic() + patience)

    def _check_owner(self) -> None:
        found = os.fstat(self._place)
        if found.st_uid != os.geteuid():
            raise UsageError(
                f"{self.folder} belongs to another user, who could change the record.",
                advice=f"Give it to the user of the server (number {os.geteuid()}), or name "
                "another folder with --data-dir.",
            )
        if found.st_mode & _OTHERS:
            raise UsageError(
                f"Others may write to {self.folder}, and so could change the record.",
                advice=f"Take that from them: chmod 700 {self.folder}",
            )

    def _claim(self, end: float) -> None:
        # The lock is shared by forks: it holds until the last of them has ended.
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > end:
                    raise UsageError(
                        f"Another server writes to {self.folder}.",
                        advice="Stop it, or name another folder with --data-dir.",
                    ) from None
                time.sleep(0.05)
            else:
                return

    def read(self) -> Dataset | None:
        """Read the last revision, or None if there is none yet.

        Raises:
            RecordError: a file is missing or is not what the manifest says.
        """
        entries = self._entries()
        if entries is None:
            return None
        graphs = [self._graph(entry) for entry in entries]
        self._tidy(entries)
        return Dataset(MappingProxyType({})).with_graph(*graphs)

    def _entries(self) -> list[dict[str, str]] | None:
        try:
            data = self._read(MANIFEST, _LONGEST)
        except FileNotFoundError:
            return None
        try:
            told = json.loads(data)
            version = told["version"]
            if version != _VERSION:
                raise self._damaged(MANIFEST, f"is of version {str(version)[:20]}, not {_VERSION}")
            shipped = told.get("shipped")
            self.shipped = None if shipped is None else {**shipped}
            return [_checked(entry) for entry in told["graphs"]]
        except RecursionError:
            raise self._damaged(MANIFEST, "is no manifest (nested too deeply)") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # The error itself may hold the whole file.
            words = f"{type(error).__name__}: {str(error)[:_TOLD]}"
            raise self._damaged(MANIFEST, f"is no manifest ({words})") from None

    def _graph(self, entry: Mapping[str, str]) -> Graph:
        name = entry["file"]
        try:
            data = self._read(name)
        except OSError as error:
            raise self._damaged(name, f"cannot be read ({error.strerror})") from error
        if _name(data) != name:
            raise self._damaged(name, "is not what its name says")
        path = Path(entry["path"]) if entry["path"] else None
        triples = read_back(data, path=str(self.folder / name))
        return Graph(entry["graph"], entry["provenance_status"], path, entry["digest"], triples)

    def _read(self, name: str, most: int | None = None) -> bytes:
        """Read a file of the folder: no link, and nothing that a reader would wait at.

        Raises:
            FileNotFoundError: it is not there.
            RecordError: it is no file, cannot be read, or has too many bytes.
        """
        try:
            number = os.open(name, _READING, dir_fd=self._place)
        except FileNotFoundError:
            raise
        except OSError as error:
            link = error.errno == errno.ELOOP
            why = "is a link" if link else f"cannot be read ({error.strerror})"
            raise self._damaged(name, why) from error
        try:
            found = os.fstat(number)
            if not stat.S_ISREG(found.st_mode):
                raise self._damaged(name, "is no file")
            if most is not None and found.st_size > most:
                raise self._damaged(name, f"has more than {most} bytes")
            with open(number, "rb", closefd=False) as file:
                return file.read()
        except (OSError, MemoryError) as error:
            raise self._damaged(name, f"cannot be read ({error})") from error
        finally:
            os.close(number)

    def write(self, dataset: Dataset, shipped: Mapping[str, str] | None = None) -> None:
        """Put a revision on record; only graphs that have changed are written.

        Args:
            dataset: the graphs, without those that are computed.
            shipped: the digests of the graphs that are shipped to it; default: as before.

        Raises:
            RecordError: the manifest that is there is damaged.
            ToolError: the disk does not take it; the former revision is still there, alone.
        """
        former = self._entries() or []
        # What an earlier attempt has left takes the room that this one may need.
        self._tidy(former)
        try:
            self._commit(dataset, shipped, former)
        except OSError as error:
            self._tidy(former)
            raise ToolError(f"{self.folder} does not take the record: {error.strerror}.") from error

    def _commit(
        self, dataset: Dataset, shipped: Mapping[str, str] | None, former: list[dict[str, str]]
    ) -> None:
        stored = {(entry["graph"], entry["digest"]): entry for entry in former}
        entries = []
        for graph in dataset.graphs.values():
            found = stored.get((graph.iri, graph.digest))
            entries.append(_entry(graph, found["file"] if found else self._save(graph)))
        os.fsync(self._place)
        told = self.shipped if shipped is None else shipped
        noted = {} if told is None else {"shipped": dict(told)}
        text = json.dumps({"version": _VERSION, "graphs": entries, **noted}, indent=1)
        if len(text) > _LONGEST:
            raise OSError(errno.EFBIG, "there are more graphs than a manifest can name")
        self._put(MANIFEST, text.encode())
        self.shipped = told
        # The revision stands, whether or not its name is on disk already.
        with suppress(OSError):
            os.fsync(self._place)
        self._tidy(entries)

    def _save(self, graph: Graph) -> str:
        data = ntriples(graph.triples)
        self._put(_name(data), data)
        return _name(data)

    def _put(self, name: str, data: bytes) -> None:
        # Under its own name there is never half a file.
        draft = f"{name}.new"
        self._write(draft, data)
        os.replace(draft, name, src_dir_fd=self._place, dst_dir_fd=self._place)

    def _write(self, name: str, data: bytes) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._place)
        number = os.open(name, _WRITING, 0o600, dir_fd=self._place)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(number, left) :]
            os.fsync(number)
        finally:
            os.close(number)

    def _tidy(self, entries: Iterable[Mapping[str, str]]) -> None:
        """Remove what no manifest names: a former revision, or one that was never finished."""
        named = {entry["file"] for entry in entries}
        # What is left lying does no harm, and the revision stands.
        with suppress(OSError):
            for name in os.listdir(self._place):  # noqa: PTH208  the tests count the calls of os
                if name not in named and _OURS.fullmatch(name):
                    with suppress(OSError):
                        os.unlink(name, dir_fd=self._place)

    def _damaged(self, name: str, words: str) -> RecordError:
        return RecordError(
            f"the record is damaged: this file {words}",
            path=str(self.folder / name),
            advice="Put it back from a copy, or move the folder away and start from the files.",
        )


_LOCKING: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_READING: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITING: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def _checked(entry: Mapping[str, Any]) -> dict[str, str]:
    told = {key: str(entry[key]) for key in _KEYS}
    if not _GRAPH.fullmatch(told["file"]):
        raise ValueError(f"{told['file']!r} is no file of a graph")
    return told


def _entry(graph: Graph, file: str) -> dict[str, str]:
    path = graph.path.as_posix() if graph.path else ""
    told = (graph.iri, graph.provenance_status, path, graph.digest, file)
    return dict(zip(_KEYS, told, strict=True))


def _name(data: bytes) -> str:
    return f"{sha256(data).hexdigest()}.nt"
