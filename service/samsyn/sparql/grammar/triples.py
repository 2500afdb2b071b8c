"""Triple patterns and property paths (SPARQL 1.2, productions from [75])."""

from __future__ import annotations

from typing import Final

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.expressions import Expressions
from samsyn.sparql.grammar.tokens import Token, token
from samsyn.sparql.grammar.tree import Blank, Expression, Path, Term, Triples

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMES: Final = (tokens.IRI, tokens.NAME)
_LITERALS: Final = (tokens.STRING, tokens.NUMBER, "TRUE", "FALSE")
_TERMS: Final = (tokens.VARIABLE, *_NAMES, *_LITERALS, tokens.BLANK, "[", "(", "<<", "<<(")
_VERBS: Final = (tokens.VARIABLE, *_NAMES, "A", "^", "!", "(")
_A_TRIPLE: Final = "a triple"


def _plain(name: str) -> Path:
    return Path("iri", f"<{_RDF}{name}>")


class TripleReader(Expressions):
    """Reads triple patterns, and the triples of templates and data.

    Patterns may hold property paths, data no variables.
    """

    paths = True
    variables = True
    blanks = True
    blanks_met = 0
    _fresh = 0

    def begins_triple(self) -> bool:
        """Return whether a triple is here."""
        self._wanted[_A_TRIPLE] = None
        return self.here.word in _TERMS

    def triples(self) -> Triples:
        """Read the triples of one subject."""
        start = self.here.start
        found = Triples(start, start)
        with self.expecting("triples"):
            if self.here.word in ("[", "("):
                alone, subject = self._node(found)
                if not alone or self._begins_verb():
                    self._properties(subject, found)
            elif self.here.word == "<<":
                subject = self._reified(found)
                if self._begins_verb():
                    self._properties(subject, found)
            else:
                self._properties(self._term(), found)
        found.end = self.before.end
        return found

    def triple_term(self) -> Expression:
        """Read a triple term in an expression."""
        start = self.here.start
        # In it, "<" begins an IRI, whatever comes before.
        inside, self._inside = self._inside, 0
        self._triple_term()
        self._inside = inside
        return Expression(start, self.before.end)

    def _begins_verb(self) -> bool:
        if not self.paths:
            return self.at(tokens.VARIABLE, *_NAMES, "A")
        return self.here.word in _VERBS or self.at(tokens.VARIABLE, *_NAMES, "A")

    def _properties(self, subject: Term, found: Triples) -> None:
        while True:
            verb = self._verb()
            self._objects(subject, verb, found)
            if not self.take(";"):
                return
            while self.take(";"):
                pass
            if not self._begins_verb():
                return

    def _objects(self, subject: Term, verb: Path, found: Triples) -> None:
        while True:
            if self.here.word in ("[", "("):
                object_ = self._node(found)[1]
            elif self.here.word == "<<":
                object_ = self._reified(found)
            else:
                object_ = self._term()
            found.rows.append((subject, verb, object_))
            self._annotations((subject, verb, object_), found)
            if not self.take(","):
                return

    def _annotations(self, row: tuple[Term, Path, Term], found: Triples) -> None:
        subject, verb, object_ = row
        reifier: Term | None = None
        while self.at("~", "{|"):
            if verb.kind != "iri":
                self.fail("a property path takes no annotation")
            if self.take("~"):
                reifier = self._reifier()
                found.rows.append((reifier, _plain("reifies"), _triple(subject, verb, object_)))
                continue
            self.advance()
            if reifier is None:
                reifier = self._blank()
                found.rows.append((reifier, _plain("reifies"), _triple(subject, verb, object_)))
            self._properties(reifier, found)
            self.expect("|}")
            reifier = None

    def _reifier(self) -> Term:
        if self.at(tokens.VARIABLE, *_NAMES, tokens.BLANK) or self.here.word == "[":
            return self._term()
        return self._blank()

    def _reified(self, found: Triples) -> Term:
        self.expect("<<")
        subject = self._reified(found) if self.at("<<") else self._term()
        verb = self._predicate()
        object_ = self._reified(found) if self.at("<<") else self._term()
        reifier = self._reifier() if self.take("~") else self._blank()
        self.expect(">>")
        found.rows.append((reifier, _plain("reifies"), _triple(subject, verb, object_)))
        return reifier

    def _triple_term(self) -> Term:
        self.expect("<<(")
        subject = self._term()
        verb = self._predicate()
        object_ = self._term()
        self.expect(")>>")
        return _triple(subject, verb, object_)

    def _blank(self) -> Term:
        self._fresh += 1
        self.blanks_met += 1
        return (Blank(self._fresh),)

    def _term(self) -> Term:
        here = self.here
        if self.at(tokens.VARIABLE):
            if not self.variables:
                self.fail("there can be no variable in data")
            self.advance()
            name = self.text[here.start : here.end]
            self.seen(name[1:])
            return (name,)
        if self.at(*_NAMES, tokens.NUMBER, "TRUE", "FALSE"):
            self.advance()
        elif self.at(tokens.STRING):
            self.literal()
        elif self.at(tokens.BLANK, "["):
            return self._blank_node()
        elif self.at("<<("):
            return self._triple_term()
        elif self.at("(") and token(self.text, here.end).word == ")":
            self.advance()
            self.advance()
            return (f"<{_RDF}nil>",)
        else:
            self.fail()
        return (self.text[here.start : self.before.end],)

    def _blank_node(self) -> Term:
        if not self.blanks:
            self.fail("there can be no blank node in what is deleted")
        here = self.advance()
        if here.word == "[":
            self.expect("]")
            return self._blank()
        self.blanks_met += 1
        label = self.text[here.start + 2 : here.end]
        self.labelled(label, here)
        return (Blank(label),)

    def seen(self, name: str) -> None:
        """Note a variable of a pattern; patterns do it."""

    def labelled(self, label: str, here: Token) -> None:
        """Note the label of a blank node; patterns do it."""

    def _node(self, found: Triples) -> tuple[bool, Term]:
        """Read a list, or a blank node with what is said of it.

        Returns:
            Whether it is a pattern by itself, and the node.
        """
        if not self.blanks:
            self.fail("there can be no blank node in what is deleted")
        if self.take("["):
            node = self._blank()
            if self.take("]"):
                return False, node
            self._properties(node, found)
            self.expect("]")
            return True, node
        self.expect("(")
        if self.take(")"):
            return False, (f"<{_RDF}nil>",)
        first = node = self._blank()
        while True:
            held: Term
            if self.here.word in ("[", "("):
                held = self._node(found)[1]
            elif self.here.word == "<<":
                held = self._reified(found)
            else:
                held = self._term()
            found.rows.append((node, _plain("first"), held))
            if self.take(")"):
                found.rows.append((node, _plain("rest"), (f"<{_RDF}nil>",)))
                return True, first
            following = self._blank()
            found.rows.append((node, _plain("rest"), following))
            node = following

    def _verb(self) -> Path:
        if not self.paths or self.at(tokens.VARIABLE):
            return self._predicate()
        if self.here.word not in _VERBS:
            self.at(tokens.VARIABLE, *_NAMES, "A")
            self.fail()
        return self._alternative()

    def _predicate(self) -> Path:
        here = self.here
        if self.at(tokens.VARIABLE):
            if not self.variables:
                self.fail("there can be no variable in data")
            self.seen(self.text[here.start + 1 : here.end])
        self.expect(tokens.VARIABLE, *_NAMES, "A")
        return Path("iri", self._name(here))

    def _name(self, here: Token) -> str:
        # Behind a mark of a path, the engine takes no keyword for a.
        return f"<{_RDF}type>" if here.word == "A" else self.text[here.start : here.end]

    def _alternative(self) -> Path:
        return self._chain("alternative", "|", "sequence", "/")

    def _chain(self, kind: str, mark: str, inner: str, inner_mark: str) -> Path:
        start = self.here.start
        parts = [self._chain(inner, inner_mark, "", "") if inner else self._step()]
        while mark and self.take(mark):
            parts.append(self._chain(inner, inner_mark, "", "") if inner else self._step())
        if len(parts) == 1:
            return parts[0]
        return Path(kind, self.text[start : self.before.end], tuple(parts))

    def _step(self) -> Path:
        start = self.here.start
        if self.take("^"):
            inner = self._repeated()
            return Path("inverse", self.text[start : self.before.end], (inner,))
        return self._repeated()

    def _repeated(self) -> Path:
        start = self.here.start
        inner = self._path_primary()
        if self.here.word in ("*", "+", "?"):
            self.advance()
            return Path("repeated", self.text[start : self.before.end], (inner,))
        return inner

    def _path_primary(self) -> Path:
        here = self.here
        if self.take("("):
            inner = self._alternative()
            self.expect(")")
            return inner
        if self.take("!"):
            members = self._negated()
            return Path("negated", self.text[here.start : self.before.end], members)
        self.expect(*_NAMES, "A", "(", "!")
        return Path("iri", self._name(here))

    def _negated(self) -> tuple[Path, ...]:
        if not self.take("("):
            return (self._member(),)
        members: list[Path] = []
        if not self.take(")"):
            members.append(self._member())
            while self.take("|"):
                members.append(self._member())
            self.expect(")")
        return tuple(members)

    def _member(self) -> Path:
        inverse = self.take("^")
        here = self.expect(*_NAMES, "A")
        plain = Path("iri", self._name(here))
        return Path("inverse", f"^{plain.text}", (plain,)) if inverse else plain


def _triple(subject: Term, verb: Path, object_: Term) -> Term:
    return ("<<( ", *subject, f" {verb.text} ", *object_, " )>>")
