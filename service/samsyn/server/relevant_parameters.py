"""Which parameters of an address matter for its document.

Links on other sites add parameters of their own (``utm_source``, ``fbclid``), and anybody can make
some up. They change no document, so they neither reach a page nor tell one answer from another.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote_to_bytes

from samsyn.http import sparql_protocol

_FORMATS: Final = frozenset(name.encode() for name in sparql_protocol.FORMAT_NAMES)
_DOCUMENT: Final = frozenset({*_FORMATS, b"lang"})
_QUERY: Final = frozenset(
    {*_DOCUMENT, b"default-graph-uri", b"named-graph-uri", b"query", b"timeout", b"update"}
)
_PATHS: Final = {
    **dict.fromkeys(("/sparql", "/sparql/", "/query"), _QUERY),
    "/explain": frozenset({*_DOCUMENT, b"follow", b"o", b"p", b"s"}),
    # These refuse what they do not know.
    **dict.fromkeys(("/scenario", "/validate"), None),
}
_GRAPHS: Final = "/graph/"
_GRAPH: Final = frozenset({*_DOCUMENT, b"page"})
_LIBRARY: Final = "/queries/"
_LANGUAGES: Final = (b"en", b"sv")
_LONGEST: Final = 3 * max(map(len, _QUERY))
"""Bytes of a name of ours, each encoded."""


def relevant(path: str, raw: bytes) -> bytes:
    """Return the parameters of an address that matter, as they were sent.

    Args:
        path: the path of the address.
        raw: its query string.

    Raises:
        Problem: it is too long, or has too many parameters.
    """
    if not raw:
        return raw
    if len(raw) > sparql_protocol.MAX_URL:
        raise sparql_protocol.too_long()
    parts = raw.split(b"&", sparql_protocol.MOST)
    if len(parts) > sparql_protocol.MOST:
        raise sparql_protocol.too_many()
    names = _PATHS.get(path, _DOCUMENT)
    if names is _DOCUMENT:
        if path.startswith(_LIBRARY):
            # An empty field of the form of a query means: not given. Others the query refuses.
            return b"&".join([part for part in parts if not part.endswith(b"=")])
        if path.startswith(_GRAPHS):
            names = _GRAPH
    if names is None:
        return raw
    kept = [part for part in parts if _matters(part, names)]
    return raw if len(kept) == len(parts) else b"&".join(kept)


def _matters(part: bytes, names: frozenset[bytes]) -> bool:
    name, _, value = part.partition(b"=")
    if name not in names and (b"%" in name or b"+" in name) and len(name) <= _LONGEST:
        name = unquote_to_bytes(name.replace(b"+", b" "))
    return name in names and (name != b"lang" or value.lower() in _LANGUAGES)
