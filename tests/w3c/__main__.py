"""``python -m tests.w3c``: the W3C suite over HTTP, against our service or any other endpoint.

Without an address the service is started here, once for each run. With one, that endpoint is used,
and everything it holds is lost. The exit code is 1 if a test fails that is not listed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.w3c import report
from tests.w3c.client import Endpoint
from tests.w3c.runs import RUNS, Outcome, Result, Run, outcomes
from tests.w3c.server import writable

from samsyn import names


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print the table, write EARL."""
    options = _parser().parse_args(arguments)
    chosen = options.run or (["sparql"] if options.url else [*RUNS])
    try:
        found = [outcome for name in chosen for outcome in _outcomes(RUNS[name], options)]
    except (LookupError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(report.text(found))
    if options.earl:
        subject = options.url or names.BASE
        Path(options.earl).write_bytes(report.earl(found, subject))
    return int(any(outcome.result is Result.FAILED for outcome in found))


def _outcomes(run: Run, options: argparse.Namespace) -> list[Outcome]:
    if options.url:
        update, store = options.update_url or options.url, options.graph_store_url
        return [*outcomes(run, Endpoint(options.url, update, store, options.token))]
    with writable(*run.options) as endpoint:
        return [*outcomes(run, endpoint)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.w3c", description=__doc__)
    parser.add_argument("url", nargs="?", default="", help="address for queries")
    parser.add_argument("--update-url", default="", help="address for updates; default: the same")
    parser.add_argument("--graph-store-url", default="", help="address of the graph store")
    parser.add_argument("--token", default="", help="what allows to write")
    parser.add_argument("--run", action="append", choices=[*RUNS], help="what is run; repeatable")
    parser.add_argument("--earl", default="", metavar="FILE", help="where EARL goes, in Turtle")
    return parser


if __name__ == "__main__":
    sys.exit(main())
