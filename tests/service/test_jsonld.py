"""JSON-LD: contexts from files, and each fault with its kind and its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat
from pyoxigraph import parse as engine
from tests.validation.suites import ABSENT, packed

from samsyn.closure.interface import read as read_file
from samsyn.dataset.exact import parse_triples
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.jsonld.contexts import Contexts
from samsyn.dataset.jsonld.reader import read
from samsyn.errors import UsageError

SUITE: Final = "/test/jsonld/1.1/"
BASE: Final = "https://w3c.github.io/json-ld-api/tests/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with contexts, next to one that no document of it may read."""
    texts = {
        "in/code.jsonld": {"@context": {"code": "http://e/code"}},
        "in/sub/more.jsonld": {"@context": ["deep/name.json", {"more": "e:more"}]},
        "in/sub/deep/name.json": {"@context": {"e": "http://e/", "name": "e:name"}},
        "in/scoped.jsonld": {
            "@context": {
                "@base": "http://elsewhere/",
                "inner": {"@id": "http://e/inner", "@context": "code.jsonld"},
            }
        },
        "in/imported.jsonld": {"@context": {"a": "http://e/a", "b": "http://e/b"}},
        "in/wrong.jsonld": {"code": "http://e/code"},
        "in/loop.jsonld": {"@context": ["loop.jsonld"]},
        "out/secret.jsonld": {"@context": {"code": "http://e/secret"}},
    }
    for name, value in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    (tmp_path / "in/broken.jsonld").write_text('{"@context": {', encoding="utf-8")
    return tmp_path


def lines(folder: Path, value: Any, *pairs: str, text: str = "") -> list[str]:
    """Return the triples of a document in a folder, sorted."""
    contexts = Contexts.of(pairs).beside(folder / "in/document.jsonld")
    data = (text or json.dumps(value)).encode()
    triples = parse_triples(data, "jsonld", base="http://b/", contexts=contexts)
    return sorted(f"{each.predicate} {each.object}" for each in triples)


@pytest.mark.parametrize(
    ("context", "body", "expected"),
    [
        ("code.jsonld", {"code": "1"}, ['<http://e/code> "1"']),
        ("./code.jsonld", {"code": "1"}, ['<http://e/code> "1"']),
        (["code.jsonld", {"x": "http://e/x"}], {"code": "1", "x": "2"},
         ['<http://e/code> "1"', '<http://e/x> "2"']),
        ("sub/more.jsonld", {"name": "n", "more": "m"},
         ['<http://e/more> "m"', '<http://e/name> "n"']),
        ([None, "code.jsonld"], {"code": "1"}, ['<http://e/code> "1"']),
        ({"@import": "imported.jsonld", "b": "http://e/c"}, {"a": "1", "b": "2"},
         ['<http://e/a> "1"', '<http://e/c> "2"']),
        ({"@vocab": "http://v/", "inner": {"@id": "http://e/inner", "@context": "code.jsonld"}},
         {"inner": {"@id": "x", "code": "1"}, "out": "2"},
         ['<http://e/code> "1"', "<http://e/inner> <http://b/x>", '<http://v/out> "2"']),
        ("scoped.jsonld", {"inner": {"@id": "x", "code": "1"}},
         ['<http://e/code> "1"', "<http://e/inner> <http://b/x>"]),
    ],
    ids=["beside", "dotted", "array", "chained", "after-null", "import", "scoped", "scoped-there"],
)  # fmt: skip
def test_contexts_beside_the_document_are_read(
    folder: Path, context: Any, body: dict[str, Any], expected: list[str]
) -> None:
    """A relative reference is a file of the document's folder, wherever contexts can stand."""
    assert lines(folder, {"@context": context, "@id": "http://e/s", **body}) == expected


def test_a_file_address_is_read_below_the_folder(folder: Path) -> None:
    """What file: names is read if it is below the folder of the document."""
    iri = (folder / "in/code.jsonld").as_uri()
    assert lines(folder, {"@context": iri, "code": "1"}) == ['<http://e/code> "1"']


def test_contexts_can_be_given(folder: Path) -> None:
    """An address stands for the file that is given for it, and what it names in turn too."""
    pairs = (f"https://c.example/v1={folder}/in/sub/more.jsonld",
             f"https://c.example/deep/name.json={folder}/in/sub/deep/name.json")  # fmt: skip
    document = {"@context": "https://c.example/v1", "name": "n"}
    assert lines(folder, document, *pairs) == ['<http://e/name> "n"']
    outside = f"../out/secret.jsonld={folder}/out/secret.jsonld"
    document = {"@context": "../out/secret.jsonld", "code": "1"}
    assert lines(folder, document, outside) == ['<http://e/secret> "1"']
    with pytest.raises(UsageError, match="names no context and file"):
        Contexts.of(["https://c.example/v1"])


@pytest.mark.threat("outward")
@pytest.mark.parametrize(
    ("context", "kind"),
    [
        ("https://schema.org/", "context-not-given"),
        ("//c.example/v1", "context-not-given"),
        ("absent.jsonld", "context-not-there"),
        ("../out/secret.jsonld", "context-outside"),
        ("sub/../../out/secret.jsonld", "context-outside"),
        ("%2e%2e/out/secret.jsonld", "context-outside"),
        ("file:///etc/passwd", "context-outside"),
        ("wrong.jsonld", "bad-context"),
        ("broken.jsonld", "bad-context"),
        ("loop.jsonld", "cyclic-context"),
        ({"@import": "loop.jsonld"}, "bad-import"),
        ({"@import": "https://schema.org/"}, "context-not-given"),
        ({"x": {"@id": "http://e/x", "@context": "https://schema.org/"}}, "context-not-given"),
    ],
)
def test_what_is_not_given_is_never_fetched(folder: Path, context: Any, kind: str) -> None:
    """A context from elsewhere is named, with its place and with what to do."""
    text = f'{{"@id": "http://e/s",\n "@context": {json.dumps(context)}}}'
    where = Contexts(document=folder / "in/document.jsonld")
    with pytest.raises(FlawError) as caught:
        list(read(text.encode(), contexts=where))
    flaw = caught.value
    assert (flaw.kind, flaw.start[0]) == (kind, 2)
    assert all(name in flaw.messages[1][1] for name in ("context",) if kind != "bad-import")
    if kind == "context-not-given" and "schema.org" in text:
        assert "--context https://schema.org/=FILE" in flaw.messages[1][1]


@pytest.mark.threat("files")
def test_a_link_does_not_lead_out_of_the_folder(folder: Path) -> None:
    """A symbolic link to a file elsewhere is no file of the folder."""
    (folder / "in/link.jsonld").symlink_to(folder / "out/secret.jsonld")
    with pytest.raises(FlawError) as caught:
        list(read(b'{"@context": "link.jsonld"}', contexts=Contexts(document=folder / "in/x")))
    assert caught.value.kind == "context-outside"


def test_without_a_file_nothing_is_beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that is no file, as one that was sent, reaches none."""
    monkeypatch.chdir(folder / "in")
    for contexts in (None, Contexts()):
        with pytest.raises(FlawError) as caught:
            list(read(b'{"@context": "code.jsonld"}', contexts=contexts))
        assert caught.value.kind == "context-not-given"


def test_a_file_is_closed_with_its_contexts(folder: Path) -> None:
    """What closes and explains files reads contexts too."""
    path = folder / "in/document.jsonld"
    path.write_text('{"@context": "code.jsonld", "code": "1"}', encoding="utf-8")
    assert [triple.predicate.value for triple in read_file(path)] == ["http://e/code"]


@pytest.mark.threat("hostile-document")
def test_a_context_cannot_fill_the_memory(tmp_path: Path) -> None:
    """A large context that is named by each of many nodes is refused beyond a limit."""
    terms = {f"t{number}": f"http://e/{number}" for number in range(40_000)}
    (tmp_path / "c.jsonld").write_text(json.dumps({"@context": terms}), encoding="utf-8")
    document = json.dumps([{"@context": "c.jsonld"}] * 100)
    with pytest.raises(FlawError) as caught:
        list(read(document.encode(), contexts=Contexts(document=tmp_path / "d.jsonld")))
    assert caught.value.kind == "context-flood"


def test_json_as_a_value_has_no_contexts() -> None:
    """What looks like a context in a JSON literal is left as it is."""
    value = {"@type": "@json", "@value": {"@context": "https://schema.org/"}}
    terms = {"j": {"@id": "http://e/j", "@type": "@json"}}
    for document in (
        {"http://e/p": value},
        {"@context": terms, "j": {"@context": "https://schema.org/"}},
    ):
        (quad,) = read(json.dumps(document).encode())
        assert quad.object.value == '{"@context":"https://schema.org/"}'


def flaw(text: str | bytes) -> tuple[str, int, int]:
    """Return kind, line and column of the fault of a document."""
    with pytest.raises(FlawError) as caught:
        list(read(text if isinstance(text, bytes) else text.encode(), base="http://b/"))
    assert "Compare with" not in caught.value.messages[1][1]
    return caught.value.kind, *caught.value.start


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("", "json-end", 1, 1),
        ('{"a": 1', "json-end", 1, 8),
        ('{"a": 1\n "b": 2}', "json-comma", 2, 2),
        ('{"a" 1}', "json-colon", 1, 6),
        ("{'a': 1}", "json-quotes", 1, 2),
        ("{a: 1}", "json-quotes", 1, 2),
        ('{"a": 1,\n}', "json-last-comma", 1, 8),
        ('{"a": [1, 2,]}', "json-last-comma", 1, 12),
        ('{"a": 1,, "b": 2}', "json-second-comma", 1, 9),
        ('{"a": tru}', "json-value", 1, 7),
        ('{"a": NaN}', "json-value", 1, 7),
        ('{"a": \'b\'}', "json-value", 1, 7),
        ('{"a": "b', "json-string", 1, 7),
        ('{"a": "b\nc"}', "json-control", 1, 9),
        ('{"a": "\\x"}', "json-escape", 1, 8),
        ('{"a": 1} x', "json-extra", 1, 10),
        ('// note\n{"a": 1}', "json-comment", 1, 1),
        ('{"a": 1, /* note */ "b": 2}', "json-comment", 1, 10),
        ('\r\n{"å": "😀" "b": 1}', "json-comma", 2, 11),
        (b'{"a": "\xff"}', "bad-encoding", 1, 8),
        ('{"http://e/p": 1,\n "@id": 5}', "jsonld-string", 2, 2),
        ('{"@graph": [{"@id": "a"},\n {"@id": ["b"]}, {"@id": "c"}]}', "jsonld-string", 2, 3),
        ('{"@type": 5}', "jsonld-string", 1, 2),
        ('{"@context": {"x": "http://x/",\n "t": {"@id": 5}}, "x:y": 1}', "jsonld-string", 2, 8),
        ('{"@context":\n 5}', "jsonld-context", 1, 2),
        ('{"@context": {"x": "http://x/",\n "t": 5}}', "jsonld-definition", 2, 2),
        ('{"@context": {"@vocab":\n 5}}', "jsonld-string", 1, 15),
        ('{"@context": {"@language": 5}}', "jsonld-language", 1, 15),
        ('{"@context": {"@base": "http://a b/"}}', "jsonld-base", 1, 15),
        ('{"@context": {\n"a": "b:c",\n"b": "a:d"}}', "jsonld-cycle", 3, 1),
        ('{"@context": {"t": {"@type": "@id"}}}', "jsonld-no-iri", 1, 15),
        ('{"@id": "a", "@id": "b"}', "jsonld-twice", 1, 14),
        ('{"http://p": {"@value": "a",\n "@id": "b"}}', "jsonld-incompatible", 2, 2),
        ('{"http://p": {"@value": "a", "@type": "http://t",\n "@language": "en"}}',
         "jsonld-incompatible", 2, 2),
        ('{"http://p": {"@value": {"a": 1}}}', "jsonld-value", 1, 15),
        ('{"http://p": {"@value": "a", "@type": "x y"}}', "jsonld-type", 1, 30),
        ('{"http://p": {"@value": "a", "http://q": 1}}', "jsonld-value-object", 1, 30),
        ('{"@context": {"@protected": true, "t": "http://t"},\n "http://p": {"@context":\n'
         ' {"t": "http://u"}}}', "jsonld-protected", 3, 3),
        ('{"@reverse": 5}', "jsonld", 1, 2),
        ('{"@context": {"t": {"@id": "http://e/t",\n "@container": ["@type", "@set"]}}}',
         "jsonld-unread", 2, 2),
        ('{"http://p": {"@list": [1],\n "@id": "x"}}', "jsonld", 1, 15),
    ],
)  # fmt: skip
def test_a_fault_has_its_kind_and_its_place(text: str, kind: str, line: int, column: int) -> None:
    """Each fault is reported where it is, with its own words."""
    assert flaw(text) == (kind, line, column)


def test_a_fault_behind_a_context_keeps_its_place(folder: Path) -> None:
    """What was put in for a reference moves nothing that stands after it."""
    text = '{"@context": "sub/more.jsonld", "@id": 5,\n "name": "n"}'
    with pytest.raises(FlawError) as caught:
        list(read(text.encode(), contexts=Contexts(document=folder / "in/document.jsonld")))
    assert caught.value.start == (1, 33)
    assert caught.value.end == (1, 41)


DOCUMENT: Final = """{
 "@context": {"@vocab": "http://e/", "t": {"@id": "t", "@type": "@id"}},
 "@id": "http://e/s", "name": "å\\n", "t": ["http://e/o", "x"],
 "list": {"@list": [1, 2.5, true]}, "inner": {"@type": "T"}
}"""


@given(st.integers(0, len(DOCUMENT) - 1), st.sampled_from([*'{}[]:,"x1\\\n', ""]))
def test_the_reader_and_json_agree_on_what_is_wrong(at: int, put: str) -> None:
    """One character changed: what json refuses is refused where json says, or where it is meant."""
    text = f"{DOCUMENT[:at]}{put}{DOCUMENT[at + 1 :]}"
    refused = refusal(text)
    if refused is not None:
        kind, *start = flaw(text)
        assert kind.startswith("json")
        # A comma too many is pointed at itself, not at what follows it.
        assert tuple(start) <= refused
        assert kind == "json-last-comma" or tuple(start) == refused
        return
    try:
        count = len(list(engine(text, RdfFormat.JSON_LD, base_iri="http://b/")))
    except SyntaxError:
        assert min(flaw(text)[1:]) > 0
    else:
        assert len(list(read(text.encode(), base="http://b/"))) == count


def refusal(text: str) -> tuple[int, int] | None:
    """Return where json refuses a text, if it does."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno
    return None


REASONS: Final = {
    "the engine resolves a few odd relative IRIs otherwise (docs/engines.md)":
        {"t0122", "t0123", "te062", "te091"},
    "the engine takes the scoped context of the wrong type (docs/engines.md)": {"tc013"},
    "the engine keeps base directions, as RDF 1.2 does, where version 1.1 drops them":
        {"tdi02", "tdi04", "tdi05", "tdi06", "tdi09", "tdi10", "tdi11", "tdi12"},
    "a context from outside the document (expandContext) is no part of samsyn": {"te077"},
    "contexts that hold themselves cannot be put in place": {"te126", "te127", "te128"},
    "the engine refuses a @base that is no IRI, which the Recommendation passes over": {"tli12"},
    "errors of JSON-LD 1.0 only": {"tc029", "tep02", "ter21", "ter42", "ttn01"},
}  # fmt: skip


def suite() -> Iterator[tuple[dict[str, Any], bytes, str]]:
    """Yield the tests of the W3C suite to RDF: the entry, the document and its base."""
    entries = json.loads(packed(SUITE)["toRdf-manifest.jsonld"])["sequence"]
    for entry in entries:
        option = entry.get("option", {})
        if option.get("specVersion") != "json-ld-1.0":
            base = option.get("base") or BASE + entry["input"]
            yield entry, packed(SUITE)[entry["input"]], base


def right(entry: dict[str, Any], data: bytes, base: str, contexts: Contexts) -> bool:
    """Return whether a document gives what a test of the suite expects."""
    negative = "jld:NegativeEvaluationTest" in entry["@type"]
    try:
        found = Dataset(read(data, base=base, contexts=contexts))
    except FlawError as error:
        return negative and min(error.start) > 0
    if negative or "expect" not in entry:
        return not negative
    try:
        expected = Dataset(engine(packed(SUITE)[entry["expect"]], RdfFormat.N_QUADS))
    except SyntaxError:
        return True  # blank nodes as predicates, which are no RDF
    for graph in (found, expected):
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found == expected


def test_the_suite_of_the_w3c_is_read(tmp_path: Path) -> None:
    """The W3C suite to RDF, its contexts from files: what differs is listed with its reason."""
    files = packed(SUITE)
    if not files:
        pytest.skip(ABSENT)
    for path, data in files.items():
        if path.endswith((".jsonld", ".json", ".ldte")):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
    given_files = {BASE + path: tmp_path / path for path in files}
    wrong = {
        entry["@id"].removeprefix("#")
        for entry, data, base in suite()
        if not right(entry, data, base, Contexts(given_files, base))
    }
    assert wrong == set().union(*REASONS.values())
    assert sum(1 for _ in suite()) > 400


def test_a_quad_keeps_its_graph() -> None:
    """Named graphs of JSON-LD are read."""
    text = '{"@id": "http://e/g", "@graph": [{"@id": "http://e/s", "http://e/p": "o"}]}'
    (quad,) = read(text.encode())
    assert isinstance(quad, Quad)
    assert str(quad.graph_name) == "<http://e/g>"
