"""The catalogue of pictures over HTTP (STAC API 1.0.0): everyone may ask, and finds what they may see."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.house import Here, House
from api.problems import answers, not_found
from api.security import Caller, allow
from api.stac import catalog, search
from api.stac.asking import Listed, SearchBody, Searched, of_collections, of_ids
from api.stac.items import GEOJSON, ROOT, item
from cases.access import Principal, Right, sight
from cases.stac import Collection, Sought
from storage import agencies, stac

_ANY: dict[str, Any] = {"schema": {"type": "object"}}
_SAID: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": _ANY}}}
_ITEMS: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: _ANY}}}
_SCHEMA: dict[int | str, dict[str, Any]] = {200: {"content": {catalog.SCHEMA: _ANY}}}

router = APIRouter(prefix=ROOT, tags=["stac"], dependencies=[allow(Right.PUBLIC)], default_response_class=Response)


@router.get("", responses={**_SAID, **answers(401)})
def stac_landing(house: Here) -> Response:
    """The catalogue: its collections and how to search it."""
    return _json(catalog.landing(house))


@router.get("/conformance", responses={**_SAID, **answers(401)})
def stac_conformance() -> Response:
    """The parts of the standards that hold here."""
    return _json({"conformsTo": catalog.CONFORMS})


@router.get("/api", responses={200: {"content": {"application/vnd.oai.openapi+json": _ANY}}, **answers(401)})
def stac_description(request: Request) -> Response:
    """The description of all doors, as STAC clients look for it."""
    return _json(request.app.openapi(), catalog.OPENAPI)


@router.get("/queryables", responses={**_SCHEMA, **answers(401)})
def stac_queryables(house: Here) -> Response:
    """What a filter over all collections may name."""
    return _json(catalog.queryables(house, None), catalog.SCHEMA)


@router.get("/collections", responses={**_SAID, **answers(401, 503)})
def stac_collections(house: Here, caller: Caller) -> Response:
    """The collections, each from the first to the last picture that the asker may see."""
    times, categories = _known(house, caller, list(Collection))
    return _json(catalog.collections(house, times, categories))


@router.get("/collections/{collection}", responses={**_SAID, **answers(401, 404, 503)})
def stac_collection(collection: str, house: Here, caller: Caller) -> Response:
    """One collection."""
    which = _named(collection)
    times, categories = _known(house, caller, [which])
    return _json(catalog.collection(house, which, times[which], categories))


@router.get("/collections/{collection}/queryables", responses={**_SCHEMA, **answers(401, 404)})
def stac_collection_queryables(collection: str, house: Here) -> Response:
    """What a filter of this collection's items may name."""
    return _json(catalog.queryables(house, _named(collection)), catalog.SCHEMA)


@router.get("/collections/{collection}/items", responses={**_ITEMS, **answers(400, 401, 404, 503)})
def stac_items(
    collection: str, asked: Annotated[Listed, Query()], request: Request, house: Here, caller: Caller
) -> Response:
    """The items of a collection, newest first; the link `next` goes on."""
    sought = _sought(house, asked, asked.filter)
    found = search.page(house, caller, replace(sought, collections=sought.collections & {_named(collection)}))
    return search.answer(house, found, asked.selection, search.links_of_url(house, request, found))


@router.get("/collections/{collection}/items/{item_id}", responses={**_ITEMS, **answers(401, 404, 503)})
def stac_item(collection: str, item_id: str, house: Here, caller: Caller) -> Response:
    """One item, with the pictures of it that the asker may see."""
    ids = of_ids([item_id])
    found = search.page(house, caller, Sought(frozenset({_named(collection)}), ids=ids, limit=1)).found
    if not found or found[0][1].id != UUID(item_id):
        raise not_found()
    return _json(item(found[0], house.options.link), GEOJSON)


@router.get("/search", responses={**_ITEMS, **answers(400, 401, 503)})
def stac_search(asked: Annotated[Searched, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """Items of all collections by place, time, id and filter, newest first; the link `next` goes on."""
    found = search.page(house, caller, replace(_sought(house, asked, asked.filter), shape=asked.intersects))
    return search.answer(house, found, asked.selection, search.links_of_url(house, request, found))


@router.post("/search", responses={**_ITEMS, **answers(400, 401, 403, 503)})
def stac_search_by_body(asked: SearchBody, house: Here, caller: Caller) -> Response:
    """The same by a body; the link `next` says which token to add to it."""
    found = search.page(house, caller, replace(_sought(house, asked, asked.filter), shape=asked.intersects))
    return search.answer(house, found, asked.selection, search.links_of_body(house, asked, found))


def _sought(house: House, asked: Listed | SearchBody, written: str | dict[str, Any] | None) -> Sought:
    sought = asked.sought(of_collections(asked.collections), newest_first=asked.newest_first)
    return replace(sought, ids=of_ids(asked.ids), filter=search.filter_of(house, asked, written))


def _known(
    house: House, caller: Principal, wanted: list[Collection]
) -> tuple[dict[Collection, catalog.Times], list[str]]:
    """When the pictures are of that the caller sees, and the categories that they may know."""
    with house.parts.database.read() as db:
        times = {one: stac.between(db, one, sight(caller)) for one in wanted}
        categories = [one.code for one in agencies.categories(db) if not one.confidential or one.code in caller.teams]
    return times, categories


def _named(collection: str) -> Collection:
    try:
        return Collection(collection)
    except ValueError:
        raise not_found() from None


def _json(document: dict[str, Any], media_type: str = "application/json") -> Response:
    return Response(orjson.dumps(document, option=orjson.OPT_UTC_Z), media_type=media_type)
