"""Cameras that their owners change: what is left out, left empty or written by halves."""

from tests.api.test_cameras import AT, camera
from tests.api.town import Town


def test_null_leaves_what_a_camera_cannot_be_without_and_takes_a_height_back(town: Town) -> None:
    made = camera(town, bearing_deg=30, height_m=4)
    for name in ("lon", "lat", "radius_m", "bearing_deg", "fov_deg", "range_m", "name", "interval_s"):
        changed = town.client("owner").patch(f"{AT}/{made['id']}", json={name: None})
        assert changed.status_code == 200, changed.text
        assert (changed.json()["location"], changed.json()["view"]) == (made["location"], made["view"])
        assert (changed.json()["name"], changed.json()["interval_s"]) == (made["name"], made["interval_s"])
    lowered = town.client("owner").patch(f"{AT}/{made['id']}", json={"height_m": None}).json()
    assert (made["view"]["height_m"], lowered["view"]["height_m"]) == (4, None)
