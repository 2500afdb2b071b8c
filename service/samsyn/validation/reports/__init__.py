"""Reports in the formats of their readers, a module each, which is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from samsyn.errors import UsageError
from samsyn.positions.text import readable
from samsyn.validation.finding import Report

MEDIA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "json": "application/json",
        "text": "text/plain",
        "sarif": "application/sarif+json",
        "junit": "application/junit+xml",
        "github": "text/x-github-annotations",
        "gitlab": "application/vnd.gitlab.codequality+json",
        "turtle": "text/turtle",
        "html": "text/html",
    }
)
"""The media type of each format."""

_MODULES: Final = MappingProxyType({"json": "json_report"})


def written(form: str, report: Report, language: str = "en", limit: int = 0) -> str:
    """Return a report in a format.

    Args:
        form: one of :data:`MEDIA`.
        report: the report.
        language: the language of the messages: sv or en.
        limit: how many findings are shown where a person reads them one by one (text); 0: all.

    Raises:
        UsageError: there is no such format.
    """
    if form not in MEDIA:
        raise UsageError(f"There is no report {form!r}.", advice=f"Reports: {', '.join(MEDIA)}.")
    module = import_module(f"samsyn.validation.reports.{_MODULES.get(form, form)}")
    return readable(module.written(report, language, limit))


def summary(report: Report, language: str = "en") -> str:
    """Return the summary of a step on GitHub, as Markdown.

    Args:
        report: the report.
        language: the language of the messages: sv or en.
    """
    from samsyn.validation.reports.github import summary as of_step

    return readable(of_step(report, language))
