"""What is registered rather than happening, asked as rows: snapshots, cameras, permits, areas.

The same question as of incidents (place, time, filter, page), over one table each. Nobody asks these a thousand times a
second, so a statement is built for each question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Select,
    Uuid,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType
from sqlmodel import col

from cases.access import Sight
from cases.features import COLLECTIONS, Collection
from cases.incidents import Box, Cursor, Question
from geo.areas import span
from storage import visible
from storage.filtering import Expressions, Place, condition
from storage.incidents import Page
from storage.spatial import Places, point
from storage.stills import received_since
from storage.tables import AreaRow, Camera, CameraVisit, Permit, Snapshot

COUNTED = 20_000
"""Rows up to which they are counted: milliseconds."""

_NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Register:
    """One table as a collection."""

    of: Callable[[Sight], Expressions]
    seen: Callable[[Sight], ColumnElement[bool]]
    joined: Callable[[Select[Any], Sight], Select[Any]]
    key: Any
    """What it is ordered by, as an integer; together with `id` no two rows have the same."""
    id: Any
    place: Place


def page(db: Session, collection: Collection, question: Question, sight: Sight, columns: tuple[str, ...]) -> Page:
    """Rows with these columns, `id` among them and `key` the last; at most `question.limit` of them."""
    register = REGISTERS[collection]
    asked = _asked(db, collection, question, sight, columns)
    key, id_ = register.key, register.id
    down = question.sort.descending
    if question.after is not None:
        at, after = tuple_(key, id_), tuple_(literal(question.after.key, BigInteger), literal(question.after.id, Uuid))
        asked = asked.where(at < after if down else at > after)
    asked = asked.order_by(*((key.desc(), id_.desc()) if down else (key, id_))).limit(question.limit + 1)
    rows = db.connection().execute(asked).fetchall()
    if len(rows) <= question.limit:
        return Page(rows, None)
    last = rows[question.limit - 1]
    return Page(rows[: question.limit], Cursor(last[-1], _cursor_id(last[columns.index("id")])))


def count(db: Session, collection: Collection, question: Question, sight: Sight) -> int | None:
    """How many there are, None where counting them would take long."""
    asked = _asked(db, collection, question, sight, ("id", "key")).limit(COUNTED + 1).subquery()
    found = int(db.execute(select(func.count()).select_from(asked)).scalar_one())
    return found if found <= COUNTED else None


def one(db: Session, collection: Collection, id_: str | UUID, sight: Sight, columns: tuple[str, ...]) -> Any:
    """The row of this id, None where there is none for this sight."""
    of = REGISTERS[collection].of(sight)
    asked = _asked(db, collection, Question(), sight, columns).where(of["id"] == id_)
    return db.connection().execute(asked).first()


def _asked(
    db: Session, collection: Collection, question: Question, sight: Sight, columns: tuple[str, ...]
) -> Select[Any]:
    register = REGISTERS[collection]
    of = register.of(sight)
    picked: list[ColumnElement[Any]] = [seen_as(of[name], NullType()).label(name) for name in columns[:-1]]
    picked.append(register.key.label("key"))
    asked = register.joined(select(*picked), sight)
    return asked.where(register.seen(sight), *_conditions(db, collection, question, of))


def _conditions(db: Session, collection: Collection, question: Question, of: Expressions) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    place, dated = REGISTERS[collection].place, COLLECTIONS[collection].dated
    if question.area is not None and "area" in of:
        first, end = span(question.area)
        found += [of["area"] >= first, of["area"] < end]
    if question.box is not None:
        found.append(_in_box(question.box, place))
    if dated is not None and question.since is not None:
        found.append(of[dated] >= question.since)
        if collection is Collection.SNAPSHOTS:
            found.append(received_since(question.since))
    if dated is not None and question.until is not None:
        found.append(of[dated] < question.until)
    if question.filter is not None:
        found.append(condition(question.filter.tree, of, place, db.get_bind().dialect.name))
    return found


def _in_box(box: Box, place: Place) -> ColumnElement[bool]:
    if place.shape is None:
        return Places(place).in_box(box)
    # A shape that meets the box; what surrounds it only is told from that by its own bounds first.
    wide = [] if box.west > box.east else [col(AreaRow.west) <= box.east, col(AreaRow.east) >= box.west]
    return and_(*wide, col(AreaRow.south) <= box.north, col(AreaRow.north) >= box.south)


def _snapshots(sight: Sight) -> Expressions:
    return {
        "id": col(Snapshot.id),
        "camera": col(Snapshot.camera_id),
        "camera_name": col(Camera.name),
        "area": col(Camera.area_code),
        "taken_at": col(Snapshot.taken_at),
        "received_at": col(Snapshot.received_at),
        "width": col(Snapshot.width),
        "height": col(Snapshot.height),
        "image": col(Snapshot.id),
        "lon": col(Camera.lon),
        "lat": col(Camera.lat),
    }


def _with_its_camera(asked: Select[Any], sight: Sight) -> Select[Any]:
    """A still may be seen where its camera may not: then its place is not told."""
    return asked.select_from(Snapshot).outerjoin(
        Camera, and_(col(Camera.id) == col(Snapshot.camera_id), visible.cameras(sight))
    )


def _cameras(sight: Sight) -> Expressions:
    permit = select(col(Permit.number)).where(col(Permit.id) == col(Camera.permit_id), visible.permits(sight))
    return {
        "id": col(Camera.id),
        "number": col(Camera.number),
        "name": col(Camera.name),
        "permit": permit.correlate(Camera).scalar_subquery(),
        "agency": col(Camera.agency_code),
        "area": col(Camera.area_code),
        "bearing_deg": col(Camera.bearing_deg),
        "fov_deg": col(Camera.fov_deg),
        "range_m": col(Camera.range_m),
        "state": col(CameraVisit.state),
        "since": col(CameraVisit.since),
        "seen_at": col(CameraVisit.seen_at),
        "active": col(Camera.active),
        "radius_m": col(Camera.radius_m),
        "created_at": col(Camera.created_at),
        "updated_at": col(Camera.updated_at),
        "lon": col(Camera.lon),
        "lat": col(Camera.lat),
    }


def _with_visits(asked: Select[Any], sight: Sight) -> Select[Any]:
    return asked.select_from(Camera).outerjoin(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))


def _permits(sight: Sight) -> Expressions:
    return {
        "id": col(Permit.id),
        "number": col(Permit.number),
        "kind": col(Permit.kind),
        "owner_name": col(Permit.owner_name),
        "address": col(Permit.address),
        "issued_on": col(Permit.issued_on),
        "cameras_required": col(Permit.cameras_required),
        "state": col(Permit.state),
        "state_since": col(Permit.state_since),
        "state_due_at": col(Permit.state_due_at),
        "area": col(Permit.area_code),
        "radius_m": col(Permit.radius_m),
        "created_at": col(Permit.created_at),
        "updated_at": col(Permit.updated_at),
        "lon": col(Permit.lon),
        "lat": col(Permit.lat),
    }


def _areas(sight: Sight) -> Expressions:
    return {
        "id": col(AreaRow.code),
        "code": col(AreaRow.code),
        "name": col(AreaRow.name),
        "level": col(AreaRow.level),
        "parent": col(AreaRow.parent_code),
        "kind": func.nullif(col(AreaRow.kind), ""),
        "area_m2": col(AreaRow.area_m2),
        "shape": col(AreaRow.geometry),
    }


def _alone(table: type[Any]) -> Callable[[Select[Any], Sight], Select[Any]]:
    return lambda asked, _: asked.select_from(table)


def _micros(column: Any) -> Any:
    return seen_as(col(column), BigInteger)


def _cursor_id(value: Any) -> UUID:
    """The id for a cursor; a code's number says everything by itself."""
    if isinstance(value, UUID):
        return value
    return UUID(value) if len(value) == 32 else _NO_ID


REGISTERS: Final[dict[Collection, Register]] = {
    Collection.SNAPSHOTS: Register(
        _snapshots,
        visible.snapshots,
        _with_its_camera,
        _micros(Snapshot.taken_at),
        col(Snapshot.id),
        Place(geom=point(Camera), lon=col(Camera.lon), lat=col(Camera.lat)),
    ),
    Collection.CAMERAS: Register(
        _cameras,
        visible.cameras,
        _with_visits,
        cast(col(Camera.number), BigInteger),
        col(Camera.id),
        Place(geom=point(Camera), lon=col(Camera.lon), lat=col(Camera.lat)),
    ),
    Collection.PERMITS: Register(
        _permits,
        visible.permits,
        _alone(Permit),
        _micros(Permit.created_at),
        col(Permit.id),
        Place(geom=point(Permit), lon=col(Permit.lon), lat=col(Permit.lat)),
    ),
    Collection.AREAS: Register(
        _areas,
        lambda _: true(),
        _alone(AreaRow),
        # Regencies, then districts, then villages: shorter codes are smaller numbers.
        cast(func.replace(col(AreaRow.code), ".", ""), BigInteger),
        literal(_NO_ID, Uuid),
        Place(geom=literal_column("area.geom"), shape=seen_as(col(AreaRow.geometry), LargeBinary)),
    ),
}
