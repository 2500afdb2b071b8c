"""The page on security: its tables are made from the tests and from what is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.security import natives, threats
from tests.security.locks import SERVER

PAGE: Final = "docs/security.md"
_MADE: Final = "<!-- {}: made by `python -m tests.security` -->\n"
_END: Final = "<!-- end of {} -->\n"


def current(root: Path) -> str:
    """Write the page as it has to be.

    Args:
        root: the checkout.

    Raises:
        ValueError: the marks around a table are missing.
    """
    text = (root / PAGE).read_text(encoding="utf-8")
    text = _place(text, "machine code", natives.table(root / SERVER))
    return _place(text, "attacks", threats.table(root))


def _place(text: str, name: str, table: str) -> str:
    before, begin, rest = text.partition(_MADE.format(name))
    _, end, after = rest.partition(_END.format(name))
    if not end:
        raise ValueError(f"{PAGE} lacks the marks around the table: {name}")
    return f"{before}{begin}\n{table}\n{end}{after}"
