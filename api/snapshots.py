"""Cameras' stills: listed, and their bytes where they leave the house, each request looked at once more."""

from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.conditional import matches
from api.answers.snapshots import snapshot_answer
from api.house import Here, House
from api.pictures import BYTES, PRIVATE, Picture
from api.problems import Problem, answers
from api.security import Caller, allow
from api.shapes.snapshots import SnapshotsAnswer, SnapshotsAsked
from cases.access import Right, sight
from cases.incidents import Cursor
from cases.register import CameraUnknown
from cases.sighting import NotLive, SnapshotUnknown, answering
from ingest.cameras import developed
from ingest.cameras.faults import CameraFault
from ingest.cameras.look import live
from ingest.cameras.placeholder import placeholder
from storage import cameras, stills
from storage.errors import BlobMissing
from storage.tables import CameraVisit, Snapshot
from storage.tables.types import from_micros, micros

router = APIRouter(prefix="/api/v1", tags=["cameras"], dependencies=[allow(Right.CAMERA_SEE)])

_LAST = 3
"""Stills tried for the one to show now: the bytes of some may have been deleted since their rows were read."""


class Look(StrEnum):
    """Which picture of a still: 320 pixels wide, or all of it."""

    THUMBNAIL = "thumbnail"
    IMAGE = "image"


@router.get("/cameras/{camera_id}/snapshots", responses=answers(401, 403, 404, 422, 503))
def list_snapshots(
    camera_id: UUID, asked: Annotated[SnapshotsAsked, Query()], house: Here, caller: Caller
) -> SnapshotsAnswer:
    """A camera's kept stills from `since` up to `until`, latest first. One that showed nothing new was not kept."""
    seen, limit = sight(caller), asked.limit
    after = None if asked.cursor is None else _cursor(asked.cursor)
    with house.parts.database.read() as db:
        if cameras.get(db, camera_id, seen) is None:
            raise CameraUnknown
        found = stills.of_camera(
            db, camera_id, seen, since=asked.since, until=asked.until, after=after, limit=limit + 1
        )
    page, more = found[:limit], len(found) > limit
    following = Cursor(micros(page[-1].taken_at), page[-1].id).encode() if more else None
    return SnapshotsAnswer(snapshots=[snapshot_answer(one) for one in page], next=following)


@router.get(
    "/snapshots/{snapshot_id}/{look}",
    response_class=Response,
    responses={**BYTES, **answers(401, 403, 404, 416, 422, 503)},
)
def snapshot_picture(snapshot_id: UUID, look: Look, request: Request, house: Here, caller: Caller) -> Response:
    """A still's picture. What came as video is decoded when somebody first looks."""
    with house.parts.database.read() as db:
        snapshot = stills.get(db, snapshot_id, sight(caller))
    if snapshot is None:
        raise SnapshotUnknown
    return Picture(
        house.parts.blobs,
        _developed(house, snapshot, look),
        media_type="image/jpeg",
        filename=f"pantau-{snapshot.id}-{look}.jpg",
        etag=f'"{snapshot.sha256[:40]}-{look}"',
        missing=SnapshotUnknown,
    ).answer(request)


@router.get(
    "/cameras/{camera_id}/latest.jpg",
    response_class=Response,
    responses={200: BYTES[200], 304: BYTES[304], **answers(401, 403, 404, 422, 503)},
)
def latest_picture(camera_id: UUID, request: Request, house: Here, caller: Caller) -> Response:
    """What a camera shows now: its last still, or a drawn picture where it shows none.

    `Age` is in seconds since it was last seen to look so, `X-Taken-At` when the still was taken, and `X-Camera-State`
    how the last visit ended.
    """
    with house.parts.database.read() as db:
        camera = cameras.get(db, camera_id, sight(caller))
        if camera is None:
            raise CameraUnknown
        if not live(caller, camera):
            raise NotLive
        visit, found = cameras.visit_of(db, camera_id), stills.last(db, camera_id, _LAST)
    headers = PRIVATE | _told(visit, house.now)
    seen_at = visit.seen_at if visit else None
    if answering(visit.state if visit else None, seen_at, camera.interval_s, house.now):
        for snapshot in found:
            # One whose bytes have gone since is passed by, as if its row had gone with them.
            with suppress(SnapshotUnknown, BlobMissing):
                return _shown(house, snapshot, request, headers)
    drawn = placeholder(seen_at, house.parts.zone, languages.of(request))
    return Response(drawn, headers=headers | {"x-placeholder": "true"}, media_type="image/jpeg")


def _shown(house: House, snapshot: Snapshot, request: Request, headers: dict[str, str]) -> Response:
    """The still as an answer. Raises SnapshotUnknown or BlobMissing where its bytes have gone."""
    told = headers | {"x-taken-at": snapshot.taken_at.isoformat(), "etag": f'"{snapshot.id}"'}
    if matches(request.headers.get("if-none-match", ""), told["etag"]):
        return Response(status_code=304, headers=told)
    content = b"".join(house.parts.blobs.read(_developed(house, snapshot, Look.IMAGE)))
    return Response(content, headers=told, media_type="image/jpeg")


def _told(visit: CameraVisit | None, now: datetime) -> dict[str, str]:
    told = {"x-camera-state": str(visit.state) if visit is not None and visit.state is not None else "never_visited"}
    if visit is not None and visit.seen_at is not None:
        told["age"] = str(max(0, round((now - visit.seen_at).total_seconds())))
    return told


def _developed(house: House, snapshot: Snapshot, look: Look) -> str:
    """The key of the picture. A still that does not open says so."""
    make = developed.picture_key if look is Look.IMAGE else developed.thumbnail_key
    try:
        return make(house.parts, snapshot)
    except CameraFault:
        raise Problem(404, "still_damaged") from None


def _cursor(text: str) -> tuple[datetime, UUID]:
    try:
        found = Cursor.decode(text)
        return from_micros(found.key), found.id
    except (ValueError, OverflowError):
        raise Problem(422, "cursor_unknown") from None
