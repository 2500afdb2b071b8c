"""What is noted down of each request: numbers for Prometheus, lines of JSON for people.

No line holds a client's full address.
"""

from __future__ import annotations

import logging
from math import inf
from time import monotonic
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from samsyn.server.cache import Cache
from samsyn.server.client_address import shortened
from samsyn.server.connection.exchange import Exchange
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation import log_writer
from samsyn.server.observation.metrics import Measures
from samsyn.server.observation.watchdog import Stall
from samsyn.server.workers.pool import Pool
from samsyn.settings import Settings

LOG = logging.getLogger("samsyn.requests")

_ROUTES: Final = frozenset(
    {"sparql", "update", "gsp", "graph", "health", "ready", "metrics", "explain", "scenario",
     "validate", "query", "queries", "id", "vocab", "doc", "page", "data"}
)  # fmt: skip
_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "QUERY", "PUT", "PATCH", "DELETE", "OPTIONS"}
)  # fmt: skip
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STALLS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BETWEEN_STALLS: Final = 10.0
"""Seconds between two lines about stalls; the metric has them all."""
_FAULT: Final = 500
_LOWERED: Final = frozenset({"query-limit", "busy"})
"""Kinds of problems that come of a time that the client itself has shortened."""
_TIMES: Final = frozenset({None, "time", "cpu"})
_LONGEST: Final = 2000
"""Characters of a query that are looked at for a line of the log, which cuts them further."""


class AccessLog:
    """Notes down what happens.

    Args:
        settings: what is to be logged.
    """

    def __init__(self, settings: Settings) -> None:
        self._log = settings.log
        self._slow = settings.slow_query
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "samsyn_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "samsyn_request_seconds",
            "Time until the last byte of an answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._bytes = Counter("samsyn_sent_bytes", "Bytes of bodies sent.", registry=registry)
        self._hits = Counter("samsyn_cache_hits", "Answers from the cache.", registry=registry)
        self._events = Counter(
            "samsyn_jobs", "What happened to jobs and workers.", ("event",), registry=registry
        )
        self._refused = Counter(
            "samsyn_refused", "Requests refused, by kind of problem.", ("kind",), registry=registry
        )
        self._wrong = Counter(
            "samsyn_wrong_tokens", "Requests to write with a wrong token.", registry=registry
        )
        self._stalls = Histogram(
            "samsyn_loop_stalls",
            "Seconds in which the server answered nobody.",
            buckets=_STALLS,
            registry=registry,
        )
        self._stalls_work = Histogram(
            "samsyn_loop_stalls_processor",
            "Seconds of processor time that the server used in each of them.",
            buckets=_STALLS,
            registry=registry,
        )
        self._of_kind: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        """The two of each kind of request; to look them up by their labels takes long."""
        self._told = -inf
        self._gauges = {
            name: Gauge(f"samsyn_{name}", words, registry=registry)
            for name, words in {
                "jobs_running": "Jobs being worked on.",
                "cache_bytes": "Bytes of answers kept.",
                "cache_entries": "Answers kept, with their other names.",
                "log_lines_left_out": "Lines that the log did not take, since the start.",
            }.items()
        }

    def event(self, name: str) -> None:
        """Count what happened to a job or a worker."""
        self._events.labels(name).inc()

    def note(self, exchange: Exchange, client: str) -> None:
        """Note down a request that has been answered."""
        seconds = monotonic() - exchange.started
        route = exchange.path.split("/", 2)[1]
        route = route if route in _ROUTES else "other"
        method = exchange.method if exchange.method in _METHODS else "other"
        counter, histogram = self._numbers(route, method, exchange.status)
        counter.inc()
        histogram.observe(seconds)
        self._bytes.inc(exchange.sent_bytes)
        if exchange.cached:
            self._hits.inc()
        problem = exchange.refusal
        if problem is not None:
            self._refused.labels(problem.kind).inc()
        slow = seconds >= self._slow
        faulty = exchange.status >= _FAULT and not _own_doing(exchange)
        if self._log == "requests" or (self._log == "problems" and (slow or faulty)):
            LOG.warning(_line(exchange, client, seconds, slow=slow))

    def _numbers(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        kind = (route, method, status)
        found = self._of_kind.get(kind)
        if found is None:
            counter = self._requests.labels(route, method, str(status))
            found = self._of_kind[kind] = (counter, self._seconds.labels(route))
        return found

    def wrong_token(self, exchange: Exchange) -> None:
        """Note down that somebody tried a token that is not the right one."""
        self._wrong.inc()
        told = {"message": "a wrong token", "id": exchange.number}
        client = shortened(exchange.client)
        LOG.warning({**told, "client": client, "method": exchange.method, "path": exchange.path})

    def stalled(self, stall: Stall) -> None:
        """Note down that the event loop stood still."""
        self._stalls.observe(stall.seconds)
        self._stalls_work.observe(stall.processor)
        now = monotonic()
        if now - self._told < _BETWEEN_STALLS:
            return
        self._told = now
        ms, processor = (round(seconds * 1000) for seconds in (stall.seconds, stall.processor))
        told = {"message": "the event loop stood still", "ms": ms, "processor_ms": processor}
        LOG.warning({**told, "path": stall.path})

    def metrics(self, pool: Pool, cache: Cache, quotas: Quotas) -> tuple[str, bytes]:
        """Write the numbers as Prometheus reads them: content type and body."""
        self._gauges["jobs_running"].set(pool.busy)
        self._gauges["cache_bytes"].set(cache.size)
        self._gauges["cache_entries"].set(len(cache))
        self._gauges["log_lines_left_out"].set(log_writer.left_out())
        measures: Any = Measures(pool, cache, quotas)
        return CONTENT_TYPE_LATEST, generate_latest(self._registry) + generate_latest(measures)


def _own_doing(exchange: Exchange) -> bool:
    """Return whether a request failed by a limit that its client has lowered."""
    problem = exchange.refusal
    return (
        exchange.lowered
        and problem is not None
        and problem.kind in _LOWERED
        and problem.members.get("limit") in _TIMES
    )


def _line(exchange: Exchange, client: str, seconds: float, *, slow: bool) -> dict[str, Any]:
    problem = exchange.refusal
    return {
        "id": exchange.number,
        "client_id": exchange.header(b"query-id"),
        "client": shortened(client),
        "method": exchange.method,
        "path": exchange.path,
        "query": (exchange.asked or exchange.raw_query[:_LONGEST].decode("latin-1"))[:_LONGEST]
        or None,
        "status": exchange.status,
        "retry_after": problem.headers.get("Retry-After") if problem else None,
        "bytes": exchange.sent_bytes,
        "ms": round(seconds * 1000, 1),
        "cached": exchange.cached,
        "slow": slow or None,
    }
