"""The roads drawn under the map."""

from fastapi import APIRouter, Request, Response

from api.answers import conditional
from api.areas import GEOJSON, UNCHANGED
from api.house import Here
from api.problems import answers
from api.security import allow
from api.shapes.areas import RoadsAnswer
from cases.access import Right

router = APIRouter(prefix="/api/v1", tags=["areas"])


@router.get(
    "/roads",
    dependencies=[allow(Right.PUBLIC)],
    response_class=Response,
    responses={200: {"model": RoadsAnswer, "content": {GEOJSON: {}}}, **UNCHANGED, **answers(401, 503)},
)
def list_roads(request: Request, house: Here) -> Response:
    """Roads by name and class, as GeoJSON."""
    kept = house.roads.collection()
    return conditional.answer(
        request,
        kept.body,
        kept.etag,
        media_type=GEOJSON,
        cache_control="public, max-age=0, must-revalidate",
        vary="Accept-Encoding",
    )
