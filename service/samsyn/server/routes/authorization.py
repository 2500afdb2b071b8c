"""Who may write: who has the operator's token. Who guesses at it is logged and slowed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from samsyn.http.problems import Problem
from samsyn.server.connection.exchange import Exchange
from samsyn.server.limits.quotas import CLIENTS_OF_A_SITE, site
from samsyn.server.limits.rates import Rates

if TYPE_CHECKING:
    from samsyn.server.observation.access_log import AccessLog

_MISTAKES: Final = 10
"""Wrong tokens that a client may send one after the other."""
_PATIENCE: Final = 10.0
"""Seconds after which a client that has sent them may send one more."""


class Authorization:
    """Lets those write who have the token.

    Args:
        token: the operator's; None: writing is off.
        access_log: where wrong tokens are noted down.
    """

    def __init__(self, token: str | None, access_log: AccessLog) -> None:
        self._token = token
        self._access_log = access_log
        self._clients = Rates(1 / _PATIENCE, _MISTAKES)
        self._sites = Rates(CLIENTS_OF_A_SITE / _PATIENCE, CLIENTS_OF_A_SITE * _MISTAKES)

    def check(self, exchange: Exchange) -> None:
        """Let a request pass that brings the token.

        Raises:
            Problem: 403 where writing is off, 401 without the token or with a wrong one, 429 after
                many wrong ones of this client or its site, without a look at what it brings.
        """
        if self._token is None:
            raise Problem("forbidden", "Writing is off: this server only answers questions.")
        scheme, _, given = (exchange.header(b"authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and given:
            self._slow_down(exchange.client)
            if secrets.compare_digest(given.strip().encode(), self._token.encode()):
                return
            self._clients.take(exchange.client)
            self._sites.take(site(exchange.client))
            self._access_log.wrong_token(exchange)
        raise Problem(
            "unauthorized",
            "Writing needs the operator's token.",
            headers={"WWW-Authenticate": 'Bearer realm="samsyn"'},
        )

    def _slow_down(self, client: str) -> None:
        seconds = max(self._clients.wait(client), self._sites.wait(site(client)))
        if seconds:
            raise Problem(
                "over-quota",
                "Too many wrong tokens came from here; none is looked at for a while.",
                headers={"Retry-After": str(seconds)},
            )
