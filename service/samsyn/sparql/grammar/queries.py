"""Whole queries and updates (SPARQL 1.2, productions [1] to [53])."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.cursor import Fault
from samsyn.sparql.grammar.patterns import PatternReader
from samsyn.sparql.grammar.tree import Part, Select

__all__ = ["Fault", "query", "update"]

_NAMES: Final = (tokens.IRI, tokens.NAME)
_DECLARATIONS: Final = ("PREFIX", "BASE", "VERSION")
_UPDATES: Final = (
    "INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY",
)  # fmt: skip


def query(text: str, known: Mapping[str, str] | None = None) -> Part:
    """Read a query.

    Args:
        text: the query.
        known: prefixes that need no declaration; None where none need any.

    Raises:
        Fault: it breaks the grammar.
    """
    try:
        return _Reader(text, known, noting=False).query()
    except Fault:
        return _Reader(text, known).query()


def update(text: str, known: Mapping[str, str] | None = None) -> Part:
    """Read an update.

    Args:
        text: the operations.
        known: prefixes that need no declaration; None where none need any.

    Raises:
        Fault: it breaks the grammar.
    """
    try:
        return _Reader(text, known, noting=False).update()
    except Fault:
        return _Reader(text, known).update()


class _Reader(PatternReader):
    def __init__(self, text: str, known: Mapping[str, str] | None, *, noting: bool = True) -> None:
        super().__init__(text, known, noting=noting)
        self.grouping = []
        self._labels = {}

    def query(self) -> Part:
        whole = Part(0, len(self.text))
        self._prologue()
        with self.expecting("start"):
            form = self.here.word
            if not self.at("SELECT", "CONSTRUCT", "DESCRIBE", "ASK"):
                self.at(*_DECLARATIONS)
                self.fail()
        if form == "SELECT":
            select = self.select()
        else:
            select = Select(self.advance().start, 0, form=form)
            {"CONSTRUCT": self._construct, "DESCRIBE": self._describe, "ASK": self._ask}[form](
                select
            )
        whole.parts.append(select)
        if self.at("VALUES"):
            whole.parts.append(self.values()[0])
        self._end()
        return whole

    def _end(self) -> None:
        with self.expecting("end"):
            if not self.at(tokens.END):
                self.fail()

    def _prologue(self) -> None:
        with self.expecting("prologue"):
            while self.at(*_DECLARATIONS):
                word = self.advance().word
                if word == "PREFIX":
                    self._declaration()
                elif word == "BASE":
                    self.expect(tokens.IRI)
                else:
                    self.expect(tokens.STRING)

    def _declaration(self) -> None:
        here = self.here
        name = self.text[here.start : here.end]
        if not self.at(tokens.NAME) or not name.endswith(":") or name.count(":") > 1:
            self.fail()
        if self.declared is not None:
            self.declared.add(name[:-1])
        self.advance()
        self.expect(tokens.IRI)

    def _modified(self, select: Select) -> None:
        self.modifiers(select)
        select.end = self.before.end

    def _ask(self, select: Select) -> None:
        self.dataset_clauses(select)
        select.where = self._where()
        select.parts.append(select.where)
        self._modified(select)

    def _describe(self, select: Select) -> None:
        with self.expecting("describe"):
            if self.at("*"):
                select.star = self.advance().start
            else:
                self.expect(tokens.VARIABLE, *_NAMES, "*")
                while self.take(tokens.VARIABLE, *_NAMES):
                    pass
        self.dataset_clauses(select)
        if self.take("WHERE") or self.at("{"):
            select.where = self.group()
            select.parts.append(select.where)
            select.projected = list(select.where.visible)
        self._modified(select)

    def _construct(self, select: Select) -> None:
        with self.expecting("construct"):
            if self.at("{"):
                self._template()
                self.dataset_clauses(select)
                select.where = self._where()
                select.parts.append(select.where)
            else:
                self.dataset_clauses(select)
                self.expect("WHERE", "{")
                self._template()
        self._modified(select)

    def _template(self) -> None:
        self.expect("{")
        self.paths = False
        self._bare_triples()
        self.paths = True
        self.expect("}")

    def _bare_triples(self) -> None:
        while self.begins_triple():
            self.triples()
            if not self.take("."):
                return

    def update(self) -> Part:
        whole = Part(0, len(self.text))
        while True:
            self._prologue()
            if self.at(tokens.END):
                return whole
            with self.expecting("update"):
                if not self.at(*_UPDATES):
                    self.at(*_DECLARATIONS)
                    self.fail()
            self._operation(whole)
            if not self.take(";"):
                self._end()
                return whole

    def _operation(self, whole: Part) -> None:
        word = self.here.word
        if word in ("INSERT", "DELETE", "WITH"):
            self._modify(whole)
            return
        self.advance()
        self.take("SILENT")
        if word == "LOAD":
            self.expect(*_NAMES)
            if self.take("INTO"):
                self._graph()
        elif word == "CREATE":
            self._graph()
        elif word in ("CLEAR", "DROP"):
            if not self.take("DEFAULT", "NAMED", "ALL"):
                self._graph()
        else:
            self._graph_or_default()
            self.expect("TO")
            self._graph_or_default()

    def _graph(self) -> None:
        self.expect("GRAPH")
        self.expect(*_NAMES)

    def _graph_or_default(self) -> None:
        if self.take("DEFAULT"):
            return
        self.take("GRAPH")
        self.expect(*_NAMES)

    def _modify(self, whole: Part) -> None:
        select = Select(self.here.start, 0, form="UPDATE")
        if self.take("WITH"):
            self.expect(*_NAMES)
            if not self.at("DELETE", "INSERT"):
                self.fail()
        elif self._data():
            return
        if self.take("DELETE"):
            if self.take("WHERE"):
                self._quads(blanks=False)
                return
            self._quads(blanks=False)
            if self.take("INSERT"):
                self._insertion(select)
        else:
            self.expect("INSERT")
            self._insertion(select)
        self.dataset_clauses(select, "USING")
        with self.expecting("where"):
            self.expect("WHERE")
        self._labels = {}
        select.where = self.group()
        select.parts.append(select.where)
        select.end = select.where.end
        whole.parts.append(select)

    def _insertion(self, select: Select) -> None:
        met = self.blanks_met
        self._quads()
        select.makes_blanks = self.blanks_met > met

    def _data(self) -> bool:
        following = tokens.token(self.text, self.here.end)
        if following.word != "DATA":
            return False
        word = self.advance().word
        self.advance()
        self._quads(variables=False, blanks=word == "INSERT")
        return True

    def _quads(self, *, variables: bool = True, blanks: bool = True) -> None:
        self.paths, self.variables, self.blanks = False, variables, blanks
        with self.expecting("quads"):
            self.expect("{")
            self._bare_triples()
            while self.take("GRAPH"):
                self.expect(*((tokens.VARIABLE, *_NAMES) if variables else _NAMES))
                self.expect("{")
                self._bare_triples()
                self.expect("}")
                self.take(".")
                self._bare_triples()
            self.expect("}")
        self.paths = self.variables = self.blanks = True
