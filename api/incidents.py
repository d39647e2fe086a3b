"""What is happening: incidents by area, time, kind and state."""

from typing import Annotated
from urllib.parse import urlencode

import xxhash
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import conditional
from api.features import incident_features
from api.house import Here, House
from api.problems import answers
from api.questions import Drawn, Narrowing, Paged
from api.security import Caller, allow
from api.shapes.incidents import IncidentCollection
from api.straight import Often
from cases.access import Principal, Right, sight
from cases.incidents import Counting, Question
from storage import counts, incidents

router = APIRouter(tags=["incidents"], prefix="/api/v1")
often = Often(tags=["incidents"], prefix="/api/v1")

GEOJSON = "application/geo+json"


async def list_incidents(asked: Annotated[Paged, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """Complaints and photos that the asker may see, newest first unless `sort` says otherwise.

    Follow the link `next` for more; nothing is left out silently. `numberMatched` comes when `count` asks for it, and
    says whether it is an estimate.
    """
    # Counting to the end and looking through texts take as long as they take.
    long = asked.count is Counting.EXACT or bool(asked.q)
    body = await (run_in_threadpool if long else house.quick)(_answer, asked, house, caller, request)
    return conditional.answer(request, body, f'W/"{xxhash.xxh3_128_hexdigest(body)}"', media_type=GEOJSON)


often.add_api_route(
    "/incidents",
    list_incidents,
    methods=["GET"],
    dependencies=[allow(Right.PUBLIC)],
    summary="Incidents as GeoJSON",
    responses={
        200: {"model": IncidentCollection, "content": {GEOJSON: {}}},
        304: {"description": "Unchanged"},
        **answers(401, 404, 422, 503),
    },
)


@router.post(
    "/incidents/search",
    dependencies=[allow(Right.PUBLIC)],
    summary="Incidents in a drawn shape",
    responses={200: {"model": IncidentCollection, "content": {GEOJSON: {}}}, **answers(401, 403, 404, 422, 503)},
)
def search_incidents(asked: Drawn, request: Request, house: Here, caller: Caller) -> Response:
    """The same answer for a polygon drawn on a map. To go on, send the same body with the `cursor` of `next`."""
    return Response(_answer(asked, house, caller, request), media_type=GEOJSON)


def _answer(asked: Paged, house: House, caller: Principal, request: Request) -> bytes:
    question, now, seen = question_of(asked, house), house.now, sight(caller)
    if asked.count is Counting.NONE:
        page, matched = house.parts.database.ask(lambda db: incidents.within(db, question, seen, now)), None
    else:
        ask = counts.count if asked.count is Counting.EXACT else counts.estimate
        # The page and the number are of one moment.
        with house.parts.database.read() as db:
            page, matched = incidents.within(db, question, seen, now), ask(db, question, seen, now)
    extra: dict[str, object] = {"numberReturned": len(page.rows)}
    if matched is not None:
        extra |= {"numberMatched": matched.number, "numberMatchedIsEstimate": matched.estimated}
    following = page.next.encode() if page.next else None
    extra["links"] = _links(request, following)
    extra["next"] = following
    return incident_features(page.rows, house.parts.areas.index(), extra)


def question_of(asked: Narrowing, house: House) -> Question:
    """The question. Raises AreaUnknown."""
    house.check_area(asked.area)
    return asked.question(house.parts.zone)


def _links(request: Request, following: str | None) -> list[dict[str, str]]:
    """Links as paths: they stay right behind any proxy."""
    here, query = request.url.path, request.url.query
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    links = [{"rel": "self", "type": GEOJSON, "href": f"{here}?{query}" if query else here}]
    if following is not None:
        links.append({"rel": "next", "type": GEOJSON, "href": f"{here}?{urlencode([*asked, ('cursor', following)])}"})
    return links
