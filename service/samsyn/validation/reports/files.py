"""Names of files as other programs want them: relative paths and URIs."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import Final
from urllib.parse import quote

from samsyn.validation.finding import Place, Report

STANDARD_INPUT: Final = "-"

_DRIVE: Final = re.compile(r"[A-Za-z]:[/\\]")


def path(file: str) -> str:
    """Return the name of a file without detours such as ``./``."""
    return normpath(file)


def uri(file: str) -> str:
    """Return the name of a file as a URI: absolute if the name is, else relative to the folder.

    Args:
        file: the file as the user named it.
    """
    if _DRIVE.match(file):
        return "file:///" + quote(file.replace("\\", "/"), safe="/:")
    plain = quote(path(file).encode(errors="surrogateescape"))
    return f"file://{plain}" if plain.startswith("/") else plain


def of(place: Place | None, report: Report) -> str:
    """Return the file of a place, for a reader that wants one for every finding.

    Where the place is not known, the first file that was checked is in.
    """
    if place is not None:
        return path(place.file)
    return path(report.checked.files[0]) if report.checked.files else "."
