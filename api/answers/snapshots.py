"""Stills as they go out."""

from api.shapes.photos import LinkAnswer
from api.shapes.snapshots import CameraShown, SightingOf, SnapshotAnswer, SnapshotUrls
from cases.words import Moment
from storage.tables import Camera, Link, Snapshot


def snapshot_answer(snapshot: Snapshot) -> SnapshotAnswer:
    """A still with the paths of its pictures: right behind any proxy."""
    at = f"/api/v1/snapshots/{snapshot.id}"
    return SnapshotAnswer(
        id=snapshot.id,
        camera=snapshot.camera_id,
        taken_at=snapshot.taken_at,
        received_at=snapshot.received_at,
        width=snapshot.width,
        height=snapshot.height,
        faults=snapshot.faults,
        urls=SnapshotUrls(thumbnail=f"{at}/thumbnail", image=f"{at}/image"),
    )


def camera_shown(camera: Camera) -> CameraShown:
    """A camera by its name and view."""
    return CameraShown.model_validate(camera)


def sighting(snapshot: Snapshot, camera: Camera | None, tie: LinkAnswer | None, link: Link | None) -> SightingOf:
    """A still on a complaint; no camera where the caller may not see it."""
    return SightingOf(
        **dict(snapshot_answer(snapshot)),
        shown_by=None if camera is None else camera_shown(camera),
        moment=moment_of(link),
        link=tie,
    )


def moment_of(link: Link | None) -> Moment | None:
    """The moment that a still was chosen for, None for one that somebody asked for."""
    codes = set() if link is None else {reason["code"] for reason in link.reasons}
    return next((moment for moment in Moment if f"still_{moment}" in codes), None)
