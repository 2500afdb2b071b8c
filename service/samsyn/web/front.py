"""The front of the server, a bare ASGI application: it negotiates, caches and streams.

What takes work is done by workers. `/sparql` and the addresses that write are understood here; all
else is passed on as it came to the application that the workers hold.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Hashable
from functools import cached_property
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from samsyn import media, names
from samsyn.quotas import Quotas
from samsyn.settings import Settings
from samsyn.web import asking, jobs, problems, protocol
from samsyn.web.address import Addresses, inner
from samsyn.web.cache import Cache, Entry, RawHeaders
from samsyn.web.downloads import disposition
from samsyn.web.exchange import BrokenError, Exchange, raw
from samsyn.web.graphstore import GraphStore
from samsyn.web.journal import Journal
from samsyn.web.operations import Operations
from samsyn.web.permission import Permission
from samsyn.web.preflight import allowed
from samsyn.web.problems import Problem
from samsyn.web.state import State
from samsyn.web.trouble import problem_of
from samsyn.web.updates import Updates
from samsyn.workers.answer import Answer
from samsyn.workers.limits import Limits
from samsyn.workers.pool import Pool
from samsyn.workers.run import Job

if TYPE_CHECKING:
    from samsyn.web.pages import Pages

LOG = logging.getLogger("samsyn.web")

SPARQL: Final = ("/sparql", "/sparql/")
QUERY_METHODS: Final = ("GET", "HEAD", "POST", "QUERY")
VARY: Final = "Accept, Accept-Encoding, Origin"
_FORM: Final = "/query"
_QUERIES: Final = "/queries/"
_MIB: Final = 1024 * 1024
_PASSED: Final = (
    b"accept", b"accept-language", b"content-type", b"if-match", b"if-none-match",
)  # fmt: skip
_TOLD_APART: Final = (b"accept", b"accept-language", b"content-type")
_READ: Final = ("GET", "HEAD")
_KEPT: Final = frozenset({"csv", "tsv"})
"""Formats that people keep in files."""
_ALL_VARY: Final = "Accept, Accept-Language, Accept-Encoding, Origin"


class Front:
    """The server as the world sees it.

    Args:
        pool: does the work.
        settings: the settings of the process.
        journal: where it is noted down.
        quotas: counts what is held for clients.
        token: what allows to write; None: nothing does.
    """

    def __init__(
        self,
        pool: Pool,
        settings: Settings,
        journal: Journal,
        quotas: Quotas,
        token: str | None = None,
    ) -> None:
        self.pool = pool
        self.settings = settings
        self.cache = Cache(settings.cache * _MIB)
        self.journal = journal
        self.quotas = quotas
        self._addresses = Addresses(settings)
        self.state = State(pool, self.cache.clear)
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._places: dict[str, Callable[[Exchange], Awaitable[None]]] = {
            **dict.fromkeys(SPARQL, self._sparql)
        }
        permission = Permission(token, journal)
        self._graph_store = GraphStore(self, permission)
        for part in (Updates(self, permission), self._graph_store, Operations(self)):
            self._places.update(part.places())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send, secrets.token_hex(12))
        try:
            self._settle(exchange)
            await self._answer(exchange)
        except BrokenError:
            exchange.status = exchange.status or 499
        finally:
            self.journal.note(exchange, exchange.client)

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
        if exchange.method not in _READ or not self.state.revision:
            return False
        entry = self.cache.get(_exact(exchange))
        if entry is None:
            return False
        await exchange.entry(entry)
        return True

    async def _answer(self, exchange: Exchange) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine is run by one
        self._running[exchange.number] = task
        try:
            protocol.check_host(exchange.header(b"host"), exchange.scope["http_version"])
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
            del self._running[exchange.number]

    async def _refuse(self, exchange: Exchange, problem: Problem) -> None:
        """Send an error, to a reader as a page."""
        exchange.refusal = problem
        if not problems.on_page(exchange.header(b"accept")):
            await exchange.problem(problem)
            return
        scope = {**exchange.scope, "path": exchange.path, "samsyn.root": exchange.root}
        page = self._pages.problem(
            Request(scope), problem, exchange.number, revision=self.state.revision[:12]
        )
        headers = [pair for pair in page.raw_headers if pair[0] != b"content-length"]
        await exchange.reply(page.status_code, headers, bytes(page.body))

    @cached_property
    def _pages(self) -> Pages:
        # Most servers never need it here, and templates take time and memory.
        from samsyn.web.pages import Pages

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
        sent = await exchange.sent(self.settings.max_body)
        asked = protocol.query(sent)
        if asked.query is None:
            await self._page(exchange)
            return
        exchange.asked = asked.query
        question = asking.question(
            asked,
            asked.query,
            exchange.header(b"accept"),
            exchange.header(b"accept-encoding"),
            exchange.public + "/sparql",
        )
        if question.choice.format is media.HTML:
            await self._pass_on(exchange, sent.body, asked.timeout)
            return
        await self._query(exchange, question)

    async def _query(self, exchange: Exchange, question: asking.Question) -> None:
        revision = self.state.revision
        etag, key = question.etag(revision), question.key(revision)
        headers = self._headers(question, etag)
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
            self.cache.put(key, entry, len(question.normal))
            self._name(exchange, key)
        await exchange.entry(entry, cached=False)

    def _name(self, exchange: Exchange, key: Hashable) -> None:
        """Let the bytes of a request stand for its answer, if they are all that was asked."""
        if exchange.method in _READ:
            self.cache.name(_exact(exchange), key, len(exchange.raw_query))

    def _headers(self, question: asking.Question, etag: bytes) -> RawHeaders:
        headers = {
            "Content-Type": question.choice.content_type,
            "Vary": VARY,
            "Cache-Control": "no-cache" if etag else "no-store",
        }
        if etag:
            headers |= {"ETag": etag.decode()} | self.state.modified
        if question.choice.format.name in _KEPT:
            headers["Content-Disposition"] = disposition("query", question.choice.format)
        if question.coding:
            headers["Content-Encoding"] = question.coding
        return raw(headers)

    # What is passed on

    async def _page(self, exchange: Exchange) -> None:
        sent = exchange.method not in (*_READ, "OPTIONS")
        body = await exchange.body(self.settings.max_body) if sent else b""
        timeout = protocol.timeout(exchange.parameters) if exchange.path == _FORM else None
        await self._pass_on(exchange, body, timeout)

    async def _pass_on(self, exchange: Exchange, body: bytes, timeout: float | None = None) -> None:
        """Have the application that the workers hold answer."""
        tag, revision = b"", self.state.revision
        if exchange.method in _READ:
            tag = _tag(revision, exchange)
            if exchange.has(tag):
                known = {"ETag": tag.decode(), "Vary": _ALL_VARY, "Cache-Control": "no-cache"}
                await exchange.reply(304, raw(known))
                return
        answer = await self.ask(exchange, self._page_job(exchange, body), timeout)
        told = json.loads(answer.head)
        headers = {name.lower(): value for name, value in told["headers"]}
        if answer.complete:
            headers.pop("content-length", None)
        headers["vary"] = _vary(headers.get("vary", ""))
        lasting = tag and told["status"] == HTTPStatus.OK
        if lasting:
            if "accept-ranges" in headers:
                # The same bytes each time, so that parts of two answers fit together.
                tag = tag.removeprefix(b"W/")
            headers |= {"etag": tag.decode(), "cache-control": "no-cache"}
            headers |= self.state.modified
        if exchange.method == "OPTIONS":
            headers |= allowed(exchange, headers.get("allow", ""))
        if not answer.complete:
            await exchange.stream(told["status"], raw(headers), answer)
            return
        entry = Entry(told["status"], raw(headers), answer.whole(), tag if lasting else b"")
        if lasting and revision == self.state.revision:
            self.cache.put(_exact(exchange), entry, len(exchange.raw_query))
        await exchange.entry(entry, cached=False)

    def _page_job(self, exchange: Exchange, body: bytes) -> bytes:
        fields = {
            "method": exchange.method,
            "path": exchange.path,
            "query": exchange.raw_query.decode("latin-1"),
            "headers": {n.decode(): exchange.header(n) for n in _PASSED if n in exchange.headers},
            "public": exchange.public,
            "root": exchange.root,
            "coding": asking.coding(exchange.header(b"accept-encoding")),
            "number": exchange.number,
        }
        return jobs.Job(jobs.PAGE, fields, body).pack()

    # What all kinds of work share

    async def ask(self, exchange: Exchange, body: bytes, timeout: float | None = None) -> Answer:
        """Have a worker do a job for a client; if the client leaves, the worker is let go."""
        return await self._watched(exchange, self.pool.ask(self.job(exchange, body, timeout)))

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

    async def _watched(self, exchange: Exchange, work: Any) -> Answer:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine is run by one

        async def watch() -> None:
            await exchange.gone()
            task.cancel()

        watcher = asyncio.get_running_loop().create_task(watch())
        try:
            answer: Answer = await work
        finally:
            watcher.cancel()
        return answer

    def metrics(self) -> tuple[str, bytes]:
        """Write the numbers as Prometheus reads them: content type and body."""
        return self.journal.metrics(self.pool, self.cache, self.quotas)

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


def _exact(exchange: Exchange) -> Hashable:
    told_apart = (exchange.headers.get(name) for name in _TOLD_APART)
    coding = asking.coding(exchange.header(b"accept-encoding"))
    return (exchange.public, exchange.path, exchange.raw_query, coding, *told_apart)


def _tag(revision: str, exchange: Exchange) -> bytes:
    digest = hashlib.sha256(repr((revision, _exact(exchange))).encode()).hexdigest()
    return f'W/"{digest[:32]}"'.encode()


def _vary(told: str) -> str:
    names = dict.fromkeys([part.strip() for part in told.split(",") if part.strip()])
    return ", ".join([*names, *(n for n in ("Accept-Encoding", "Origin") if n not in names)])
