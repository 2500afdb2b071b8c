"""What came back for one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.media import essence


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, read to its end.

    Args:
        url: where it came from.
        status: the status code.
        headers: names and values as sent, in order.
        body: the content, still as bytes; what follows a HEAD's headers too, so that it is seen.
    """

    url: str
    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return a header, its repeats joined by commas; None where it is absent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        """The media type of the content, in lower case and without parameters."""
        return essence(self.header("Content-Type") or "")[0]

    @property
    def charset(self) -> str | None:
        """The charset that the content type names, in lower case."""
        return essence(self.header("Content-Type") or "")[1]
