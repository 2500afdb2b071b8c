"""Answers that are kept, within a budget of bytes; those asked for least recently go first.

What was asked is known by a digest, so that no request makes a key longer. All that is kept is
counted as the memory that it takes: keys, headers, bodies, and the table that holds them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from sys import getsizeof
from typing import Final

RawHeaders = list[tuple[bytes, bytes]]

_DIGEST: Final = 20
"""Bytes of a digest: nobody finds two questions with the same one."""
_KEY: Final = getsizeof(bytes(_DIGEST))


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

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""
        headers = sum(getsizeof(pair) + getsizeof(pair[0]) + getsizeof(pair[1])
                      for pair in self.headers)  # fmt: skip
        whole = getsizeof(self) + getsizeof(self.headers) + headers
        return whole + getsizeof(self.body) + (getsizeof(self.etag) if self.etag else 0)


def digest(what: bytes) -> bytes:
    """Return the key under which the answer to what was asked is kept."""
    return blake2b(what, digest_size=_DIGEST).digest()


class Cache:
    """Keeps answers under what was asked, and under the very bytes in which it was asked.

    Args:
        budget: bytes that all of it may take.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._largest = budget // 8
        self._entries: OrderedDict[bytes, Entry | bytes] = OrderedDict()
        self._held = 0

    def __len__(self) -> int:
        """Count the answers and their other names."""
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""
        return self._held + getsizeof(self._entries)

    def get(self, key: bytes) -> Entry | None:
        """Return the answer kept under a key, or under the key that it is another name of."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        if isinstance(found, Entry):
            return found
        return self.get(found)

    def put(self, key: bytes, entry: Entry) -> Entry:
        """Keep an answer, unless it is too large to be worth it.

        Args:
            key: the digest of what was asked.
            entry: the answer.

        Returns:
            The answer to send. Where many ask the same at the same time it is the one that was kept
            first, so that it is in memory once.
        """
        kept = self._entries.get(key)
        if isinstance(kept, Entry) and kept.etag == entry.etag:
            return kept
        if entry.size <= self._largest:
            self._add(key, entry)
        return entry

    def name(self, exact: bytes, key: bytes) -> None:
        """Make a digest another name of a key under which an answer is kept."""
        if key in self._entries and exact != key:
            self._add(exact, key)

    def clear(self) -> None:
        """Forget everything: the data has changed."""
        self._entries = OrderedDict()
        self._held = 0

    def _add(self, key: bytes, value: Entry | bytes) -> None:
        if key in self._entries:
            self._held -= _cost(self._entries.pop(key))
        self._entries[key] = value
        self._held += _cost(value)
        while self.size > self._budget and self._entries:
            self._held -= _cost(self._entries.popitem(last=False)[1])


def _cost(value: Entry | bytes) -> int:
    return _KEY + (value.size if isinstance(value, Entry) else _KEY)
