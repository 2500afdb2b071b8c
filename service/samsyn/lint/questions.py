"""Writes the list of questions in docs/queries.md from the query library, its only source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from samsyn.errors import ToolError
from samsyn.library import Query

PAGE: Final = "docs/queries.md"
_BEGIN: Final = "<!-- questions: made from queries/ by `samsyn lint --write` -->\n"
_END: Final = "<!-- end of questions -->\n"


def place(page: str, queries: Mapping[str, Query]) -> str:
    """Return the page with its list of questions made again.

    Args:
        page: the text of the page.
        queries: the library by name.

    Raises:
        ToolError: the page has lost the marks around the list.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ToolError(
            f"{PAGE} has lost the marks between which its list of questions stands.",
            advice=f"Put these two lines back: {_BEGIN.strip()} and {_END.strip()}",
        )
    return f"{before}{_BEGIN}\n{draw(queries)}\n{_END}{after}"


def draw(queries: Mapping[str, Query]) -> str:
    """Write one line for each query: its number as a link, and what it answers."""
    lines = (
        f"- [{name.partition('-')[0]}](../queries/{name}.rq) {query.summary}\n"
        for name, query in sorted(queries.items())
    )
    return "".join(lines)
