"""The files that a user names: single ones, folders, patterns and standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from samsyn.dataset.exact import FORMATS, SUFFIXES
from samsyn.errors import NotFoundError, UsageError

STANDARD_INPUT: Final = "-"
_PACKED: Final = ".gz"
_SOUGHT: Final = frozenset(SUFFIXES) - {".xml"}
"""What is taken from a folder: an ``.xml`` is mostly something else than RDF."""
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
    """

    name: str
    form: str
    path: Path | None
    data: bytes = b""
    base: str = ""

    def __post_init__(self) -> None:
        if not self.base:
            name = "standard-input" if self.name == STANDARD_INPUT else self.name
            object.__setattr__(self, "base", Path("/", name).as_uri())

    @property
    def packed(self) -> bool:
        """Whether the file is compressed."""
        return self.path is not None and self.path.suffix == _PACKED

    def open(self) -> BinaryIO:
        """Open the document, expanded if it is compressed.

        Raises:
            NotFoundError: the file cannot be read.
        """
        if self.path is None:
            return io.BytesIO(self.data)
        try:
            if self.packed:
                import gzip

                return gzip.open(self.path)  # type: ignore[return-value]  # it reads bytes
            return self.path.open("rb")
        except OSError as error:
            raise _unreadable(self.path, error) from error

    def read(self) -> bytes:
        """Return the whole document, expanded if it is compressed.

        Raises:
            NotFoundError: the file cannot be read.
        """
        try:
            with self.open() as stream:
                return stream.read()
        except (OSError, EOFError) as error:
            raise _unreadable(self.name, error) from error


def find(paths: Iterable[str], form: str | None = None) -> tuple[Source, ...]:
    """Return the documents that some paths name, each once.

    Args:
        paths: files, folders, patterns such as ``data/**/*.ttl``, or ``-``.
        form: the syntax of standard input and of files whose ending does not tell it.

    Raises:
        NotFoundError: there is nothing at a path.
        UsageError: the syntax of a file that was named is not known.
    """
    if form is not None and form not in FORMATS:
        raise UsageError(f"Unknown format {form!r}.", advice=f"Known: {', '.join(FORMATS)}.")
    found = {source.name: source for path in paths for source in _of(path, form)}
    return tuple(found.values())


def _of(path: str, form: str | None) -> Iterator[Source]:
    if path == STANDARD_INPUT:
        if form is None:
            raise UsageError(
                "The syntax of standard input is not known.",
                advice=f"Give it with --input-format: {', '.join(FORMATS)}.",
            )
        yield Source(STANDARD_INPUT, form, None, sys.stdin.buffer.read())
    elif Path(path).is_dir():
        yield from (_file(file, None) for file in _within(Path(path)))
    elif Path(path).exists():
        yield _file(Path(path), form)
    elif _PATTERN & set(path):
        yield from _matching(path, form)
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
        elif _ending(entry) in _SOUGHT:
            yield entry


def _matching(pattern: str, form: str | None) -> Iterator[Source]:
    import glob

    found = sorted(filter(Path.is_file, map(Path, glob.glob(pattern, recursive=True))))  # noqa: PTH207  the pattern may be absolute
    if not found:
        raise NotFoundError(
            f"No file matches {pattern}.",
            advice="Put the pattern in quotes, as in 'data/**/*.ttl'.",
        )
    yield from (_file(path, form) for path in found)


def _file(path: Path, form: str | None) -> Source:
    known = SUFFIXES.get(_ending(path), form)
    if known is None:
        raise UsageError(
            f"The ending of {path} does not tell its syntax.",
            advice=f"Give --input-format ({', '.join(FORMATS)}), or name the file with one of"
            f" {' '.join(SUFFIXES)}.",
        )
    return Source(path.as_posix(), known, path)


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(_PACKED)
    return Path(name).suffix


def _unreadable(path: Path | str, error: OSError | EOFError) -> NotFoundError:
    reason = getattr(error, "strerror", None) or error
    return NotFoundError(
        f"{path} cannot be read: {reason}.", advice="Check its permissions and whether it is whole."
    )
