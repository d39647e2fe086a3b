"""Cameras that want user and password in the path or query of their address: sealed as any other, and kept alike."""

from typing import Any

from ingest.cameras.ways import reach_of
from storage.tables import Camera
from tests.api.test_cameras import AT, camera, web
from tests.api.town import Town, problem
from tests.servers.http_camera import HttpCamera

__all__ = ["web"]


def test_what_stands_inside_an_address_is_sealed_and_sent_to_the_camera_alone(town: Town, web: HttpCamera) -> None:
    owner, whole = town.client("owner"), "/still.jpg?usr=saya&pwd=rahasia&ch=1"
    assert owner.post(f"{AT}/test", json={"reach": {"url": web.url(whole)}}).json()["ok"]
    assert web.asked[-1] == (whole, "")
    made = camera(town, reach={"url": web.url(whole)})
    bare = web.url("/still.jpg?usr=&pwd=&ch=1")
    assert (made["reach"]["url"], made["reach"]["has_password"]) == (bare, True)
    assert owner.post(f"{AT}/{made['id']}/test").json()["ok"]
    assert web.asked[-1] == (whole, "")

    def tried(url: str) -> str:
        owner.post(f"{AT}/test", json={"reach": {"url": url}, "camera": made["id"]}).raise_for_status()
        return web.asked[-1][0]

    def changed(url: str, **more: Any) -> str:
        owner.patch(f"{AT}/{made['id']}", json={"reach": {"url": url, **more}}).raise_for_status()
        with town.city.parts.database.read() as db:
            return reach_of(town.city.parts, db, db.query(Camera).one())[0].address().target

    assert tried(bare) == whole
    assert tried(web.url("/still.jpg?usr=lain&pwd=")) == "/still.jpg?usr=lain&pwd=rahasia"
    assert changed(web.url("/full.jpg?usr=&pwd=&ch=2")) == "/full.jpg?usr=saya&pwd=rahasia&ch=2"
    assert changed(web.url("/full.jpg?usr=&pwd=baru")) == "/full.jpg?usr=saya&pwd=baru"
    assert changed(web.url("/basic.jpg"), user="u", password="p") == "/basic.jpg"
    assert changed("http://lain.example/full.jpg?usr=&pwd=") == "/full.jpg?usr=&pwd="


def test_a_password_whose_key_is_lost_is_asked_for_anew_and_taken(town: Town, web: HttpCamera) -> None:
    owner = town.client("owner", **{"accept-language": "id"})
    made = camera(town, reach={"url": web.url("/still.jpg?usr=saya&pwd=rahasia"), "user": "u", "password": "p"})
    with town.city.parts.database.write() as db:
        kept = db.query(Camera).one()
        kept.secret = (kept.secret or b"")[:-1] + b"\0\0"
    at, bare = f"{AT}/{made['id']}", web.url("/still.jpg?usr=&pwd=")
    for told in (
        owner.post(f"{at}/test"),
        owner.post(f"{AT}/test", json={"reach": {"url": bare}, "camera": made["id"]}),
        owner.patch(at, json={"reach": {"url": bare, "user": "u"}}),
    ):
        assert "Isi kembali" in problem(told, 409, "password_lost")["detail"]
    whole = web.url("/still.jpg?usr=saya&pwd=baru")
    owner.patch(at, json={"reach": {"url": whole}}).raise_for_status()
    assert owner.post(f"{at}/test").json()["ok"]
