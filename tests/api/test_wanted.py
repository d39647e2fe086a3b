"""A complaint gets the next still of every camera that sees it, and none of a time when the camera looked away."""

import io
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from cases.words import CameraDoor
from storage import cameras
from storage.tables import Camera, Snapshot
from tests.api.town import Town
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON
from tests.servers import clips

AT: dict[str, Any] = {"category": "pothole", "lon": HERE[0], "lat": HERE[1], "radius_m": 6}


def pushing(town: Town, **more: Any) -> tuple[TestClient, Camera]:
    """A camera that sends its own stills, its client and its row."""
    made = beside(town.city, door=CameraDoor.PUSH, url="", **more)
    with town.city.parts.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, made.id))
    return town.client(None, authorization=f"Bearer {token}"), made


def push(town: Town, client: TestClient, camera: Camera) -> bool:
    """Sends a picture of an unchanging street a minute later; whether it was kept."""
    town.city.clock.wait(minutes=1)
    content = grainy(int(town.city.clock.now.timestamp()))
    answer = client.post(f"/api/v1/cameras/{camera.id}/snapshots", content=content)
    assert answer.status_code in (200, 201), answer.text
    return bool(answer.json()["kept"])


def grainy(seed: int) -> bytes:
    """The street with a sensor's noise: two that were the same to the bit would be those of a frozen camera."""
    street = np.asarray(Image.open(io.BytesIO(clips.jpeg(number=1))).convert("L"), np.float32)
    noise = np.random.default_rng(seed).normal(0, 4, street.shape)
    written = io.BytesIO()
    Image.fromarray(np.clip(street + noise, 0, 255).astype(np.uint8)).save(written, "JPEG", quality=90)
    return written.getvalue()


def moments(town: Town, reference: str) -> list[str]:
    """For what moments of the complaint stills are linked, in their order."""
    told = town.client("officer").get(f"/api/v1/complaints/{reference}/strip").json()
    return [one["moment"] for camera in told["cameras"] for one in camera["snapshots"] if one["moment"]]


def turn(town: Town, camera: Camera, **view: Any) -> dict[str, Any]:
    answer = town.client("command").patch(f"/api/v1/cameras/{camera.id}", json=view)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["view"])


def test_an_unchanged_street_is_kept_once_more_for_a_complaint_that_opens(town: Town) -> None:
    client, camera = pushing(town)
    away, turned_away = pushing(town, bearing_deg=90.0)
    assert [push(town, client, camera) for _ in range(3)] == [True, False, False]
    assert push(town, away, turned_away)
    reference = town.open(**AT)["reference"]
    assert moments(town, reference) == ["before"]
    assert push(town, client, camera)
    assert moments(town, reference) == ["before", "after"]
    assert [push(town, one, of) for one, of in ((client, camera), (away, turned_away))] == [False, False]
    # One still serves both complaints, and a second wish is not forgotten over the first.
    others = [town.open(**AT)["reference"] for _ in range(2)]
    assert [push(town, client, camera) for _ in range(2)] == [True, False]
    assert [moments(town, other) for other in others] == [["before", "after"]] * 2


def test_a_new_camera_and_a_new_view_keep_their_next_still_for_what_is_open(town: Town) -> None:
    reference = town.open(**AT)["reference"]
    client, camera = pushing(town, bearing_deg=90.0)
    assert [push(town, client, camera) for _ in range(2)] == [True, False]
    turn(town, camera, bearing_deg=270.0)
    assert [push(town, client, camera) for _ in range(2)] == [True, False]
    assert moments(town, reference) == ["after"]


def test_a_still_is_tied_by_the_view_of_its_time(town: Town) -> None:
    long_ago = NOON - timedelta(days=9)
    to = beside(town.city, 20, bearing_deg=90.0, created_at=long_ago)
    off = beside(town.city, 25, created_at=long_ago)
    shots = {one.id: still(town.city, one, NOON - timedelta(minutes=5)).id for one in (to, off)}
    assert turn(town, to, bearing_deg=270.0)["since"] == "2026-11-20T05:00:00Z"
    turn(town, off, bearing_deg=90.0)
    town.city.clock.wait(minutes=1)
    reference = town.open(**AT)["reference"]
    told = town.client("command").get(f"/api/v1/complaints/{reference}").json()
    # The one that was turned to the place since shows nothing of it, the one that was turned away does.
    assert [one["id"] for one in told["snapshots"]] == [str(shots[off.id])]
    strip = town.client("command").get(f"/api/v1/complaints/{reference}/strip").json()["cameras"]
    assert [one["id"] for camera in strip for one in camera["snapshots"]] == [str(shots[off.id])]


@pytest.mark.parametrize(("minutes", "tied"), [(10, True), (2, False)])
def test_a_view_that_was_written_down_late_holds_since_it_did(town: Town, minutes: int, tied: bool) -> None:
    camera = beside(town.city, bearing_deg=90.0, created_at=NOON - timedelta(days=9))
    still(town.city, camera, NOON - timedelta(minutes=5))
    turn(town, camera, bearing_deg=200.0, view_since=(NOON - timedelta(hours=1)).isoformat())
    turn(town, camera, bearing_deg=270.0, view_since=(NOON - timedelta(minutes=minutes)).isoformat())
    reference = town.open(**AT)["reference"]
    assert moments(town, reference) == ["before"] * tied
    assert len(town.city.rows(Snapshot)) == 1


def test_a_name_changes_no_view(town: Town) -> None:
    camera = beside(town.city)
    assert turn(town, camera, name="Jalan Melati 2", bearing_deg=270.0)["since"] is None
