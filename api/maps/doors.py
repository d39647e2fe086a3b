"""Pictures to put elsewhere: an area drawn with its incidents, and the QR code that leads to a complaint."""

import io
from typing import Annotated, Any

import segno
import xxhash
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, model_validator
from starlette.concurrency import run_in_threadpool

from api import language as languages
from api.answers import conditional
from api.house import Here, House
from api.pictures import PRIVATE
from api.problems import answers, not_found
from api.questions import Narrowing
from api.security import Caller, allow
from api.shapes.common import AreaCode
from cases.access import Principal, Right, sight
from ingest.complaints import named
from ingest.maps.laying import Format, lay

router = APIRouter(prefix="/api/v1", dependencies=[allow(Right.PUBLIC)])

PNG, SVG = "image/png", "image/svg+xml"
MOST_PX = 2_000


def _drawn(media_type: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "format": "binary"} if media_type == PNG else {"type": "string"}
    return {
        200: {"description": "The picture", "content": {media_type: {"schema": schema}}},
        304: {"description": "Unchanged"},
    }


class Drawn(Narrowing):
    """Which incidents, and how large the picture."""

    width: int = Field(1_000, ge=320, le=MOST_PX, description="Pixels.")
    height: int = Field(760, ge=240, le=MOST_PX, description="Pixels.")
    scale: int = Field(1, ge=1, le=2, description="2 draws twice the pixels, for paper and fine screens.")

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "Drawn":
        if self.area is not None:
            raise ValueError("the area stands in the address")
        if max(self.width, self.height) * self.scale > MOST_PX:
            raise ValueError(f"width and height times scale are at most {MOST_PX}")
        return self


@router.get(
    "/areas/{code}/map.png",
    tags=["areas"],
    response_class=Response,
    responses={**_drawn(PNG), **answers(401, 404, 422, 503)},
)
async def area_map(
    code: AreaCode, asked: Annotated[Drawn, Query()], request: Request, house: Here, caller: Caller
) -> Response:
    """An area drawn with its incidents as far as the asker may see them, for a printed page or a chat.

    The same filters as everywhere; symbols by state, numbers where they crowd; in the language asked for.
    """
    index = house.parts.areas.index()
    if code not in index:
        raise not_found()
    wanted = Format(asked.width, asked.height, asked.scale, house.options.name, languages.of(request))
    question = asked.question(house.parts.zone)
    sheet = await run_in_threadpool(lay, house.parts, code, question, sight(caller), wanted)
    etag = f'"{sheet.digest}"'
    headers = {**PRIVATE, "vary": "Cookie, Authorization, Accept-Language", "etag": etag}
    if conditional.matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(await house.maps.picture(sheet), headers=headers, media_type=PNG)


@router.get(
    "/complaints/{reference}/qr.svg",
    tags=["complaints"],
    response_class=Response,
    responses={**_drawn(SVG), **answers(401, 404, 422, 503)},
)
def complaint_qr_svg(reference: str, request: Request, house: Here, caller: Caller) -> Response:
    """The QR code that leads to a complaint's page, as SVG: for any size of paper."""
    code, link = _code(reference, house, caller)
    return _saved(request, code, SVG, kind="svg", scale=8, title=link, light="#fff", xmldecl=False)


@router.get(
    "/complaints/{reference}/qr.png",
    tags=["complaints"],
    response_class=Response,
    responses={**_drawn(PNG), **answers(401, 404, 422, 503)},
)
def complaint_qr_png(
    reference: str,
    request: Request,
    house: Here,
    caller: Caller,
    scale: Annotated[int, Query(ge=2, le=32, description="Pixels of one square of the code.")] = 8,
) -> Response:
    """The same as PNG."""
    return _saved(request, _code(reference, house, caller)[0], PNG, kind="png", scale=scale)


def _code(reference: str, house: House, caller: Principal) -> tuple[segno.QRCode, str]:
    """The code of a complaint that the caller may see, and the address in it."""
    with house.parts.database.read() as db:
        complaint = named(db, caller, reference)
    link = house.options.link(f"/aduan/{complaint.reference}")
    # It can be read with a sixth of it dirty or worn, more where the same size has room for that.
    return segno.make_qr(link, error="m", boost_error=True), link


def _saved(request: Request, code: segno.QRCode, media_type: str, **how: Any) -> Response:
    held = io.BytesIO()
    code.save(held, border=4, **how)
    body = held.getvalue()
    return conditional.answer(request, body, f'"{xxhash.xxh3_128_hexdigest(body)}"', media_type=media_type)
