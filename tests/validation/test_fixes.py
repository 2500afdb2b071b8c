"""Edits that are certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, parse, serialize
from samsyn.positions.text import Region
from samsyn.validation.finding import Edit, Place
from samsyn.validation.fixes.choosing import Move, direct, languages, replaced, respaced, tagged
from samsyn.validation.fixes.editing import revise

PLACE = Place("a.ttl", Region(1, 1, 1, 2), "value")
NS = names.NS

TAGS = {
    "only-one-permitted": ('"hus"', ["sv"], [], True, '"hus"@sv'),
    "one-is-missing": ('"hus"', ["sv", "en"], ["en"], True, '"hus"@sv'),
    "case-of-tags": ('"hus"', ["sv", "en"], ["EN"], True, '"hus"@sv'),
    "single-quotes": ("'hus'", ["sv"], [], False, "'hus'@sv"),
    "long": ('"""hus"""', ["sv"], [], False, '"""hus"""@sv'),
    "both-are-missing": ('"hus"', ["sv", "en"], [], True, None),
    "none-is-missing": ('"hus"', ["sv", "en"], ["sv", "en"], True, None),
    "may-repeat": ('"hus"', ["sv", "en"], ["en"], False, None),
    "tagged": ('"hus"@de', ["sv"], [], True, None),
    "typed": ('"hus"^^<http://example.org/t>', ["sv"], [], True, None),
    "number": ("12", ["sv"], [], True, None),
    "nothing": ("", ["sv"], [], True, None),
}


@pytest.mark.parametrize(
    ("token", "permitted", "present", "once", "wanted"), TAGS.values(), ids=TAGS
)
def test_a_language_is_given_where_only_one_can_be_meant(
    token: str,
    permitted: list[str],
    present: list[str],
    once: bool,  # noqa: FBT001  a row of the table
    wanted: str | None,
) -> None:
    """A literal gets the only language that is permitted or missing, and no other."""
    edit = tagged(PLACE, token, permitted, present, once=once)
    assert edit == (None if wanted is None else Edit(PLACE, wanted))


def test_a_shape_tells_its_languages() -> None:
    """The languages of a property shape and whether each stands once are read from the shapes."""
    shapes = """
    PREFIX e: <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
    e:both sh:languageIn ( "sv" "en" ) ; sh:uniqueLang true .
    e:one sh:languageIn ( "sv" ) .
    e:none sh:minCount 1 .
    """
    triples = [quad.triple for quad in parse(shapes.encode(), "turtle")]
    assert languages(triples, "http://e/both") == (("sv", "en"), True)
    assert languages(triples, "http://e/one") == (("sv",), False)
    assert languages(triples, "http://e/none") == ((), False)
    assert languages(triples, "http://e/unknown") == ((), False)


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("informs", "feedsInformationTo"),
        ("isTransitivePartOf", None),
        ("hasTransitivePart", None),
        ("isMemberOf", None),
        ("hasLabel", None),
    ],
    ids=["one-below", "two-below", "inverse", "direct", "unknown"],
)
def test_the_one_direct_property_is_named(
    stated: str, wanted: str | None, dataset: Dataset
) -> None:
    """In place of a derived property stands the only direct one below it, where there is one."""
    ontology = dataset.select(names.IS_SCHEMA).triples()
    assert direct(ontology, NS + stated) == (None if wanted is None else NS + wanted)


TOKENS = {
    "iri": (f"<{NS}informs>", NS + "feeds", f"<{NS}feeds>"),
    "name": ("samsyn:informs", NS + "feeds", "samsyn:feeds"),
    "other-prefix": ("s:informs", NS + "feeds", "s:feeds"),
    "empty-prefix": (":informs", NS + "feeds", ":feeds"),
    "other-namespace": ("s:informs", "http://example.org/feeds", None),
    "needs-escapes": ("s:informs", NS + "feeds~", None),
    "longer-prefix": ("base:ns\\#informs", NS + "feeds", None),
    "relative": ("<ns#informs>", NS + "feeds", None),
    "keyword": ("a", NS + "feeds", None),
}


@pytest.mark.parametrize(("token", "new", "wanted"), TOKENS.values(), ids=TOKENS)
def test_an_iri_is_replaced_in_its_own_form(token: str, new: str, wanted: str | None) -> None:
    """A name is replaced by a name with the same prefix, an IRI by an IRI, anything else not."""
    edit = replaced(PLACE, token, NS + "informs", new)
    assert edit == (None if wanted is None else Edit(PLACE, wanted))


WRONG, RIGHT = "http://purl.org/dc/term/", names.DCTERMS
MOVE = Move(WRONG + "title", WRONG, RIGHT)


def repaired(text: str, form: str = "turtle", move: Move = MOVE) -> str:
    """Return a text with its edits made."""
    return revise(text.encode(), respaced("a", text, form, move)).data.decode()


TEXTS = {
    "prefix": (
        "turtle",
        f"@prefix d: <{WRONG}> .\r\n<a> d:title 'x' ; d:date 'y' .",
        f"@prefix d: <{RIGHT}> .\r\n<a> d:title 'x' ; d:date 'y' .",
    ),
    "sparql-prefix": ("trig", f"prefix d:<{WRONG}>\nd:a d:b 1", f"prefix d:<{RIGHT}>\nd:a d:b 1"),
    "iri": ("turtle", f"<a> <{WRONG}title> 'x' .", f"<a> <{RIGHT}title> 'x' ."),
    "all-uses": ("ntriples", f"<e:a> <{WRONG}title> <{WRONG}title> .\n" * 2,
                 f"<e:a> <{RIGHT}title> <{RIGHT}title> .\n" * 2),
    "other-term": ("ntriples", f"<e:a> <{WRONG}titles> <e:b> .", f"<e:a> <{WRONG}titles> <e:b> ."),
    "string": ("turtle", f"<a> <b> '<{WRONG}title>' , '''\n@prefix d: <{WRONG}> .''' .", None),
    "escaped-quote": ("turtle", f'<a> <b> "\\"<{WRONG}title>" .', None),
    "comment": ("turtle", f"# @prefix d: <{WRONG}> . <{WRONG}title>\n<a> <b> <c> .", None),
    "xml": (
        "rdfxml",
        f"<!-- xmlns:d='{WRONG}' --><rdf:RDF xmlns:d = '{WRONG}'><x rdf:about=\"{WRONG}title\"/>",
        f"<!-- xmlns:d='{WRONG}' --><rdf:RDF xmlns:d = '{RIGHT}'><x rdf:about=\"{RIGHT}title\"/>",
    ),
    "json": (
        "jsonld",
        f'{{"@context": {{"d": "{WRONG}"}}, "@id": "{WRONG}title", "{WRONG}title" : [1]}}',
        f'{{"@context": {{"d": "{RIGHT}"}}, "@id": "{RIGHT}title", "{RIGHT}title" : [1]}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("form", "text", "wanted"), TEXTS.values(), ids=TEXTS)
def test_a_namespace_is_replaced_where_it_is_declared_or_used(
    form: str, text: str, wanted: str | None
) -> None:
    """Declarations and full IRIs are changed; strings, comments and other terms are not."""
    assert repaired(text, form) == (text if wanted is None else wanted)


def test_a_forgotten_closing_sign_is_put_in() -> None:
    """A namespace without its closing sign gets it, in the declaration and in full."""
    move = Move("https://w3id.org/samsyn/nsNetwork", "https://w3id.org/samsyn/ns", NS)
    text = f"PREFIX s: <{move.wrong}> <a> a s:Network , <{move.term}> ."
    assert repaired(text, move=move) == f"PREFIX s: <{NS}> <a> a s:Network , <{NS}Network> ."


IRI = st.builds(
    str.__add__,
    st.sampled_from([WRONG, RIGHT, "http://example.org/"]),
    st.sampled_from(["title", "date", "titles"]),
)
TEXT = st.lists(
    st.sampled_from(
        [f"<{WRONG}title>", f'"{WRONG}"', "'", '"', "#", "\\", "\n", f"xmlns='{WRONG}'"]
    ),
    max_size=4,
).map("".join)


@given(st.lists(st.tuples(IRI, IRI, IRI, TEXT), max_size=5))
@pytest.mark.parametrize("form", ["ntriples", "turtle", "jsonld", "rdfxml"])
def test_a_fixed_file_says_the_same_with_the_right_term(
    form: str, rows: list[tuple[str, str, str, str]]
) -> None:
    """Read again, a fixed file has the right term in place of the wrong one, and else the same."""
    said = [
        Triple(NamedNode(subject), NamedNode(predicate), value)
        for subject, predicate, object_, text in rows
        for value in (NamedNode(object_), Literal(text))
    ]
    after = parse(repaired(serialize(said, form).decode(), form).encode(), form)

    def moved(term: NamedNode | Literal, *, declared: bool = False) -> NamedNode | Literal:
        if isinstance(term, NamedNode) and (term.value == MOVE.term or declared):
            return NamedNode(term.value.replace(WRONG, RIGHT))
        return term

    # In RDF/XML the namespace of a property is declared, and all that use it are fixed.
    xml = form == "rdfxml"
    wanted = {(moved(s), moved(p, declared=xml), moved(o)) for s, p, o in said}
    assert {tuple(quad.triple) for quad in after} == wanted
