"""The format of an answer: by the parameters that name one, else by the header ``Accept``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from samsyn import media
from samsyn.http.problems import Problem

_MOST: Final = 16
"""Names of formats in one request; clients send six."""


def chosen(
    formats: Sequence[str],
    accept: str | None,
    offered: Sequence[media.Format],
    *,
    what: str = "",
    strict: bool = False,
) -> media.Choice:
    """Choose the format of an answer.

    Clients send several parameters at a time (``format``, ``output``, ``results``), with short
    names and media types. Those that name one format agree. A name of no format at all counts as
    not given, since the SPARQL Protocol knows none of these parameters.

    Args:
        formats: the values of such parameters that are not blank.
        accept: the ``Accept`` header.
        offered: the formats that fit, the default first.
        what: what the answer is, for the message that nothing fits.
        strict: whether a name of no format is refused.

    Raises:
        Problem: the names contradict each other, or nothing that is acceptable fits.
    """
    if len(formats) > _MOST:
        raise Problem("bad-request", f"The format is named {len(formats)} times.")
    fits = [choice for name in formats if (choice := media.asked_for(name, offered))]
    names = list(dict.fromkeys(choice.format.name for choice in fits))
    if len(names) > 1:
        raise Problem("bad-parameter", f"Several formats are asked for: {', '.join(names)}.")
    if fits:
        return fits[0]
    known = any(media.known(name) for name in formats)
    if formats and strict and not known:
        raise Problem("unknown-format", f"There is no format {formats[0]!r}; {_list(offered)}.")
    choice = None if known else media.negotiate(accept, offered)
    if choice is None:
        detail = f"{what} {_list(offered)}".strip()
        types = [form.media_type for form in offered]
        raise Problem("not-acceptable", detail[0].upper() + detail[1:] + ".", offered=types)
    return choice


def _list(offered: Sequence[media.Format]) -> str:
    names = ", ".join(f"{form.name} ({form.media_type})" for form in offered)
    return f"offered are {names}"
