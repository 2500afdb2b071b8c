"""A query on its way to a worker: refused, negotiated, and named for the cache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from samsyn import media
from samsyn.errors import QueryError
from samsyn.http import answers, messages
from samsyn.http.filenames import disposition
from samsyn.http.sparql_protocol import Asked
from samsyn.server.cache import digest
from samsyn.sparql import keywords

CODINGS: Final = ("gzip",)
LONGEST: Final = 8 * 1024
"""Characters of a query that are looked over on the event loop; a longer one is read by a worker.

Scanning a text made for it takes a microsecond a character, and all other clients wait meanwhile.
"""
LARGEST: Final = 32 * 1024
"""Bytes of an address and a body that are decoded on the event loop."""
VARY: Final = "Accept, Accept-Encoding, Origin"
_KEPT: Final = frozenset({"csv", "tsv"})
"""Formats that people keep in files."""
_KINDS: Final = {"ASK": "ask", "CONSTRUCT": "graph", "DESCRIBE": "graph"}


@dataclass(frozen=True)
class Question:
    """A query with all that its answer depends on but the data.

    Args:
        asked: the query as asked.
        text: its text.
        choice: the format of the answer.
        coding: the coding of the answer, empty for none.
        base: what relative IRIs are resolved against.
        lasting: whether the same question has the same answer as long as the data is the same.
        normal: the text without what does not matter.
        survey: what need not be found out again to run it.
    """

    asked: Asked
    text: str
    choice: media.Choice
    coding: str
    base: str
    lasting: bool
    normal: str
    survey: keywords.Survey

    def key(self, revision: str) -> bytes:
        """Name the answer for the cache."""
        graphs = (self.asked.default_graphs, self.asked.named_graphs)
        how = (self.choice.format.name, self.choice.media_type, self.coding, self.base)
        return digest(repr((revision, self.normal, graphs, how)).encode())

    def headers(self, key: bytes) -> dict[str, str]:
        """Return the headers of the answer, with its tag if it is lasting.

        The tag is weak, since the rows of the same answer may come in another order.

        Args:
            key: the name of the answer.
        """
        headers = {
            "Content-Type": self.choice.content_type,
            "Vary": VARY,
            "Cache-Control": "no-cache" if self.lasting else "no-store",
        }
        if self.lasting:
            headers["ETag"] = f'W/"{key.hex()}"'
        if self.choice.format.name in _KEPT:
            headers["Content-Disposition"] = disposition("query", self.choice.format)
        if self.coding:
            headers["Content-Encoding"] = self.coding
        return headers

    def fields(self) -> dict[str, Any]:
        """List what is needed to run it."""
        return {
            "text": self.text,
            "base": self.base,
            "default_graphs": self.asked.default_graphs,
            "named_graphs": self.asked.named_graphs,
            "format": self.choice.format.name,
            "coding": self.coding,
            "survey": self.survey,
        }

    def job(self) -> bytes:
        """Write it for a worker."""
        return messages.Job(messages.QUERY, self.fields()).pack()


def question(asked: Asked, text: str, accept: str | None, coded: str, base: str) -> Question:
    """Make a question of a query.

    Args:
        asked: the query as asked.
        text: its text.
        accept: the ``Accept`` header.
        coded: the coding of the answer, empty for none.
        base: what relative IRIs are resolved against.

    Raises:
        Problem: it asks for what is never done, or for a format that does not fit.
    """
    found = keywords.keywords(text)
    try:
        keywords.refuse(found)
    except QueryError as error:
        raise answers.problem(text, error) from error
    choice = answers.choose(_KINDS.get(found.form or "", "select"), accept, asked.formats)
    lasting = not keywords.varies(text)
    normal = keywords.normal(text) if lasting else text
    return Question(asked, text, choice, coded, base, lasting, normal, keywords.survey(text))


@lru_cache(maxsize=64)
def coding(accepted: str | None) -> str:
    """Choose the coding of an answer (RFC 9110, section 12.5.3); empty for none."""
    return media.negotiate_coding(accepted, CODINGS)
