"""The command line: one module for each subcommand, errors put in words."""

from samsyn.cli.program import main

__all__ = ["main"]
