"""The command line: options in, the function of one command, errors put in words.

Only the command that is asked for is defined, and only its module imported: the program should
feel instant. Help defines them all.
"""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final

from samsyn import __version__
from samsyn.errors import SamsynError

EPILOG: Final = """\
exit codes:
  0    done, and nothing is wrong
  1    findings: a rule, shape or passage that fails, a contradiction, a faulty query or file
  2    wrong usage: unknown option, name or path
  3    the tool, the shapes or the machine failed, or an endpoint does not answer
  4    nothing was checked
  5    the triple to be explained does not follow
  130  interrupted
  141  the reader of the output closed it
"""
_GROUPS: Final = {
    "ask questions of the graph": ("query", "explain", "scenario", "export"),
    "check and complete your own data": ("validate", "infer"),
    "run an endpoint, or test one": ("serve", "endpoint"),
    "work on this repository": ("lint", "verify-source"),
}
"""Every command, by what its users want; each is a module of this package."""
_COMMANDS: Final = tuple(name for group in _GROUPS.values() for name in group)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: without the program's name; default: those of the process.

    Returns:
        The exit code; ``samsyn --help`` lists them.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        sys.stdout.write(f"samsyn {__version__}\n")
        return 0
    try:
        options = parser(*given[:1]).parse_args(given)
        code: int = options.run(options)
    except SamsynError as error:
        sys.stderr.write(f"samsyn: {error}\n")
        return error.exit_code
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130
    return code


def parser(command: str = "") -> ArgumentParser:
    """Build the parser.

    Args:
        command: the subcommand to define; all of them if there is none of that name.
    """
    chosen = (command,) if command in _COMMANDS else _COMMANDS
    runs = {name: _run(name) for name in chosen}
    top = ArgumentParser(
        prog="samsyn",
        usage="samsyn [--version] [--help] COMMAND …",
        description=_described(runs),
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"samsyn {__version__}")
    subcommands = top.add_subparsers(required=True, metavar="COMMAND", help=SUPPRESS)
    for name, run in runs.items():
        sub = subcommands.add_parser(
            name,
            prog=f"samsyn {name}",
            description=run.__doc__,
            epilog="`samsyn --help` lists the exit codes.",
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        import_module(run.__module__).define(sub)
        sub.set_defaults(run=run)
    return top


def _run(name: str) -> Callable[[Namespace], int]:
    """Return the function of a command; its first sentence is the command's help."""
    own = name.replace("-", "_")
    found: Callable[[Namespace], int] = getattr(import_module(f"samsyn.cli.{own}"), own)
    return found


def _described(runs: Mapping[str, Callable[[Namespace], int]]) -> str:
    lines = ["Query, check and serve the knowledge graph of Nordic return cooperation."]
    for title, listed in _GROUPS.items():
        known = [name for name in listed if name in runs]
        lines += ["", f"{title}:"] if known else []
        lines += [f"  {name:<14} {(runs[name].__doc__ or '').rstrip('.')}" for name in known]
    return "\n".join(lines)
