"""The record on disk, where writing is on: revisions that are whole or not there.

A revision is a manifest of files, one for each graph, each named by its digest. New files are
written and synced first; then the manifest is renamed over the former one. A crash between any two
steps leaves the former revision or the new one.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from samsyn.dataset.exact import Dataset, Graph, parse, serialize, standing_of_graph
from samsyn.errors import SourceError, UsageError

MANIFEST: Final = "manifest.json"
_VERSION: Final = 1
_PATIENCE: Final = 5.0
"""Seconds that a keeper waits for one that is just ending."""


class Archive:
    """One folder with the record; nobody else may use it meanwhile.

    Args:
        folder: the folder, made if it is not there.

    Raises:
        UsageError: it cannot be used, or another server uses it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(
                f"{folder} cannot hold the record: {error.strerror}.",
                advice="Name another folder with --store.",
            ) from error
        self._claim()

    def _claim(self) -> None:
        end = time.monotonic() + _PATIENCE
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
        manifest = self.folder / MANIFEST
        if not manifest.is_file():
            return None
        try:
            entries = json.loads(manifest.read_bytes())["graphs"]
            graphs = [self._graph(entry) for entry in entries]
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(manifest, f"is no manifest: {error}") from error
        self._tidy({entry["file"] for entry in entries})
        return Dataset(MappingProxyType({})).with_graph(*graphs)

    def _graph(self, entry: dict[str, Any]) -> Graph:
        file = self.folder / entry["file"]
        try:
            data = file.read_bytes()
        except OSError as error:
            raise _damaged(file, f"cannot be read: {error.strerror}") from error
        if _name(data) != entry["file"]:
            raise _damaged(file, "is not what its name says")
        iri = entry["graph"]
        triples = tuple(quad.triple for quad in parse(data, "ntriples", path=iri))
        path = Path(entry["path"]) if entry["path"] else None
        return Graph(iri, standing_of_graph(iri), path, entry["digest"], triples)

    def write(self, dataset: Dataset) -> None:
        """Put a revision on record.

        Args:
            dataset: the graphs, without those that are computed.
        """
        entries = list(self._entries(dataset))
        _sync(self.folder)
        text = json.dumps({"version": _VERSION, "graphs": entries}, indent=1)
        _write(self.folder / f"{MANIFEST}.new", text.encode())
        (self.folder / f"{MANIFEST}.new").replace(self.folder / MANIFEST)
        _sync(self.folder)
        self._tidy({entry["file"] for entry in entries})

    def _entries(self, dataset: Dataset) -> Iterator[dict[str, Any]]:
        for iri, graph in dataset.graphs.items():
            data = serialize(graph.triples, "ntriples")
            file = self.folder / _name(data)
            if not file.is_file():
                _write(file.with_suffix(".new"), data)
                file.with_suffix(".new").replace(file)
            yield {
                "graph": iri,
                "file": file.name,
                "digest": graph.digest,
                "path": graph.path.as_posix() if graph.path else None,
            }

    def _tidy(self, named: set[str]) -> None:
        """Remove what no manifest names: a former revision, or one that was never finished."""
        for file in [*self.folder.glob("*.nt"), *self.folder.glob("*.new")]:
            if file.name not in named:
                with suppress(FileNotFoundError):
                    file.unlink()


def _name(data: bytes) -> str:
    return f"{sha256(data).hexdigest()}.nt"


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as output:
        output.write(data)
        output.flush()
        os.fsync(output.fileno())


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
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
