"""A query on its way to a worker: refused, negotiated, and named for the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from samsyn import media
from samsyn.dataset import scan
from samsyn.dataset.index import refuse
from samsyn.errors import QueryError
from samsyn.web import jobs, results
from samsyn.web.problems import Problem
from samsyn.web.protocol import Asked

CODINGS: Final = ("gzip",)
LONG: Final = 64 * 1024
"""Characters of a query that are read here; to read a mebibyte of them would hold up all others."""
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
        survey: what the worker need not find out again; None if it has to.
    """

    asked: Asked
    text: str
    choice: media.Choice
    coding: str
    base: str
    lasting: bool
    normal: str
    survey: scan.Survey | None

    def key(self, revision: str) -> Hashable:
        """Name the answer for the cache."""
        graphs = (self.asked.default_graphs, self.asked.named_graphs)
        how = (self.choice.format.name, self.choice.media_type, self.coding, self.base)
        return (revision, self.normal, graphs, how)

    def etag(self, revision: str) -> bytes:
        """Tag the answer; weakly, since its rows may come in another order."""
        if not self.lasting:
            return b""
        digest = hashlib.sha256(repr(self.key(revision)).encode()).hexdigest()
        return f'W/"{digest[:32]}"'.encode()

    def job(self) -> bytes:
        """Write it for a worker."""
        fields = {
            "text": self.text,
            "base": self.base,
            "default_graphs": self.asked.default_graphs,
            "named_graphs": self.asked.named_graphs,
            "format": self.choice.format.name,
            "coding": self.coding,
            "survey": self.survey,
        }
        return jobs.Job(jobs.QUERY, fields).pack()


def question(
    asked: Asked, text: str, accept: str | None, codings: str | None, base: str
) -> Question:
    """Make a question of a query.

    Args:
        asked: the query as asked.
        text: its text.
        accept: the ``Accept`` header.
        codings: the ``Accept-Encoding`` header.
        base: what relative IRIs are resolved against.

    Raises:
        Problem: it asks for what is never done, or for a format that does not fit.
    """
    long = len(text) > LONG
    # What stands after these is read by the worker, which refuses the same.
    found = scan.keywords(text[:LONG])
    try:
        refuse(found)
    except QueryError as error:
        raise results.problem(text, error) from error
    if long and found.form is None:
        raise Problem("too-large", f"The first {LONG} characters do not say what is asked.")
    for iri in (*asked.default_graphs, *asked.named_graphs):
        results.check_iri(iri)
    choice = results.choose(_KINDS.get(found.form or "", "select"), accept, asked.formats)
    lasting = not long and not scan.varies(text)
    normal = scan.normal(text) if lasting else text
    survey = None if long else scan.survey(text)
    return Question(asked, text, choice, coding(codings), base, lasting, normal, survey)


@lru_cache(maxsize=64)
def coding(accepted: str | None) -> str:
    """Choose the coding of an answer (RFC 9110, section 12.5.3); empty for none."""
    return media.negotiate_coding(accepted, CODINGS)
