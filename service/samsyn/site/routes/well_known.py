"""The dataset's description at ``/.well-known/void`` (RFC 5785; VoID, section 7.2)."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media
from samsyn.dataset import exact
from samsyn.description import Service
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site


class WellKnown:
    """What has its place at a well-known address.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._written = lru_cache(maxsize=8)(self._write)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [route("/.well-known/void", self.void)]

    async def void(self, request: Request) -> Response:
        """Describe the dataset in any format of RDF."""
        choice = choose(request, media.RDF)
        service = self.site.service(request)
        body = self._written(service, choice.format)
        headers = {"Vary": "Accept, Origin"}
        return Response(body, media_type=choice.content_type, headers=headers)

    def _write(self, service: Service, form: media.Format) -> bytes:
        triples = self.site.description.of_dataset(service)
        return exact.serialize(triples, form.name, prefixes=self.site.dataset.prefixes)
