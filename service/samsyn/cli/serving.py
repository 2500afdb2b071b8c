"""The server put together: zygote and workers, the gateway, the HTTP protocol, the signals."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from math import ceil
from socket import socket
from typing import TYPE_CHECKING, Any, Final

from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.server import privileges, token_file
from samsyn.server.limits import budgets
from samsyn.server.limits.quotas import Kind, Quota, Quotas
from samsyn.server.observation import log_writer
from samsyn.server.workers.confinement import sandbox
from samsyn.server.workers.launcher import Launcher
from samsyn.server.workers.limits import Limits
from samsyn.server.workers.output import Overheard
from samsyn.server.workers.pool import Pool, Sizes
from samsyn.server.workers.supervisor import StartError
from samsyn.server.workers.zygote import Plan
from samsyn.settings import Settings, cores

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from samsyn.server.gateway import Gateway
    from samsyn.site.job_handlers import Service

_MIB: Final = 1024 * 1024
_WATCHERS: Final = 16
"""Connections to the address of the metrics."""


def serve(
    settings: Settings,
    listener: socket,
    tell: Callable[[str], None],
    metrics: socket | None = None,
) -> int:
    """Serve until a signal ends it.

    Args:
        settings: the settings of the process.
        listener: the socket to listen on.
        tell: takes what the operator is to know.
        metrics: the socket to listen on for those who ask for metrics alone.

    Returns:
        The exit code.

    Raises:
        ToolError: this machine cannot run workers.
        UsageError: the token is none, or others know it; or it would run as root where others
            can reach it.
    """
    if not sandbox.supported():
        raise ToolError(
            "`samsyn serve` needs Linux on x86-64 or ARM64, where workers can be confined.",
            advice="query, ask, validate, close and explain work everywhere.",
        )
    budgets.check_folder(settings)
    budgets.check_processes()
    # Before anything is loaded: a fork copies only one thread, and numpy would start more.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    log_writer.configure(settings.lines, off=settings.log == "off")
    bounds = Limits(memory=settings.memory * _MIB, answer=settings.max_answer * _MIB)
    name = settings.update_token_file
    addresses = [each.getsockname()[0] for each in (listener, metrics) if each is not None]
    user = privileges.chosen(settings.user, addresses, tell)
    owner = os.geteuid() if user is None else user.number
    with token_file.opened(name, owner) if settings.writable else nullcontext() as file:
        if user is not None:
            privileges.become(user)
        # After a change of the user, which would take it back.
        sandbox.hide()
        launcher = Launcher(Plan(lambda: start(settings), bounds, settings.folder))
        try:
            # Read after the fork, so that no worker has it in its memory.
            token = None if file is None else token_file.read(name, file)
            return _run(settings, (listener, metrics), tell, launcher, token)
        finally:
            launcher.close()


def start(settings: Settings) -> Service:
    """Load the data and make the service; runs in the zygote.

    Raises:
        SamsynError: a file, the ontology or the record is faulty.
    """
    from samsyn.site.job_handlers import load

    return load(Layout.find(), settings)


def _run(
    settings: Settings,
    sockets: tuple[socket, socket | None],
    tell: Callable[[str], None],
    launcher: Launcher,
    token: str | None,
) -> int:
    import uvloop

    from samsyn.server.gateway import Gateway
    from samsyn.server.observation.access_log import AccessLog

    # Tools that rotate logs send them to servers that reopen files; there are none to reopen.
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    # Asked for after the fork of the launcher: workers need few.
    places = budgets.Places.of(budgets.raise_descriptors(), settings)
    quotas = budgets.quotas(settings, places)
    access_log = AccessLog(settings)
    sizes = Sizes(
        quick=settings.quick,
        slow=cores(),
        waiting=settings.waiting,
        own=settings.client_waiting,
        unread=settings.client_unread,
        kills=settings.client_kills,
        min_client_bytes_per_second=settings.min_client_bytes_per_second,
        buffer=settings.response_buffer_kib * 1024,
    )

    listener, metrics = sockets
    overheard = Overheard(launcher.errors)

    async def main() -> int:
        overheard.listen()
        pool = Pool(launcher, sizes, access_log.event, quotas, overheard.panicked)
        gateway = Gateway(pool, settings, access_log, quotas, token)
        # The zygote loads meanwhile, in a process of its own.
        warming = asyncio.create_task(asyncio.to_thread(gateway.warm))
        try:
            await pool.start()
        except StartError as error:
            tell(f"samsyn: {error.message}")
            return error.code
        await warming
        # What is there now stays. To look through it for garbage stops the loop for 15 ms at times.
        gc.collect()
        gc.freeze()
        budgets.bound_kernel(listener)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        tell(f"samsyn serves http://{shown}:{port}/ (stop with Ctrl-C)")
        gateway.watchdog.start()
        async with _showing(gateway, settings, metrics):
            await server(gateway, settings, quotas).serve(sockets=[listener])
        gateway.watchdog.stop()
        pool.close()
        return 0

    try:
        return uvloop.run(main())
    finally:
        # What was said last.
        overheard.read()


@asynccontextmanager
async def _showing(
    gateway: Gateway, settings: Settings, listener: socket | None
) -> AsyncIterator[None]:
    """Show the metrics on a socket of their own meanwhile, if there is one."""
    from samsyn.server.routes.health import Numbers

    if listener is None:
        yield
        return
    # Places of their own: anyone who takes all others cannot blind the operator.
    places = Quotas({Kind.CONNECTIONS: Quota(_WATCHERS, _WATCHERS)})
    other: Any = server(Numbers(gateway.metrics), settings, places)
    # Signals are for the main server, which then ends this one.
    other.capture_signals = nullcontext
    task = asyncio.create_task(other.serve(sockets=[listener]))
    try:
        yield
    finally:
        other.should_exit = True
        await task


def server(gateway: ASGIApp, settings: Settings, quotas: Quotas) -> uvicorn.Server:
    """Make the HTTP server around an application."""
    import uvicorn

    from samsyn.server.connection.listening import Listening
    from samsyn.server.connection.protocol import guarded

    protocol = guarded(settings, quotas)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            """Listen at the sockets, as uvicorn does, but take few connections at once."""

            def connected() -> asyncio.Protocol:
                return protocol(self.config, self.server_state, self.lifespan.state)

            self.servers: Any = [
                Listening(each, connected, protocol.addresses.clients.name, self.config.backlog)
                for each in sockets or ()
            ]
            self.started = True

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """End in good order by a signal; uvicorn would raise it once more at the end."""
            loop = asyncio.get_running_loop()
            ending = [signal.SIGINT, signal.SIGTERM]
            # nohup starts it so that it goes on.
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
                ending.append(signal.SIGHUP)
            for number in ending:
                loop.add_signal_handler(number, self.handle_exit, number, None)
            yield

    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        gateway,
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=ceil(settings.shutdown_timeout),
    )
    return Server(config)
