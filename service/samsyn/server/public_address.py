"""Under which address readers see the server: as set, as a trusted proxy says, or as asked.

A proxy may serve the whole under a path, and may strip it or pass it on. What this server answers
at ``/sparql`` has then to be linked as ``/path/sparql``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from samsyn.http import sparql_protocol
from samsyn.server.client_address import Clients
from samsyn.settings import Settings

OWN: Final = frozenset(
    {
        ".well-known", "browse", "data", "doc", "dump-proposed.nq", "dump-proposed.trig", "dump.nq",
        "dump.trig", "explain", "graph", "graphs", "gsp", "health", "id", "metrics", "ns",
        "openapi.json", "page", "problems", "queries", "query", "ready", "scenario", "shapes",
        "sparql", "static", "update", "validate", "vocab",
    }
)  # fmt: skip
"""What the addresses of this server begin with."""

_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[\w.~-]+)*", re.ASCII)
_LONGEST: Final = 2048
"""Characters of a header by which a proxy says what it was asked; of a longer one, the last."""
_ELEMENT: Final = re.compile(r'(?:[^,"]|"[^"]*")+')
_PAIR: Final = re.compile(r'(?:^|;)\s*(\w+)\s*=\s*("[^"]*"|[^\s;"]*)')


@dataclass(frozen=True)
class Told:
    """What the proxies say of a request; what they do not say is empty.

    Args:
        client: the address of the client.
        scheme: ``http`` or ``https``.
        host: what the client asked, with its port.
        prefix: the path below which the server is seen.
    """

    client: str = ""
    scheme: str = ""
    host: str = ""
    prefix: str = ""


class Addresses:
    """Knows the public address of each request, and its client.

    Args:
        settings: the public address, if it is set, and the proxies to be believed.
    """

    def __init__(self, settings: Settings) -> None:
        self.clients = Clients(settings.trusted_proxies)
        self._public = settings.public_url.rstrip("/")
        self._root = urlsplit(self._public).path

    def told(self, peer: str, headers: Mapping[bytes, bytes]) -> Told:
        """Return what the other end of the connection says, if its word counts.

        Args:
            peer: the other end.
            headers: those of the request, by name in lower case.
        """
        if not self.clients.trusts(peer):
            return Told()
        names = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
        if any(name in headers for name in (*names, b"x-forwarded-prefix")):
            told = [_listed(headers, name) for name in names]
        else:
            told = _elements(_text(headers, b"forwarded"))
        far = self._far(told[0])
        scheme, host = _at(told[1], far).lower(), _at(told[2], far)
        prefixes = _listed(headers, b"x-forwarded-prefix")[-1 - far :]
        prefix = "".join(part.rstrip("/") for part in prefixes)
        return Told(
            self.clients.node(told[0][-1 - far]) if far < len(told[0]) else "",
            scheme if scheme in ("http", "https") else "",
            host if sparql_protocol.is_host(host) else "",
            prefix if _PREFIX.fullmatch(prefix) else "",
        )

    def _far(self, clients: list[str]) -> int:
        """Count the trusted proxies behind the nearest one."""
        far = 0
        for entry in reversed(clients):
            if not self.clients.trusts(entry):
                break
            far += 1
        return far

    def public(self, told: Told, scheme: str, host: str) -> str:
        """Return the address under which readers see the server, without a slash at the end.

        Args:
            told: what the proxies say.
            scheme: that of the connection.
            host: the header ``Host``, or where the server listens.
        """
        return self._public or f"{told.scheme or scheme}://{told.host or host}{told.prefix}"

    def root(self, told: Told) -> str:
        """Return the path of that address, empty if it has none."""
        return self._root if self._public else told.prefix

    def name(self, told: Told, peer: str) -> str:
        """Return the address that stands for the client in budgets."""
        return self.clients.name(told.client or peer)


def inner(path: str, root: str) -> str:
    """Return a path as this server knows it, whether or not the proxy stripped the root.

    Where the root begins like an address of the server's own, as ``/data``, nobody could tell; the
    proxy has to strip it then.

    Args:
        path: the path as it came.
        root: the path of the public address.
    """
    if not root or root.split("/", 2)[1] in OWN:
        return path
    if path == root or path.startswith(f"{root}/"):
        return path.removeprefix(root) or "/"
    return path


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    value = headers.get(name, b"")
    if len(value) > _LONGEST:
        # What the trusted proxy wrote is at the end.
        value = value[-_LONGEST:].partition(b",")[2]
    return value.decode("latin-1")


def _listed(headers: Mapping[bytes, bytes], name: bytes) -> list[str]:
    return [part.strip() for part in _text(headers, name).split(",") if part]


def _at(entries: list[str], far: int) -> str:
    """Return what the farthest trusted proxy wrote; the nearest one's entry is the last."""
    known = entries[-1 - min(far, len(entries) - 1) :] if entries else []
    return next((entry for entry in known if entry), "")


def _elements(text: str) -> list[list[str]]:
    """Read the header ``Forwarded`` (RFC 7239): clients, schemes and hosts."""
    found: list[list[str]] = [[], [], []]
    for element in _ELEMENT.findall(text):
        pairs = {name.lower(): value.strip('"') for name, value in _PAIR.findall(element)}
        for values, name in zip(found, ("for", "proto", "host"), strict=True):
            values.append(pairs.get(name, ""))
    return found
