"""The rules of OWL 2 RL and RDFS, stated once.

Each row is a rule under its W3C name: its name, its premises and its conclusion. The names and
the order are those of OWL 2 Profiles (Second Edition), section 4.3, tables 4 to 9; the ``rdfs``
rows are the patterns of RDF 1.1 Semantics, sections 8 and 9, that the tables lack. Names of our own
are ``rdf-axioms`` and ``rdfs-axioms``, the axiomatic triples there without the endless ones of
``rdf:_1``, ``rdf:_2`` and so on, and ``dt-map``, what the tables take for granted of the datatypes.
Nothing else in this package states a rule: the compiler, the executors, the explanation, the
checker of proofs and the table in the documentation are made from these rows.

Notation: a premise is a triple pattern with variables ``?x``; ``a`` is rdf:type. Five premises
speak of an RDF list ``?l`` as the Recommendation does with its ``LIST[…]`` and ellipses:

- ``MEMBER(?l ?m)``: ``?m`` is one of its members;
- ``PAIR(?l ?m ?n)``: ``?m`` and ``?n`` are members at different places, the first one earlier;
- ``EVERY(?l ?y)``: ``?y a`` each of its members;
- ``CHAIN(?l ?u ?v)``: ``?u`` leads to ``?v`` through its members as properties, in order;
- ``KEY(?l ?u ?v)``: ``?u`` and ``?v`` share a value of each of its members as properties.

Four premises speak of literals and the datatypes of the profile: ``TYPED(?l ?d)``: the value of
``?l`` is in the value space of ``?d``; ``OUTSIDE(?l ?d)``: it is not, or ``?l`` has no value;
``SAMEVALUE(?l ?m)`` and ``DIFFERENTVALUE(?l ?m)``. A literal that is written as one of a datatype
is given as of that datatype (``?l a ?d``), also where it has no value there.

The conclusion ``FALSE`` is a contradiction. A row without premises is axiomatic. A star marks the
rules that only make noise: they are off unless they are asked for by name or all at once. A plus
sign marks those that speak of literals alone, which no RDF triple does: of what they say only that
is derived which a premise of another rule can use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from samsyn.names import OWL, RDF, RDFS, XSD

_ROWS: Final = """
table 4: equality
eq-ref*     | ?s ?p ?o                                                     | ?s owl:sameAs ?s . ?p owl:sameAs ?p . ?o owl:sameAs ?o
eq-sym      | ?x owl:sameAs ?y                                             | ?y owl:sameAs ?x
eq-trans    | ?x owl:sameAs ?y . ?y owl:sameAs ?z                          | ?x owl:sameAs ?z
eq-rep-s    | ?s owl:sameAs ?t . ?s ?p ?o                                  | ?t ?p ?o
eq-rep-p    | ?p owl:sameAs ?q . ?s ?p ?o                                  | ?s ?q ?o
eq-rep-o    | ?o owl:sameAs ?t . ?s ?p ?o                                  | ?s ?p ?t
eq-diff1    | ?x owl:sameAs ?y . ?x owl:differentFrom ?y                   | FALSE
eq-diff2    | ?x a owl:AllDifferent . ?x owl:members ?l . PAIR(?l ?y ?z) . ?y owl:sameAs ?z | FALSE
eq-diff3    | ?x a owl:AllDifferent . ?x owl:distinctMembers ?l . PAIR(?l ?y ?z) . ?y owl:sameAs ?z | FALSE
table 5: properties
prp-ap*     |                                                              | rdfs:label a owl:AnnotationProperty . rdfs:comment a owl:AnnotationProperty . rdfs:seeAlso a owl:AnnotationProperty . rdfs:isDefinedBy a owl:AnnotationProperty . owl:deprecated a owl:AnnotationProperty . owl:versionInfo a owl:AnnotationProperty . owl:priorVersion a owl:AnnotationProperty . owl:backwardCompatibleWith a owl:AnnotationProperty . owl:incompatibleWith a owl:AnnotationProperty
prp-dom     | ?p rdfs:domain ?c . ?x ?p ?y                                 | ?x a ?c
prp-rng     | ?p rdfs:range ?c . ?x ?p ?y                                  | ?y a ?c
prp-fp      | ?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z            | ?y owl:sameAs ?z
prp-ifp     | ?p a owl:InverseFunctionalProperty . ?x ?p ?y . ?z ?p ?y     | ?x owl:sameAs ?z
prp-irp     | ?p a owl:IrreflexiveProperty . ?x ?p ?x                      | FALSE
prp-symp    | ?p a owl:SymmetricProperty . ?x ?p ?y                        | ?y ?p ?x
prp-asyp    | ?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x            | FALSE
prp-trp     | ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z            | ?x ?p ?z
prp-spo1    | ?p rdfs:subPropertyOf ?q . ?x ?p ?y                          | ?x ?q ?y
prp-spo2    | ?p owl:propertyChainAxiom ?l . CHAIN(?l ?x ?y)               | ?x ?p ?y
prp-eqp1    | ?p owl:equivalentProperty ?q . ?x ?p ?y                      | ?x ?q ?y
prp-eqp2    | ?p owl:equivalentProperty ?q . ?x ?q ?y                      | ?x ?p ?y
prp-pdw     | ?p owl:propertyDisjointWith ?q . ?x ?p ?y . ?x ?q ?y         | FALSE
prp-adp     | ?a a owl:AllDisjointProperties . ?a owl:members ?l . PAIR(?l ?p ?q) . ?x ?p ?y . ?x ?q ?y | FALSE
prp-inv1    | ?p owl:inverseOf ?q . ?x ?p ?y                               | ?y ?q ?x
prp-inv2    | ?p owl:inverseOf ?q . ?x ?q ?y                               | ?y ?p ?x
prp-key     | ?c owl:hasKey ?l . ?x a ?c . ?y a ?c . KEY(?l ?x ?y)         | ?x owl:sameAs ?y
prp-npa1    | ?a owl:sourceIndividual ?x . ?a owl:assertionProperty ?p . ?a owl:targetIndividual ?y . ?x ?p ?y | FALSE
prp-npa2    | ?a owl:sourceIndividual ?x . ?a owl:assertionProperty ?p . ?a owl:targetValue ?y . ?x ?p ?y | FALSE
table 6: classes
cls-thing*  |                                                              | owl:Thing a owl:Class
cls-nothing1* |                                                            | owl:Nothing a owl:Class
cls-nothing2 | ?x a owl:Nothing                                            | FALSE
cls-int1    | ?c owl:intersectionOf ?l . EVERY(?l ?y)                      | ?y a ?c
cls-int2    | ?c owl:intersectionOf ?l . MEMBER(?l ?d) . ?y a ?c           | ?y a ?d
cls-uni     | ?c owl:unionOf ?l . MEMBER(?l ?d) . ?y a ?d                  | ?y a ?c
cls-com     | ?c owl:complementOf ?d . ?x a ?c . ?x a ?d                   | FALSE
cls-svf1    | ?r owl:someValuesFrom ?c . ?r owl:onProperty ?p . ?x ?p ?y . ?y a ?c | ?x a ?r
cls-svf2    | ?r owl:someValuesFrom owl:Thing . ?r owl:onProperty ?p . ?x ?p ?y | ?x a ?r
cls-avf     | ?r owl:allValuesFrom ?c . ?r owl:onProperty ?p . ?x a ?r . ?x ?p ?y | ?y a ?c
cls-hv1     | ?r owl:hasValue ?v . ?r owl:onProperty ?p . ?x a ?r          | ?x ?p ?v
cls-hv2     | ?r owl:hasValue ?v . ?r owl:onProperty ?p . ?x ?p ?v         | ?x a ?r
cls-maxc1   | ?r owl:maxCardinality 0 . ?r owl:onProperty ?p . ?x a ?r . ?x ?p ?y | FALSE
cls-maxc2   | ?r owl:maxCardinality 1 . ?r owl:onProperty ?p . ?x a ?r . ?x ?p ?y . ?x ?p ?z | ?y owl:sameAs ?z
cls-maxqc1  | ?r owl:maxQualifiedCardinality 0 . ?r owl:onProperty ?p . ?r owl:onClass ?c . ?x a ?r . ?x ?p ?y . ?y a ?c | FALSE
cls-maxqc2  | ?r owl:maxQualifiedCardinality 0 . ?r owl:onProperty ?p . ?r owl:onClass owl:Thing . ?x a ?r . ?x ?p ?y | FALSE
cls-maxqc3  | ?r owl:maxQualifiedCardinality 1 . ?r owl:onProperty ?p . ?r owl:onClass ?c . ?x a ?r . ?x ?p ?y . ?y a ?c . ?x ?p ?z . ?z a ?c | ?y owl:sameAs ?z
cls-maxqc4  | ?r owl:maxQualifiedCardinality 1 . ?r owl:onProperty ?p . ?r owl:onClass owl:Thing . ?x a ?r . ?x ?p ?y . ?x ?p ?z | ?y owl:sameAs ?z
cls-oo      | ?c owl:oneOf ?l . MEMBER(?l ?x)                              | ?x a ?c
table 7: class axioms
cax-sco     | ?c rdfs:subClassOf ?d . ?x a ?c                              | ?x a ?d
cax-eqc1    | ?c owl:equivalentClass ?d . ?x a ?c                          | ?x a ?d
cax-eqc2    | ?c owl:equivalentClass ?d . ?x a ?d                          | ?x a ?c
cax-dw      | ?c owl:disjointWith ?d . ?x a ?c . ?x a ?d                   | FALSE
cax-adc     | ?a a owl:AllDisjointClasses . ?a owl:members ?l . PAIR(?l ?c ?d) . ?x a ?c . ?x a ?d | FALSE
table 8: datatypes
dt-type1*   |                                                              | rdf:PlainLiteral a rdfs:Datatype . rdf:XMLLiteral a rdfs:Datatype . rdfs:Literal a rdfs:Datatype . xsd:decimal a rdfs:Datatype . xsd:integer a rdfs:Datatype . xsd:nonNegativeInteger a rdfs:Datatype . xsd:nonPositiveInteger a rdfs:Datatype . xsd:positiveInteger a rdfs:Datatype . xsd:negativeInteger a rdfs:Datatype . xsd:long a rdfs:Datatype . xsd:int a rdfs:Datatype . xsd:short a rdfs:Datatype . xsd:byte a rdfs:Datatype . xsd:unsignedLong a rdfs:Datatype . xsd:unsignedInt a rdfs:Datatype . xsd:unsignedShort a rdfs:Datatype . xsd:unsignedByte a rdfs:Datatype . xsd:float a rdfs:Datatype . xsd:double a rdfs:Datatype . xsd:string a rdfs:Datatype . xsd:normalizedString a rdfs:Datatype . xsd:token a rdfs:Datatype . xsd:language a rdfs:Datatype . xsd:Name a rdfs:Datatype . xsd:NCName a rdfs:Datatype . xsd:NMTOKEN a rdfs:Datatype . xsd:boolean a rdfs:Datatype . xsd:hexBinary a rdfs:Datatype . xsd:base64Binary a rdfs:Datatype . xsd:anyURI a rdfs:Datatype . xsd:dateTime a rdfs:Datatype . xsd:dateTimeStamp a rdfs:Datatype
dt-type2+   | TYPED(?l ?d)                                                 | ?l a ?d
dt-eq+      | SAMEVALUE(?l ?m)                                             | ?l owl:sameAs ?m
dt-diff+    | DIFFERENTVALUE(?l ?m)                                        | ?l owl:differentFrom ?m
dt-not-type | ?l a ?d . OUTSIDE(?l ?d)                                     | FALSE
table 9: schema vocabulary
scm-cls     | ?c a owl:Class                                               | ?c rdfs:subClassOf ?c . ?c owl:equivalentClass ?c . ?c rdfs:subClassOf owl:Thing . owl:Nothing rdfs:subClassOf ?c
scm-sco     | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e                | ?c rdfs:subClassOf ?e
scm-eqc1    | ?c owl:equivalentClass ?d                                    | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c
scm-eqc2    | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c                | ?c owl:equivalentClass ?d
scm-op      | ?p a owl:ObjectProperty                                      | ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-dp      | ?p a owl:DatatypeProperty                                    | ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-spo     | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?r          | ?p rdfs:subPropertyOf ?r
scm-eqp1    | ?p owl:equivalentProperty ?q                                 | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p
scm-eqp2    | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p          | ?p owl:equivalentProperty ?q
scm-dom1    | ?p rdfs:domain ?c . ?c rdfs:subClassOf ?d                    | ?p rdfs:domain ?d
scm-dom2    | ?q rdfs:domain ?c . ?p rdfs:subPropertyOf ?q                 | ?p rdfs:domain ?c
scm-rng1    | ?p rdfs:range ?c . ?c rdfs:subClassOf ?d                     | ?p rdfs:range ?d
scm-rng2    | ?q rdfs:range ?c . ?p rdfs:subPropertyOf ?q                  | ?p rdfs:range ?c
scm-hv      | ?c owl:hasValue ?v . ?c owl:onProperty ?p . ?d owl:hasValue ?v . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q | ?c rdfs:subClassOf ?d
scm-svf1    | ?c owl:someValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:someValuesFrom ?z . ?d owl:onProperty ?p . ?y rdfs:subClassOf ?z | ?c rdfs:subClassOf ?d
scm-svf2    | ?c owl:someValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:someValuesFrom ?y . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q | ?c rdfs:subClassOf ?d
scm-avf1    | ?c owl:allValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:allValuesFrom ?z . ?d owl:onProperty ?p . ?y rdfs:subClassOf ?z | ?c rdfs:subClassOf ?d
scm-avf2    | ?c owl:allValuesFrom ?y . ?c owl:onProperty ?p . ?d owl:allValuesFrom ?y . ?d owl:onProperty ?q . ?p rdfs:subPropertyOf ?q | ?d rdfs:subClassOf ?c
scm-int     | ?c owl:intersectionOf ?l . MEMBER(?l ?d)                     | ?c rdfs:subClassOf ?d
scm-uni     | ?c owl:unionOf ?l . MEMBER(?l ?d)                            | ?d rdfs:subClassOf ?c
RDF 1.1 Semantics, sections 8 and 9
rdfD2*      | ?x ?p ?y                                                     | ?p a rdf:Property
rdf-axioms* |                                                              | rdf:type a rdf:Property . rdf:subject a rdf:Property . rdf:predicate a rdf:Property . rdf:object a rdf:Property . rdf:first a rdf:Property . rdf:rest a rdf:Property . rdf:value a rdf:Property . rdf:nil a rdf:List
rdfs-axioms* |                                                             | rdf:type rdfs:domain rdfs:Resource . rdfs:domain rdfs:domain rdf:Property . rdfs:range rdfs:domain rdf:Property . rdfs:subPropertyOf rdfs:domain rdf:Property . rdfs:subClassOf rdfs:domain rdfs:Class . rdf:subject rdfs:domain rdf:Statement . rdf:predicate rdfs:domain rdf:Statement . rdf:object rdfs:domain rdf:Statement . rdfs:member rdfs:domain rdfs:Resource . rdf:first rdfs:domain rdf:List . rdf:rest rdfs:domain rdf:List . rdfs:seeAlso rdfs:domain rdfs:Resource . rdfs:isDefinedBy rdfs:domain rdfs:Resource . rdfs:comment rdfs:domain rdfs:Resource . rdfs:label rdfs:domain rdfs:Resource . rdf:value rdfs:domain rdfs:Resource . rdf:type rdfs:range rdfs:Class . rdfs:domain rdfs:range rdfs:Class . rdfs:range rdfs:range rdfs:Class . rdfs:subPropertyOf rdfs:range rdf:Property . rdfs:subClassOf rdfs:range rdfs:Class . rdf:subject rdfs:range rdfs:Resource . rdf:predicate rdfs:range rdfs:Resource . rdf:object rdfs:range rdfs:Resource . rdfs:member rdfs:range rdfs:Resource . rdf:first rdfs:range rdfs:Resource . rdf:rest rdfs:range rdf:List . rdfs:seeAlso rdfs:range rdfs:Resource . rdfs:isDefinedBy rdfs:range rdfs:Resource . rdfs:comment rdfs:range rdfs:Literal . rdfs:label rdfs:range rdfs:Literal . rdf:value rdfs:range rdfs:Resource . rdf:Alt rdfs:subClassOf rdfs:Container . rdf:Bag rdfs:subClassOf rdfs:Container . rdf:Seq rdfs:subClassOf rdfs:Container . rdfs:ContainerMembershipProperty rdfs:subClassOf rdf:Property . rdfs:isDefinedBy rdfs:subPropertyOf rdfs:seeAlso . rdfs:Datatype rdfs:subClassOf rdfs:Class
rdfs1*      | TYPED(?l ?d)                                                 | ?d a rdfs:Datatype
rdfs4a*     | ?x ?p ?y                                                     | ?x a rdfs:Resource
rdfs4b*     | ?x ?p ?y                                                     | ?y a rdfs:Resource
rdfs6       | ?p a rdf:Property                                            | ?p rdfs:subPropertyOf ?p
rdfs8       | ?c a rdfs:Class                                              | ?c rdfs:subClassOf rdfs:Resource
rdfs10      | ?c a rdfs:Class                                              | ?c rdfs:subClassOf ?c
rdfs12      | ?p a rdfs:ContainerMembershipProperty                        | ?p rdfs:subPropertyOf rdfs:member
rdfs13      | ?c a rdfs:Datatype                                           | ?c rdfs:subClassOf rdfs:Literal
OWL 2 Structural Specification, section 4: which datatype holds the values of another
dt-map*     |                                                              | xsd:byte rdfs:subClassOf xsd:short . xsd:short rdfs:subClassOf xsd:int . xsd:int rdfs:subClassOf xsd:long . xsd:long rdfs:subClassOf xsd:integer . xsd:unsignedByte rdfs:subClassOf xsd:unsignedShort . xsd:unsignedShort rdfs:subClassOf xsd:unsignedInt . xsd:unsignedInt rdfs:subClassOf xsd:unsignedLong . xsd:unsignedLong rdfs:subClassOf xsd:nonNegativeInteger . xsd:unsignedByte rdfs:subClassOf xsd:short . xsd:unsignedShort rdfs:subClassOf xsd:int . xsd:unsignedInt rdfs:subClassOf xsd:long . xsd:positiveInteger rdfs:subClassOf xsd:nonNegativeInteger . xsd:nonNegativeInteger rdfs:subClassOf xsd:integer . xsd:negativeInteger rdfs:subClassOf xsd:nonPositiveInteger . xsd:nonPositiveInteger rdfs:subClassOf xsd:integer . xsd:integer rdfs:subClassOf xsd:decimal . xsd:NCName rdfs:subClassOf xsd:Name . xsd:Name rdfs:subClassOf xsd:token . xsd:NMTOKEN rdfs:subClassOf xsd:token . xsd:language rdfs:subClassOf xsd:token . xsd:token rdfs:subClassOf xsd:normalizedString . xsd:normalizedString rdfs:subClassOf xsd:string . xsd:dateTimeStamp rdfs:subClassOf xsd:dateTime . xsd:string rdfs:subClassOf rdf:PlainLiteral
"""

LISTS: Final = frozenset({"MEMBER", "PAIR", "EVERY", "CHAIN", "KEY"})
LITERALS: Final = frozenset({"TYPED", "OUTSIDE", "SAMEVALUE", "DIFFERENTVALUE"})

_PREFIXES: Final = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD}
_ATOM: Final = re.compile(r"([A-Z]+)\(([^)]*)\)|(\S+) (\S+) (\S+)")


@dataclass(frozen=True)
class Variable:
    """A variable of a rule."""

    name: str

    def __str__(self) -> str:
        return f"?{self.name}"


@dataclass(frozen=True)
class Number:
    """A literal that a rule names by its value, whatever its datatype (a cardinality)."""

    value: int

    def __str__(self) -> str:
        return str(self.value)


Argument = Variable | Number | str
"""A variable, a number, or an IRI."""


@dataclass(frozen=True)
class Atom:
    """One premise or conclusion.

    Args:
        name: "" for a triple pattern, else the name of a premise on lists or literals.
        arguments: three for a triple pattern (subject, predicate, object), else as the name asks.
    """

    name: str
    arguments: tuple[Argument, ...]

    def __str__(self) -> str:
        words = " ".join(
            _short(argument) if place == 1 or argument != RDF + "type" else "rdf:type"
            for place, argument in enumerate(self.arguments)
        )
        return f"{self.name}({words})" if self.name else words

    @property
    def variables(self) -> frozenset[Variable]:
        """The variables among the arguments."""
        return frozenset(arg for arg in self.arguments if isinstance(arg, Variable))


@dataclass(frozen=True)
class Rule:
    """One rule of the table.

    Args:
        name: its W3C name.
        table: the heading it is under.
        premises: all of them must hold.
        conclusions: all of them then hold; none at all for a contradiction.
        noise: whether it is off by default.
        lone: whether it speaks of literals alone, and only what others can use is derived.
    """

    name: str
    table: str
    premises: tuple[Atom, ...]
    conclusions: tuple[Atom, ...]
    noise: bool
    lone: bool = False

    def __str__(self) -> str:
        premises = ", ".join(map(str, self.premises))
        return f"{self.name}: {premises} -> {', '.join(map(str, self.conclusions)) or 'FALSE'}"


def shortened(iri: str) -> str:
    """Return an IRI as the table writes it: ``a``, with a prefix, or else in angle brackets."""
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            name = iri.removeprefix(namespace)
            return "a" if (prefix, name) == ("rdf", "type") else f"{prefix}:{name}"
    return f"<{iri}>"


def _short(argument: Argument) -> str:
    return shortened(argument) if isinstance(argument, str) else str(argument)


def _argument(word: str) -> Argument:
    if word.startswith("?"):
        return Variable(word[1:])
    if word.isdigit():
        return Number(int(word))
    if word == "a":
        return RDF + "type"
    prefix, name = word.split(":")
    return _PREFIXES[prefix] + name


def atoms(text: str) -> tuple[Atom, ...]:
    """Read premises or conclusions, with `` . `` between them."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(" . "))):
        match = _ATOM.fullmatch(part)
        if match is None:
            raise ValueError(f"not a premise or conclusion: {part}")
        name, inner, *words = match.groups()
        found.append(Atom(name or "", tuple(map(_argument, inner.split() if name else words))))
    return tuple(found)


def _table() -> dict[str, Rule]:
    rules, heading = {}, ""
    for line in filter(None, _ROWS.splitlines()):
        if "|" not in line:
            heading = line
            continue
        name, premises, conclusions = (part.strip() for part in line.split("|"))
        head = () if conclusions == "FALSE" else atoms(conclusions)
        rule = Rule(name.rstrip("*+"), heading, atoms(premises), head, *map(name.endswith, "*+"))
        rules[rule.name] = rule
    return rules


RULES: Final = _table()
"""All rules by name, in the order of the Recommendation."""

OWL_RL: Final = tuple(
    name for name, rule in RULES.items() if not rule.noise and not name.startswith("rdfs")
)
"""The rules that are on by default."""

RDFS_REGIME: Final = (
    *("prp-dom", "prp-rng", "prp-spo1", "scm-spo", "cax-sco", "scm-sco"),
    *(name for name, rule in RULES.items() if name.startswith("rdfs") and not rule.noise),
)
"""The rules of the RDFS regime: rdfs2, 3, 7, 5, 9 and 11 by their names in OWL 2 RL, and the rest."""
