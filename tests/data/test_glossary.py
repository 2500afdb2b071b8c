"""One English word for each Swedish term of the field, in every text of the dataset."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode

GLOSSARY = names.GRAPH + "ontology/vocab/glossary"
PREFERRED = names.SKOS + "prefLabel"
BANNED = names.SKOS + "hiddenLabel"


@dataclass(frozen=True)
class Term:
    """A term with its one rendering in English and those that are not to be used."""

    swedish: str
    english: str
    banned: tuple[str, ...]

    def breach(self, swedish: str, english: str) -> str | None:
        """Return the banned rendering that a pair of texts has for this term, if any."""
        if not found_in(self.swedish, swedish) or found_in(self.english, english):
            return None
        return next((each for each in self.banned if found_in(each, english)), None)


def found_in(term: str, text: str) -> bool:
    """Return whether a text has a term, inflected or in a compound."""
    pattern = re.escape(term.casefold())
    pattern = re.sub("man$", "m[aäe]n", pattern)  # sambandsman, sambandsmän; man, men
    pattern = re.sub("y$", "(?:y|ies)", pattern)  # agency, agencies
    return re.search(pattern, text.casefold()) is not None


def glossary(dataset: Dataset) -> list[Term]:
    """Return the word list."""
    labels: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in dataset.graph(GLOSSARY).triples:
        if isinstance(triple.object, Literal) and isinstance(triple.subject, NamedNode):
            key = f"{triple.predicate.value}@{triple.object.language}"
            labels[triple.subject.value][key].append(triple.object.value)
    return [
        Term(each[PREFERRED + "@sv"][0], each[PREFERRED + "@en"][0], tuple(each[BANNED + "@en"]))
        for each in labels.values()
        if each[PREFERRED + "@sv"]
    ]


def pairs(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Yield every subject with a Swedish text of it and the English one beside it."""
    for graph in dataset.graphs.values():
        texts: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in graph.triples:
            if isinstance(triple.object, Literal) and triple.object.language:
                key = (str(triple.subject), triple.predicate.value)
                texts[key][triple.object.language].append(triple.object.value)
        for (subject, _), each in texts.items():
            if graph.iri != GLOSSARY and each["sv"] and each["en"]:
                yield subject, " ".join(each["sv"]), " ".join(each["en"])


def test_the_word_list_has_the_terms_of_the_field(dataset: Dataset) -> None:
    """The terms that are easily confused are in the list with their renderings."""
    renderings = {each.swedish: each.english for each in glossary(dataset)}
    expected = {
        "samsyn": "shared view",
        "insyn": "transparency",
        "myndighet": "agency",
        "tjänsteman": "civil servant",
        "återtagande": "readmission",
    }
    assert expected.items() <= renderings.items()
    banned = {each.swedish: each.banned for each in glossary(dataset)}
    assert "consensus" in banned["samsyn"]


def test_one_english_word_renders_one_term(dataset: Dataset) -> None:
    """No two terms share a word in either language, and no rendering is banned for its term."""
    terms = glossary(dataset)
    assert len({each.swedish for each in terms}) == len(terms)
    assert len({each.english for each in terms}) == len(terms)
    assert [each for each in terms if each.english in each.banned] == []


def test_texts_use_the_word_list(dataset: Dataset) -> None:
    """No English text has a banned rendering where the Swedish one beside it has the term."""
    terms = glossary(dataset)
    found = [
        f"{subject}: {term.swedish!r} is {banned!r} in {english!r}; write {term.english!r}"
        for subject, swedish, english in pairs(dataset)
        for term in terms
        if (banned := term.breach(swedish, english))
    ]
    assert found == []


def test_there_are_texts_to_test(dataset: Dataset) -> None:
    """Many texts in both languages use a term of the list, so that the test can fail."""
    used = {
        term.swedish
        for _, swedish, _ in pairs(dataset)
        for term in glossary(dataset)
        if found_in(term.swedish, swedish)
    }
    assert {"samsyn", "insyn", "myndighet", "återtagande", "återvändande"} <= used


SAMSYN = Term("samsyn", "shared view", ("consensus", "common understanding"))
AGENCY = Term("myndighet", "agency", ("authority",))
OFFICER = Term("sambandsman", "liaison officer", ("contact man",))

EXAMPLES = {
    "banned": (SAMSYN, "nordisk samsyn", "Nordic consensus", "consensus"),
    "banned-inflected": (SAMSYN, "Samsynen är känd", "Consensus is known", "consensus"),
    "right": (SAMSYN, "nordisk samsyn", "a shared view of the Nordics", None),
    "both-words": (SAMSYN, "samsyn, inte konsensus", "a shared view, no consensus", None),
    "another-term": (SAMSYN, "djup konsensus", "deep consensus", None),
    "plural": (AGENCY, "relevanta myndigheter", "relevant authorities", "authority"),
    "right-plural": (AGENCY, "myndigheter", "agencies with authority", None),
    "umlaut": (OFFICER, "sambandsmännen", "the contact men", "contact man"),
    "umlaut-banned": (OFFICER, "sambandsmän", "a contact man in each", "contact man"),
}


@pytest.mark.parametrize(("term", "swedish", "english", "breach"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_wrong_word_is_found(term: Term, swedish: str, english: str, breach: str | None) -> None:
    """A banned rendering is found, in the plural too, and the right one is not."""
    assert term.breach(swedish, english) == breach
