"""Workers can open no file, so nothing is imported or read after the load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROGRAM = '''
import json, os, sys
from urllib.parse import urlencode

os.environ["OPENBLAS_NUM_THREADS"] = "1"
from samsyn.layout import Layout
from samsyn.settings import Settings
from samsyn.validation import profiles, reports
from samsyn.validation.options import INFERENCES
from samsyn.http import messages
from samsyn.site.job_handlers import load
from samsyn.server.workers.worker import JobError

service = load(Layout.find(), Settings(entailment="none"))
NS = "https://w3id.org/samsyn/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
watched, opened = False, set()


def watch(event, arguments):
    if watched and event in ("open", "import", "os.listdir", "os.scandir"):
        opened.add(f"{event} {arguments[0]} {number}")


class Reply:
    def head(self, payload):
        self.status = json.loads(payload)["status"]

    def write(self, data):
        return len(data)


def page(method, path, body=b"", **headers):
    path, _, query = path.partition("?")
    fields = {"method": method, "path": path, "query": query, "number": "", "public": "http://e",
              "root": "", "coding": "gzip",
              "headers": {name.replace("_", "-"): value for name, value in headers.items()}}
    reply = Reply()
    try:
        service.work(messages.Job(messages.PAGE, fields, body).pack(), reply)
    except JobError:
        return
    if reply.status >= 500:
        print(reply.status, method, path, headers)


sys.addaudithook(watch)
watched, number = True, "pages"
for path in ("/", "/graphs", "/browse", "/browse/Network", "/scenario", "/queries",
             "/explain?" + urlencode({"subject": "network:return-working-group",
                                      "property": "rdf:type", "object": "samsyn:Network"}),
             "/problems", "/openapi.json",
             "/page/id/network/return-working-group", "/data/id/network/return-working-group",
             "/graph/stated/networks", "/vocab/formality", "/nowhere",
             "/static/logo.svg", "/queries/cq05-from-refugee-crisis-to-migration-control"):
    for kind in ("text/html", "application/rdf+xml"):
        page("GET", path, accept=kind, accept_language="sv")

TURTLE = (f"@prefix x: <urn:x:> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
          f"x:a a <{NS}Network> ; <{NS}reportsTo> x:b ; <{NS}reprtsTo> x:c ; x:p x:q ; "
          f"x:d '2020-01-32'^^xsd:date .")
DOCUMENTS = {
    "text/turtle": TURTLE,
    "application/n-triples": f"<urn:a> <{RDF}type> <{NS}Network> .\\n",
    "application/n-quads": f"<urn:a> <{RDF}type> <{NS}Network> <urn:g> .\\n",
    "application/trig": f"<urn:g> {{ <urn:a> a <{NS}Network> }}",
    "application/ld+json": json.dumps({"@context": {"@vocab": NS}, "@id": "urn:a",
                                       "@type": "Network"}),
    "application/rdf+xml": f"<rdf:RDF xmlns:rdf='{RDF}' xmlns:s='{NS}'>"
                           "<s:Network rdf:about='urn:a'/></rdf:RDF>",
}
number = "documents"
for kind, document in DOCUMENTS.items():
    for form in reports.MEDIA.values() if kind == "text/turtle" else ("text/turtle",):
        page("POST", "/validate?profile=core", document.encode(), content_type=kind, accept=form)
    page("POST", "/validate", document.encode() + b"<<< broken", content_type=kind)
for profile in profiles.NAMES:
    page("POST", f"/validate?profile={profile}", TURTLE.encode(), content_type="text/turtle")
for infer in INFERENCES:
    page("POST", f"/validate?profile=core&infer={infer}", TURTLE.encode(),
         content_type="text/turtle")
page("POST", "/validate?profile=core&with-graph=true&infer=none", TURTLE.encode(),
     content_type="text/turtle")
number = "encodings"
for name in ("latin-1", "cp1252", "koi8-r", "shift_jis", "gb18030", "utf-16", "idna", "rot13",
             "zlib", "undefined"):
    page("POST", "/validate", f"<?xml version='1.0' encoding='{name}'?><r/>".encode(),
         content_type="application/rdf+xml")

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
x:S a sh:NodeShape ; sh:targetSubjectsOf x:d , x:p ; sh:closed true ;
  sh:property [ sh:path x:d ; sh:pattern "^(a|\\\\\\\\i\\\\\\\\c)+$" ; sh:lessThan x:e ;
                sh:languageIn ("sv") ; sh:uniqueLang true ] ;
  sh:property [ sh:path [ sh:zeroOrMorePath x:p ] ; sh:class x:C ;
                sh:qualifiedValueShape [ sh:class x:C ] ; sh:qualifiedMinCount 1 ] ;
  sh:xone ( [ sh:class x:C ] [ sh:class x:D ] ) ."""
parts = "".join(
    f"--b\\r\\nContent-Disposition: form-data; name={name}\\r\\n"
    f"Content-Type: text/turtle\\r\\n\\r\\n{text}\\r\\n"
    for name, text in (("data", TURTLE), ("shapes", SHAPES)))
number = "shapes"
page("POST", "/validate", (parts + "--b--\\r\\n").encode(),
     content_type="multipart/form-data; boundary=b")
for each in sorted(opened):
    print(each)
'''


def test_no_job_imports_or_opens_anything(root: Path) -> None:
    """Pages, formats, documents, profiles, encodings and shapes find all they need in memory."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == "", done.stdout


ELSEWHERE = {"glob", "pyshacl", "rdflib", "rdflib.plugins", "rdflib.plugins.sparql"}
"""What is imported where no worker comes: for files of the command line, the reference engine, and
graphs that are handed to rdflib."""


def lazily(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that functions import when they are called."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module


def test_what_functions_import_is_there(root: Path) -> None:
    """Of each of our modules that a worker has, whether or not a test comes into the function."""
    program = "import sys; from samsyn.site import job_handlers, preloading; preloading.preload(); "
    done = subprocess.run(
        [sys.executable, "-c", program + "print(*sys.modules)"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    missing = {
        (path.relative_to(root / "service").as_posix(), name)
        for path in sorted((root / "service/samsyn").rglob("*.py"))
        if ".".join(path.relative_to(root / "service").with_suffix("").parts) in loaded
        for name in lazily(ast.parse(path.read_text(encoding="utf-8")))
        if name not in loaded and name not in ELSEWHERE
    }
    assert missing == set()
