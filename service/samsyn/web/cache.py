"""Answers that are kept, within a budget of bytes; those asked for least recently go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

RawHeaders = list[tuple[bytes, bytes]]

_OVERHEAD: Final = 512
"""Bytes that an entry takes beside its body, as estimated."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole answer.

    Args:
        status: its status.
        headers: its headers.
        body: its body.
        etag: its tag, empty if it has none.
    """

    status: int
    headers: RawHeaders
    body: bytes
    etag: bytes = b""


class Cache:
    """Keeps answers under what was asked, and under the very bytes in which it was asked.

    Args:
        budget: bytes that all of it may take.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._largest = budget // 8
        self._entries: OrderedDict[Hashable, tuple[Entry | Hashable, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        """Count the answers and their other names."""
        return len(self._entries)

    def get(self, key: Hashable) -> Entry | None:
        """Return the answer kept under a key, or under the key that it is another name of."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        if isinstance(found[0], Entry):
            return found[0]
        return self.get(found[0])

    def put(self, key: Hashable, entry: Entry, cost: int = 0) -> None:
        """Keep an answer, unless it is too large to be worth it.

        Args:
            key: what was asked.
            entry: the answer.
            cost: bytes that the key takes.
        """
        size = len(entry.body) + cost + _OVERHEAD
        if size <= self._largest:
            self._add(key, entry, size)

    def name(self, exact: Hashable, key: Hashable, cost: int) -> None:
        """Make bytes that were sent another name of a key under which an answer is kept."""
        if key in self._entries and cost <= self._largest:
            self._add(exact, key, cost + _OVERHEAD)

    def clear(self) -> None:
        """Forget everything: the data has changed."""
        self._entries.clear()
        self.size = 0

    def _add(self, key: Hashable, value: Entry | Hashable, size: int) -> None:
        if key in self._entries:
            self.size -= self._entries.pop(key)[1]
        self._entries[key] = (value, size)
        self.size += size
        while self.size > self._budget:
            _, (_, freed) = self._entries.popitem(last=False)
            self.size -= freed
