"""Cameras that look at the middle of the small city, and stills of theirs."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.words import StillKind
from geo.distance import offset
from storage import evidence, snapshots, visits
from storage.ids import uuid_at
from storage.tables import Camera, Link, Snapshot
from tests.ingest.cameras.fleet import camera
from tests.ingest.city import HERE, VILLAGE, City
from tests.servers import clips


def beside(city: City, metres: float = 20, *, who: str = "command", **more: Any) -> Camera:
    """A camera so many metres east of HERE that looks west, by default at HERE; it is in the round."""
    lon, lat = offset(*HERE, metres, 0)
    owner = city.people[who].account_id
    assert owner is not None
    values: dict[str, Any] = {"lon": lon, "lat": lat, "bearing_deg": 270.0, "area_code": VILLAGE}
    made = camera(owner, **values | more)
    with city.parts.database.write() as db:
        db.add(made)
        db.flush()
        visits.schedule(db, made.id, city.clock.now)
    return made


def still(city: City, of: Camera, at: datetime, content: bytes | None = None, **more: Any) -> Snapshot:
    """A snapshot of the camera, with its bytes."""
    content = clips.jpeg() if content is None else content
    values: dict[str, Any] = {
        "id": uuid_at(at),
        "camera_id": of.id,
        "kind": StillKind.JPEG,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "width": 640,
        "height": 360,
        "taken_at": at,
        "received_at": at,
        "expires_at": at,
    }
    made = Snapshot(**values | more)
    city.parts.blobs.put(snapshots.original_key(made.id), content, made.sha256, "image/jpeg")
    with city.parts.database.write() as db:
        db.add(made)
    return made


def sightings(city: City, complaint_id: UUID) -> dict[UUID, str]:
    """The snapshots linked to a complaint, in order, each with the moment it was chosen for."""
    with city.parts.database.read() as db:
        order = [one.id for every in evidence.linked(db, complaint_id).values() for one in every]
    held = {link.snapshot_id: link for link in city.rows(Link) if link.complaint_id == complaint_id}
    return {one: held[one].reasons[-1]["code"].removeprefix("still_") for one in order}
