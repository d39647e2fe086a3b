"""Tiles by their numbers."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.answers import conditional
from api.house import Here
from api.problems import answers
from api.security import Caller, allow
from api.straight import Often
from api.tiles import metadata
from api.tiles.asked import TileAsked, check, layer_of, wanted
from api.tiles.drawing import drawn
from api.tiles.layers import TileLayer
from cases.access import Right
from geo.mvt import MEDIA_TYPE
from geo.tiles import MOST_ZOOM

router = APIRouter(tags=["tiles"], prefix="/tiles")
often = Often(tags=["tiles"], prefix="/tiles")

PATH = "/{layer}/{z:int}/{x:int}/{y:int}.mvt"


async def get_tile(asked: Annotated[TileAsked, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """A Mapbox Vector Tile (2.1). A tile without features has no bytes.

    From zoom 10 on the layer of the same name holds single rows. Below, and in a tile of more than 10,000, the layer
    `cells` holds counts: `count` in all, and by state, category and kind; each of these adds up to `count`. A row is in
    exactly one tile of a zoom.
    """
    asks = await wanted(asked, request, house, caller)
    kept = await house.tiles.tile(asks, partial(drawn, house, asks), of_areas=asks.layer is TileLayer.AREAS)
    headers = {
        "etag": kept.etag,
        # What everybody may see may be kept by anybody in between, who asks whether it is still so.
        "cache-control": "public, no-cache" if caller.account_id is None else "private, no-cache",
        "vary": "Cookie, Authorization, Accept-Encoding",
    }
    if conditional.matches(request.headers.get("if-none-match", ""), kept.etag):
        return Response(status_code=304, headers=headers)
    body: bytes | None = None
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await house.tiles.packed(asks, kept)
    if body is not None:
        headers["content-encoding"] = "gzip"
    return Response(kept.body if body is None else body, headers=headers, media_type=MEDIA_TYPE)


def _number(name: str, most: int, what: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": most}
    return {"name": name, "in": "path", "required": True, "description": what, "schema": schema}


_ONE_OF = {"enum": [layer.value for layer in TileLayer]}
# A name that is none is not found, rather than a wrong question.
Name = Annotated[str, Path(description="Which tileset.", json_schema_extra=_ONE_OF)]
_LAYER = {
    "name": "layer",
    "in": "path",
    "required": True,
    "description": "Which tileset.",
    "schema": {"type": "string"} | _ONE_OF,
}
_PATH = [
    _LAYER,
    _number("z", MOST_ZOOM, "Zoom."),
    _number("x", (1 << MOST_ZOOM) - 1, "Column, from the date line eastwards; below 2 to the power of `z`."),
    _number("y", (1 << MOST_ZOOM) - 1, "Row, from north southwards; below 2 to the power of `z`."),
]

often.add_api_route(
    PATH,
    get_tile,
    methods=["GET"],
    dependencies=[allow(Right.PUBLIC)],
    summary="A vector tile",
    response_class=Response,
    responses={
        200: {"description": "The tile", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
        304: {"description": "Unchanged"},
        **answers(400, 401, 404, 503),
    },
    openapi_extra={"parameters": _PATH},
)


@router.get("", dependencies=[allow(Right.PUBLIC)], summary="The tilesets", responses=answers(401, 503))
def list_tilesets(house: Here) -> dict[str, Any]:
    """All tilesets (OGC API - Tiles, 8.3), with links to what describes them."""
    return metadata.tilesets(house.options.link)


@router.get(
    "/conformance", dependencies=[allow(Right.PUBLIC)], summary="What it conforms to", responses=answers(401, 503)
)
def get_conformance() -> dict[str, Any]:
    """The conformance classes of OGC API - Tiles and of the tile matrix set standard."""
    return {"conformsTo": metadata.CONFORMS_TO}


@router.get(
    "/tileMatrixSets", dependencies=[allow(Right.PUBLIC)], summary="The tile matrix sets", responses=answers(401, 503)
)
def list_matrix_sets(house: Here) -> dict[str, Any]:
    """There is one."""
    return metadata.matrix_sets(house.options.link)


@router.get(
    f"/tileMatrixSets/{metadata.MATRIX_SET}",
    dependencies=[allow(Right.PUBLIC)],
    summary="The tile matrix set",
    responses=answers(401, 503),
)
def get_matrix_set() -> dict[str, Any]:
    """The web-mercator tiles of every zoom (OGC Two Dimensional Tile Matrix Set)."""
    return metadata.matrix_set()


@router.get(
    "/{layer}.json",
    dependencies=[allow(Right.PUBLIC)],
    summary="A tileset as TileJSON",
    responses=answers(400, 401, 404, 503),
)
def get_tilejson(layer: Name, asked: Annotated[TileAsked, Query()], request: Request, house: Here) -> JSONResponse:
    """TileJSON 3.0 for map clients. Filters and `properties` given here are those of its tiles."""
    named = layer_of(layer)
    check(asked, named)
    return JSONResponse(metadata.tilejson(named, asked.properties, house, request.url.query))


@router.get("/{layer}", dependencies=[allow(Right.PUBLIC)], summary="A tileset", responses=answers(400, 401, 404, 503))
def get_tileset(layer: Name, house: Here) -> dict[str, Any]:
    """A tileset's metadata (OGC Two Dimensional Tile Matrix Set and Tile Set Metadata, 7)."""
    return metadata.tileset(layer_of(layer), house)
