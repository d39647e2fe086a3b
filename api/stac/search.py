"""A question to the catalogue, answered: filter read, pictures found, items written, the way on."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response

from api.house import House
from api.stac.asking import SearchBody, Wanted
from api.stac.fields import Fields
from api.stac.items import GEOJSON, ROOT, item
from cases.access import Principal, sight
from cases.filters.reading import Lang, read
from cases.filters.tree import Node
from cases.stac import VOCABULARY, Sought
from storage import stac
from storage.stac import Page

_OPTIONS = orjson.OPT_UTC_Z


def filter_of(house: House, asked: Wanted, source: str | Mapping[str, Any] | None) -> Node | None:
    """The filter as it was sent, read; None where there is none. Raises FilterInvalid."""
    if not source:
        return None
    text = isinstance(source, str) and asked.filter_lang != "cql2-json"
    return read(source, Lang.TEXT if text else Lang.JSON, VOCABULARY, zone=house.parts.zone)


def page(house: House, caller: Principal, sought: Sought) -> Page:
    """The pictures that are sought and that the caller may see."""
    return house.parts.database.ask(lambda db: stac.search(db, sought, sight(caller)))


def answer(house: House, found: Page, fields: Fields | None, links: list[dict[str, Any]]) -> Response:
    """An item collection."""
    items = [item(one, house.options.link) for one in found.found]
    body = {
        "type": "FeatureCollection",
        "numberReturned": len(items),
        "links": [*links, {"rel": "root", "type": "application/json", "href": house.options.link(ROOT)}],
        "features": items if fields is None else [fields.of(one) for one in items],
    }
    return Response(orjson.dumps(body, option=_OPTIONS), media_type=GEOJSON)


def links_of_url(house: House, request: Request, found: Page) -> list[dict[str, Any]]:
    """The question's own address, and where it goes on."""
    here = house.options.link(request.url.path)
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
    links = [{"rel": "self", "type": GEOJSON, "href": f"{here}?{request.url.query}" if request.url.query else here}]
    if found.next is not None:
        on = urlencode([*asked, ("token", found.next.encode())])
        links.append({"rel": "next", "type": GEOJSON, "method": "GET", "href": f"{here}?{on}"})
    return links


def links_of_body(house: House, asked: SearchBody, found: Page) -> list[dict[str, Any]]:
    """Where a question that came as a body goes on: the same body with a token."""
    here = house.options.link(f"{ROOT}/search")
    links: list[dict[str, Any]] = [{"rel": "self", "type": GEOJSON, "method": "POST", "href": here}]
    if found.next is not None:
        links.append(
            {
                "rel": "next",
                "type": GEOJSON,
                "method": "POST",
                "href": here,
                "body": {"token": found.next.encode()},
                "merge": True,
            }
        )
    return links
