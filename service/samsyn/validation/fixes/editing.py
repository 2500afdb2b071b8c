"""Edits to the user's files: all that are certain, and nothing else of a file is changed.

Of edits that overlap the first counts; the others may be made in a further run. A file is replaced
whole, by renaming: nobody sees half of it, and if one file cannot be written all stay as they were.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from samsyn.errors import ToolError
from samsyn.positions.lines import Lines
from samsyn.positions.text import Texts
from samsyn.validation.finding import Edit

_MARK: Final = b"\xef\xbb\xbf"
_STANDARD_INPUT: Final = "-"

PACKED: Final[Texts] = (
    ("sv", "Filen är komprimerad och ändras inte; packa upp den först."),
    ("en", "The file is compressed and is not edited; expand it first."),
)
STREAM: Final[Texts] = (
    ("sv", "Standardinmatning kan inte ändras; ge en fil."),
    ("en", "Standard input cannot be edited; give a file."),
)
ENCODED: Final[Texts] = (
    ("sv", "Filen är inte i UTF-8 och ändras inte."),
    ("en", "The file is not in UTF-8 and is not edited."),
)
OVERLAPS: Final[Texts] = (
    ("sv", "En annan ändring gäller samma ställe; kör en gång till."),
    ("en", "Another edit concerns the same place; run once more."),
)
ELSEWHERE: Final[Texts] = (
    ("sv", "Stället finns inte i filen, som kan ha ändrats under tiden."),
    ("en", "The place is not in the file, which may have changed meanwhile."),
)


@dataclass(frozen=True)
class Outcome:
    """What became of edits.

    Args:
        files: the files that were changed, in order.
        made: the edits that were made.
        left: the others, with the reason of each.
    """

    files: tuple[str, ...]
    made: tuple[Edit, ...]
    left: tuple[tuple[Edit, Texts], ...]


@dataclass(frozen=True)
class Revision:
    """What edits make of a file.

    Args:
        data: its new bytes.
        made: the edits that were made.
        left: the others, with the reason of each.
    """

    data: bytes
    made: tuple[Edit, ...]
    left: tuple[tuple[Edit, Texts], ...]


def apply(edits: Iterable[Edit]) -> Outcome:
    """Make edits in the files that they name.

    Args:
        edits: the edits, the more important of those that overlap first.

    Raises:
        ToolError: a file cannot be read or written; none is changed then.
    """
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.file].append(edit)
    before: dict[Path, bytes] = {}
    revisions: dict[str, Revision] = {}
    for file, wanted in by_file.items():
        reason = _refusal(file)
        if reason:
            revisions[file] = Revision(b"", (), tuple((edit, reason) for edit in wanted))
            continue
        # A link stays a link: what it points to is replaced.
        path = Path(os.path.realpath(file))
        before[path] = _read(path)
        revisions[file] = revise(before[path], wanted)
    changed = {file: each for file, each in revisions.items() if each.made}
    _write({Path(os.path.realpath(file)): each.data for file, each in changed.items()}, before)
    return Outcome(
        tuple(changed),
        tuple(edit for each in revisions.values() for edit in each.made),
        tuple(pair for each in revisions.values() for pair in each.left),
    )


def revise(data: bytes, edits: Iterable[Edit]) -> Revision:
    """Make edits in the bytes of one file.

    Args:
        data: the bytes, with or without a byte order mark.
        edits: the edits, the more important of those that overlap first.
    """
    wanted = tuple(dict.fromkeys(edits))
    mark = _MARK if data.startswith(_MARK) else b""
    try:
        text = data[len(mark) :].decode()
    except UnicodeDecodeError:
        return Revision(data, (), tuple((edit, ENCODED) for edit in wanted))
    chosen, left = _chosen(Lines(text), wanted)
    parts: list[str] = []
    done = 0
    for (start, end), edit in chosen:
        parts += text[done:start], edit.text
        done = end
    parts.append(text[done:])
    return Revision(mark + "".join(parts).encode(), tuple(edit for _, edit in chosen), left)


_Stretch = tuple[int, int]


def _chosen(
    lines: Lines, edits: tuple[Edit, ...]
) -> tuple[list[tuple[_Stretch, Edit]], tuple[tuple[Edit, Texts], ...]]:
    """Return the edits that can be made, in the order of the text, and the others."""
    chosen: list[tuple[_Stretch, Edit]] = []
    left: list[tuple[Edit, Texts]] = []
    for edit in edits:
        stretch = lines.stretch(edit.place.region) if edit.place.region else None
        if stretch is None:
            left.append((edit, ELSEWHERE))
            continue
        # Those before do not overlap each other: only its two neighbours can be in the way.
        at = bisect_left(chosen, stretch, key=itemgetter(0))
        if any(_overlap(stretch, other) for other, _ in chosen[max(at - 1, 0) : at + 1]):
            left.append((edit, OVERLAPS))
        else:
            chosen.insert(at, (stretch, edit))
    return chosen, tuple(left)


def _refusal(file: str) -> Texts:
    if file == _STANDARD_INPUT:
        return STREAM
    return PACKED if file.lower().endswith(".gz") else ()


def _overlap(one: _Stretch, other: _Stretch) -> bool:
    # What is put in between two letters has no width: two such in one place have no order.
    return one == other or (one[0] < other[1] and other[0] < one[1])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _failure(path, error) from error


def _write(after: dict[Path, bytes], before: dict[Path, bytes]) -> None:
    """Write all files beside the old ones, then put each in place of the old one."""
    ready: dict[Path, Path] = {}
    done: list[Path] = []
    path = Path()
    try:
        for path, data in after.items():
            ready[path] = _beside(path, data)
        for path, new in ready.items():
            new.replace(path)
            done.append(path)
    except OSError as error:
        for changed in done:
            _beside(changed, before[changed]).replace(changed)
        raise _failure(path, error) from error
    finally:
        for new in ready.values():
            new.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            shutil.copymode(path, new)
        except OSError:
            new.unlink()
            raise
    return new


def _failure(path: Path, error: OSError) -> ToolError:
    return ToolError(
        f"{path} cannot be edited: {error.strerror or error}. No file was changed.",
        advice="Check the permissions of the file and of its folder.",
    )
