"""What to assume for a conclusion that no closure holds, and what must follow then.

The notation is that of :mod:`samsyn.closure.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from samsyn.closure.graph import Node
from samsyn.closure.rules import Number, Variable, atoms
from samsyn.dataset.exact import NamedNode

_ROWS: Final = """
?c rdfs:subClassOf ?d          |                           | ?X a ?c            | ?X a ?d
?c owl:equivalentClass ?d      |                           | ?X a ?c            | ?X a ?d
?c owl:equivalentClass ?d      |                           | ?X a ?d            | ?X a ?c
?c owl:disjointWith ?d         |                           | ?X a ?c . ?X a ?d  | FALSE
?p rdfs:subPropertyOf ?q       |                           | ?X ?p ?Y           | ?X ?q ?Y
?p owl:equivalentProperty ?q   |                           | ?X ?p ?Y           | ?X ?q ?Y
?p owl:equivalentProperty ?q   |                           | ?X ?q ?Y           | ?X ?p ?Y
?p owl:inverseOf ?q            |                           | ?X ?p ?Y           | ?Y ?q ?X
?p owl:inverseOf ?q            |                           | ?X ?q ?Y           | ?Y ?p ?X
?p owl:propertyDisjointWith ?q |                           | ?X ?p ?Y . ?X ?q ?Y | FALSE
?p rdfs:domain ?c              |                           | ?X ?p ?Y           | ?X a ?c
?p rdfs:range ?c               |                           | ?X ?p ?Y           | ?Y a ?c
?p a owl:SymmetricProperty     |                           | ?X ?p ?Y           | ?Y ?p ?X
?p a owl:TransitiveProperty    |                           | ?X ?p ?Y . ?Y ?p ?Z | ?X ?p ?Z
?p a owl:FunctionalProperty    |                           | ?X ?p ?Y . ?X ?p ?Z | ?Y owl:sameAs ?Z
?p a owl:InverseFunctionalProperty |                       | ?Y ?p ?X . ?Z ?p ?X | ?Y owl:sameAs ?Z
?p a owl:ReflexiveProperty     |                           | ?X a owl:Thing     | ?X ?p ?X
?p a owl:IrreflexiveProperty   |                           | ?X ?p ?X           | FALSE
?p a owl:AsymmetricProperty    |                           | ?X ?p ?Y . ?Y ?p ?X | FALSE
?x a owl:Thing                 |                           |                    |
?c a owl:Class                 | ?x a ?c                   |                    |
?c a owl:Class                 | ?c rdfs:subClassOf ?d     |                    |
?p a rdf:Property              | ?x ?p ?y                  |                    |
?x owl:differentFrom ?y        |                           | ?x owl:sameAs ?y   | FALSE
?x a ?c | ?c owl:complementOf ?d                           | ?x a ?d            | FALSE
?x a ?c | ?d owl:complementOf ?c                           | ?x a ?d            | FALSE
?x a ?c | ?c owl:onProperty ?p . ?c owl:hasValue ?v        |                    | ?x ?p ?v
?x a ?c | ?c owl:onProperty ?p . ?c owl:someValuesFrom ?d  |                    | ?x ?p ?y . ?y a ?d
?x a ?c | ?c owl:onProperty ?p . ?c owl:allValuesFrom ?d   | ?x ?p ?Y           | ?Y a ?d
?x a ?c | ?c owl:onProperty ?p . ?c owl:hasSelf ?y         |                    | ?x ?p ?x
?x a ?c | ?c owl:onProperty ?p . ?c owl:minCardinality 1   |                    | ?x ?p ?y
?x a ?c | ?c owl:minCardinality 0                          |                    |
?x a ?c | ?c owl:onProperty ?p . ?c owl:maxCardinality 0   | ?x ?p ?Y           | FALSE
?x a ?c | ?c owl:onProperty ?p . ?c owl:maxCardinality 1   | ?x ?p ?Y . ?x ?p ?Z | ?Y owl:sameAs ?Z
?x a ?c | ?c owl:onProperty ?p . ?c owl:cardinality 1
  | ?x ?p ?Y . ?x ?p ?Z | ?Y owl:sameAs ?Z . ?x ?p ?y
?x a ?c | ?c owl:onProperty ?p . ?c owl:onClass ?d . ?c owl:minQualifiedCardinality 1
  | | ?x ?p ?y . ?y a ?d
?x a ?c | ?c owl:onProperty ?p . ?c owl:onClass ?d . ?c owl:maxQualifiedCardinality 0
  | ?x ?p ?Y . ?Y a ?d | FALSE
?x a ?c | ?c owl:onProperty ?p . ?c owl:onClass ?d . ?c owl:maxQualifiedCardinality 1
  | ?x ?p ?Y . ?x ?p ?Z . ?Y a ?d . ?Z a ?d | ?Y owl:sameAs ?Z
"""
"""What is to be shown, what must be known for it, what to assume, and what must follow then.

Capitals are things of which nothing is known. All rows without a second column that fit must hold
(an equivalence goes both ways); of the others one is enough.
"""


Goal = tuple[Node | Variable | Number, ...]
"""A triple to be shown, with variables."""
Binding = dict[Variable, Node]


@dataclass(frozen=True)
class Postulate:
    """A row of the table.

    Args:
        goal: what is to be shown.
        known: what must be in the closure for it.
        assumed: what to assume.
        shown: what must follow then; None for a contradiction.
    """

    goal: Goal
    known: tuple[Goal, ...]
    assumed: tuple[Goal, ...]
    shown: tuple[Goal, ...] | None


def _goals(text: str) -> tuple[Goal, ...]:
    return tuple(
        tuple(NamedNode(term) if isinstance(term, str) else term for term in atom.arguments)
        for atom in atoms(text)
    )


def _table() -> tuple[Postulate, ...]:
    rows = []
    for line in filter(None, _ROWS.replace("\n  ", " ").splitlines()):
        goal, known, assumed, shown = (part.strip() for part in line.split("|"))
        end = None if shown == "FALSE" else _goals(shown)
        rows.append(Postulate(_goals(goal)[0], _goals(known), _goals(assumed), end))
    return tuple(rows)


POSTULATES: Final = _table()
