"""Snapshots as the catalogue of pictures lists them: each at its camera, with the view that this had then."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.stac import Collection, Sought
from cases.words import Watch
from storage import stac_rows, visible
from storage.spatial import Places
from storage.stac_rows import Columns, labelled, merged
from storage.stills import received_since
from storage.tables import Camera, CameraView, Snapshot

_FEW = 50
"""Cameras up to which each is asked for its own newest, by its index, rather than all snapshots in order."""

_THEN = and_(
    col(CameraView.camera_id) == col(Snapshot.camera_id),
    col(Snapshot.taken_at) < col(CameraView.until),
    or_(col(CameraView.since).is_(None), col(CameraView.since) <= col(Snapshot.taken_at)),
)
"""The view that a camera had when it took a still; none where it still has it. Views of one camera never overlap."""

_LON = func.coalesce(col(CameraView.lon), col(Camera.lon))
_LAT = func.coalesce(col(CameraView.lat), col(Camera.lat))
_PLACES = Places(SimpleNamespace(lon=_LON, lat=_LAT, cell=func.coalesce(col(CameraView.cell), col(Camera.cell))))
_GEOM = "ST_SetSRID(ST_MakePoint(coalesce(camera_view.lon, camera.lon), coalesce(camera_view.lat, camera.lat)), 4326)"


def columns(sight: Sight) -> Columns:
    """What is told of a snapshot. One that is seen as evidence only tells nothing of where its camera stands."""
    known = visible.cameras(sight)
    turned = col(CameraView.camera_id).is_not(None)

    def if_known(column: Any) -> ColumnElement[Any]:
        return case((known, column))

    told: dict[str, Any] = {
        "id": col(Snapshot.id),
        "datetime": col(Snapshot.taken_at),
        "lon": if_known(_LON),
        "lat": if_known(_LAT),
        "radius_m": if_known(col(Camera.radius_m)),
        # A camera that stood elsewhere has its area of now only.
        "area": case((and_(known, ~turned | (col(CameraView.cell) == col(Camera.cell))), col(Camera.area_code))),
        "azimuth": if_known(func.coalesce(col(CameraView.bearing_deg), col(Camera.bearing_deg))),
        "fov_deg": if_known(func.coalesce(col(CameraView.fov_deg), col(Camera.fov_deg))),
        "range_m": if_known(func.coalesce(col(CameraView.range_m), col(Camera.range_m))),
        "camera": col(Snapshot.camera_id),
        "camera_name": if_known(col(Camera.name)),
        "received_at": col(Snapshot.received_at),
        "expires_at": col(Snapshot.expires_at),
        "faults": col(Snapshot.faults),
        "kind": col(Snapshot.kind),
        "bytes": col(Snapshot.bytes),
        "sha256": col(Snapshot.sha256),
        "width": col(Snapshot.width),
        "height": col(Snapshot.height),
    }
    return told


def rows(db: Session, sought: Sought, sight: Sight) -> list[Row[Any]]:
    """The snapshots that are sought, in order, as rows of `columns`."""
    if sight.watch is Watch.NONE:
        return []
    made = _statement(db, sought, sight)
    if sought.ids is not None:
        return list(db.connection().execute(made))
    few = _cameras(db, sought, sight)
    if few is None:
        return list(db.connection().execute(made.with_hint(Snapshot, "INDEXED BY snapshot_taken", "sqlite")))
    by_camera = made.with_hint(Snapshot, "INDEXED BY snapshot_camera", "sqlite")
    found = [db.connection().execute(by_camera.where(col(Snapshot.camera_id) == camera)).all() for camera in few]
    return merged(found, sought)


def _cameras(db: Session, sought: Sought, sight: Sight) -> list[Any] | None:
    """The only cameras whose snapshots can answer, if they are few."""
    if sought.place is None and sight.watch is Watch.SHARED and sight.office is None:
        return None  # evidence may be of any camera
    asked = select(col(Camera.id)).where(visible.cameras(sight))
    if sought.place is not None:
        asked = asked.outerjoin(CameraView, col(CameraView.camera_id) == col(Camera.id)).distinct()
        asked = asked.where(or_(*(_in_place(db, sought, table) for table in (Camera, CameraView))))
    found = list(db.scalars(asked.limit(_FEW + 1)))
    return None if len(found) > _FEW else found


def _in_place(db: Session, sought: Sought, table: type[Camera] | type[CameraView]) -> ColumnElement[bool]:
    name = table.__tablename__
    geom = f"ST_SetSRID(ST_MakePoint({name}.lon, {name}.lat), 4326)"
    return _placed(db, sought, Places(table), geom)


def _placed(db: Session, sought: Sought, places: Places, geom: str) -> ColumnElement[bool]:
    inside: list[ColumnElement[bool]] = []
    if sought.box is not None:
        inside.append(places.in_box(sought.box))
    if sought.shape is not None:
        inside.append(places.in_shape(sought.shape, db.get_bind().dialect.name, geom))
    return and_(*inside)


def _statement(db: Session, sought: Sought, sight: Sight) -> Select[Any]:
    told = columns(sight)
    made = select(*labelled(told)).select_from(Snapshot).join(Camera, col(Camera.id) == col(Snapshot.camera_id))
    made = made.outerjoin(CameraView, _THEN).where(visible.snapshots(sight))
    if sought.place is not None:
        # Where a camera stands that the asker may not know is not found out by drawing ever smaller boxes either.
        made = made.where(visible.cameras(sight), _placed(db, sought, _PLACES, _GEOM))
    if sought.since is not None:
        made = made.where(col(Snapshot.taken_at) >= sought.since, received_since(sought.since))
    if sought.until is not None:
        made = made.where(col(Snapshot.taken_at) < sought.until)
    geom = func.ST_SetSRID(func.ST_MakePoint(told["lon"], told["lat"]), 4326)
    return stac_rows.asked(
        made, Collection.SNAPSHOTS, told, geom=geom, sought=sought, dialect=db.get_bind().dialect.name
    )
