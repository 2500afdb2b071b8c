"""The query index: an Oxigraph store built from the dataset, read-only.

The store rewrites literals (``01`` becomes ``1``), so it answers queries and nothing else.
Where no dataset is named, the default graph is the union of all graphs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from samsyn.dataset.exact import Dataset, Graph, Term, Triple, format_of, graph_name, serialize
from samsyn.errors import QueryError, ToolError, UsageError
from samsyn.sparql import columns, dialect, error_texts, keywords, serialising
from samsyn.sparql.functions import Function, Functions, T, tolerating
from samsyn.sparql.grammar.tree import Select
from samsyn.sparql.merging import Merging

RESULTS: Final[Mapping[str, QueryResultsFormat]] = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_FROM: Final = re.compile("from", re.IGNORECASE)
_SEVERAL: Final = 2


@dataclass
class Answer:
    """The answer to one query; rows and triples can be read once.

    Args:
        raw: what the engine returned.
        prefixes: prefixes for writing graphs.
        used: those of them that the query uses.
        doubt: whether it may hold a term that not every format can write.
    """

    raw: QuerySolutions | QueryBoolean | QueryTriples
    prefixes: Mapping[str, str]
    used: Mapping[str, str] = field(default_factory=dict)
    doubt: Callable[[], bool] = lambda: True

    @property
    def kind(self) -> Literal["select", "ask", "graph"]:
        """What sort of answer this is."""
        if isinstance(self.raw, QuerySolutions):
            return "select"
        return "ask" if isinstance(self.raw, QueryBoolean) else "graph"

    @property
    def variables(self) -> list[str]:
        """The names of the columns of a SELECT, without question mark."""
        return [v.value for v in self.raw.variables] if isinstance(self.raw, QuerySolutions) else []

    @property
    def boolean(self) -> bool:
        """The answer of an ASK."""
        if not isinstance(self.raw, QueryBoolean):
            raise UsageError("Only an ASK has a yes or no for answer.")
        return bool(self.raw)

    def rows(self) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT: the bound variables with their terms."""
        if not isinstance(self.raw, QuerySolutions):
            raise UsageError("Only a SELECT has rows.")
        variables = self.variables
        for solution in self.raw:
            values = ((name, solution[name]) for name in variables)
            yield {name: value for name, value in values if value is not None}

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE."""
        if not isinstance(self.raw, QueryTriples):
            raise UsageError("Only a CONSTRUCT or DESCRIBE has triples.")
        yield from self.raw

    def write(self, form: str, output: serialising.Output) -> None:
        """Write the answer piece by piece, in the engine's order.

        An ASK in CSV or TSV, of which no Recommendation tells, is the bare word.

        Args:
            form: short name of the format, or its media type.
            output: where it goes.

        Raises:
            UsageError: the format is unknown or does not fit this kind of answer.
            FormatError: the format cannot write one of its terms, and nothing is written.
            QueryError: the query fails while it runs.
        """
        try:
            if isinstance(self.raw, QueryTriples):
                serialising.write_graph(self.raw, format_of(form), self.used, output, self.doubt)
            else:
                serialising.write_table(self.raw, results_format(form), output, self.doubt)
        except OSError as error:
            raise QueryError(f"The query failed while it ran: {error}") from error

    def serialise(self, form: str) -> bytes:
        """Write the answer in a format named shortly (``csv``) or by media type.

        Raises:
            UsageError: the format is unknown or does not fit this kind of answer.
            FormatError: the format cannot write one of its terms.
            QueryError: the query fails while it runs.
        """
        if isinstance(self.raw, QueryTriples):
            try:
                return serialize(self.raw, form, prefixes=self.prefixes)
            except OSError as error:
                raise QueryError(f"The query failed while it ran: {error}") from error
        output = io.BytesIO()
        self.write(form, output)
        return output.getvalue()


def results_format(name: str) -> QueryResultsFormat:
    """Return the results format for a short name (``json``) or a media type.

    Raises:
        UsageError: it is neither.
    """
    found = RESULTS.get(name) or QueryResultsFormat.from_media_type(name)
    if found is None:
        raise UsageError(f"Unknown results format {name!r}.", advice=f"Known: {', '.join(RESULTS)}")
    return found


class Index:
    """Answers SPARQL queries over a dataset; no query reaches a file, a URL or another graph.

    Args:
        dataset: what to index, with whatever computed graphs it is to answer from.
        union: whether the default graph is the union of all graphs where a query names none;
            otherwise it is the unnamed graph.
        former: an index that is not needed any more; its store is taken over, and only graphs that
            differ are written.
    """

    def __init__(
        self, dataset: Dataset, *, union: bool = True, former: Index | None = None
    ) -> None:
        self.revision = dataset.revision
        self.prefixes = dataset.prefixes
        self._union = union
        self._dataset = dataset
        self._store: Store = Store() if former is None else former._store
        self._held: dict[str, str] = {} if former is None else former._held
        self._merging: Merging = Merging(self._store) if former is None else former._merging
        self._fill(dataset)
        self._merging.refresh(union=union)

    def _fill(self, dataset: Dataset) -> None:
        self._merging.release()
        for iri in self._held.keys() - dataset.graphs.keys():
            self._store.remove_graph(graph_name(iri))
            del self._held[iri]
        changed = [g for g in dataset.graphs.values() if self._held.get(g.iri) != g.digest]
        for graph in changed:
            if graph.iri in self._held:
                self._store.clear_graph(graph.name)
            if not graph.triples and graph.iri:
                self._store.add_graph(graph_name(graph.iri))
        self._store.extend(quad for graph in changed for quad in graph.quads())
        self.hold(*changed)

    @property
    def store(self) -> Store:
        """The store itself, for changes; anyone who changes it gives up the index."""
        self._merging.release()
        return self._store

    def hold(self, *graphs: Graph) -> None:
        """Note that the store holds these graphs as they are now."""
        self._held |= {graph.iri: graph.digest for graph in graphs}
        for graph in graphs:
            self._merging.forget(graph.name)

    def forget(self, *iris: str) -> None:
        """Note that nobody knows what the store holds in these graphs, if anything."""
        self._held |= dict.fromkeys(iris, "")
        for iri in iris:
            self._merging.forget(graph_name(iri))

    def dumps(self) -> dict[str, bytes]:
        """Return each graph as the store has it, in N-Triples in any order."""
        form, store = RdfFormat.N_TRIPLES, self.store
        return {
            "" if isinstance(name, DefaultGraph) else str(name).strip("<>"): (
                store.dump(format=form, from_graph=name) or b""
            )
            for name in (DefaultGraph(), *store.named_graphs())
        }

    def query(  # noqa: PLR0913  one query has that many sides
        self,
        text: str,
        *,
        base: str | None = None,
        prefixes: bool = False,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        survey: keywords.Survey | None = None,
    ) -> Answer:
        """Run one query.

        Args:
            text: a SELECT, ASK, CONSTRUCT or DESCRIBE.
            base: what relative IRIs in it are resolved against.
            prefixes: whether the dataset's prefixes need no declaration.
            bindings: values of variables, joined to the query by a trailing VALUES.
            default_graphs: graphs that make up the default graph, in place of any FROM.
            named_graphs: graphs that GRAPH may name, in place of any FROM NAMED.
            survey: what is known of a text that is not to be refused; default: it is looked over.

        Raises:
            QueryError: it cannot be parsed (line and column given) or fails when run.
            ForbiddenError: it asks for SERVICE, or is an update.
        """
        if survey is None:
            keywords.refuse(keywords.keywords(text))
            survey = keywords.survey(text)
        ours = {name: self.prefixes[name] for name in survey.used if name in self.prefixes}
        # To declare once more what is declared would cost time.
        missing = survey.undeclared if prefixes else ()
        known = {name: ours[name] for name in missing if name in ours}
        written = dialect.written("query", text)
        bound = written.text + trailing_values(bindings or {})
        bound = columns.ordered(bound, lambda star: _names(star, base, known, written))
        try:
            if default_graphs is None and named_graphs is None and survey.names_dataset:
                default_graphs, named_graphs = self._named_in(text, base, known)
            given = self._dataset_of(default_graphs, named_graphs, survey)
            raw = _run(
                lambda functions: self._store.query(
                    bound,
                    base_iri=base,
                    prefixes=known or None,
                    custom_functions=functions,
                    custom_aggregate_functions=written.aggregates,
                    **given,
                ),
                written.functions,
            )
        except SyntaxError as error:
            fault = error if written.text == text else _fault(text, base, known)
            raise error_texts.unparsed("query", fault, text, known, self.prefixes) from error
        except OSError as error:
            raise ToolError(f"The query index failed: {error}") from error
        finally:
            self._merging.drop()
        return Answer(
            raw, self.prefixes, ours, lambda: self._dataset.doubtful or serialising.doubtful(bound)
        )

    def _dataset_of(
        self,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        survey: keywords.Survey,
    ) -> dict[str, Any]:
        """Return what tells the engine of the dataset of one query."""
        if default_graphs is not None or named_graphs is not None:
            graphs = [NamedNode(iri) for iri in default_graphs or ()]
            # The engine would read a graph twice that is named twice.
            named = [NamedNode(iri) for iri in dict.fromkeys(named_graphs or ())]
            return {"default_graph": self._merging.of(graphs), "named_graphs": named}
        if survey.names_dataset or not self._union:
            # The engine's union switch would override FROM.
            return {}
        merge = self._merging.union()
        if merge is None:
            return {"use_default_graph_as_union": True}
        return {"default_graph": merge[0], "named_graphs": merge[1]}

    def _named_in(
        self, text: str, base: str | None, known: Mapping[str, str]
    ) -> tuple[list[str] | None, list[str] | None]:
        """Return the graphs of FROM and of FROM NAMED, each once, where there are several."""
        if len(_FROM.findall(text)) < _SEVERAL:
            return None, None
        select = error_texts.read("query", text).parts[0]
        assert isinstance(select, Select)  # noqa: S101  for the types
        rows = " ".join(
            f"({number} {text[start:end]})"
            for number, (_, start, end) in enumerate(select.datasets)
        )
        # The engine resolves names and relative IRIs.
        found = self._store.query(
            f"{text[: select.start]} SELECT ?n ?g {{ VALUES (?n ?g) {{ {rows} }} }}",
            base_iri=base,
            prefixes=dict(known) or None,
        )
        iris: tuple[list[str], list[str]] = [], []
        for number, graph in cast("Iterable[tuple[Any, Any]]", found):
            iris[select.datasets[int(number.value)][0]].append(graph.value)
        return iris


def _names(
    text: str, base: str | None, known: Mapping[str, str], written: dialect.Written
) -> list[str]:
    """Return the variables of a query in the engine's order, asked of a store without triples."""
    found = _run(
        lambda functions: Store().query(
            text,
            base_iri=base,
            prefixes=dict(known) or None,
            custom_functions=functions,
            custom_aggregate_functions=written.aggregates,
        ),
        written.functions,
    )
    return [v.value for v in found.variables] if isinstance(found, QuerySolutions) else []


def _run(run: Callable[[Functions], T], given: Mapping[NamedNode, Function]) -> T:
    """Run a query as `tolerating` does.

    Raises:
        QueryError: the engine refuses it, such as a cast with no argument.
    """
    try:
        return tolerating(run, given)
    except RuntimeError as error:
        raise QueryError(f"The query cannot be run: {error}.") from error


def _fault(text: str, base: str | None, known: Mapping[str, str]) -> SyntaxError:
    """Return what the engine says of a text as it was sent."""
    try:
        Store().query(text, base_iri=base, prefixes=dict(known))
    except SyntaxError as error:
        return error
    raise ToolError("The query could not be written for the engine.")


def trailing_values(bindings: Mapping[str, Term]) -> str:
    r"""Write variables and terms as a VALUES block; the engine prints the terms.

    >>> trailing_values({"_network_iri": NamedNode("https://w3id.org/samsyn/id/network/x")})
    '\nVALUES (?_network_iri) { (<https://w3id.org/samsyn/id/network/x>) }'
    """
    if not bindings:
        return ""
    variables = " ".join(f"?{name}" for name in bindings)
    terms = " ".join(str(term) for term in bindings.values())
    return f"\nVALUES ({variables}) {{ ({terms}) }}"
