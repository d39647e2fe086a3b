"""Cameras as they go out. Of a password it is said that there is one, and nothing else."""

import base64
from collections.abc import Mapping
from uuid import UUID

from api.answers.areas import area_name
from api.answers.links import person
from api.house import House
from api.language import Language
from api.shapes.cameras import (
    CameraAnswer,
    CameraBrief,
    CameraEntry,
    ReachAnswer,
    StandingAnswer,
    TriedAnswer,
    ViewAnswer,
)
from api.shapes.common import Named, Person, Place
from cases import register
from cases.access import Principal, Right, sight
from cases.camera import ended
from cases.sentences import sentence
from cases.words import CameraDoor, SightFault, VisitState
from geo.shapes import to_geojson
from geo.view import sector
from ingest.cameras.look import live
from ingest.cameras.report import Report
from storage import accounts, agencies, cameras, permits, views
from storage.cameras import Found
from storage.database import Session
from storage.tables import Camera, CameraHistory, CameraVisit


def camera_brief(
    house: House, found: Found, numbers: Mapping[UUID, str], caller: Principal, language: Language
) -> CameraBrief:
    """A camera in a list; `numbers` are those of the permits that the caller may see, by id."""
    camera, visit = found
    return CameraBrief(
        id=camera.id,
        number=camera.number,
        name=camera.name,
        permit=numbers.get(camera.permit_id) if camera.permit_id else None,
        agency=camera.agency_code,
        location=Place(lon=camera.lon, lat=camera.lat, radius_m=camera.radius_m, source=camera.location_source),
        area=area_name(house.parts.areas.index(), camera.area_code),
        view=_view(camera),
        standing=_standing(visit, camera.door, language),
        active=camera.active,
        live=live(caller, camera),
        may_change=_mine(caller, camera) and camera.active and caller.may(Right.CAMERA_REGISTER),
    )


def camera_answer(house: House, db: Session, camera: Camera, caller: Principal, language: Language) -> CameraAnswer:
    """All of a camera that this caller may see."""
    numbers = permits.numbers(db, [camera.permit_id] if camera.permit_id else [], sight(caller))
    brief = camera_brief(house, (camera, cameras.visit_of(db, camera.id)), numbers, caller, language)
    mine = _mine(caller, camera)
    return CameraAnswer(
        **brief.model_dump(),
        owner=_owner(db, camera) if mine else None,
        reach=_reach(camera) if mine else None,
        interval_s=camera.interval_s,
        keep_days=camera.keep_days,
        sharing=camera.sharing,
        shared_with=_agencies(db, camera, language) if mine else None,
        sign=f"/api/v1/cameras/{camera.id}/sign" if camera.sign_key else None,
        created_at=camera.created_at,
        updated_at=camera.updated_at,
        version=camera.version,
    )


def _mine(caller: Principal, camera: Camera) -> bool:
    return register.may_change(caller, camera.account_id, camera.agency_code)


def _owner(db: Session, camera: Camera) -> Person | None:
    return person(camera.account_id, accounts.names(db, [camera.account_id]))


def _reach(camera: Camera) -> ReachAnswer:
    return ReachAnswer(
        door=camera.door,
        url=camera.url,
        has_password=camera.secret is not None,
        has_push_token=camera.push_hash is not None,
        certificate=camera.certificate,
    )


def _agencies(db: Session, camera: Camera, language: Language) -> list[Named] | None:
    if camera.shared_with is None:
        return None
    names = {row.code: row.name_en if language == "en" else row.name_id for row in agencies.agencies(db)}
    return [Named(code=code, name=names.get(code, code)) for code in camera.shared_with]


def _view(camera: Camera) -> ViewAnswer:
    ground = sector(views.view_of(camera))
    return ViewAnswer(
        since=camera.view_since,
        bearing_deg=camera.bearing_deg,
        fov_deg=camera.fov_deg,
        range_m=camera.range_m,
        height_m=camera.height_m,
        ground=to_geojson(ground),
    )


def _standing(visit: CameraVisit | None, door: CameraDoor, language: Language) -> StandingAnswer:
    if visit is None:
        visit_of_none = dict.fromkeys(("state", "since", "visited_at", "seen_at"))
        return StandingAnswer.model_validate({**visit_of_none, "text": "", "failures": 0, "faults": []})
    return StandingAnswer(
        state=visit.state,
        text="" if visit.state is None else sentence(ended(visit.state, door), language),
        since=visit.since,
        visited_at=visit.visited_at,
        seen_at=visit.seen_at,
        failures=visit.failures,
        faults=[SightFault(fault) for fault in visit.faults],
    )


def entry_answer(entry: CameraHistory, door: CameraDoor, language: Language) -> CameraEntry:
    """A change of a camera, in words."""
    return CameraEntry(
        at=entry.at,
        state=entry.state,
        text=sentence(ended(entry.state, door), language),
        faults=[SightFault(fault) for fault in entry.faults],
    )


def tried_answer(report: Report, language: Language) -> TriedAnswer:
    """What came of trying a camera, with the picture."""
    visit = report.visit
    picture = visit.still.content if visit.still is not None else None
    return TriedAnswer(
        state=visit.state,
        ok=visit.state is VisitState.OK,
        told=report.told(language),
        way=visit.way,
        by_onvif=visit.by_onvif,
        took_s=round(visit.took_s, 2),
        bytes=visit.received,
        clock_offset_s=None if visit.clock_offset_s is None else round(visit.clock_offset_s, 1),
        picture=None if picture is None else base64.b64encode(picture).decode(),
        picture_type=None if picture is None else "image/jpeg",
    )
