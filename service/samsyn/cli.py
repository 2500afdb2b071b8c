"""The command line; imports that cost are made inside the subcommands."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    del arguments
    return 0
