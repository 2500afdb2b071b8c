"""Find the brief's passages in a reader's own copy of it, without holding their words.

A passage is known by the SHA-256 of its *skeleton*: the letters and digits of its text, folded.
Line breaks, hyphens, quotation marks and layout fall away, so that a re-flowed or hyphenated
copy, or the text of a PDF, verifies as well as the original.

``samsyn verify-source FILE`` is :func:`read_copy`, :func:`read_passages`, :func:`verify` and
:func:`report`; with ``--passage FIRST LAST`` it is :func:`passage` and :func:`block`.
"""

from __future__ import annotations

from samsyn.evidence.excerpt import block, passage
from samsyn.evidence.passages import Passage, read_passages, render
from samsyn.evidence.skeleton import SHORTEST, digest, skeleton
from samsyn.evidence.verification import Finding, read_copy, report, verify

__all__ = [
    "SHORTEST",
    "Finding",
    "Passage",
    "block",
    "digest",
    "passage",
    "read_copy",
    "read_passages",
    "render",
    "report",
    "skeleton",
    "verify",
]
