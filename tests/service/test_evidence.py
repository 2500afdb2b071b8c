"""Passages are found in any honest copy of a text, and only there."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.patience import ending

from samsyn import evidence
from samsyn.dataset.exact import Dataset
from samsyn.errors import NotFoundError, UsageError
from samsyn.evidence import Passage

SENTENCES = [
    "När hamnen fryser till bär kaptenen ut kaffet på däck och läser vädret högt för alla ombord.",
    "Fyrvaktaren för bok över varje fartyg, även dem som bara anas som ett ljus bakom skären.",
    "Efter middagen kommer posten med båt: tre brev, en karta (ritad 1907) och ett paket ull.",
    "Ingen på ön minns längre vem som byggde bryggan, men alla vet vem som ska laga den i vår.",
    "”Fiskelyckan är effektivt fördelad”, sade lotsen, ”men sällan när man själv sitter i båten.”",
    "Till slut stängdes skolan, och barnen fick ro över sundet varje morgon i alla väder och vind.",
]
TEXT = "Öboken\n\n" + "\n".join(SENTENCES) + "\nSlut.\n"


def recorded(text: str = TEXT) -> list[Passage]:
    """TripleIndex the invented sentences as the data would."""
    letters = evidence.skeleton(text)
    found = []
    for number, sentence in enumerate(SENTENCES, 1):
        start = letters.index(evidence.skeleton(sentence))
        end = start + len(evidence.skeleton(sentence))
        name, checksum = f"s{number}", evidence.digest(sentence)
        found.append(Passage(name, (number,), "island", start, end, checksum))
    return found


def held(text: str) -> set[int]:
    """Return the numbers of the sentences that a copy holds exactly once."""
    return {each.passage.sentences[0] for each in evidence.verify(text, recorded()) if each.holds}


ALL = {1, 2, 3, 4, 5, 6}


def pages(text: str, every: int = 7, width: int = 28) -> str:
    """Lay a text out as a PDF's text has it: narrow, hyphenated, with page numbers and heads."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) < width:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
        elif len(word) > 8:
            lines[-1] = f"{lines[-1]} {word[:4]}-".lstrip()
            lines.append(word[4:])
        else:
            lines.append(word)
    laid = []
    for number, line in enumerate(lines, 1):
        laid.append(line)
        if number % every == 0:
            laid.append(f"\n{number // every}\n\fSkärgårdsnytt nr 4")
    return "\n".join(laid)


def test_skeleton_has_the_documented_test_value() -> None:
    """The skeleton and digest of the example in the design are as written there."""
    text = "Sam-\nsyn i Norden, 2023!"
    assert evidence.skeleton(text) == "samsyninorden2023"
    assert (
        evidence.digest(text) == "11c7df4cea33eb11b8c4918f0cca1e67f33439224d525309f3ee96c1d0b07df2"
    )


COPIES = {
    "as-it-is": TEXT,
    "one-line": " ".join(TEXT.split()),
    "one-word-a-line": "\n".join(TEXT.split()),
    "capitals": TEXT.upper(),
    "hyphenated": re.sub(r"(\w{3})(\w{4,})", "\\1-\n\\2", TEXT),
    "soft-hyphens": re.sub(r"(\w{3})(\w{4,})", "\\1\u00ad\\2", TEXT),
    "ligatures": TEXT.replace("ff", "\ufb00").replace("fi", "\ufb01"),
    "decomposed": TEXT.replace("ä", "a\u0308").replace("ö", "o\u0308").replace("å", "a\u030a"),
    "straight-quotes": TEXT.replace("”", '"'),
    "no-break-spaces": TEXT.replace(" ", "\u00a0"),
    "words-glued": TEXT.replace(" ", ""),
    "preface-of-40-pages": "Förord. " * 6000 + TEXT,
    "note-before-each": "".join(f"Sida {n} av 6. {s}\n" for n, s in enumerate(SENTENCES, 1)),
    "backwards": "\n".join(reversed(SENTENCES)),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_every_passage_is_found_in_an_honest_copy(copy: str) -> None:
    """Layout, hyphens, case, ligatures and the text around do not hide a passage."""
    assert held(copy) == ALL


def test_a_page_number_inside_a_passage_is_a_miss_and_between_passages_is_none() -> None:
    """A PDF's text verifies but for the sentences that a page number or head interrupts."""
    copy = pages(TEXT)
    broken = {
        number
        for number, sentence in enumerate(SENTENCES, 1)
        if evidence.skeleton(sentence) not in evidence.skeleton(copy)
    }
    assert broken
    assert broken < ALL
    assert held(copy) == ALL - broken


@pytest.mark.parametrize("number", sorted(ALL))
def test_a_changed_word_fails_its_own_passage_only(number: int) -> None:
    """One word more in a sentence makes that sentence missing and leaves the others found."""
    changed = SENTENCES[number - 1].replace(" ", " inte ", 1)
    copy = TEXT.replace(SENTENCES[number - 1], changed)
    assert held(copy) == ALL - {number}


def test_a_doubled_text_is_reported_as_repeated() -> None:
    """A copy that holds the text twice proves no passage, and says how often each was found."""
    findings = evidence.verify(TEXT + TEXT, recorded())
    assert {len(each.places) for each in findings} == {2}
    lines = evidence.report(findings)
    assert lines[0].startswith("repeated")
    assert "found 2 times" in lines[0]
    assert "0 of 6 passages" in lines[-2]


def test_a_foreign_text_holds_nothing() -> None:
    """A text without the passages, longer or shorter than one of them, has none of them."""
    assert held("Något helt annat. " * 400) == set()
    assert held("Kort.") == set()
    assert held("") == set()


def test_the_report_sums_up_and_advises_only_when_something_is_missing() -> None:
    """The last line counts; advice follows only where a passage does not hold."""
    assert evidence.report(evidence.verify(TEXT, recorded()))[-1].startswith("6 of 6 passages")
    lines = evidence.report(evidence.verify(TEXT.replace("kaffet", "téet"), recorded()))
    assert lines[0].split() == ["missing", "s1", "sentence", "1"]
    assert lines[1].split() == ["found", "s2", "sentence", "2"]
    assert "page number" in lines[-1]
    nothing = evidence.report(evidence.verify("En helt annan text.", recorded()))
    assert nothing[-1].startswith("Is this the brief")


@pytest.mark.parametrize("copy", ["holds", "holds-none"])
def test_a_long_copy_is_searched_to_its_end(copy: str) -> None:
    """The search of a long copy comes to an end even if it holds nothing of the brief."""
    filler = " ".join(f"ord{number} och sjö{number % 77}" for number in range(12_000))
    text = filler + (TEXT if copy == "holds" else "") + filler[::-1]
    many = [
        Passage(f"s{n}", (n,), "island", each.start, each.end + n // 6, each.checksum)
        for n, each in enumerate(recorded() * 14, 1)
    ]
    with ending():
        assert evidence.verify(text, many)


LATIN = st.text(
    st.characters(max_codepoint=0x24F, exclude_characters="\u0131", exclude_categories=["Cs"])
)


@given(LATIN)
@settings(max_examples=200, deadline=None)
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    """Taking the skeleton twice changes nothing."""
    assert evidence.skeleton(evidence.skeleton(text)) == evidence.skeleton(text)


@given(LATIN, st.sampled_from([" ", "\n", "-\n", "\u00ad", "\t", "\f", "\u00a0"]))
@settings(max_examples=200, deadline=None)
def test_a_skeleton_knows_neither_case_nor_breaks(text: str, gap: str) -> None:
    """Case and breaks between words leave the skeleton as it is."""
    assert evidence.skeleton(text.upper()) == evidence.skeleton(text)
    assert evidence.skeleton(gap.join(text.split())) == evidence.skeleton(text)


@given(st.lists(st.integers(1, 400), max_size=12), st.text("- \n\u00ad", max_size=6))
@settings(max_examples=100, deadline=None)
def test_breaks_anywhere_hide_no_passage(cuts: list[int], gap: str) -> None:
    """Wherever a copy breaks its lines, every passage is found."""
    copy = TEXT
    for cut in cuts:
        copy = copy[:cut] + gap + copy[cut:]
    assert held(copy) == ALL


def test_a_recorded_passage_is_recognised_by_its_first_and_last_words() -> None:
    """Asking for a recorded passage gives that passage and a tie for a new claim."""
    passages = recorded()
    found = evidence.passage(pages(TEXT, every=1000), "Ingen på ön", "laga den i vår.", passages)
    assert found == passages[3]
    turtle = evidence.block(found, recorded=True)
    assert "oa:hasTarget passage:s4 ;" in turtle
    assert "spdx:checksum" not in turtle


def test_a_new_passage_is_described_from_its_neighbours() -> None:
    """A passage over two sentences has both numbers, its position in the brief and its digest."""
    words = ("Efter middagen kommer", "vem som byggde bryggan")
    found = evidence.passage("Förord. " + TEXT, *words, recorded())
    assert found.sentences == (3, 4)
    assert found.section == "island"
    expected = evidence.skeleton(TEXT)[found.start : found.end]
    assert evidence.digest(expected) == found.checksum
    assert expected.startswith("eftermiddagen")
    assert expected.endswith("bryggan")


def test_the_evidence_block_is_turtle_that_describes_the_passage() -> None:
    """The block parses, declares what it uses, and describes the passage in full."""
    import pyoxigraph

    found = evidence.passage(TEXT, "stängdes skolan", "och vind", [*recorded()])
    turtle = evidence.block(found, recorded=False)
    triples = list(pyoxigraph.parse(turtle.encode(), pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == 4 + 9 + 3 + 4
    assert found.checksum in turtle
    used = set(re.findall(r"(?<![<\w])([a-z]+):[a-zA-Z]", turtle.split("\n\n", 1)[1]))
    declared = set(re.findall(r"@prefix (\w+):", turtle))
    assert used - {"https"} == declared


REFUSALS = {
    "first-not-found": ("Valen dök upp", "laga den", NotFoundError, "first words are not in"),
    "last-not-found": ("Ingen på ön", "valen dök", NotFoundError, "last words are not in"),
    "wrong-order": ("Ingen på ön", "paket ull", NotFoundError, "last words are not in"),
    "ambiguous": ("men", "laga den i vår", UsageError, "first words are in this copy"),
    "too-short": ("Ingen på ön", "minns längre", UsageError, "64 are needed"),
    "empty-first": ("...", "laga den", NotFoundError, "first words are not in"),
    "inside-a-word": ("gen på ön minns", "i vår", NotFoundError, "first words are not in"),
}


@pytest.mark.parametrize(("first", "last", "error", "says"), REFUSALS.values(), ids=REFUSALS)
def test_a_passage_that_proves_nothing_is_refused(
    first: str, last: str, error: type[UsageError], says: str
) -> None:
    """Words that fit nowhere, several places or too little text are refused with advice."""
    with pytest.raises(error, match=says) as caught:
        evidence.passage(TEXT, first, last, recorded())
    assert caught.value.advice


def test_a_repeated_passage_is_refused() -> None:
    """A passage that is in the copy twice, once glued to a word, is no evidence."""
    with pytest.raises(UsageError, match="is in this copy 2 times"):
        evidence.passage(TEXT + "Z" + SENTENCES[3], "Ingen på ön", "laga den i vår", recorded())


def test_a_passage_outside_the_recorded_ones_is_refused() -> None:
    """Without a recorded neighbour a passage has no sentence number."""
    other = "En annan bok om en annan ö, där ingen talade om väder och där posten alltid kom i tid."
    with pytest.raises(UsageError, match="overlaps no recorded one"):
        evidence.passage(other, "En annan bok", "i tid", recorded())


BAD_FILES = {
    "pdf": (b"%PDF-1.7\n...", UsageError, "pdftotext"),
    "latin-1": ("Återvändande".encode("latin-1"), UsageError, "UTF-8"),
    "empty": (b" \n", UsageError, "OCR"),
}


@pytest.mark.parametrize(("content", "error", "advice"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, content: bytes, error: type[UsageError], advice: str
) -> None:
    """A PDF, a file in another encoding and an empty file are refused with what to do."""
    file = tmp_path / "copy"
    file.write_bytes(content)
    with pytest.raises(error) as caught:
        evidence.read_copy(file)
    assert advice in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path without a file is an error that names it."""
    with pytest.raises(NotFoundError, match=r"nowhere\.txt"):
        evidence.read_copy(tmp_path / "nowhere.txt")


def test_a_copy_may_be_a_web_page(tmp_path: Path) -> None:
    """Markup, references to characters and scripts are no part of the text."""
    body = "</p>\n<p class=lead>".join(html.escape(each) for each in SENTENCES)
    body = body.replace("ö", "&ouml;").replace("kaptenen", "<em>kap</em>te&shy;nen<br/>")
    file = tmp_path / "copy.html"
    file.write_text(
        f"<!DOCTYPE html>\n<html><head><title>{SENTENCES[0]}</title><style>p {{}}</style></head>"
        f"<body><script>let x = 1</script><p>{body}</p></body></html>",
        encoding="utf-8",
    )
    assert held(evidence.read_copy(file)) == ALL


def test_a_copy_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark is no part of the text."""
    file = tmp_path / "copy.txt"
    file.write_bytes(TEXT.encode("utf-8-sig"))
    assert evidence.read_copy(file) == TEXT


def test_the_recorded_passages_stand_in_the_brief_once(brief: str, dataset: Dataset) -> None:
    """Every recorded passage is found in the brief exactly once, where it is recorded."""
    findings = evidence.verify(brief, evidence.read_passages(dataset))
    assert findings
    assert [each.passage.name for each in findings if not each.holds] == []
    assert all(each.places == (each.passage.start,) for each in findings)


def test_the_recorded_passages_survive_a_pdf(brief: str, dataset: Dataset) -> None:
    """Page numbers and heads where the brief's pages end hide no passage."""
    copy = re.sub(r"\n (?=\S)", "\n7\n\fPolicy Brief 2025\n", brief)
    copy = re.sub(r"(\w{4})(\w{5,})", "\\1-\n\\2", copy)
    findings = evidence.verify(copy, evidence.read_passages(dataset))
    assert [each.passage.name for each in findings if not each.holds] == []


def test_a_sentence_of_the_brief_can_be_asked_for(brief: str, dataset: Dataset) -> None:
    """The words around a recorded passage give that passage."""
    recorded_passages = evidence.read_passages(dataset)
    found = evidence.passage(brief, "I sådana fall", "att komma med", recorded_passages)
    assert found.sentences == (62,)
    assert found in recorded_passages
