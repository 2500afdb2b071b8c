"""Read Turtle as it is written: blocks, predicates and objects with their lines.

pyoxigraph gives triples, in which order, grouping, comments and lines are lost; the rules on layout
need just these. What is read here was parsed before, so syntax errors are not looked for.

Source: https://www.w3.org/TR/turtle/ (grammar).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from samsyn.links import natural
from samsyn.lint.tokens import Token, tokens


@dataclass(frozen=True)
class Term:
    """A subject, an object or a member of a list.

    Args:
        text: as it has to be written.
        kind: ``name`` (also of true and false), ``number``, ``literal``, ``list``, ``anonymous``
            (in brackets) or ``labelled`` (``_:b``).
        line: where it begins.
        tag: the language tag of a literal, without the at sign.
        inner: the predicates of an anonymous node.
        members: the members of a list.
    """

    text: str
    kind: str
    line: int
    tag: str = ""
    inner: tuple[Predicate, ...] = ()
    members: tuple[Term, ...] = ()

    @property
    def rank(self) -> tuple[object, ...]:
        """What objects of one predicate are sorted by."""
        kinds = ("name", "number", "literal", "list", "anonymous", "labelled")
        tags = {"sv": 0, "en": 1, "": 3}
        return (kinds.index(self.kind), tags.get(self.tag, 2), self.tag, natural(self.text))


@dataclass(frozen=True)
class Predicate:
    """A predicate with its objects."""

    name: str
    line: int
    objects: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The predicate and its objects as they have to be written."""
        return f"{self.name} {' , '.join(each.text for each in self.objects)}"


@dataclass(frozen=True)
class Block:
    """All that is said of one subject in one statement."""

    subject: Term
    predicates: tuple[Predicate, ...]
    comments: tuple[Token, ...]

    def objects(self, predicate: str) -> tuple[Term, ...]:
        """Return the objects of a predicate."""
        found = (each.objects for each in self.predicates if each.name == predicate)
        return next(found, ())

    @property
    def text(self) -> str:
        """The block as it has to be written."""
        body = " ;\n  ".join(each.text for each in self.predicates)
        return f"{self.subject.text} {body}".rstrip() + " .\n"


@dataclass(frozen=True)
class Prefix:
    """One prefix declaration."""

    name: str
    iri: str
    line: int


@dataclass
class Page:
    """One Turtle file.

    Args:
        comments: those before anything else.
        prefixes: in the order declared.
        blocks: in the order written.
        strays: comments that stand inside a block or behind the last one.
        used: the prefixes that occur in names.
    """

    comments: tuple[Token, ...] = ()
    prefixes: list[Prefix] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    strays: list[Token] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def line(self, iri: str) -> int:
        """Return the line on which the block of a thing begins, or 1 if it has none.

        Args:
            iri: the name of the thing, in full.
        """
        spaces = {each.name: each.iri[1:-1] for each in self.prefixes}
        for block in self.blocks:
            prefix, colon, rest = block.subject.text.partition(":")
            if block.subject.text == f"<{iri}>" or (colon and spaces.get(prefix, "") + rest == iri):
                return block.subject.line
        return 1

    @property
    def text(self) -> str:
        """The file as it has to be laid out, in the order that it has now."""
        head = [f"{each.text}\n" for each in self.comments]
        head += [f"@prefix {each.name}: {each.iri} .\n" for each in self.prefixes]
        blocks = (
            "".join(f"{each.text}\n" for each in block.comments) + block.text
            for block in self.blocks
        )
        return "".join(head) + "".join(f"\n{block}" for block in blocks)


def read(text: str) -> Page:
    """Read a Turtle file as it is written.

    Args:
        text: Turtle that parses.

    Raises:
        ValueError: the text is no Turtle after all; its message is the line.
    """
    return _Reader(text).page()


class _Reader:
    """A descent over the tokens; comments are set aside for what follows them."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.place = 0
        self.found = Page()
        self.comments: list[Token] = []

    def page(self) -> Page:
        self.found.comments = self._leading()
        while self._peek() is not None:
            self._statement()
        self.found.strays += self.comments
        return self.found

    def _leading(self) -> tuple[Token, ...]:
        """Return the comments at the top: those that end before the prefixes."""
        self._peek()
        taken, self.comments = tuple(self.comments), []
        return taken

    def _peek(self) -> Token | None:
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "comment":
            self.comments.append(self.tokens[self.place])
            self.place += 1
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _next(self, *wanted: str) -> Token:
        token = self._peek()
        if token is None or (wanted and token.text not in wanted):
            raise ValueError(str(token.line if token else self.tokens[-1].line))
        self.place += 1
        return token

    def _statement(self) -> None:
        token = self._peek()
        if token is not None and token.text.lower() in ("@prefix", "prefix"):
            self._prefix()
            return
        comments, self.comments = tuple(self.comments), []
        subject = self._term()
        token = self._peek()
        predicates = () if token and token.text == "." else self._predicates(".")
        self._next(".")
        self.found.strays += self.comments
        self.comments = []
        self.found.blocks.append(Block(subject, predicates, comments))

    def _prefix(self) -> None:
        keyword, name, iri = self._next(), self._next(), self._next()
        if keyword.text.startswith("@"):
            self._next(".")
        self.found.prefixes.append(Prefix(name.text[:-1], iri.text, keyword.line))

    def _predicates(self, end: str) -> tuple[Predicate, ...]:
        found: list[Predicate] = []
        while True:
            token = self._peek()
            if token is None or token.text == end:
                return tuple(found)
            if token.text == ";":
                self._next()
                continue
            name = self._name(self._next())
            if name.kind not in ("name", "iri", "word"):
                raise ValueError(str(name.line))
            objects = [self._term()]
            while (token := self._peek()) is not None and token.text == ",":
                self._next()
                objects.append(self._term())
            found.append(Predicate(name.text, name.line, tuple(objects)))

    def _name(self, token: Token) -> Token:
        if token.kind == "name":
            self.found.used.add(token.text.partition(":")[0])
        return token

    def _term(self) -> Term:
        token = self._next()
        if token.text == "[":
            return self._anonymous(token)
        if token.text == "(":
            return self._list(token)
        if token.kind == "string":
            return self._literal(token)
        if token.kind in ("mark", "tag", "type"):
            raise ValueError(str(token.line))
        self._name(token)
        kind = {"blank": "labelled", "number": "number"}.get(token.kind, "name")
        return Term(token.text, kind, token.line)

    def _literal(self, token: Token) -> Term:
        following = self._peek()
        if following is not None and following.kind == "tag":
            self._next()
            text = token.text + following.text
            return Term(text, "literal", token.line, tag=following.text[1:])
        if following is not None and following.kind == "type":
            self._next()
            return Term(f"{token.text}^^{self._name(self._next()).text}", "literal", token.line)
        return Term(token.text, "literal", token.line)

    def _anonymous(self, token: Token) -> Term:
        inner = self._predicates("]")
        self._next("]")
        text = " ; ".join(each.text for each in inner)
        return Term(f"[ {text} ]" if inner else "[]", "anonymous", token.line, inner=inner)

    def _list(self, token: Token) -> Term:
        members = []
        while (following := self._peek()) is not None and following.text != ")":
            members.append(self._term())
        self._next(")")
        text = " ".join(each.text for each in members)
        text = f"( {text} )" if members else "()"
        return Term(text, "list", token.line, members=tuple(members))
