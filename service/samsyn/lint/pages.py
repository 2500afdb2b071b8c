"""Rules on how a Turtle file is laid out (house style, "Turtle")."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Final

from samsyn.links import natural
from samsyn.lint.finding import Finding
from samsyn.lint.turtle import Block, Page, Predicate, Term, read

Found = Iterator[tuple[int, str, str, str]]
"""Line, rule, message and advice of each breach in a file."""

_LEADING_LINES: Final = 3
_CLASSES: Final = {"owl:Class", "rdfs:Class", "rdfs:Datatype"}
_PROPERTIES: Final = {
    "owl:AnnotationProperty",
    "owl:DatatypeProperty",
    "owl:ObjectProperty",
    "rdf:Property",
}
_AXIOMS: Final = {"owl:AllDifferent", "owl:AllDisjointClasses", "owl:AllDisjointProperties"}
_EXPRESSIONS: Final = {
    "owl:allValuesFrom",
    "owl:complementOf",
    "owl:disjointWith",
    "owl:equivalentClass",
    "owl:intersectionOf",
    "owl:someValuesFrom",
    "owl:unionOf",
    "rdfs:subClassOf",
    "sh:alternativePath",
    "sh:inversePath",
    "sh:oneOrMorePath",
    "sh:path",
    "sh:zeroOrMorePath",
    "sh:zeroOrOnePath",
}
"""Predicates behind which a class expression or a SHACL path may be in brackets."""


def check(path: str, text: str, table: Mapping[str, str], *, generated: bool) -> Iterator[Finding]:
    """Yield what breaks the layout of one Turtle file.

    Args:
        path: the file's path, for the findings.
        text: its content, which parses as Turtle.
        table: the one prefix table: namespaces by prefix.
        generated: whether the file is made from another one, and so carries no comment.
    """
    try:
        page = read(text)
    except ValueError as error:
        advice = "write it more plainly, as the other files are"
        yield Finding(path, int(str(error)), "turtle", "this Turtle cannot be followed", advice)
        return
    for rule in _rules(table, generated=generated):
        for line, name, message, advice in rule(page):
            yield Finding(path, line, name, message, advice)
    yield from _white_space(path, text, page.text)


def _rules(table: Mapping[str, str], *, generated: bool) -> list[Callable[[Page], Found]]:
    return [
        _no_comments if generated else _leading_comment,
        _stray_comments,
        partial(_prefixes, table),
        _one_block,
        _block_order,
        _predicate_order,
        _object_order,
        _blank_nodes,
        _tags,
    ]


def _leading_comment(page: Page) -> Found:
    if not 1 <= len(page.comments) <= _LEADING_LINES:
        message = f"the file begins with {len(page.comments)} lines of comment"
        yield 1, "leading-comment", message, "say in one to three lines what it holds"


def _no_comments(page: Page) -> Found:
    for block in page.blocks:
        yield from _unwanted([*block.comments])
    yield from _unwanted([*page.comments])


def _unwanted(comments: Sequence[object]) -> Found:
    for each in comments:
        line = int(getattr(each, "line", 1))
        yield line, "generated-comment", "a generated file has a comment", "put it in the source"


def _stray_comments(page: Page) -> Found:
    for each in page.strays:
        message = f"the comment {each.text[:30]!r} stands inside or behind a block"
        yield each.line, "stray-comment", message, "put it on a line of its own above the block"


def _prefixes(table: Mapping[str, str], page: Page) -> Found:
    for first, second in pairwise(page.prefixes):
        if second.name <= first.name:
            message = f"prefix {second.name} comes after {first.name}"
            yield second.line, "prefix-order", message, "sort the prefixes, each once"
    for each in page.prefixes:
        if each.name not in page.used:
            message = f"prefix {each.name} is not used"
            yield each.line, "prefix-unused", message, "take its declaration away"
        if f"<{table.get(each.name)}>" != each.iri:
            meant = table.get(each.name, "nothing")
            message = f"prefix {each.name} is {each.iri} here, and {meant} in the prefix table"
            advice = "change it here or in ontology/prefixes.ttl"
            yield each.line, "prefix-table", message, advice


def _one_block(page: Page) -> Found:
    seen: dict[str, int] = {}
    for block in page.blocks:
        subject, line = block.subject.text, block.subject.line
        if subject in seen:
            message = f"{subject} has a block in line {seen[subject]} already"
            yield line, "one-block", message, "say everything about it in one block"
        seen.setdefault(subject, line)


def _block_key(block: Block) -> tuple[int, list[tuple[int, str]]]:
    types = {each.text for each in block.objects("a")}
    groups = ({"owl:Ontology"}, _CLASSES, _PROPERTIES)
    group = next((n for n, group in enumerate(groups) if types & group), len(groups))
    if block.subject.kind == "anonymous":  # an axiom about several terms
        group = len(groups) + 1
    return group, natural(block.subject.text)


def _block_order(page: Page) -> Found:
    for first, second in pairwise(page.blocks):
        if _block_key(second) < _block_key(first):
            message = f"{second.subject.text} comes after {first.subject.text}"
            advice = "order: ontology, classes, properties, individuals, each by name"
            yield second.subject.line, "block-order", message, advice


def _predicate_key(name: str) -> tuple[int, list[tuple[int, str]]]:
    return {"a": 0, "rdfs:label": 1}.get(name, 2), natural(name)


def _predicate_order(page: Page) -> Found:
    for predicates in _groups(page):
        for first, second in pairwise(predicates):
            if _predicate_key(second.name) <= _predicate_key(first.name):
                message = f"{second.name} comes after {first.name}"
                advice = "order: a, rdfs:label, the others by name, each once"
                yield second.line, "predicate-order", message, advice


def _groups(page: Page) -> Iterator[Sequence[Predicate]]:
    """Yield the predicates of each block and of each node in brackets."""
    for block in page.blocks:
        yield block.predicates
        for _, term in _terms(block):
            yield term.inner


def _terms(block: Block) -> Iterator[tuple[str, Term]]:
    """Yield every term of a block under the predicate that it is behind."""
    yield from _within("", block.subject)
    for predicate in block.predicates:
        for each in predicate.objects:
            yield from _within(predicate.name, each)


def _within(predicate: str, term: Term) -> Iterator[tuple[str, Term]]:
    yield predicate, term
    for member in term.members:
        yield from _within(predicate, member)
    for inner in term.inner:
        for each in inner.objects:
            yield from _within(inner.name, each)


def _object_order(page: Page) -> Found:
    for predicates in _groups(page):
        for predicate in predicates:
            for first, second in pairwise(predicate.objects):
                if second.rank <= first.rank:
                    message = f"{_short(second)} comes after {_short(first)}"
                    advice = "sort: names, numbers, then texts with @sv before @en, each once"
                    yield second.line, "object-order", message, advice


def _short(term: Term) -> str:
    return term.text if len(term.text) <= 40 else f"{term.text[:37]}..."  # noqa: PLR2004


def _blank_nodes(page: Page) -> Found:
    for block in page.blocks:
        for predicate, term in _terms(block):
            if term.kind == "labelled" or (
                term.kind == "anonymous" and not _may_be_blank(predicate, term)
            ):
                message = f"{_short(term)} has no name"
                advice = "give it an IRI; only class expressions, lists and paths go without"
                yield term.line, "blank-node", message, advice


def _may_be_blank(predicate: str, term: Term) -> bool:
    if predicate:
        return predicate in _EXPRESSIONS
    types = {each.text for inner in term.inner if inner.name == "a" for each in inner.objects}
    return bool(types & _AXIOMS)


def _tags(page: Page) -> Found:
    for block in page.blocks:
        for _, term in _terms(block):
            if term.tag != term.tag.lower():
                advice = "write language tags in lower case"
                yield term.line, "language-tag", f"the tag is @{term.tag}", advice


def _white_space(path: str, text: str, wanted: str) -> Iterator[Finding]:
    """Yield the first line that is laid out otherwise than it should be."""
    ours, theirs = text.split("\n"), wanted.split("\n")
    for number, (is_so, should_be) in enumerate(zip(ours, theirs, strict=False), 1):
        if is_so != should_be:
            message = f"the line should read {should_be[:60]!r}"
            yield Finding(path, number, "white-space", message, _TURTLEFMT)
            return
    if len(ours) != len(theirs):
        number = min(len(ours), len(theirs))
        message = f"the file should have {len(theirs) - 1} lines"
        yield Finding(path, number, "white-space", message, _TURTLEFMT)


_TURTLEFMT: Final = "run: turtlefmt --indentation 2 FILE (a file begins with # and no space)"
