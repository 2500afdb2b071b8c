"""Files of RDF on disk: which syntax one is in, and its bytes, expanded if it is compressed."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

from samsyn.dataset.recognition import NAMES, SAMPLE, guess
from samsyn.dataset.syntax import AMBIGUOUS, FORMATS, SUFFIXES
from samsyn.errors import NotFoundError, UsageError

PACKED: Final = ".gz"


def ending(path: Path) -> str:
    """Return the ending that tells the syntax, in small letters.

    >>> ending(Path("Data.TTL.gz"))
    '.ttl'
    """
    return Path(path.name.lower().removesuffix(PACKED)).suffix


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading, expanded if it is compressed.

    Raises:
        NotFoundError: it cannot be read.
    """
    try:
        if path.name.lower().endswith(PACKED):
            import gzip

            return gzip.open(path)  # type: ignore[return-value]  # it reads bytes
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def read_file(path: Path) -> bytes:
    """Return the whole of a file, expanded if it is compressed.

    Raises:
        NotFoundError: it cannot be read.
    """
    try:
        with open_file(path) as stream:
            return stream.read()
    except (OSError, EOFError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path | str, error: OSError | EOFError) -> NotFoundError:
    """Return the error for a file that cannot be read."""
    reason = getattr(error, "strerror", None) or error
    return NotFoundError(
        f"{path} cannot be read: {reason}.", advice="Check its permissions and whether it is whole."
    )


def form_of(path: Path, form: str | None = None, otherwise: str | None = None) -> str:
    """Return the short name of the syntax of a file.

    The ending decides where only one syntax has it; else what is given, else a look into the file,
    else what the ending stands for as a rule.

    Args:
        path: the file.
        form: the syntax that the user names, if any.
        otherwise: the syntax where nothing tells it, if any.

    Raises:
        NotFoundError: it cannot be read.
        UsageError: its ending tells another syntax, or nothing tells any.
    """
    known = ending(path)
    usual = SUFFIXES.get(known)
    if usual is not None and known not in AMBIGUOUS:
        if form not in (None, usual):
            raise UsageError(
                f"{path} is {NAMES[usual]} by its ending, and --input-format says {form}.",
                advice="Leave --input-format away, or give the file the ending of its syntax. It is"
                " for standard input and for files whose ending does not tell their syntax.",
            )
        return usual
    found = form or guess(_start(path)) or usual or otherwise
    if found is None:
        raise UsageError(
            f"Neither the ending of {path} nor its beginning tells its syntax.",
            advice=f"Give --input-format ({', '.join(FORMATS)}), or name the file with one of"
            f" {' '.join(SUFFIXES)}.",
        )
    return found


def _start(path: Path) -> bytes:
    try:
        with open_file(path) as stream:
            return stream.read(SAMPLE)
    except (OSError, EOFError) as error:
        raise unreadable(path, error) from error
