"""The command line: options in, one function of a module of commands, errors put in words.

Only the command that is asked for is defined, and only its module imported: the program should
feel instant. Help defines them all.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from samsyn import __version__
from samsyn.errors import SamsynError

EPILOG: Final = """\
exit codes:
  0    done, and nothing found amiss
  1    findings: a rule, shape or passage that fails, a contradiction, a faulty query or file
  2    wrong usage: unknown option, name or path
  3    the tool, the shapes or the machine failed, or an endpoint does not answer
  4    nothing was checked
  5    the triple to be explained does not follow
  130  interrupted
  141  the reader of the output went away

settings, from the environment where no option gives them:
"""
_GRAPH_FORMATS: Final = ("turtle", "ntriples", "jsonld", "rdfxml", "nquads", "trig")
_RESULT_FORMATS: Final = ("json", "xml", "csv", "tsv", *_GRAPH_FORMATS)
_PROVENANCE_STATUSES: Final = (
    "stated",
    "editorial",
    "contributed",
    "proposed",
    "inferred",
    "schema",
)


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
    chosen = {command: _COMMANDS[command]} if command in _COMMANDS else _COMMANDS
    top = ArgumentParser(
        prog="samsyn",
        description="Query, check and serve the knowledge graph of Nordic return cooperation.",
        epilog=EPILOG + ("" if chosen is not _COMMANDS else _settings()),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"samsyn {__version__}")
    subcommands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, (home, define) in chosen.items():
        module = import_module(f"samsyn.{home}")
        run = getattr(module, name.replace("-", "_"))
        sub = subcommands.add_parser(
            name,
            help=run.__doc__.rstrip("."),
            description=run.__doc__,
            epilog="`samsyn --help` lists the exit codes.",
            allow_abbrev=False,
        )
        (define or module.define)(sub)
        sub.set_defaults(run=run)
    return top


def _settings() -> str:
    from samsyn.settings import Settings

    rows = ((f"SAMSYN_{name.upper()}", words, default) for name, default, words in Settings.table())
    return "".join(f"  {name:<18} {words} ({default!r})\n" for name, words, default in rows)


def _serve(sub: ArgumentParser) -> None:
    sub.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    sub.add_argument("--port", type=int, help="port to listen on (default 8000; 0: any free one)")
    sub.add_argument("--public-url", help="address under which readers see the server")
    sub.add_argument("--workers", type=int, help="quick workers (default two for each core)")
    sub.add_argument("--timeout", type=float, help="seconds that a query may take (default 10)")
    sub.add_argument("--memory", type=int, help="MiB that a query may take (default 512)")
    sub.add_argument("--user", metavar="NAME", help="user to become, where root starts it")
    sub.add_argument("--update-token-file", metavar="FILE", help="token for writing; default: none")
    sub.add_argument("--store", metavar="DIR", help="folder of the record when writing is on")
    sub.add_argument("--entailment", help="owl-rl (default), rdfs, rdfs-axiomatic or none")
    sub.add_argument(
        "--no-union", dest="union", action="store_const", const="false",
        help="the default graph is the unnamed one, not the union of all",
    )  # fmt: skip
    sub.add_argument(
        "--no-prefixes", dest="prefixes", action="store_const", const="false",
        help="queries have to declare every prefix",
    )  # fmt: skip
    sub.add_argument("--log", help="requests, problems (default) or off")
    sub.add_argument("--config", metavar="FILE", help="TOML file with a table [serve] of settings")


def _query(sub: ArgumentParser) -> None:
    sub.add_argument("file", metavar="FILE", help="a SPARQL query; - for standard input")
    _answer(sub)


def _ask(sub: ArgumentParser) -> None:
    sub.add_argument("name", metavar="NAME", nargs="?", help="a query's name or number (cq07)")
    sub.add_argument("--list", action="store_true", help="list the queries")
    sub.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="value of a parameter; may be repeated",
    )
    _answer(sub)


def _answer(sub: ArgumentParser) -> None:
    sub.add_argument("--format", choices=_RESULT_FORMATS, help="default: a table, or Turtle")
    sub.add_argument("--lang", choices=("sv", "en"), help="show labels in this language, not IRIs")


def _check(sub: ArgumentParser) -> None:
    sub.add_argument("--write", action="store_true", help="write the generated files first")


def _close(sub: ArgumentParser) -> None:
    sub.add_argument("files", metavar="FILE", nargs="*", help="default: the repository's facts")
    sub.add_argument(
        "--format",
        choices=_GRAPH_FORMATS[:4],
        help="default: by the ending of the output, or turtle",
    )
    sub.add_argument("--only-new", action="store_true", help="leave out the stated triples")
    sub.add_argument(
        "--limit", type=int, metavar="N", help="stop where there would be more triples"
    )
    _allow_clashes(sub)
    _rules(sub)
    _output(sub)


def _allow_clashes(sub: ArgumentParser) -> None:
    sub.add_argument(
        "--allow-clashes", action="store_true", help="contradictions do not change the exit code"
    )


def _rules(sub: ArgumentParser) -> None:
    sub.add_argument(
        "--context", action="append", default=[], metavar="IRI=FILE",
        help="the file of a JSON-LD context that the files name; may be repeated",
    )  # fmt: skip
    sub.add_argument(
        "--with-ontology", action="store_true", help="take samsyn's ontology along with the files"
    )
    sub.add_argument(
        "--rules", default="owl-rl", help="owl-rl (default), rdfs, all, or names: prp-trp,cax-sco"
    )


def _closure(sub: ArgumentParser) -> None:
    sub.add_argument("what", choices=("plan",), help="what to print")
    sub.add_argument("files", metavar="FILE", nargs="*", help="default: the repository's facts")
    _rules(sub)


def _explain(sub: ArgumentParser) -> None:
    sub.add_argument("subject", metavar="S", help="an IRI, or a prefixed name such as actor:x")
    sub.add_argument("property", metavar="P", help="the same, or a")
    sub.add_argument("object", metavar="O", help="the same, or a literal as in Turtle")
    sub.add_argument("files", metavar="FILE", nargs="*", help="default: the repository's facts")
    sub.add_argument(
        "--follow",
        action="append",
        metavar="ITEM",
        help="as if this recommendation item (R3.2) were followed; may be repeated",
    )
    sub.add_argument("--format", choices=("text", "turtle", "json"), default="text")
    sub.add_argument("--lang", choices=("sv", "en"), help="language of the reasons (default en)")
    _rules(sub)
    _output(sub)


def _scenario(sub: ArgumentParser) -> None:
    sub.add_argument("items", metavar="ITEM", nargs="+", help="recommendation items, such as R3.2")
    sub.add_argument("--format", choices=("table", "csv", "json", *_GRAPH_FORMATS), default="table")
    sub.add_argument("--lang", choices=("sv", "en"), help="language of the table (default en)")
    _output(sub)


def _export(sub: ArgumentParser) -> None:
    sub.add_argument("--format", choices=_GRAPH_FORMATS, default="nquads", help="default: nquads")
    sub.add_argument(
        "--graph",
        action="append",
        metavar="GRAPH",
        help="IRI of a graph, or its end (stated/networks); may be repeated",
    )
    sub.add_argument(
        "--provenance-status",
        action="append",
        choices=_PROVENANCE_STATUSES,
        help="all graphs of a provenance status",
    )
    _output(sub)


def _output(sub: ArgumentParser) -> None:
    sub.add_argument("-o", "--output", metavar="FILE", help="write here and not to standard output")


def _verify_source(sub: ArgumentParser) -> None:
    sub.add_argument("file", metavar="FILE", help="your own copy of the brief, as text")
    sub.add_argument(
        "--passage",
        nargs=2,
        metavar=("FIRST", "LAST"),
        help="print the evidence block of the passage from these first to these last words",
    )


_COMMANDS: Final[dict[str, tuple[str, Callable[[ArgumentParser], None] | None]]] = {
    "serve": ("commands", _serve),
    "query": ("commands", _query),
    "ask": ("commands", _ask),
    "check": ("commands", _check),
    "validate": ("checking", None),
    "close": ("reasoning", _close),
    "closure": ("reasoning", _closure),
    "explain": ("reasoning", _explain),
    "scenario": ("reasoning", _scenario),
    "export": ("commands", _export),
    "verify-source": ("commands", _verify_source),
    "endpoint": ("endpoint", None),
}
"""The module of each command, and what defines its options, if that is not in the module too."""
