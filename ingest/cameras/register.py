"""Cameras: registered, changed, taken out of service."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases import register
from cases.access import Principal, sight
from cases.errors import IdTaken, PlaceInvalid
from cases.register import (
    CameraRetired,
    CameraUnknown,
    OwnerNeeded,
    RegisterChanged,
    RegisterNotYours,
)
from cases.words import CameraDoor, LocationSource, Role, Sharing
from geo.cells import MAX_LAT, cell
from ingest.cameras import evidence
from ingest.cameras.permits import named as named_permit
from ingest.cameras.permits import owner_account
from ingest.cameras.ways import Way, same_host, seal, with_kept
from ingest.parts import Parts
from storage import accounts, audit, cameras, permits, snapshots, views, visits
from storage.tables import Camera


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera stands and what it sees; degrees, metres."""

    lon: float
    lat: float
    bearing_deg: float = 0.0
    fov_deg: float = 90.0
    range_m: float = 40.0
    radius_m: float = 5.0
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Registering:
    """A camera to be registered. `permit` is a number or id, `owner` a login, `agency` the office whose it is."""

    name: str
    way: Way
    view: View
    id: UUID | None = None
    permit: str | None = None
    owner: str | None = None
    agency: str | None = None
    interval_s: int = 60
    keep_days: int = 30
    sharing: Sharing = Sharing.LIVE
    shared_with: list[str] | None = None


def register_camera(parts: Parts, principal: Principal, given: Registering) -> tuple[Camera, bool]:
    """Registers a camera, to be visited from now on: (camera, newly registered).

    The same registration sent again under the same id by the same account is answered with what it registered. Raises
    ReachNeeded, ReachInvalid, PlaceInvalid, PermitUnknown, OwnerNeeded, OwnerUnknown, AgencyUnknown, IdTaken.
    """
    now = parts.clock()
    reach = given.way.reach()
    assert reach.door is not None
    with parts.database.write() as db:
        permits.take_turns(db)
        before = db.get(Camera, given.id) if given.id else None
        if before is not None:
            if not register.may_change(principal, before.account_id) or before.name != given.name:
                raise IdTaken
            return before, False
        camera = Camera(
            id=given.id or uuid7(),
            number=cameras.next_number(db),
            name=given.name,
            interval_s=given.interval_s,
            keep_days=given.keep_days,
            sharing=given.sharing,
            shared_with=_agencies(db, given.shared_with),
            created_at=now,
            updated_at=now,
            **_belonging(db, principal, given),
            **_standing(parts, given.view),
            door=reach.door,
            url=reach.url,
            certificate=reach.certificate,
        )
        seal(parts, camera, reach.credentials)
        db.add(camera)
        db.flush()
        visits.schedule(db, camera.id, now)
        evidence.expect(db, camera, now)
        audit.record(
            db, principal, now, action="register", subject="camera", subject_id=camera.id, number=camera.number
        )
    return camera, True


def _standing(parts: Parts, view: View) -> dict[str, Any]:
    """The columns of a place and view. Raises PlaceInvalid."""
    nowhere = abs(view.lon) < 1e-4 and abs(view.lat) < 1e-4  # what a page sends that knows nothing
    if nowhere or abs(view.lat) > MAX_LAT:
        raise PlaceInvalid(lon=view.lon, lat=view.lat)
    return {
        "lon": view.lon,
        "lat": view.lat,
        "radius_m": view.radius_m,
        "location_source": LocationSource.PIN,
        "cell": cell(view.lon, view.lat),
        "area_code": parts.areas.index().at(view.lon, view.lat),
        "bearing_deg": view.bearing_deg % 360,
        "fov_deg": view.fov_deg,
        "range_m": view.range_m,
        "height_m": view.height_m,
    }


def _belonging(db: Session, principal: Principal, given: Registering) -> dict[str, Any]:
    """Whose the camera is: an owner's under a permit, or an office's. Raises as `register_camera`."""
    permit = None if given.permit is None else named_permit(db, principal, given.permit)
    account_id, agency = principal.account_id, None
    if register.oversees(principal):
        agency = given.agency
        accounts.check_agency(db, agency)
        if given.owner is not None:
            account_id = _holder(db, given.owner, agency)
        elif permit is not None and permit.account_id is not None:
            account_id = permit.account_id
        elif agency is None:
            raise OwnerNeeded
    elif principal.role is Role.AGENCY:
        agency = principal.agency_code
    if account_id is None:
        raise OwnerNeeded
    return {"account_id": account_id, "agency_code": agency, "permit_id": permit and permit.id}


def _holder(db: Session, login: str, agency: str | None) -> UUID:
    """The account that a camera is registered for: an owner's, or one of the office whose camera it is."""
    found = accounts.by_login(db, login)
    colleague = found is not None and found.active and found.role is Role.AGENCY and found.agency_code == agency
    return found.id if found is not None and colleague else owner_account(db, login)


def _agencies(db: Session, codes: list[str] | None) -> list[str] | None:
    """The agencies a camera is shared with; None for all. Raises AgencyUnknown."""
    for code in codes or ():
        accounts.check_agency(db, code)
    return None if codes is None else sorted(set(codes))


def named(db: Session, principal: Principal, camera_id: UUID) -> Camera:
    """The camera, if the principal may see it. Raises CameraUnknown."""
    found = cameras.get(db, camera_id, sight(principal))
    if found is None:
        raise CameraUnknown
    return found


def to_change(db: Session, principal: Principal, camera_id: UUID) -> Camera:
    """The camera, if the principal may change it. Raises CameraUnknown, RegisterNotYours, CameraRetired."""
    camera = named(db, principal, camera_id)
    if not register.may_change(principal, camera.account_id, camera.agency_code):
        raise RegisterNotYours
    if not camera.active:
        raise CameraRetired
    return camera


@dataclass(frozen=True, slots=True)
class Changing:
    """What to change: the plain fields in `given`; the way as a whole, and what is new of the view, which holds since
    `view_since` (None: now).
    """

    given: dict[str, Any]
    way: Way | None = None
    view: dict[str, Any] = field(default_factory=dict)
    view_since: datetime | None = None
    version: int | None = None


_PLAIN = ("name", "interval_s", "keep_days", "sharing")


def change_camera(parts: Parts, principal: Principal, camera_id: UUID, changing: Changing) -> Camera:
    """Changes a camera. A new way is tried at once; the password stays only where the address leads to the same host.

    Raises CameraUnknown, RegisterNotYours, CameraRetired, RegisterChanged, ReachNeeded, ReachInvalid, PlaceInvalid,
    PermitUnknown, AgencyUnknown.
    """
    now, given = parts.clock(), changing.given
    with parts.database.write() as db:
        camera = to_change(db, principal, camera_id)
        if changing.version is not None and changing.version != camera.version:
            raise RegisterChanged(version=camera.version)
        for name in _PLAIN:
            if given.get(name) is not None:
                setattr(camera, name, given[name])
        if given.get("keep_days") is not None:
            snapshots.keep_for(db, camera.id, camera.keep_days)
        if "shared_with" in given:
            camera.shared_with = _agencies(db, given["shared_with"])
        if "permit" in given:
            permit = None if given["permit"] is None else named_permit(db, principal, given["permit"])
            camera.permit_id = permit.id if permit else None
        if changing.view:
            _turn(parts, db, camera, changing, now)
        if changing.way is not None:
            _redirect(parts, camera, changing.way)
        if changing.way is not None or "interval_s" in given:
            visits.schedule(db, camera.id, now)
        camera.updated_at = now
        camera.version += 1
        fields = sorted({*given, *changing.view, *(["reach"] if changing.way else [])})
        audit.record(db, principal, now, action="change", subject="camera", subject_id=camera.id, fields=fields)
    return camera


def _turn(parts: Parts, db: Session, camera: Camera, changing: Changing, now: datetime) -> None:
    """Another view; the one before stays known with its time, and what the camera usually shows is learned anew."""
    before = views.view_of(camera)
    kept = {name: getattr(camera, name) for name in View.__slots__}
    for name, value in _standing(parts, View(**kept | changing.view)).items():
        setattr(camera, name, value)
    if views.view_of(camera) == before:
        return
    views.turned(db, camera, before, min(changing.view_since or now, now))
    visits.look_anew(db, camera.id, now)
    db.flush()
    evidence.expect(db, camera, now)


def _redirect(parts: Parts, camera: Camera, way: Way) -> None:
    """The new way. User and password that it leaves out stay, where it leads to the same host. Raises KeyUnknown."""
    reach = way.reach()
    stays = reach.credentials is None and bool(reach.url) and same_host(camera.url, reach.url)
    reach = reach if stays else with_kept(parts, camera, reach)
    assert reach.door is not None
    camera.door, camera.url, camera.certificate = reach.door, reach.url, reach.certificate
    if not stays:
        seal(parts, camera, reach.credentials)
    if camera.door is not CameraDoor.PUSH:
        camera.push_hash = None


def retire_camera(parts: Parts, principal: Principal, camera_id: UUID) -> None:
    """Takes a camera out of service: it is visited no more, its password and token go; what it saw stays as long as
    it would have. Raises CameraUnknown, RegisterNotYours, CameraRetired.
    """
    now = parts.clock()
    with parts.database.write() as db:
        camera = to_change(db, principal, camera_id)
        camera.active, camera.secret, camera.push_hash = False, None, None
        camera.updated_at = now
        camera.version += 1
        visits.unschedule(db, camera.id, now)
        audit.record(db, principal, now, action="retire", subject="camera", subject_id=camera.id)


def issue_push_token(parts: Parts, principal: Principal, camera_id: UUID) -> str:
    """A new token for the camera that pushes its own stills, shown this once; the one before ends.

    Raises CameraUnknown, RegisterNotYours, CameraRetired.
    """
    now = parts.clock()
    with parts.database.write() as db:
        camera = to_change(db, principal, camera_id)
        secret = cameras.new_push_token(camera)
        camera.updated_at = now
        audit.record(db, principal, now, action="push_token", subject="camera", subject_id=camera.id)
    return secret
