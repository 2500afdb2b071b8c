"""Honest requests of every kind: each address with each format, all that queries and documents do.

Addresses, formats and parameters are those of the server's own OpenAPI document, so what is added
to it is asked for too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import quote, urlencode

from samsyn.validation import options, reports

NS = "https://w3id.org/samsyn/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_VARIABLE = frozenset({"callback", "timeout"})


@dataclass(frozen=True)
class Asked:
    """One request.

    Args:
        method: its method.
        path: its path, with its query.
        body: its body.
        headers: named as in Python (``content_type``).
    """

    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def addresses(document: dict[str, Any], *, every_format: bool) -> Iterator[Asked]:
    """Ask for each address that can be read, as it is described.

    Args:
        document: the server's OpenAPI document.
        every_format: whether in each of its formats, in both languages, by each method.
    """
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        operation = methods["get"]
        target = _target(path, operation)
        kinds = sorted({kind for answer in operation["responses"].values()
                        for kind in answer.get("content", ())})  # fmt: skip
        for kind in kinds if every_format else kinds[-1:]:
            for language in ("en", "sv") if every_format else ("sv",):
                headers = {"accept": kind, "accept_language": language}
                yield Asked("GET", target, None, {**headers, "accept_encoding": "gzip"})
        if every_format:
            yield Asked("GET", target, None, {"accept": "image/png"})
            yield Asked("GET", f"{target}{'&' if '?' in target else '?'}format=no", None)
            for method in ("HEAD", "OPTIONS", "PATCH"):
                yield Asked(method, target)


def _target(path: str, operation: dict[str, Any]) -> str:
    values = []
    for item in operation.get("parameters", ()):
        example = item.get("example", item["schema"].get("default"))
        if item["in"] == "path":
            path = path.replace("{" + item["name"] + "}", quote(str(example)))
        elif example is not None and item["name"] not in _VARIABLE:
            values.append((item["name"], str(example)))
    return f"{path}?{urlencode(values)}" if values else path


MISSING = (
    "/nowhere", "/browse/Nothing", "/queries/none", "/graph/none", "/id/none", "/vocab/none/none",
    "/explain?subject=x", "/explain?subject=samsyn:x&property=samsyn:y&object=samsyn:z",
    "/graph/scenario/R99.9", "/graph/scenario/none", "/static/none", "/ns/99", "/doc/logo/99",
    "/page/id/none", "/data/id/none", "/browse/Network?page=99", "/suggest?q=return", "/suggest",
    "/sparql?query=SELEC", "/sparql?query=ASK%20%7B&format=csv", "/sparql?query=", "/gsp?graph=x",
    "/gsp?graph=urn:none", "/sparql?query=ASK%7BSERVICE%3Cx:y%3E%7B%7D%7D", "/scenario?item=R99",
    "/query?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", "/%ff", "/queries/cq01?size=x",
)  # fmt: skip


def missing() -> Iterator[Asked]:
    """Ask for what is not there, or wrongly."""
    for path in MISSING:
        for kind in ("text/html", "application/problem+json", "text/plain", "text/turtle"):
            yield Asked("GET", path, None, {"accept": kind, "accept_language": "sv"})


RESULTS = ("csv", "tsv", "json", "xml")
GRAPHS = ("ttl", "nt", "jsonld", "rdfxml")
FUNCTIONS = (
    'REGEX("Åland", "^å(l|x)", "i")', 'REPLACE("abc", "(b)", "[$1]", "i")', "RAND()", "NOW()",
    'MD5("a")', 'SHA1("a")', 'SHA256("a")', 'SHA384("a")', 'SHA512("a")', "UUID()", "STRUUID()",
    'YEAR("2020-01-31T10:00:00Z"^^xsd:dateTime)', 'TZ(NOW())', 'TIMEZONE(NOW())',
    '"2020-01-31"^^xsd:date + "P1M"^^xsd:yearMonthDuration', 'xsd:decimal("1.1") / 3',
    'xsd:dateTime("2020-01-31T10:00:00")', '"2020-01-31"^^xsd:date < "2020-02-01Z"^^xsd:date',
    'UCASE("å")', 'ENCODE_FOR_URI("å ä")', 'LANGMATCHES("sv-FI", "sv")', 'IRI("x")', "BNODE()",
    'STRDT("1", xsd:integer)', 'SUBSTR("åäö", 2)', 'STRLEN("åäö")', "ROUND(1.5)", "1/0",
    '"a"@sv', "TRIPLE(<urn:a>, <urn:b>, 1)", 'xsd:float("1e9")', 'CONTAINS("å", "å")', "ABS(-1)",
    'STRLANGDIR("a", "ar", "rtl")', "<urn:unknown>(1)", 'xsd:dayTimeDuration("P1D")',
)  # fmt: skip
SELECTS = (
    "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 2000",
    "SELECT ?p (COUNT(*) AS ?n) (GROUP_CONCAT(STR(?o)) AS ?t) (SAMPLE(?s) AS ?x) "
    "{ ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 2) ORDER BY DESC(?n)",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s a/rdfs:subClassOf* ?c } } LIMIT 50",
    "SELECT * { ?s rdfs:label ?l OPTIONAL { ?s skos:altLabel ?a } MINUS { ?s a owl:Class } "
    "FILTER NOT EXISTS { ?s a owl:Thing } VALUES ?z { 1 2 } } LIMIT 50",
    "SELECT * { { SELECT ?s { ?s a ?c } LIMIT 3 } UNION { ?s !(a|^a) ?o } } LIMIT 50",
    "ASK { ?s ?p ?o }",
    "SELECT * FROM <https://w3id.org/samsyn/graph/catalogue> { ?s ?p ?o } LIMIT 5",
)
CONSTRUCTS = (
    "CONSTRUCT WHERE { ?s a ?c } LIMIT 500",
    "DESCRIBE samsyn:Network",
    "CONSTRUCT { [] rdf:value ?o } { ?s ?p ?o FILTER ISLITERAL(?o) } LIMIT 100",
)


def queries(*, every_format: bool) -> Iterator[Asked]:
    """Ask queries of all forms, with all functions, by each way of the protocol."""
    called = " ".join(f"BIND ({call} AS ?v{at})" for at, call in enumerate(FUNCTIONS))
    texts = [*((text, RESULTS) for text in (f"SELECT * {{ {called} }}", *SELECTS)),
             *((text, GRAPHS) for text in CONSTRUCTS)]  # fmt: skip
    for at, (text, kinds) in enumerate(texts):
        for kind in kinds if every_format else (kinds[at % 4],):
            for coding in ("gzip", "identity") if every_format else ("gzip",):
                pairs = urlencode({"query": text, "format": kind})
                yield Asked("GET", f"/sparql?{pairs}", None, {"accept_encoding": coding})
    for text in ("SELECT * { ?s ?p ?o } LIMIT 3 #", "SELECT * { ?s a", "SELECT (1 AS ?x)\n{}"):
        kind = {"content_type": "application/sparql-query", "accept": "text/html"}
        yield Asked("POST", "/sparql", text.encode(), kind)
        yield Asked("QUERY", "/sparql", text.encode() * 400, {**kind, "accept": "text/csv"})
        form = {"content_type": "application/x-www-form-urlencoded"}
        yield Asked("POST", "/sparql", urlencode({"query": text}).encode(), form)
    # Longer than what the gateway reads by itself.
    long = "ASK { VALUES ?x { " + "1 " * 200_000 + "} }"
    yield Asked("POST", "/sparql", long.encode(), {"content_type": "application/sparql-query"})


TURTLE = (
    f"@prefix x: <urn:x:> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    f"x:a a <{NS}Network> ; <{NS}reportsTo> x:b ; <{NS}reprtsTo> x:c ; x:p x:q ; "
    f"x:d '2020-01-32'^^xsd:date ; x:e '2020-01-31'^^xsd:date , '1e400'^^xsd:double ."
)
DOCUMENTS = {
    "text/turtle": TURTLE,
    "application/n-triples": f"<urn:a> <{RDF}type> <{NS}Network> .\n",
    "application/n-quads": f"<urn:a> <{RDF}type> <{NS}Network> <urn:g> .\n",
    "application/trig": f"<urn:g> {{ <urn:a> a <{NS}Network> }}",
    "application/ld+json": json.dumps(
        {"@context": [{"@vocab": NS, "@version": 1.1, "x": {"@id": "urn:x", "@type": "@json"}}],
         "@id": "urn:a", "@type": "Network", "x": {"a": [1]}}
    ),
    "application/rdf+xml": f"<rdf:RDF xmlns:rdf='{RDF}' xmlns:s='{NS}'>"
    "<s:Network rdf:about='urn:a'><s:x rdf:parseType='Literal'><b/></s:x></s:Network></rdf:RDF>",
}  # fmt: skip
CONTEXTS = (
    '{"@context": "https://schema.org/", "@type": "Thing"}',
    '{"@context": {"@import": "https://schema.org/"}, "@type": "Thing"}',
    '{"@context": {"@version": 1.1, "@propagate": false, "@protected": true}}',
    '{"@context": {"a": {"@id": "urn:a", "@container": "@graph"}}, "a": [{"@id": "urn:b"}]}',
)
ENCODINGS = ("latin-1", "cp1252", "koi8-r", "shift_jis", "gb18030", "utf-16", "idna", "rot13",
             "zlib", "undefined")  # fmt: skip
SHAPES = r"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
x:S a sh:NodeShape ; sh:targetSubjectsOf x:d , x:p ; sh:closed true ;
  sh:property [ sh:path x:d ; sh:pattern "^(a|\\i\\c)+$" ; sh:flags "i" ; sh:lessThan x:e ;
                sh:languageIn ("sv") ; sh:uniqueLang true ; sh:datatype xsd:date ] ;
  sh:property [ sh:path [ sh:zeroOrMorePath x:p ] ; sh:class x:C ; sh:minCount 9 ;
                sh:qualifiedValueShape [ sh:class x:C ] ; sh:qualifiedMinCount 1 ] ;
  sh:property [ sh:path ( x:p [ sh:inversePath x:p ] ) ; sh:hasValue x:y ; sh:in ( 1 2 ) ] ;
  sh:xone ( [ sh:class x:C ] [ sh:class x:D ] ) .
"""
SPARQL_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
x:T a sh:NodeShape ; sh:targetSubjectsOf x:d ; sh:sparql [ a sh:SPARQLConstraint ;
  sh:message "{$this}" ; sh:select "SELECT $this ?value { $this ?p ?value }" ] .
"""
FAULTY = (b"<<< broken", b"@prefix", b"\xff\xfe", b"<urn:a> <urn:b> ", b'"', b"")


def validations(*, every_format: bool) -> Iterator[Asked]:
    """Have documents of all syntaxes checked, good and bad, with shapes, into all reports."""
    kinds = list(reports.MEDIA.values())
    for at, (kind, document) in enumerate(DOCUMENTS.items()):
        for report in kinds if every_format else (kinds[at % len(kinds)],):
            yield _checked(kind, document.encode(), accept=report)
            if every_format:
                yield _checked(kind, document.encode() + b"<<<", accept=report)
        for fault in FAULTY if every_format else FAULTY[:1]:
            yield _checked(kind, document.encode() + fault)
            yield _checked(kind, fault)
    yield from _options(every_format=every_format)


def _options(*, every_format: bool) -> Iterator[Asked]:
    for name in options.PROFILES if every_format else options.PROFILES[:3]:
        yield _checked("text/turtle", TURTLE.encode(), f"profile={name}&lang=sv")
    for name in options.INFERENCES:
        yield _checked("text/turtle", TURTLE.encode(), f"profile=core&infer={name}&with-graph=true")
    for engine in options.ENGINES if every_format else ():
        yield _checked("text/turtle", TURTLE.encode(), f"engine={engine}")
    for context in CONTEXTS:
        yield _checked("application/ld+json", context.encode(), "profile=syntax")
    for name in ENCODINGS:
        xml = f"<?xml version='1.0' encoding='{name}'?><r/>"
        yield _checked("application/rdf+xml", xml.encode(), "profile=syntax")
        yield _checked(f"text/turtle; charset={name}", b"<urn:a> a <urn:b> .", "profile=syntax")
    for shapes in (SHAPES, SPARQL_SHAPES, "broken", SHAPES + TURTLE):
        yield _form(TURTLE, shapes)
    yield Asked("POST", "/validate", b"x", {"content_type": "multipart/form-data"})
    yield Asked("POST", "/validate", b"x", {"content_type": "image/png"})


def _checked(kind: str, body: bytes, query: str = "profile=linking", accept: str = "*/*") -> Asked:
    headers = {"content_type": kind, "accept": accept}
    return Asked("POST", f"/validate?{query}", body, headers)


def _form(data: str, shapes: str) -> Asked:
    parts = "".join(
        f"--b\r\nContent-Disposition: form-data; name={name}\r\n"
        f"Content-Type: text/turtle\r\n\r\n{text}\r\n"
        for name, text in (("data", data), ("shapes", shapes))
    )
    kind = "multipart/form-data; boundary=b"
    return Asked("POST", "/validate", f"{parts}--b--\r\n".encode(), {"content_type": kind})


UPDATES = (
    "INSERT DATA { <urn:a> <urn:b> 1 }", "DELETE WHERE { <urn:a> ?p ?o }", "CLEAR DEFAULT",
    "INSERT { GRAPH <urn:g> { ?s <urn:c> ?now } } WHERE { ?s a ?c BIND (NOW() AS ?now) }",
    "DELETE DATA { <urn:a> <urn:b> 1 } ; DROP SILENT GRAPH <urn:g>", "INSERT DATA {",
    "LOAD <http://127.0.0.1/x>", "COPY <urn:none> TO <urn:g>", "CREATE GRAPH <urn:g>",
)  # fmt: skip


def writes(token: str) -> Iterator[Asked]:
    """Write, by updates and by graphs, well and wrongly."""
    right = {"authorization": f"Bearer {token}"}
    for text in UPDATES:
        kind = {"content_type": "application/sparql-update"}
        yield Asked("POST", "/update", text.encode(), {**right, **kind})
        form = {"content_type": "application/x-www-form-urlencoded"}
        yield Asked("POST", "/update", urlencode({"update": text}).encode(), {**right, **form})
    for kind, document in DOCUMENTS.items():
        headers = {**right, "content_type": kind}
        for method in ("PUT", "POST"):
            yield Asked(method, "/gsp?graph=urn:g", document.encode(), headers)
        yield Asked("PUT", "/gsp?graph=urn:g", document.encode() + b"<<<", headers)
        yield Asked("GET", "/gsp?graph=urn:g", None, {"accept": kind, "accept_encoding": "gzip"})
    for method, query in (("DELETE", "graph=urn:g"), ("DELETE", "graph=urn:g"), ("HEAD", "default"),
                          ("GET", "default"), ("PATCH", "default")):  # fmt: skip
        yield Asked(method, f"/gsp?{query}", None, right)
    form = _form(TURTLE, TURTLE)
    yield Asked("POST", "/gsp?graph=urn:g", form.body, {**right, **form.headers})
    yield Asked("POST", "/update", b"CLEAR ALL", {"content_type": "application/sparql-update"})
    yield Asked("GET", "/sparql?query=ASK%7B%7D", None)


def reading(document: dict[str, Any], *, every_format: bool) -> Iterator[Asked]:
    """Ask all that is read."""
    return chain(
        addresses(document, every_format=every_format),
        missing() if every_format else list(missing())[::3],
        queries(every_format=every_format),
        validations(every_format=every_format),
    )
