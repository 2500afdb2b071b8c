"""Cross-origin requests: what a browser is reported before it sends one (Fetch, section 3.2).

What anybody may read, any page may read, with whatever headers it sends: no cookie and no token
counts for reading. What writes is closed to other pages.
"""

from __future__ import annotations

import re
from typing import Final

from samsyn.server.connection.exchange import Exchange

HEADERS: Final = (
    "Accept", "Accept-Language", "Authorization", "Content-Type", "If-Modified-Since",
    "If-None-Match", "If-Range", "Query-Id", "Range", "traceparent", "tracestate",
    "X-Requested-With",
)  # fmt: skip
"""Headers that clients are known to send; what else a page asks for is let through too."""

_NAMES: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
_LONGEST: Final = 1024


def allowed(exchange: Exchange, served: str) -> dict[str, str]:
    """Return the headers that let pages of other origins ask.

    Args:
        exchange: a request by OPTIONS.
        served: the methods that only read, separated by commas.
    """
    if not exchange.open or not served:
        return {}
    asked = exchange.header(b"access-control-request-headers") or ""
    known = {name.lower() for name in HEADERS}
    others = [name.strip() for name in asked.split(",")] if _fit(asked) else []
    names = (*HEADERS, *(name for name in others if name.lower() not in known))
    return {
        "access-control-allow-methods": served,
        "access-control-allow-headers": ", ".join(dict.fromkeys(names)),
        "access-control-max-age": "86400",
        "vary": "Access-Control-Request-Headers, Origin",
    }


def _fit(asked: str) -> bool:
    return len(asked) <= _LONGEST and _NAMES.fullmatch(asked) is not None
