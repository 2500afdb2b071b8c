"""The record on disk, where writing is on: revisions that are whole or not there.

A revision is a manifest of N-Triples files, one for each graph, each named by its digest. New files
are written and synced first; then the manifest is renamed over the former one. A crash between any
two steps leaves the former revision or the new one.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from samsyn.dataset.exact import Dataset, Graph, ntriples, read_back
from samsyn.errors import SourceError, ToolError, UsageError

MANIFEST: Final = "manifest.json"
_VERSION: Final = 1
_KEYS: Final = ("graph", "standing", "path", "digest", "file")
_OURS: Final = re.compile(r"[0-9a-f]{64}\.nt(?:\.new)?|manifest\.json\.new")
"""What may be removed; whatever else lies in the folder is not ours."""


class Archive:
    """One folder with the record; nobody else may use it meanwhile.

    Args:
        folder: the folder, made if it is not there.
        patience: seconds to wait for a server that is just ending.

    Raises:
        UsageError: it cannot be used, or another server uses it.
    """

    def __init__(self, folder: Path, *, patience: float = 5.0) -> None:
        self.folder = folder
        self.shipped: Mapping[str, str] | None = None
        """The digests of the graphs that were shipped to it, by IRI, once it is read or written.

        None: it was written by a version that did not note them.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(
                f"{folder} cannot hold the record: {error.strerror}.",
                advice="Name another folder with --store.",
            ) from error
        self._claim(time.monotonic() + patience)

    def _claim(self, end: float) -> None:
        # The lock is shared by forks: it holds until the last of them has ended.
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > end:
                    raise UsageError(
                        f"Another server writes to {self.folder}.",
                        advice="Stop it, or name another folder with --store.",
                    ) from None
                time.sleep(0.05)
            else:
                return

    def read(self) -> Dataset | None:
        """Read the last revision, or None if there is none yet.

        Raises:
            SourceError: a file is missing or is not what the manifest says.
        """
        entries = self._entries()
        if entries is None:
            return None
        graphs = [self._graph(entry) for entry in entries]
        self._tidy(entries)
        return Dataset(MappingProxyType({})).with_graph(*graphs)

    def _entries(self) -> list[dict[str, str]] | None:
        manifest = self.folder / MANIFEST
        try:
            told = json.loads(manifest.read_bytes())
            if told["version"] != _VERSION:
                raise _damaged(manifest, f"is of version {told['version']}, not {_VERSION}")
            shipped = told.get("shipped")
            self.shipped = None if shipped is None else {**shipped}
            return [{key: str(entry[key]) for key in _KEYS} for entry in told["graphs"]]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(manifest, f"is no manifest ({error!r})") from error

    def _graph(self, entry: Mapping[str, str]) -> Graph:
        file = self.folder / entry["file"]
        try:
            data = file.read_bytes()
        except OSError as error:
            raise _damaged(file, f"cannot be read ({error.strerror})") from error
        if _name(data) != entry["file"]:
            raise _damaged(file, "is not what its name says")
        path = Path(entry["path"]) if entry["path"] else None
        triples = read_back(data, path=str(file))
        return Graph(entry["graph"], entry["standing"], path, entry["digest"], triples)

    def write(self, dataset: Dataset, shipped: Mapping[str, str] | None = None) -> None:
        """Put a revision on record; only graphs that have changed are written.

        Args:
            dataset: the graphs, without those that are computed.
            shipped: the digests of the graphs that are shipped to it; default: as before.

        Raises:
            SourceError: the manifest that is there is damaged.
            ToolError: the disk does not take it; the former revision is still there.
        """
        try:
            self._commit(dataset, shipped)
        except OSError as error:
            raise ToolError(f"{self.folder} does not take the record: {error.strerror}.") from error

    def _commit(self, dataset: Dataset, shipped: Mapping[str, str] | None) -> None:
        stored = {(entry["graph"], entry["digest"]): entry for entry in self._entries() or ()}
        entries = []
        for graph in dataset.graphs.values():
            former = stored.get((graph.iri, graph.digest))
            entries.append(_entry(graph, former["file"] if former else self._save(graph)))
        _sync(self.folder)
        told = self.shipped if shipped is None else shipped
        noted = {} if told is None else {"shipped": dict(told)}
        text = json.dumps({"version": _VERSION, "graphs": entries, **noted}, indent=1)
        self._put(MANIFEST, text.encode())
        self.shipped = told
        _sync(self.folder)
        self._tidy(entries)

    def _save(self, graph: Graph) -> str:
        data = ntriples(graph.triples)
        self._put(_name(data), data)
        return _name(data)

    def _put(self, name: str, data: bytes) -> None:
        # Under its own name there is never half a file.
        draft = self.folder / f"{name}.new"
        _write(draft, data)
        os.replace(draft, self.folder / name)  # noqa: PTH105  the tests count the calls of os

    def _tidy(self, entries: Iterable[Mapping[str, str]]) -> None:
        """Remove what no manifest names: a former revision, or one that was never finished."""
        named = {entry["file"] for entry in entries}
        for name in os.listdir(self.folder):  # noqa: PTH208  the same
            if name not in named and _OURS.fullmatch(name):
                # What is left lying does no harm, and the revision stands.
                with suppress(OSError):
                    os.unlink(self.folder / name)  # noqa: PTH108  the same


def _entry(graph: Graph, file: str) -> dict[str, str]:
    path = graph.path.as_posix() if graph.path else ""
    told = (graph.iri, graph.standing, path, graph.digest, file)
    return dict(zip(_KEYS, told, strict=True))


def _name(data: bytes) -> str:
    return f"{sha256(data).hexdigest()}.nt"


def _write(file: Path, data: bytes) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(number, left) :]
        os.fsync(number)
    finally:
        os.close(number)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _damaged(file: Path, words: str) -> SourceError:
    return SourceError(
        f"the record is damaged: this file {words}",
        path=str(file),
        advice="Put it back from a copy, or move the folder away to begin anew from the files.",
    )
