"""The subcommand ``serve``: settings in, a running server out."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server, socket
from typing import Final

from samsyn.cli import terminal
from samsyn.errors import UsageError
from samsyn.settings import Settings

LAST_PORT: Final = 65535


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn serve``."""
    sub.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    sub.add_argument("--port", type=int, help="port to listen on (default 8000; 0: any free one)")
    sub.add_argument("--public-url", help="address under which readers see the server")
    sub.add_argument("--workers", type=int, help="quick workers (default two for each core)")
    sub.add_argument("--timeout", type=float, help="seconds that a query may take (default 10)")
    sub.add_argument("--memory", type=int, help="MiB that a query may take (default 512)")
    sub.add_argument("--user", metavar="NAME", help="user to become, where root starts it")
    sub.add_argument("--update-token-file", metavar="FILE", help="token for writing; default: none")
    sub.add_argument("--data-dir", metavar="DIR", help="folder of the record when writing is on")
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
    sub.epilog = f"settings, from the environment where no option gives them:\n{_settings()}"


def serve(options: Namespace) -> int:
    """Serve the graph: SPARQL endpoint, pages and downloads, until interrupted."""
    from samsyn.cli import serving
    from samsyn.server.limits import budgets

    budgets.open_standard()
    given = {name: getattr(options, name, None) for name, _, _ in Settings.table()}
    file = Path(options.config) if options.config else None
    settings = Settings.read(os.environ, file, **given)
    for name in Settings.unknown(os.environ):
        terminal.tell(
            f"note: {name} is no setting, and is ignored; `samsyn serve --help` lists them"
        )
    place = settings.metrics_place
    with (
        listening(settings.host, settings.port) as listener,
        listening(*place) if place else nullcontext() as metrics,
    ):
        return serving.serve(settings, listener, terminal.tell, metrics)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket]:
    """Listen on an address before the slow work, so that a port in use is reported at once.

    Raises:
        UsageError: the address cannot be had.
    """
    if not 0 <= port <= LAST_PORT:
        raise UsageError(f"There is no port {port}.", advice=f"Ports go from 0 to {LAST_PORT}.")
    family = AF_INET6 if ":" in host else AF_INET
    try:
        listener = create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            advice="Choose another port with --port, or `make serve PORT=8080`.",
        ) from error
    with listener:
        yield listener


def _settings() -> str:
    rows = ((f"SAMSYN_{name.upper()}", words, default) for name, default, words in Settings.table())
    return "".join(f"  {name:<36} {words} ({default!r})\n" for name, words, default in rows)
