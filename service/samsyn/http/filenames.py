"""What a document is called where a reader keeps it (RFC 6266)."""

from __future__ import annotations

import re
from typing import Final

from samsyn import media

_SUFFIXES: Final = {
    "turtle": "ttl", "ntriples": "nt", "jsonld": "jsonld", "rdfxml": "rdf", "nquads": "nq",
}  # fmt: skip
"""The endings of files, where they are not the short name of the format."""
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 100


def disposition(name: str, form: media.Format, *, attached: bool = False) -> str:
    """Return the header ``Content-Disposition``.

    Args:
        name: what the document is about, such as the path of a graph.
        form: the format, which gives the ending.
        attached: whether a browser keeps it without showing it.
    """
    stem = _UNFIT.sub("-", name).strip("-.")[:_LONGEST] or "samsyn"
    ending = _SUFFIXES.get(form.name, form.name)
    return f'{"attachment" if attached else "inline"}; filename="{stem}.{ending}"'
