"""What is held at this moment, for Prometheus: bytes and places for clients, workers by state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from samsyn.server.cache import Cache
from samsyn.server.limits.quotas import Kind, Quotas
from samsyn.server.workers.pool import Pool

_PLACES: Final = frozenset({Kind.CONNECTIONS, Kind.JOBS})
"""What is counted in places; all else in bytes."""


class Measures:
    """Reads the numbers where they are kept, so that they are never told from a copy.

    Args:
        pool: has the workers.
        cache: has the answers that are kept.
        quotas: counts what is held for clients.
    """

    def __init__(self, pool: Pool, cache: Cache, quotas: Quotas) -> None:
        self._pool = pool
        self._cache = cache
        self._quotas = quotas

    def collect(self) -> Iterator[Metric]:
        """Yield each metric with its values."""
        yield self._held("samsyn_held_places", "Places taken by clients.", in_places=True)
        held = self._held("samsyn_held_bytes", "Bytes held for clients.", in_places=False)
        held.add_metric(["cache"], self._cache.size)
        yield held
        workers = GaugeMetricFamily("samsyn_workers", "Workers, by state.", labels=["state"])
        for state, number in self._pool.states().items():
            workers.add_metric([state], number)
        yield workers
        forks = CounterMetricFamily(
            "samsyn_forks", "Workers since the start, by what became of them.", labels=["event"]
        )
        for event, number in self._pool.forks.items():
            forks.add_metric([event], number)
        yield forks

    def _held(self, name: str, words: str, *, in_places: bool) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, words, labels=["kind"])
        for kind in Kind:
            if (kind in _PLACES) is in_places:
                family.add_metric([kind], self._quotas.held(kind))
        return family
