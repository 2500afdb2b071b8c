"""What the endpoint says of itself, from one source: Service Description, VoID, examples.

The server loads it with the rest as two more graphs, ``graph/description`` and ``graph/examples``,
because editors ask for it by query. ``samsyn query`` and ``samsyn export`` do without them: they
serve nothing that could be described. The numbers are those of the graphs without these two; only
the default graph, which holds them, counts them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple, computed
from samsyn.description import examples, service, void
from samsyn.description.service import Named, Service
from samsyn.description.statements import label, say
from samsyn.description.statistics import Statistics, measure
from samsyn.library import Query

__all__ = ["Description", "Service", "described"]

_OWN = (names.DESCRIPTION, names.EXAMPLES)


class Description:
    """The description of a dataset and its endpoint; counted once, written for any address.

    Args:
        dataset: the graphs to describe, with catalogue and inferred graph.
        queries: the query library by name.
    """

    def __init__(self, dataset: Dataset, queries: Mapping[str, Query]) -> None:
        self.dataset = dataset
        self.queries = queries
        self._counted = lru_cache(maxsize=4)(self._count)

    @cached_property
    def statistics(self) -> Statistics:
        """The numbers of all graphs together."""
        return measure(self._triples)

    @cached_property
    def _triples(self) -> tuple[Triple, ...]:
        return self.dataset.triples()

    @cached_property
    def _graphs(self) -> dict[str, Named]:
        return {
            iri: Named(graph.provenance_status, service.sizes(measure(graph.triples)))
            for iri, graph in self.dataset.graphs.items()
            if iri and not iri.startswith("_:")
        }

    @cached_property
    def _shown(self) -> list[str]:
        return void.examples(self.dataset)

    def of_service(self, asked: Service) -> list[Triple]:
        """Describe the endpoint, as it answers to a request without a query.

        Args:
            asked: the endpoint.
        """
        # They are the same for every address, of which an asker may send many.
        numbers = self._counted(replace(asked, url=names.BASE))
        graphs = self._graphs | {
            iri: Named(names.IS_SCHEMA, {"triples": numbers[iri]}) for iri in _OWN
        }
        return self._service(asked, graphs, numbers[""])

    def of_dataset(self, asked: Service) -> list[Triple]:
        """Describe the dataset, with what its catalogue and its links say of it.

        Args:
            asked: the endpoint that serves it.
        """
        return [*self._void(asked), *void.told_elsewhere(self.dataset)]

    def graphs(self, asked: Service) -> Dataset:
        """Return the dataset with its description and the examples.

        Args:
            asked: the endpoint that serves it.
        """
        described = self._new([*self.of_service(asked), *self._void(asked)])
        return self.dataset.with_graph(
            computed(names.DESCRIPTION, names.IS_SCHEMA, described),
            computed(names.EXAMPLES, names.IS_SCHEMA, self._examples(asked)),
        )

    def _void(self, asked: Service) -> list[Triple]:
        return list(void.describe(asked, self.dataset, self.statistics, self._shown))

    def _examples(self, asked: Service) -> list[Triple]:
        return list(examples.describe(asked, self.queries.values()))

    def _service(self, asked: Service, graphs: Mapping[str, Named], triples: int) -> list[Triple]:
        subsets = (void.catalogued(self.dataset), *_OWN) if asked.union else ()
        return [
            *service.describe(asked, graphs, triples, subsets),
            *say(names.DESCRIPTION, label("endpunktens beskrivning", "endpoint description")),
            *say(names.EXAMPLES, label("exempelfrågor", "example queries")),
        ]

    def _count(self, asked: Service) -> dict[str, int]:
        """Count the two graphs and the default graph, whose numbers are in one of the two."""
        # How many triples there are does not depend on the numbers in them.
        unknown = self._graphs | {iri: Named(names.IS_SCHEMA, {"triples": 0}) for iri in _OWN}
        own = len(self._new([*self._service(asked, unknown, 0), *self._void(asked)]))
        told = len(set(self._examples(asked)))
        union = self.statistics.triples + own + told if asked.union else 0
        return {names.DESCRIPTION: own, names.EXAMPLES: told, "": union}

    def _new(self, triples: list[Triple]) -> set[Triple]:
        # A triple that is in two graphs would have all graphs merged for each query.
        return set(triples).difference(self._triples)


def described(dataset: Dataset, queries: Mapping[str, Query], asked: Service) -> Dataset:
    """Return a dataset with its description and the examples, as the server loads it.

    Args:
        dataset: the graphs to describe, with catalogue and inferred graph.
        queries: the query library by name.
        asked: the endpoint that serves it.
    """
    return Description(dataset, queries).graphs(asked)
