"""The list of questions on the page about queries."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn import library
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.lint import questions


def test_the_questions_are_those_of_the_library(root: Path, layout: Layout) -> None:
    """The list is made from `queries/`; `samsyn lint --write` makes it again."""
    page = (root / questions.PAGE).read_text("utf-8")
    assert questions.place(page, library.load(layout)) == page


def test_a_page_without_marks_is_refused() -> None:
    """Without the marks around the list there is no telling where it belongs."""
    with pytest.raises(ToolError, match="marks"):
        questions.place("no marks", {})
