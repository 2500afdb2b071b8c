"""What JSON-LD leaves out in silence is reported, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.service.test_jsonld import BASE, suite
from tests.validation.suites import ABSENT, packed

from samsyn.dataset.flaws import FlawError
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.dataset.jsonld.ignored import left_out
from samsyn.dataset.jsonld.reader import read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"@id": "http://e/boat 1",\n "http://e/p": 1}', [("jsonld-bad-iri", 1, 9)]),
        ('{"@id": "boat 1", "http://e/p": 1}', [("jsonld-bad-iri", 1, 9)]),
        ('{"@context": {"e": "http://e/"}, "@id": "e:boat 1", "e:p": 1}',
         [("jsonld-bad-iri", 1, 41)]),
        ('{"@id": "http://e/s",\n "@type": "a b"}', [("jsonld-bad-iri", 2, 11)]),
        ('{"@context": {"t": {"@id": "http://e/t", "@type": "@id"}},\n "t": "u v"}',
         [("jsonld-bad-iri", 2, 7)]),
        ('{"http://e/p q": 1}', [("jsonld-bad-iri", 1, 2)]),
        ('{"@id": "http://e/s", "nmae": "x"}', [("jsonld-no-meaning", 1, 23)]),
        ('{"@context": {"name": "http://e/n"},\n "name": 1, "nmae": 2, "x": {"nmae": 3}}',
         [("jsonld-no-meaning", 2, 13), ("jsonld-no-meaning", 2, 24)]),
        ('[{"@graph": [{"my key": 1}]}]', [("jsonld-no-meaning", 1, 15)]),
        ('{"@comment": "x", "http://e/p": 1}', [("jsonld-no-keyword", 1, 2)]),
        ('{"@context": {"note": null}, "note": "x", "http://e/p": 1}', []),
        ('{"@context": {"@vocab": "http://e/"}, "p": 1}', []),
        ('{"@context": {"id": "@id", "type": "@type"}, "id": "http://e/s", "type": "x:T"}', []),
        ('{"http://e/p": {"@type": "@json", "@value": {"name": "a b"}}}', []),
        ('{"http://e/p": "a b", "http://e/q": {"@value": "c d"}}', []),
        ("[]", []),
        ("{}", []),
        ("5", []),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told(text: str, found: list[tuple[str, int, int]]) -> None:
    """Addresses that are none, names without meaning and odd keywords, each once; nothing else."""
    flaws = left_out(text.encode(), base="http://b/")
    assert [(flaw.kind, *flaw.start) for flaw in flaws] == found


def test_a_context_from_a_file_gives_meaning(tmp_path: Path) -> None:
    """What a context elsewhere defines is not left out, and places hold behind it."""
    (tmp_path / "c.jsonld").write_text('{"@context": {"name": "http://e/n"}}', encoding="utf-8")
    text = '{"@context": "c.jsonld", "name": "x", "nmae": "y"}'
    (flaw,) = left_out(text.encode(), contexts=Contexts(document=tmp_path / "d.jsonld"))
    assert flaw.start == (1, text.index('"nmae"') + 1)


def test_where_nothing_is_left_out_nothing_is_told(tmp_path: Path) -> None:
    """In the W3C suite, a name that is reported has no quad of its own."""
    files = packed("/test/jsonld/1.1/")
    if not files:
        pytest.skip(ABSENT)
    for path, data in files.items():
        if path.startswith("toRdf") and path.endswith(".jsonld"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
    contexts = {BASE + path: tmp_path / path for path in files}
    told = 0
    for _, data, base in suite():
        where = Contexts(contexts, base)
        try:
            predicates = {quad.predicate.value for quad in read(data, base=base, contexts=where)}
        except FlawError:
            continue
        for flaw in left_out(data, base=base, contexts=where):
            told += 1
            if flaw.kind != "jsonld-bad-iri":
                line = data.decode("utf-8-sig").splitlines()[flaw.start[0] - 1]
                name, _ = json.JSONDecoder().raw_decode(line[flaw.start[1] - 1 :])
                assert name not in predicates
    assert told > 20
