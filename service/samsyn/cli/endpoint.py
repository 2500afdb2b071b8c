"""The subcommand ``endpoint``: tests any SPARQL endpoint, ours too."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final
from urllib.parse import urlsplit

from samsyn.cli import terminal
from samsyn.errors import UsageError

AREAS: Final = ("protocol", "update", "graph-store", "description", "formats", "answers")
FORMATS: Final = ("table", "markdown", "json", "earl")
TIMEOUT: Final = 30.0


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn endpoint``."""
    sub.add_argument("what", choices=("test",), help="test it against the Recommendations")
    sub.add_argument("url", metavar="URL", help="address of the query endpoint")
    token = sub.add_mutually_exclusive_group()
    token.add_argument("--token", help="bearer token; without one, nothing is written")
    token.add_argument("--token-file", metavar="FILE", help="file that holds the token")
    sub.add_argument(
        "--update-url", metavar="URL", help="default: as described, or update beside the endpoint"
    )
    sub.add_argument("--graph-store-url", metavar="URL", help="default: gsp beside the endpoint")
    sub.add_argument(
        "--default-graph", action="store_true", help="write to the default graph even if not empty"
    )
    sub.add_argument(
        "--area", metavar="AREA,...", help=f"test only these: {', '.join(AREAS)} (default: all)"
    )
    sub.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    sub.add_argument(
        "--timeout", type=float, default=TIMEOUT, metavar="S", help="seconds for each request"
    )
    sub.add_argument("-o", "--output", metavar="FILE", help="write here and not to standard output")


def endpoint(options: Namespace) -> int:
    """Test any SPARQL endpoint against the Recommendations."""
    from samsyn.conformance import WRITERS, Area, Endpoint, check

    asked = Endpoint(
        _address(options.url),
        update=_address(options.update_url) if options.update_url else None,
        store=_address(options.graph_store_url) if options.graph_store_url else None,
        token=_token(options),
        default_graph=options.default_graph,
    )
    areas = [Area(name) for name in _areas(options.area)]
    if options.timeout <= 0:
        raise UsageError("A request needs time.", advice="Give --timeout more than 0 seconds.")
    report = check(asked, areas=areas, timeout=options.timeout, tell=terminal.tell)
    terminal.write(WRITERS[options.format](report), options.output)
    return report.exit_code


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise UsageError(
            f"{url!r} is no address of an endpoint.",
            advice="It begins with http:// or https:// and has a host.",
        )
    return url


def _areas(given: str | None) -> list[str]:
    chosen = [name.strip() for name in given.split(",")] if given else list(AREAS)
    for name in chosen:
        if name not in AREAS:
            raise UsageError(f"There is no area {name!r}.", advice=f"Areas: {', '.join(AREAS)}")
    return chosen


def _token(options: Namespace) -> str | None:
    if options.token is None and options.token_file is None:
        return None
    token = options.token if options.token_file is None else terminal.read(options.token_file)
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(
            "The token is empty, or has spaces or letters that HTTP does not carry.",
            advice="Give it on one line, in ASCII.",
        )
    return str(token)
