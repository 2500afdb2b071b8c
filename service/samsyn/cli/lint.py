"""The subcommand ``lint``: the rules on this repository's own files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from samsyn.cli import terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn lint``."""
    sub.add_argument("--write", action="store_true", help="write the generated files first")


def lint(options: Namespace) -> int:
    """Check the layout, names and texts of this repository's files."""
    from samsyn import lint as linter

    layout = _checkout()
    if options.write:
        terminal.show(f"wrote {path}" for path in linter.write(layout))
    findings = linter.run(layout)
    terminal.show(str(finding) for finding in findings)
    terminal.tell(f"{len(findings)} findings")
    return 1 if findings else 0


def _checkout() -> Layout:
    layout = Layout.find()
    if not layout.is_checkout:
        raise UsageError(
            "`samsyn lint` looks at the files of a checkout, and this is an installed package.",
            advice="Clone the repository and run it there.",
        )
    return layout
