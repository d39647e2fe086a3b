"""OGC API - Features over HTTP: everyone may ask, and finds the collections and features that they may see."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.house import Here
from api.ogc import answer, describe, pages, service
from api.ogc.asked import ItemsAsked, OneAsked
from api.ogc.web import GEOJSON, HTML, JSON, OPENAPI, ROOT, SCHEMA, Form, Visit, document, page
from api.problems import answers, not_found
from api.security import Caller, allow
from api.straight import Often
from cases.access import Right, Sight
from cases.features import Collection, open_to

router = APIRouter(prefix=ROOT, tags=["ogc"])
often = Often(prefix=ROOT, tags=["ogc"])

_ID = Annotated[str, Path(alias="collectionId", description="Id of a collection.", examples=["complaints"])]
_FORM = Annotated[Form | None, Query(alias="f", description="`json` or `html`; without it `Accept` decides.")]


def _said(*media_types: str) -> dict[int | str, dict[str, Any]]:
    schemas: dict[str, Any] = {one: {"schema": {"type": "object"}} for one in media_types}
    content = {**schemas, HTML: {"schema": {"type": "string"}}}
    return {200: {"description": "Found", "content": content}, 304: {"description": "Unchanged"}}


def _door(
    path: str,
    door: Callable[..., Any],
    *media_types: str,
    statuses: tuple[int, ...],
    beside: APIRouter = router,
    **how: Any,
) -> None:
    """One door, which everyone may open."""
    beside.add_api_route(
        path,
        door,
        methods=["GET"],
        dependencies=[allow(Right.PUBLIC)],
        response_class=Response,
        responses={**_said(*media_types), **answers(*statuses)},
        **how,
    )


def ogc_landing(request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """The landing page: where the collections, the conformance classes and the description are."""
    visit = Visit.of(request, house, caller, form)
    return _shown(visit, describe.landing(visit), pages.landing)


def ogc_conformance(request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """The parts of the standards that hold here."""
    visit = Visit.of(request, house, caller, form)
    return _shown(visit, describe.conformance(visit), pages.conformance)


def ogc_api(request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """The description of these doors (OpenAPI 3.0), and a page that says the same."""
    visit = Visit.of(request, house, caller, form)
    return _shown(visit, service.document(visit, request.app.version), pages.service, OPENAPI)


def ogc_collections(request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """The collections that are there for the asker."""
    visit = Visit.of(request, house, caller, form)
    return _shown(visit, describe.collections(visit), pages.collections)


def ogc_collection(id_: _ID, request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """One collection: its extent, reference systems and links."""
    visit = Visit.of(request, house, caller, form)
    one = _collection(id_, visit.seen)
    return _shown(visit, describe.collection(one, visit, answer.first(house, one, visit.seen)), pages.collection)


def ogc_queryables(id_: _ID, request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """What a filter may name, as a JSON Schema."""
    return _schema(describe.queryables, id_, Visit.of(request, house, caller, form))


def ogc_sortables(id_: _ID, request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """What `sortby` may name, as a JSON Schema."""
    return _schema(describe.sortables, id_, Visit.of(request, house, caller, form))


def ogc_schema(id_: _ID, request: Request, house: Here, caller: Caller, form: _FORM = None) -> Response:
    """What a feature holds, as a JSON Schema."""
    return _schema(describe.schema, id_, Visit.of(request, house, caller, form))


async def ogc_items(asked: Annotated[ItemsAsked, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """Features that the asker may see, as GeoJSON or as a page.

    Every queryable may stand in the address as `name=value`. Follow the link `next` for more; nothing is left out
    silently. `numberMatched` is exact where that is cheap; where it is not, `numberMatchedIsEstimate` says so.
    """
    visit = Visit.of(request, house, caller, asked.f)
    one = _collection(request.path_params["collectionId"], visit.seen)
    # Filters, words and pages for people take as long as they take; the plain questions of programs do not.
    long = asked.filter is not None or bool(asked.q or asked.model_extra) or visit.form is Form.HTML
    return await (run_in_threadpool if long else house.quick)(answer.items, one, asked, visit)


async def ogc_item(asked: Annotated[OneAsked, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """One feature, as GeoJSON or as a page."""
    visit = Visit.of(request, house, caller, asked.f)
    one = _collection(request.path_params["collectionId"], visit.seen)
    work = run_in_threadpool if visit.form is Form.HTML else house.quick
    return await work(answer.item, one, request.path_params["featureId"], asked, visit)


def _collection(id_: str, seen: Sight) -> Collection:
    """The collection of this id, if it is there for somebody who sees so much."""
    found = next((one for one in Collection if one == id_), None)
    if found is None or not open_to(found, seen):
        raise not_found()
    return found


def _schema(made: Callable[[Collection, Visit], dict[str, Any]], id_: str, visit: Visit) -> Response:
    one = _collection(id_, visit.seen)
    return _shown(visit, made(one, visit), lambda found, visit: pages.schema(found, one, visit), SCHEMA)


def _shown(
    visit: Visit, found: dict[str, Any], html: Callable[[dict[str, Any], Visit], str], media_type: str = JSON
) -> Response:
    """A document in the form that is wanted."""
    return page(visit, html(found, visit)) if visit.form is Form.HTML else document(visit.request, found, media_type)


def _in_path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


_IN_COLLECTION = {"parameters": [_in_path("collectionId", "complaints")]}
_OF_ONE = {"parameters": [_in_path("collectionId", "complaints"), _in_path("featureId", "K7M4Q-7XP2T")]}

_door(
    "/collections/{collectionId}/items",
    ogc_items,
    GEOJSON,
    statuses=(400, 401, 404, 503),
    beside=often,
    openapi_extra=_IN_COLLECTION,
)
_door(
    "/collections/{collectionId}/items/{featureId}",
    ogc_item,
    GEOJSON,
    statuses=(400, 401, 404, 503),
    beside=often,
    openapi_extra=_OF_ONE,
)
_door("", ogc_landing, JSON, statuses=(400, 401))
_door("/conformance", ogc_conformance, JSON, statuses=(400, 401))
_door("/api", ogc_api, OPENAPI, statuses=(400, 401))
_door("/collections", ogc_collections, JSON, statuses=(400, 401, 503))
_door("/collections/{collectionId}", ogc_collection, JSON, statuses=(400, 401, 404, 503))
_door("/collections/{collectionId}/queryables", ogc_queryables, SCHEMA, statuses=(400, 401, 404))
_door("/collections/{collectionId}/sortables", ogc_sortables, SCHEMA, statuses=(400, 401, 404))
_door("/collections/{collectionId}/schema", ogc_schema, SCHEMA, statuses=(400, 401, 404))
