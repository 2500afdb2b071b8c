"""A request of the SPARQL 1.1 Protocol, read and checked (sections 2.1 and 2.2).

Percent signs and pluses are decoded exactly once, as UTF-8 or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address
from itertools import product
from typing import Any, Final

from samsyn import media
from samsyn.http.problems import Problem

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

MAX_URL: Final = 60_000
MOST: Final = 1000
"""Parameters of an address or a form."""
_CLOSE: Final = {"Connection": "close"}
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_DIGITS: Final = "0123456789abcdefABCDEF"
_BYTES: Final = {(a + b).encode(): bytes.fromhex(a + b) for a, b in product(_DIGITS, repeat=2)}

FORMAT_NAMES: Final = ("format", "output", "results", "Accept")
_HURRY: Final = b"timeout="
_TIME: Final = re.compile(rb"\d+(?:\.\d*)?|\.\d+")
_LONGEST_TIME: Final = 32
"""Bytes of a number of seconds."""
GLANCES: Final = 8
"""Times that a parameter is looked for in a form that is not decoded."""
_REPEATABLE: Final = frozenset((*FORMAT_NAMES, "timeout"))
"""Parameters that the Protocol does not know; they may be in the address and in the form."""


_HOST: Final = re.compile(r"(?:[\w.~-]+|\[([\d:A-Fa-f.]+)\])(?::\d{1,5})?", re.ASCII)


class Parameters:
    """Decoded parameters, in order, with repeats.

    Args:
        pairs: names and values.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)
        self._values: dict[str, list[str]] = {}
        for name, value in self.pairs:
            self._values.setdefault(name, []).append(value)

    def all(self, name: str) -> tuple[str, ...]:
        """List every value of a parameter."""
        return tuple(self._values.get(name, ()))

    def given(self, name: str) -> tuple[str, ...]:
        """List the values of a parameter that are not blank; a form sends its empty fields too."""
        return tuple(value for value in self.all(name) if value.strip())

    @property
    def formats(self) -> tuple[str, ...]:
        """The names of formats that are asked for, by whichever parameter, each once.

        What is too long for a name is cut, and still too long.
        """
        values = (value for name in FORMAT_NAMES for value in self.given(name))
        return tuple(dict.fromkeys(value[: media.LONGEST + 1] for value in values))

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may stand once.

        Raises:
            Problem: it is repeated.
        """
        values = self.all(name)
        if len(values) > 1:
            raise Problem("bad-request", f"The parameter {name} is given {len(values)} times.")
        return values[0] if values else None


@dataclass(frozen=True)
class Sent:
    """What of a request the protocol is about.

    Args:
        method: GET, HEAD, POST or QUERY.
        parameters: those in the address.
        content_type: the header as sent, empty if there is none.
        body: the body, its coding undone.
    """

    method: str
    parameters: Parameters
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Asked:
    """A query as it was asked.

    Args:
        query: its text, or None when the request has none.
        default_graphs: the values of ``default-graph-uri``; they replace FROM.
        named_graphs: the values of ``named-graph-uri``; they replace FROM NAMED.
        formats: short names or media types that override the ``Accept`` header.
        timeout: seconds that the client wants to wait at most.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    timeout: float | None = None


@dataclass(frozen=True)
class Ordered:
    """An update as it was ordered.

    Args:
        text: its text.
        using: the values of ``using-graph-uri``.
        using_named: the values of ``using-named-graph-uri``.
    """

    text: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


def decode(raw: bytes) -> Parameters:
    """Decode a query string or a form.

    Args:
        raw: the bytes as sent.

    Raises:
        Problem: they are not percent-encoded UTF-8.
    """
    if raw.count(b"&") >= MOST:
        raise too_many()
    pairs = [part.replace(b"+", b" ").partition(b"=") for part in raw.split(b"&") if part]
    try:
        return Parameters(
            (_unescaped(name).decode(), _unescaped(value).decode()) for name, _, value in pairs
        )
    except UnicodeDecodeError:
        raise Problem("bad-request", "A parameter is not percent-encoded UTF-8.") from None


def _unescaped(text: bytes) -> bytes:
    parts = _ESCAPE.split(text)
    parts[1::2] = map(_BYTES.__getitem__, parts[1::2])
    return b"".join(parts)


def address(raw: bytes) -> Parameters:
    """Decode the parameters in an address.

    Raises:
        Problem: the address is too long, or not percent-encoded UTF-8.
    """
    if len(raw) > MAX_URL:
        raise too_long()
    return decode(raw)


def too_many() -> Problem:
    """Make the problem that there are too many parameters."""
    return Problem("bad-request", f"There are more than {MOST:,} parameters.")


def too_long() -> Problem:
    """Make the problem that the parameters of an address are too long."""
    return Problem("url-too-long", f"The query string has more than {MAX_URL} bytes.")


def url_parameters(request: Any) -> Parameters:
    """Decode the parameters in the address of a request.

    Raises:
        Problem: the address is too long, or not percent-encoded UTF-8.
    """
    return address(request.scope["query_string"])


def is_host(text: str) -> bool:
    """Return whether a text is one host, with or without a port."""
    found = _HOST.fullmatch(text)
    try:
        if found and found[1]:
            IPv6Address(found[1])
    except ValueError:
        return False
    return found is not None


def check_host(sent: str | None, version: str) -> None:
    """Check that a request names one host (RFC 9112, section 3.2).

    Args:
        sent: the header ``Host``; the addresses in answers may be made of it.
        version: of HTTP; before 1.1 the header may be missing.

    Raises:
        Problem: it is no host, or several, or missing.
    """
    if sent is None and version == "1.1":
        raise Problem("bad-request", "The header Host is missing.", headers=_CLOSE)
    if sent is not None and not is_host(sent):
        detail = "The header Host names no host, or not one alone."
        raise Problem("bad-request", detail, headers=_CLOSE)


def query(sent: Sent) -> Asked:
    """Read a query operation (section 2.1).

    Raises:
        Problem: the request breaks the protocol.
    """
    parameters = sent.parameters
    if sent.method in ("GET", "HEAD"):
        return _asked(parameters, unmarked(parameters.one("query")))
    if _content_type(sent, (FORM, QUERY)) == QUERY:
        if parameters.all("query"):
            raise Problem("bad-request", "The query is given both in the address and the body.")
        return _asked(parameters, _text(sent.body))
    form = _form(sent)
    text = unmarked(form.one("query"))
    asked = _asked(Parameters((*parameters.pairs, *form.pairs)), text)
    if asked.query is None:
        raise Problem("bad-request", "The form holds no parameter named query.")
    return asked


def update(sent: Sent) -> Ordered:
    """Read an update operation (section 2.2).

    Raises:
        Problem: the request breaks the protocol.
    """
    parameters = sent.parameters
    if parameters.all("update"):
        raise Problem("bad-request", "An update is sent in the body, never in the address.")
    if _content_type(sent, (FORM, UPDATE)) == UPDATE:
        return _ordered(parameters, _text(sent.body))
    form = _form(sent)
    if form.all("query"):
        raise Problem("bad-request", "A query is sent to /sparql; this address takes updates.")
    text = unmarked(form.one("update"))
    if text is None:
        raise Problem("bad-request", "The form holds no parameter named update.")
    return _ordered(Parameters((*parameters.pairs, *form.pairs)), text)


def unmarked(text: str | None) -> str | None:
    """Return a text without a byte order mark, which editors write and no grammar knows."""
    return None if text is None else text.removeprefix("\ufeff")


def _asked(parameters: Parameters, text: str | None) -> Asked:
    if parameters.all("update"):
        raise Problem("bad-request", "This address takes queries; updates are sent to /update.")
    return Asked(
        query=text,
        default_graphs=parameters.given("default-graph-uri"),
        named_graphs=parameters.given("named-graph-uri"),
        formats=parameters.formats,
        timeout=timeout(parameters),
    )


def _ordered(parameters: Parameters, text: str) -> Ordered:
    using, named = parameters.given("using-graph-uri"), parameters.given("using-named-graph-uri")
    return Ordered(text, using, named)


def timeout(parameters: Parameters) -> float | None:
    """Return the shortest time that is asked for; none, and 0, leave it to the server.

    Raises:
        Problem: it is no number of seconds.
    """
    times = [_number(raw) for raw in parameters.given("timeout")]
    return min((seconds for seconds in times if seconds), default=None)


def hurry(form: bytes) -> float | None:
    """Return the shortest time that a form asks for, as far as it can be seen without decoding it.

    Anyone who decodes it refuses what is no time.

    Args:
        form: the form, or the parameters in an address.
    """
    times = []
    start = -1
    for _ in range(GLANCES):
        start = form.find(_HURRY, start + 1)
        if start < 0:
            break
        if start == 0 or form[start - 1 : start] == b"&":
            start += len(_HURRY)
            raw = form[start : start + _LONGEST_TIME].partition(b"&")[0]
            times += [float(raw)] if _TIME.fullmatch(raw) else []
    return min((seconds for seconds in times if seconds), default=None)


def _number(raw: str) -> float:
    try:
        seconds = float(raw)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise Problem("bad-parameter", f"timeout is a number of seconds from 0, not {raw!r}.")
    return seconds


def _form(sent: Sent) -> Parameters:
    form = decode(sent.body)
    twice = {key for key, _ in form.pairs} & {key for key, _ in sent.parameters.pairs}
    twice -= _REPEATABLE
    if twice:
        raise Problem("bad-request", f"In the address and in the form: {', '.join(sorted(twice))}.")
    return form


def _content_type(sent: Sent, accepted: tuple[str, str]) -> str:
    """Return the media type of the body, one of those accepted."""
    listed = ", ".join(accepted)
    if not sent.content_type.strip():
        raise Problem("bad-request", f"Content-Type is missing; accepted: {listed}.")
    kind, charset = media.essence(sent.content_type)
    if kind not in accepted:
        raise unsupported(f"Content-Type {kind} is not accepted here; {listed} are.", listed)
    if charset not in (None, "utf-8", "utf8"):
        raise unsupported(f"The charset {charset} is not accepted; utf-8 is.", listed)
    return kind


def unsupported(detail: str, accepted: str) -> Problem:
    """Make the problem that a body is of a kind that is not taken.

    Args:
        detail: what is not taken.
        accepted: the media types that are.
    """
    return Problem("unsupported-media-type", detail, headers={"Accept-Post": accepted})


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("bad-request", "The body is not UTF-8.") from None
