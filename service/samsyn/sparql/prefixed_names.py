"""Prefixed names with several dots, which the query engine cannot read, written as IRIs.

SPARQL 1.1 (19.8, PN_LOCAL) allows any number of dots inside a name; pyoxigraph 0.5.13 takes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SOUGHT: Final = re.compile(r":[\w%-]*\.[\w%:-]+\.[\w.%:-]*\w")
"""What a text has somewhere that has such a name."""
_TOKEN: Final = re.compile(
    r"""
      (?P<opaque> \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
        | \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<name> (?P<prefix> (?:[^\W\d_][\w.-]*)? ) : (?P<local> [\w%-]+ (?: \.+ [\w%:-]+ ){2,} ) )
    | [\w:-]+
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX: Final = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", re.IGNORECASE)


def spelled_out(text: str, prefixes: Mapping[str, str]) -> str:
    """Write names with several dots as IRIs; those whose prefix is not known stay as they are.

    Args:
        text: a query.
        prefixes: the prefixes that need no declaration.

    >>> spelled_out("ASK { ?s e:a.b.c e:d }", {"e": "http://e.org/"})
    'ASK { ?s <http://e.org/a.b.c> e:d }'
    """
    if not _SOUGHT.search(text):
        return text
    known = {**prefixes, **dict(_PREFIX.findall(text))}

    def instead(match: re.Match[str]) -> str:
        space = known.get(match["prefix"]) if match["name"] else None
        return match[0] if space is None else f"<{space}{match['local']}>"

    return _TOKEN.sub(instead, text)
