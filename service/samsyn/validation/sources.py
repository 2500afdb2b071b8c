"""The files that a user names: single ones, folders, patterns and standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from samsyn.dataset import files
from samsyn.dataset.exact import AMBIGUOUS, FORMATS, SUFFIXES
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.errors import NotFoundError, UsageError

STANDARD_INPUT: Final = "-"
_SOUGHT: Final = frozenset(SUFFIXES) - AMBIGUOUS | {".rdf", ".owl"}
"""What is taken from a folder: an ``.xml`` or ``.json`` is mostly something else than RDF."""
_PASSED_OVER: Final = frozenset({"node_modules", "__pycache__"})
_PATTERN: Final = frozenset("*?[")


@dataclass(frozen=True)
class Source:
    """A document to check.

    Args:
        name: what the user calls it, with slashes; ``-`` for standard input.
        form: short name of its syntax.
        path: the file, None if there is none.
        data: the document, where it is not read from a file.
        base: what its relative IRIs are resolved against; default: an address that is made of its
            name, and so the same on every machine.
        given: files of JSON-LD contexts by what documents call them.
    """

    name: str
    form: str
    path: Path | None
    data: bytes = b""
    base: str = ""
    given: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.base:
            name = "standard-input" if self.name == STANDARD_INPUT else self.name
            object.__setattr__(self, "base", Path("/", name).as_uri())

    @property
    def contexts(self) -> Contexts:
        """Where the contexts that it names may be taken from."""
        return Contexts(self.given, self.path)

    def with_contexts(self, contexts: Iterable[str]) -> Source:
        """Return the same with files of JSON-LD contexts, given as ``IRI=FILE``."""
        return replace(self, given=Contexts.of(contexts).given)

    @property
    def packed(self) -> bool:
        """Whether the file is compressed."""
        return self.path is not None and self.path.name.lower().endswith(files.PACKED)

    def open(self) -> BinaryIO:
        """Open the document, expanded if it is compressed.

        Raises:
            NotFoundError: the file cannot be read.
        """
        if self.path is None:
            return io.BytesIO(self.data)
        return files.open_file(self.path)

    def read(self) -> bytes:
        """Return the whole document, expanded if it is compressed.

        Raises:
            NotFoundError: the file cannot be read.
        """
        try:
            with self.open() as stream:
                return stream.read()
        except (OSError, EOFError) as error:
            raise files.unreadable(self.name, error) from error


def find(
    paths: Iterable[str], form: str | None = None, otherwise: str | None = None
) -> tuple[Source, ...]:
    """Return the documents that some paths name, each once.

    Args:
        paths: files, folders, patterns such as ``data/**/*.ttl``, or ``-``.
        form: the syntax of standard input and of files whose ending does not tell it.
        otherwise: the syntax of files of which nothing tells it, if any.

    Raises:
        NotFoundError: there is nothing at a path.
        UsageError: the syntax of a file that was named is not known.
    """
    if form is not None and form not in FORMATS:
        raise UsageError(f"Unknown format {form!r}.", advice=f"Known: {', '.join(FORMATS)}.")
    found = {source.name: source for path in paths for source in _of(path, form, otherwise)}
    return tuple(found.values())


def _of(path: str, form: str | None, otherwise: str | None) -> Iterator[Source]:
    if path == STANDARD_INPUT:
        if form is None:
            raise UsageError(
                "The syntax of standard input is not known.",
                advice=f"Give it with --input-format: {', '.join(FORMATS)}.",
            )
        yield Source(STANDARD_INPUT, form, None, sys.stdin.buffer.read())
    elif Path(path).is_dir():
        yield from (_found(file, form) for file in _within(Path(path)))
    elif Path(path).exists():
        yield _file(Path(path), form, otherwise)
    elif _PATTERN & set(path):
        yield from _matching(path, form, otherwise)
    else:
        raise NotFoundError(
            f"There is no file or folder {path}.",
            advice="Give files, folders, patterns in quotes, or - for standard input.",
        )


def _within(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in _PASSED_OVER:
            continue
        if entry.is_dir():
            yield from _within(entry)
        elif files.ending(entry) in _SOUGHT:
            yield entry


def _matching(pattern: str, form: str | None, otherwise: str | None) -> Iterator[Source]:
    import glob

    found = sorted(filter(Path.is_file, map(Path, glob.glob(pattern, recursive=True))))  # noqa: PTH207  the pattern may be absolute
    if not found:
        raise NotFoundError(
            f"No file matches {pattern}.",
            advice="Put the pattern in quotes, as in 'data/**/*.ttl'.",
        )
    yield from (_file(path, form, otherwise) for path in found)


def _file(path: Path, form: str | None, otherwise: str | None = None) -> Source:
    return Source(path.as_posix(), files.form_of(path, form, otherwise), path)


def _found(path: Path, form: str | None) -> Source:
    # What the user did not name has the syntax of its ending, whatever --input-format says.
    told = files.ending(path) in SUFFIXES and files.ending(path) not in AMBIGUOUS
    return _file(path, None if told else form)
