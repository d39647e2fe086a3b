"""Cameras that their owners change: what is left out, left empty or written by halves."""

import re
from typing import Any

import pytest

from ingest.cameras.ways import reach_of
from storage.tables import Camera
from tests.api.test_cameras import AT, camera, web
from tests.api.town import Town, problem
from tests.servers.http_camera import PASSWORD, USER, HttpCamera

__all__ = ["web"]


def test_null_leaves_what_a_camera_cannot_be_without_and_takes_a_height_back(town: Town) -> None:
    made = camera(town, bearing_deg=30, height_m=4)
    for name in ("lon", "lat", "radius_m", "bearing_deg", "fov_deg", "range_m", "name", "interval_s"):
        changed = town.client("owner").patch(f"{AT}/{made['id']}", json={name: None})
        assert changed.status_code == 200, changed.text
        assert (changed.json()["location"], changed.json()["view"]) == (made["location"], made["view"])
        assert (changed.json()["name"], changed.json()["interval_s"]) == (made["name"], made["interval_s"])
    lowered = town.client("owner").patch(f"{AT}/{made['id']}", json={"height_m": None}).json()
    assert (made["view"]["height_m"], lowered["view"]["height_m"]) == (4, None)


@pytest.mark.parametrize(
    ("reach", "why"),
    [
        ({"url": "http://a b/"}, "spasi"),
        ({"url": "kamera.example/1"}, "awalannya"),
        ({"url": "http://:80/"}, "nama atau IP"),
        ({"url": "http://kamera:99999/"}, "65535"),
        ({"url": "rtsp://kamera/1", "door": "http"}, "jenis kamera"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_in_the_readers_language(
    town: Town, reach: dict[str, str], why: str
) -> None:
    answer = town.client("owner", **{"accept-language": "id"}).post(f"{AT}/test", json={"reach": reach})
    told = problem(answer, 422, "reach_invalid")["detail"]
    assert why in told
    assert not re.search(r"\b(the|address|camera)\b", told)


def test_who_writes_half_of_user_and_password_keeps_the_other(town: Town) -> None:
    made = camera(town, reach={"url": "rtsp://10.0.0.9/a", "user": "u", "password": "lama"})

    def changed(**reach: Any) -> tuple[str, str]:
        answer = town.client("owner").patch(f"{AT}/{made['id']}", json={"reach": reach})
        assert answer.status_code == 200, answer.text
        with town.city.parts.database.read() as db:
            kept = reach_of(town.city.parts, db, db.query(Camera).one())[0].credentials
        assert kept is not None
        return kept.user, kept.password

    assert changed(url="rtsp://10.0.0.9/b", password="baru") == ("u", "baru")
    assert changed(url="rtsp://10.0.0.9/b", user="lain") == ("lain", "baru")
    assert changed(url="rtsp://10.0.0.10/b", password="x") == ("", "x")  # another host hears nothing of what is kept


def test_a_change_is_tried_with_what_would_stay_of_user_and_password(town: Town, web: HttpCamera) -> None:
    made = camera(town, reach={"url": web.url("/still.jpg"), "user": USER, "password": PASSWORD})
    other = camera(town, reach={"url": "http://127.0.0.1:1/", "user": USER, "password": PASSWORD})

    def state(camera: str, **reach: str) -> str:
        body = {"reach": {"url": web.url("/basic.jpg"), **reach}, "camera": camera}
        return str(town.client("owner").post(f"{AT}/test", json=body).json()["state"])

    assert (state(made["id"]), state(made["id"], password=PASSWORD)) == ("ok", "ok")
    assert state(made["id"], password="salah") == "password_refused"
    assert state(other["id"]) == "password_refused"
    body = {"reach": {"url": web.url("/basic.jpg")}, "camera": made["id"]}
    problem(town.client("roads").post(f"{AT}/test", json=body), 403, "register_not_yours")
