"""Regular expressions of XPath mean what the Recommendations say, in both dialects made of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.sparql.regex import PatternError, read
from samsyn.validation.engines import default
from samsyn.validation.engines.report import results

# Pattern, flags, a text that matches, a text that does not. XML Schema Part 2, appendix F, and
# XPath Functions and Operators, section 7.6.1.
MEANINGS = [
    ("^[a-z-[aeiou]]+$", "", "bcd", "bad"),
    ("^[^a-z-[0-9]]$", "", "A", "7"),
    ("^[a-z-[b-y-[m]]]+$", "", "amz", "abz"),
    (r"^\i\c*$", "", "a-b.c", "-ab"),
    (r"^\I\C$", "", "1 ", "a "),
    (r"^\d{4}(-?)\d{2}\1\d{2}$", "", "2024-01-05", "2024-0105"),
    (r"^(?:(a)|b)\1c$", "", "bc", "bac"),
    (r"^(a)\10$", "", "aa0", "aa"),
    (r"^\p{Lu}", "", "Åre", "åre"),
    (r"^\P{L}+$", "", "123", "1a"),
    (r"^\p{IsBasicLatin}+$", "", "abc", "å"),
    (r"^\p{IsGreek}+$", "", "αβ", "ab"),
    (r"^\w$", "", "+", "_"),
    (r"^\W$", "", "_", "+"),
    (r"^\s$", "", "\n", "\u00a0"),
    (r"^\S$", "", "\u00a0", "\t"),
    (r"^\d$", "", "٣", "x"),
    ("a$", "", "ba", "a\n"),
    ("^b$", "m", "a\nb", "ab"),
    ("^$", "m", "a\n\nb", "a\n"),
    ("^$", "", "", "\n"),
    ("a.b", "", "a\rb", "a\nb"),
    ("^a.b$", "s", "a\nb", "a"),
    ("straße", "i", "STRAßE", "strasse"),
    ("^[é]$", "i", "É", "e"),
    ("a b", "x", "ab", "a b"),
    ("^[a b]$", "x", " ", "c"),
    (r"^a\[ + [ \]]$", "x", "a[[]", "a["),
    ("a.b", "q", "xa.by", "axb"),
    ("^a{2,3}?$", "", "aaa", "aaaa"),
    ("^a{,2}$", "", "aa", "aaa"),
    ("^[&&b~~c]+$", "", "&b~", "d"),
    (r"^[\^\-\]\[]+$", "", "^-][", "a"),
    ("^[-a]+$", "", "-a", "b"),
    ("^[a-]+$", "", "a-", "b"),
    ("a|", "", "", "\0"),
    ("😀{2}", "", "😀😀", "😀"),
    # What real patterns use as well.
    (r"^https?:\/\/", "", "https://x", "ftp://x"),
    ("^(?!.*b)a", "", "ac", "acb"),
    (r"\bfoo\b", "", "a foo", "afoo"),
    ("(?i)^abc$", "", "ABC", "abd"),
    (r"^\u00e5\x41$", "", "åA", "aA"),
]  # fmt: skip
REFUSED = [
    ("[a", "", "not closed"),
    ("(a", "", "not closed"),
    ("a)", "", "closes none"),
    ("a{2,1}", "", "ends below"),
    ("a**", "", "two quantifiers"),
    ("*a", "", "nothing is before"),
    ("a{b", "", "no quantifier"),
    (r"\1(a)", "", "not closed before"),
    (r"(a\1)", "", "not closed before"),
    (r"\p{Foo}", "", "no category"),
    (r"\p{IsFoo}", "", "unknown"),
    (r"\pL", "", "braces"),
    (r"\y", "", "no escape"),
    ("a\\", "", "no escape"),
    ("[z-a]", "", "ends before"),
    ("[[:alpha:]]", "", "bracket"),
    ("[a-[b]c]", "", "subtraction"),
    ("(?P<n>a)", "", "no known kind"),
    ("a", "z", "no flag"),
    ("(" * 5000, "", "too deep|not closed"),
]


@pytest.mark.parametrize(("pattern", "flags", "yes", "no"), MEANINGS)
def test_a_pattern_means_what_xpath_says(pattern: str, flags: str, yes: str, no: str) -> None:
    """One text matches and the other does not, run by the Python package."""
    found = read(pattern, flags)
    assert found.matches(yes)
    assert not found.matches(no) or no == "\0"


@pytest.mark.parametrize(("pattern", "flags", "yes", "no"), MEANINGS)
def test_the_same_pattern_for_rust_means_the_same(
    pattern: str, flags: str, yes: str, no: str
) -> None:
    """Where a pattern is written for the Rust crate, it finds the same in the two texts."""
    rust = read(pattern, flags).rust
    if rust is None:
        assert any(part in pattern for part in ("\\1", "\\pIs", "(?", "\\b", "Is")) or flags == "m"
        return
    texts = [text for text in (yes, no) if "\0" not in text]
    assert matched(rust, texts) == [text for text in texts if read(pattern, flags).matches(text)]


@pytest.mark.parametrize(("pattern", "flags", "reason"), REFUSED)
def test_what_is_no_pattern_is_refused_with_the_reason(
    pattern: str, flags: str, reason: str
) -> None:
    """The error says what is wrong, and where in the pattern."""
    with pytest.raises(PatternError, match=reason):
        read(pattern, flags)


def matched(rust: str, texts: list[str]) -> list[str]:
    """Return the texts that match for the engine that is written in Rust."""
    sh, thing = names.SH, NamedNode("urn:x-shape")
    shape = [
        Triple(thing, NamedNode(sh + "targetObjectsOf"), NamedNode("urn:x-p")),
        Triple(thing, NamedNode(sh + "not"), NamedNode("urn:x-pattern")),
        Triple(NamedNode("urn:x-pattern"), NamedNode(sh + "pattern"), Literal(rust)),
    ]
    assert default.refusal(shape) is None
    data = [Triple(thing, NamedNode("urn:x-p"), Literal(text)) for text in texts]
    report = default.run(View(ClosedGraph(data, ())), tuple(shape))
    found = {result.value for result in results(report)}
    return [text for text in texts if str(Literal(text)) in found]


ATOMS = some.sampled_from(
    ["a", "b", "é", "_", "-", " ", ".", "^", "$", r"\w", r"\s", r"\d", r"\i", r"\c", r"\S", r"\W",
     r"\.", "[ab]", "[^ab]", "[a-c-[b]]", r"[\w-[a]]", r"[^\s_]", r"\p{L}", r"\P{Lu}", "(a|b)"]
)  # fmt: skip
PIECES = some.tuples(ATOMS, some.sampled_from(["", "", "?", "*", "+", "{1,2}", "*?"])).map("".join)
PATTERNS = some.lists(PIECES, max_size=5).map("".join)
TEXTS = some.lists(some.text("abéÉ_- \n1.\u00a0+:", max_size=5), min_size=3, max_size=8)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(PATTERNS, some.sampled_from(["", "i", "s", "x"]), TEXTS)
def test_both_dialects_find_the_same_in_random_texts(
    pattern: str, flags: str, texts: list[str]
) -> None:
    """What the Python package matches, the Rust crate matches, and nothing else."""
    assume(flags != "x" or " " not in pattern)  # a quantifier could lose what it is behind
    found = read(pattern, flags)
    assert found.rust is not None
    texts = list(dict.fromkeys(texts))
    assert matched(found.rust, texts) == [text for text in texts if found.matches(text)]
