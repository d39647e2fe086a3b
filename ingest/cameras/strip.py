"""The strip of a complaint: what the cameras that see its place showed of it before and after."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from cases.access import Principal, Sight, sight
from cases.evidence import NEAREST
from geo.view import Seen, sees
from ingest.cameras.look import live, seeing
from storage import cameras, evidence, links, stills, views
from storage.tables import Camera, Complaint, Link, Snapshot

NEAR = 4
"""Stills nearest to the opening, on each side, that are shown beside those linked."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One camera's stills in the order of time, each with its link if it has one.

    `shown` says whether the camera itself may be seen, `live` whether it may be looked through now, `left_out` how many
    hourly stills there are before those.
    """

    camera: Camera
    seen: Seen
    shown: bool
    live: bool
    stills: list[tuple[Snapshot, Link | None]]
    left_out: int


def strips(db: Session, principal: Principal, complaint: Complaint, *, hours: int | None = None) -> list[Strip]:
    """The strips of all cameras that the principal may see something of, best first.

    With `hours`, of each camera's hourly stills that nobody has decided on only the last so many.
    """
    allowed = sight(principal)
    visible = {one.camera.id: one for one in seeing(db, principal, complaint)}
    near = {id_: _nearest(db, allowed, complaint, one.camera) for id_, one in visible.items()}
    found = {one.camera.id: (one.camera, one.seen) for one in visible.values()}
    held: dict[UUID, dict[UUID, tuple[Snapshot, Link | None]]] = {
        camera_id: {snapshot.id: (snapshot, None) for snapshot in every} for camera_id, every in near.items()
    }
    every_link = {} if hours is None else links.count_sightings(db, complaint.id, allowed)
    linked: Counter[UUID] = Counter()
    also = [snapshot_id for every in held.values() for snapshot_id in every]
    for link, snapshot, camera in links.sightings(db, complaint.id, allowed, hours=hours, also=also):
        found.setdefault(camera.id, (camera, _seen(camera, complaint)))
        held.setdefault(camera.id, {})[snapshot.id] = (snapshot, link)
        linked[camera.id] += 1
    # One that was turned or retired since is still who showed it.
    shown = cameras.some(db, found, allowed)
    made = [
        Strip(
            camera,
            seen,
            shown=camera.id in shown,
            live=camera.id in visible and live(principal, camera),
            stills=sorted(held[camera.id].values(), key=lambda one: (one[0].taken_at, one[0].id)),
            left_out=max(0, every_link.get(camera.id, 0) - linked[camera.id]),
        )
        for camera, seen in found.values()
    ]
    return sorted(made, key=lambda one: (-one.seen.score, one.camera.id))


def _nearest(db: Session, sight: Sight, complaint: Complaint, camera: Camera) -> Iterable[Snapshot]:
    """Those of the present view: what the camera saw before it was turned to the place is no picture of it."""
    at = complaint.opened_at
    since = max(at - NEAREST, camera.view_since or at - NEAREST)
    ids = evidence.nearest(db, camera.id, at, before=NEAR, after=NEAR, since=since, until=at + NEAREST)
    return stills.some(db, ids, sight).values()


def _seen(camera: Camera, complaint: Complaint) -> Seen:
    """How the camera sees the place as both are now: either may have moved since a still was linked."""
    if complaint.lon is None or complaint.lat is None or complaint.radius_m is None:
        return Seen(0.0, 0.0, 0.0, 0.0)
    return sees(views.view_of(camera), complaint.lon, complaint.lat, complaint.radius_m)
