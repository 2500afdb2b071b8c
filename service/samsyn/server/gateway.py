"""The gateway of the server, a bare ASGI application: it negotiates, caches and streams.

What takes work is done by workers. `/sparql` and the addresses that write are understood here; all
else is passed on as it came to the application that the workers hold.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, lru_cache
from http import HTTPStatus
from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from samsyn import media, names
from samsyn.http import messages, problems, sparql_protocol
from samsyn.http.problems import Problem
from samsyn.pages import LANGUAGES
from samsyn.server.answer_head import read_head
from samsyn.server.cache import Cache, Entry, digest
from samsyn.server.connection.bodies import Bounds, BrokenError, check_preferences
from samsyn.server.connection.exchange import Exchange, raw
from samsyn.server.connection.spool import Spool
from samsyn.server.error_mapping import problem_of
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation.access_log import AccessLog
from samsyn.server.observation.watchdog import Watchdog
from samsyn.server.public_address import Addresses, inner
from samsyn.server.relevant_parameters import relevant
from samsyn.server.revision import State
from samsyn.server.routes import query_request
from samsyn.server.routes.authorization import Authorization
from samsyn.server.routes.cors import allowed
from samsyn.server.routes.graph_store import GraphStore
from samsyn.server.routes.health import Health
from samsyn.server.routes.update_request import Updates
from samsyn.server.workers.answer import Answer
from samsyn.server.workers.limits import Limits
from samsyn.server.workers.pool import Pool
from samsyn.server.workers.running import Job
from samsyn.server.workers.scheduling.scheduler import BusyError
from samsyn.settings import Settings

if TYPE_CHECKING:
    from samsyn.pages import Pages

LOG = logging.getLogger("samsyn.server")

SPARQL: Final = ("/sparql", "/sparql/")
QUERY_METHODS: Final = ("GET", "HEAD", "POST", "QUERY")
_FORM: Final = "/query"
_QUERIES: Final = "/queries/"
_MIB: Final = 1024 * 1024
_PASSED: Final = (
    b"accept", b"accept-language", b"content-type", b"if-match", b"if-none-match",
)  # fmt: skip
_PAUSE: Final = 0.25
"""Seconds before a client that asks too much hears that there is no place. One that asks again at
once, over all its connections, would take the time of the web process from others."""
_READ: Final = ("GET", "HEAD")
_SHOWN: Final = 2000
"""Bytes of a long query, or of an address, that are shown to people."""
_EXPANSION: Final = 20
"""Times that a query may be larger than its gzip; lists of like IRIs shrink to a tenth."""
_DOCUMENTS_EXPANSION: Final = 100
"""Times that a document may be; N-Triples of one subject shrink to a fiftieth at most."""
_VARIES: Final = (
    "Accept, Accept-Language, Origin, Accept-Encoding",
    "Accept, Origin, Accept-Encoding",
    "Accept-Encoding, Origin",
)
"""What documents vary by, as `_vary` writes it."""


class Gateway:
    """The server as the world sees it.

    Args:
        pool: does the work.
        settings: the settings of the process.
        access_log: where it is noted down.
        quotas: counts what is held for clients.
        token: what allows to write; None: nothing does.
    """

    def __init__(
        self,
        pool: Pool,
        settings: Settings,
        access_log: AccessLog,
        quotas: Quotas,
        token: str | None = None,
    ) -> None:
        self.pool = pool
        self.settings = settings
        self.cache = Cache(settings.cache * _MIB)
        self.access_log = access_log
        self.quotas = quotas
        self._spool = Spool(quotas, settings.spool * _MIB, settings.spool_folder)
        self._addresses = Addresses(settings)
        self.state = State(pool, self.cache.clear)
        self.watchdog = Watchdog(access_log.stalled)
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._places: dict[str, Callable[[Exchange], Awaitable[None]]] = dict.fromkeys(
            SPARQL, self._sparql
        )
        permission = Authorization(token, access_log)
        self._graph_store = GraphStore(self, permission)
        for part in (Updates(self, permission), self._graph_store, Health(self)):
            self._places.update(part.places())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.watchdog.path = scope["path"]
        number = secrets.token_hex(12)
        exchange = Exchange(scope, receive, send, number, self.quotas, self._spool)
        try:
            self._settle(exchange)
            await self._answer(exchange)
        except BrokenError:
            exchange.status = 499 if exchange.left else exchange.status or 499
        finally:
            exchange.release()
            self.access_log.note(exchange, exchange.client)

    def _settle(self, exchange: Exchange) -> None:
        """Find out who asks, and under which address."""
        scope = exchange.scope
        peer = (scope.get("client") or ("unknown",))[0]
        told = self._addresses.told(peer, exchange.headers)
        host = exchange.header(b"host") or "{}:{}".format(*(scope.get("server") or ("", 0)))
        exchange.client = self._addresses.name(told, peer)
        exchange.public = self._addresses.public(told, scope["scheme"], host)
        exchange.root = self._addresses.root(told)
        exchange.path = inner(exchange.path, exchange.root)
        exchange.raw_path = inner(exchange.raw_path, exchange.root)
        if b"range" in exchange.headers:
            # A part of gzip cannot be read, and clients ask for gzip whatever they ask for.
            exchange.headers.pop(b"accept-encoding", None)

    async def _kept(self, exchange: Exchange) -> bool:
        """Answer from the cache if these very bytes were asked before; return whether it did."""
        if exchange.method not in _READ:
            return False
        exchange.exact = _exact(exchange)
        entry = self.cache.get(exchange.exact) if self.state.revision else None
        if entry is None:
            return False
        await exchange.entry(entry)
        return True

    async def _answer(self, exchange: Exchange) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine is run by one
        self._running[exchange.number] = task
        try:
            sparql_protocol.check_host(exchange.header(b"host"), exchange.scope["http_version"])
            check_preferences(exchange.headers)
            exchange.relevant = relevant(exchange.path, exchange.raw_query)
            if not await self._kept(exchange):
                await self._place(exchange)(exchange)
        except BrokenError:
            raise
        except Problem as problem:
            await self._refuse(exchange, problem)
        except asyncio.CancelledError:
            raise BrokenError from None
        except Exception as error:
            if exchange.status:
                raise BrokenError from error
            told = problem_of(error)
            if told.kind == "internal":
                LOG.exception("request %s failed", exchange.number)
            await self._refuse(exchange, told)
        finally:
            # Whatever went wrong in between, no worker waits for a reader that is none.
            for answer in exchange.answers:
                answer.abandon()
            del self._running[exchange.number]

    async def _refuse(self, exchange: Exchange, problem: Problem) -> None:
        """Send an error, to a reader as a page."""
        exchange.refusal = problem
        if not problems.on_page(exchange.header(b"accept")):
            await exchange.problem(problem)
            return
        # The page links to itself in the other language; to write a long address would take long.
        short = len(exchange.relevant) <= _SHOWN
        query = exchange.relevant if short else b""
        scope = {**exchange.scope, "path": exchange.path, "samsyn.root": exchange.root}
        request = Request({**scope, "query_string": query, "headers": [*exchange.headers.items()]})
        revision = self.state.revision[:12]
        page = self._pages.problem(request, problem, exchange.number, revision=revision)
        headers = [pair for pair in page.raw_headers if pair[0] != b"content-length"]
        await exchange.reply(page.status_code, headers, bytes(page.body))

    def warm(self) -> None:
        """Write one page of an error, so that the first reader of one does not hold up the rest."""
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        request = Request({**scope, "samsyn.root": ""})
        self._pages.problem(request, Problem("not-found", ""), "", revision="")

    @cached_property
    def _pages(self) -> Pages:
        # Templates take time and memory, and a gateway that serves no sockets never needs them.
        from samsyn.pages import Pages

        return Pages({"base": names.BASE})

    def _place(self, exchange: Exchange) -> Callable[[Exchange], Awaitable[None]]:
        path = exchange.path
        found = self._places.get(path)
        if found is not None:
            return found
        if exchange.method == "DELETE" and path.startswith(_QUERIES):
            return self._cancel
        if self._graph_store.takes(exchange):
            return self._graph_store.answer
        return self._page

    # What is asked

    async def _sparql(self, exchange: Exchange) -> None:
        self.allow(exchange, QUERY_METHODS)
        if exchange.method == "OPTIONS":
            await self.preflight(exchange, QUERY_METHODS)
            return
        understood = await self._understood(exchange)
        if isinstance(understood, query_request.Question):
            await self._query(exchange, understood)
        else:
            await self._pass_on(exchange, *understood)

    async def _understood(
        self, exchange: Exchange
    ) -> query_request.Question | tuple[bytes, float | None]:
        """Read what is asked, or make a job of it for a worker, with the time that it may take.

        What is long is read by a worker; to read it here would hold up all other clients.
        """
        body = b""
        if exchange.method not in _READ:
            body = await exchange.body(Bounds(self.settings.max_body, _EXPANSION))
        if len(exchange.raw_query) + len(body) > query_request.LARGEST:
            return self._unread(exchange, body)
        kind = exchange.header(b"content-type") or ""
        asked = sparql_protocol.query(
            sparql_protocol.Sent(exchange.method, exchange.parameters, kind, body)
        )
        if asked.query is None:
            return self._page_job(exchange), None
        exchange.asked = asked.query
        if len(asked.query) > query_request.LONGEST:
            return self._unread(exchange, body)
        question = query_request.question(
            asked,
            asked.query,
            exchange.header(b"accept"),
            query_request.coding(exchange.header(b"accept-encoding")),
            exchange.public + "/sparql",
        )
        if question.choice.format is media.HTML:
            return self._page_job(exchange, body), asked.timeout
        return question

    def _unread(self, exchange: Exchange, body: bytes) -> tuple[bytes, float | None]:
        exchange.asked = exchange.asked or body[:_SHOWN].decode("utf-8", "replace") or None
        if exchange.method not in _READ:
            exchange.exact = _exact(exchange, body)
        times = filter(
            None, (sparql_protocol.hurry(exchange.raw_query), sparql_protocol.hurry(body))
        )
        return self._page_job(exchange, body, messages.ASKED), min(times, default=None)

    async def _query(self, exchange: Exchange, question: query_request.Question) -> None:
        revision = self.state.revision
        key = question.key(revision)
        told = question.headers(key)
        if question.lasting:
            told |= self.state.modified
        headers, etag = raw(told), told.get("ETag", "").encode()
        kept = Entry(200, headers, b"", etag) if etag and exchange.has(etag) else None
        kept = kept or (self.cache.get(key) if question.lasting else None)
        if kept is not None:
            self._name(exchange, key)
            await exchange.entry(kept)
            return
        answer = await self.ask(exchange, question.job(), question.asked.timeout)
        if not answer.complete:
            await exchange.stream(200, headers, answer)
            return
        entry = Entry(200, headers, answer.whole(), etag)
        if question.lasting and revision == self.state.revision:
            entry = self.cache.put(key, entry)
            self._name(exchange, key)
        await exchange.entry(entry, cached=False)

    def _name(self, exchange: Exchange, key: bytes) -> None:
        """Let the bytes of a request stand for its answer, if they are all that was asked."""
        if exchange.exact:
            self.cache.name(exchange.exact, key)

    # What is passed on

    async def _page(self, exchange: Exchange) -> None:
        body = b""
        if exchange.method not in (*_READ, "OPTIONS"):
            body = await exchange.body(Bounds(self.settings.max_body, _DOCUMENTS_EXPANSION))
        timeout = None
        if exchange.path == _FORM:
            timeout = sparql_protocol.timeout(exchange.parameters)
        await self._pass_on(exchange, self._page_job(exchange, body), timeout)

    async def _pass_on(self, exchange: Exchange, job: bytes, timeout: float | None = None) -> None:
        """Have a worker answer as it sees fit: the application that it holds, or a long query."""
        revision = self.state.revision
        if exchange.method in _READ:
            if await self._is_known(exchange, revision):
                return
        elif kept := exchange.exact and self.cache.get(exchange.exact):
            await exchange.entry(kept)
            return
        answer = await self.ask(exchange, job, timeout)
        status, headers = read_head(answer)
        if answer.complete:
            headers.pop("content-length", None)
        headers["vary"] = _vary(headers.get("vary", ""))
        done = status == HTTPStatus.OK
        told_itself = "etag" in headers or headers.get("cache-control") == "no-store"
        if exchange.method in _READ and done and not told_itself:
            headers |= _lasting(exchange, revision, headers)
        tag = headers.get("etag", "").encode()
        if tag:
            headers |= self.state.modified
        if exchange.method == "OPTIONS":
            headers |= allowed(exchange, headers.get("allow", ""))
        if not answer.complete:
            await exchange.stream(status, raw(headers), answer)
            return
        entry = Entry(status, raw(headers), answer.whole(), tag)
        if tag and done and revision == self.state.revision:
            entry = self.cache.put(exchange.exact, entry)
        await exchange.entry(entry, cached=False)

    async def _is_known(self, exchange: Exchange, revision: str) -> bool:
        """Say so if the client has this document already; nobody has to write it for that."""
        if b"if-none-match" not in exchange.headers:
            return False
        for vary, strong in product(_VARIES, (False, True)):
            tag = _tag(exchange, revision, vary, strong=strong)
            if exchange.has(tag.encode()):
                known = {"ETag": tag, "Vary": vary, "Cache-Control": "no-cache"}
                await exchange.reply(304, raw(known | self.state.modified))
                return True
        return False

    def _page_job(self, exchange: Exchange, body: bytes = b"", kind: str = messages.PAGE) -> bytes:
        headers = {n.decode(): exchange.header(n) for n in _PASSED if n in exchange.headers}
        if "accept-language" in headers:
            headers["accept-language"] = _language(headers["accept-language"])
        fields = {
            "method": exchange.method,
            "path": exchange.path,
            "query": exchange.relevant.decode("latin-1"),
            "headers": headers,
            "public": exchange.public,
            "root": exchange.root,
            "coding": query_request.coding(exchange.header(b"accept-encoding")),
            "number": exchange.number,
        }
        return messages.Job(kind, fields, body).pack()

    # What all kinds of work share

    async def ask(self, exchange: Exchange, body: bytes, timeout: float | None = None) -> Answer:
        """Have a worker do a job for a client; if the client leaves, the worker is let go."""
        with exchange.watching():
            try:
                answer = await self.pool.ask(self.job(exchange, body, timeout))
            except BusyError as error:
                if error.own or self.pool.doubtful(exchange.client):
                    await asyncio.sleep(_PAUSE)
                raise
            exchange.answers.append(answer)
            return answer

    async def write(self, exchange: Exchange, body: bytes) -> Answer:
        """Have a writer do a job. It is done even if the client leaves."""
        return await asyncio.shield(self.pool.write(self.job(exchange, body, None)))

    def job(self, exchange: Exchange, body: bytes, timeout: float | None) -> Job:
        """Put a job within its limits."""
        wall = min(timeout or self.settings.timeout, self.settings.timeout)
        exchange.lowered = wall < self.settings.timeout
        return Job(
            body,
            exchange.client,
            Limits(
                wall=wall,
                cpu=ceil(wall) + 1,
                memory=self.settings.memory * _MIB,
                answer=self.settings.max_answer * _MIB,
            ),
        )

    def metrics(self) -> tuple[str, bytes]:
        """Write the numbers as Prometheus reads them: content type and body."""
        return self.access_log.metrics(self.pool, self.cache, self.quotas)

    def allow(self, exchange: Exchange, methods: tuple[str, ...]) -> None:
        """Refuse a method that an address does not serve.

        Raises:
            Problem: 405, with those that it does.
        """
        served = ", ".join(sorted({*methods, "OPTIONS"}))
        if exchange.method not in (*methods, "OPTIONS"):
            raise Problem(
                "method-not-allowed",
                f"{exchange.method} is not served here; {served} are.",
                headers={"Allow": served},
            )

    async def preflight(
        self, exchange: Exchange, methods: tuple[str, ...], writes: tuple[str, ...] = ()
    ) -> None:
        """Answer OPTIONS: what is served, and for what anybody may read, that any page may ask."""
        served = ", ".join(sorted({*methods, *writes, "OPTIONS"}))
        readable = ", ".join(sorted({*methods, "OPTIONS"}))
        await exchange.reply(204, raw({"Allow": served} | allowed(exchange, readable)))

    async def _cancel(self, exchange: Exchange) -> None:
        exchange.open = False
        task = self._running.get(exchange.path.removeprefix(_QUERIES))
        if task is None:
            raise Problem("not-found", "No query of this id is under way.")
        task.cancel()
        await exchange.reply(204, [])


def _exact(exchange: Exchange, body: bytes = b"") -> bytes:
    """Digest all of a request that its answer depends on."""
    told = exchange.headers
    language = told.get(b"accept-language")
    return digest(
        b"\n".join(
            (
                exchange.public.encode(),
                exchange.relevant,
                query_request.coding(exchange.header(b"accept-encoding")).encode(),
                told.get(b"accept", b""),
                b"" if language is None else _language(language.decode("latin-1")).encode(),
                told.get(b"content-type", b""),
                b"" if exchange.method in _READ else exchange.method.encode(),
                # Only what comes now may hold line breaks.
                b"%d" % len(body),
                body,
                exchange.path.encode("utf-8", "surrogatepass"),
            )
        )
    )


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    return media.negotiate_language(accepted, LANGUAGES)


def _tag(exchange: Exchange, revision: str, vary: str, *, strong: bool) -> str:
    """Tag a document of this revision, so that the tag tells by what the document varies."""
    what = (exchange.exact, revision.encode(), vary.encode(), b"%d" % strong)
    return f'{"" if strong else "W/"}"{digest(b" ".join(what)).hex()}"'


def _lasting(exchange: Exchange, revision: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return what tells a client how long it may keep a document."""
    # Where parts are sent, the bytes are the same each time, so that parts of two answers fit.
    strong = "accept-ranges" in headers
    return {
        "etag": _tag(exchange, revision, headers["vary"], strong=strong),
        "cache-control": "no-cache",
    }


def _vary(told: str) -> str:
    names = dict.fromkeys([part.strip() for part in told.split(",") if part.strip()])
    return ", ".join([*names, *(n for n in ("Accept-Encoding", "Origin") if n not in names)])
