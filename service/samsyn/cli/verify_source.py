"""The subcommand ``verify-source``: the recorded passages against a reader's own copy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from samsyn.cli import terminal
from samsyn.layout import Layout


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn verify-source``."""
    sub.add_argument("file", metavar="FILE", help="your own copy of the brief, as text")
    sub.add_argument(
        "--passage",
        nargs=2,
        metavar=("FIRST", "LAST"),
        help="print the evidence block of the passage from these first to these last words",
    )


def verify_source(options: Namespace) -> int:
    """Check every recorded passage against a reader's own copy of the brief."""
    from samsyn import evidence
    from samsyn.dataset.exact import load

    text = evidence.read_copy(Path(options.file))
    recorded = evidence.read_passages(load(Layout.find()))
    if options.passage:
        first, last = options.passage
        found = evidence.passage(text, first, last, recorded)
        terminal.show([evidence.block(found, recorded=found in recorded)])
        return 0
    findings = evidence.verify(text, recorded)
    terminal.show(evidence.report(findings))
    return 0 if all(finding.holds for finding in findings) else 1
