"""A password planted in a camera is found nowhere that the system emits: answers, logs, exports, tables, traces."""

import logging
import re
import sqlite3
import traceback
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from api.app import doors
from api.openapi import api_routes
from ingest.cameras import letters
from ingest.cameras.secrets import KeyUnknown
from ingest.cameras.ways import Way, reach_of
from storage.tables import Camera
from tests.api.test_cameras import AT, body, camera, web
from tests.api.test_permits import PBG, registered
from tests.api.town import Town
from tests.ingest.city import HERE
from tests.servers.http_camera import HttpCamera
from tests.storage.pairs import Pair

__all__ = ["web"]

USER, PLANTED = "pemilik-tertanam", "Sandi@tertanam:7#x"
FORMS = [
    PLANTED,
    USER,
    quote(PLANTED, safe=""),
    quote(PLANTED),
    b64encode(PLANTED.encode()).decode().rstrip("="),
    b64encode(f"{USER}:{PLANTED}".encode()).decode().rstrip("="),
]


def traces(text: str | bytes) -> list[str]:
    """The forms of user and password that stand in a text or in bytes."""
    content = text if isinstance(text, bytes) else text.encode()
    return [form for form in FORMS if form.encode() in content]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that any logger says, at its most talkative."""
    caplog.set_level(logging.DEBUG)
    yield caplog


def reaches(web: HttpCamera) -> list[dict[str, Any]]:
    """Ways of writing the password down, in addresses that answer, refuse, stall and do not exist."""
    inside = f"{quote(USER)}:{quote(PLANTED, safe='')}@"
    plain = {"user": USER, "password": PLANTED}
    return [
        {"url": web.url("/basic.jpg"), **plain},
        {"url": web.url("/digest/MD5"), **plain},
        {"url": web.url("/still.jpg").replace("//", f"//{inside}")},
        {"url": web.url("/still.jpg").replace("//", f"//{USER}:{PLANTED}@")},
        {"url": web.url(f"/still.jpg?usr={quote(USER)}&pwd={quote(PLANTED, safe='')}")},
        {"url": f"rtsp://127.0.0.1:{web.port}/user={quote(USER)}_password={quote(PLANTED, safe='')}_channel=1?real"},
        {"url": web.url("/still.jpg").replace("//", f"//{USER}:9/{PLANTED}@")},
        {"url": web.url("/page.html"), **plain},
        {"url": f"rtsp://{inside}127.0.0.1:{web.port}/v"},
        {"url": f"rtsp://{USER}:{PLANTED}@127.0.0.1:{web.port}/v", "door": "rtsp"},
        {"url": f"http://{inside}169.254.169.254/"},
        {"url": f"ftp://{inside}kamera/"},
        {"url": f"http://{inside}[/", "door": "http"},
        {"url": f"http://{USER}:{PLANTED}", "door": "http"},
        {"url": web.url("/basic.jpg"), "user": USER, "password": PLANTED * 40},
        {"url": web.url("/basic.jpg"), "user": [USER], "password": {"a": PLANTED}},
        {"url": web.url("/basic.jpg"), "door": PLANTED, "sandi": PLANTED, "password": PLANTED},
        {"url": web.url("/basic.jpg"), "certificate": PLANTED, "password": PLANTED},
    ]


def test_no_answer_and_no_log_holds_it(town: Town, web: HttpCamera, log: pytest.LogCaptureFixture) -> None:
    registered(town)
    owner, emitted = town.client("owner"), []
    ids = []
    for reach in reaches(web):
        emitted.append(owner.post(f"{AT}/test", json={"reach": reach}))
        made = owner.post(AT, json=body(reach=reach, permit=PBG))
        emitted.append(made)
        if made.status_code == 201:
            ids.append(made.json()["id"])
            emitted += [owner.post(f"{AT}/{ids[-1]}/test"), owner.patch(f"{AT}/{ids[-1]}", json={"reach": reach})]
    assert len(ids) > 5
    emitted.append(owner.post(AT, content=f'{{"reach": {{"password": "{PLANTED}"'.encode()))
    table = f"nomor,pemilik\n{PBG},PT\n"
    emitted.append(town.client("command").post("/api/v1/permits/import", content=table.encode()))
    for who in (None, "owner", "officer", "roads", "command", "administrator"):
        client = town.client(who)
        for route in api_routes(doors()):
            if "GET" not in (route.methods or ()) or route.path == "/api/v1/ready":
                continue
            path = str(route.path).replace("{number:path}", PBG).replace("{camera_id}", ids[0])
            # What follows changes for ever tells where it is and ends.
            at_once = {"seconds": "0"} if path.endswith("/stream") else {}
            emitted.append(client.get(re.sub(r"{(\w+)}", ids[0], path), params=at_once))
    for answer in emitted:
        found = traces(answer.content) + traces(str(answer.headers))
        assert not found, (answer.request.url, found)
    ours = [record for record in log.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    for record in ours:
        told = f"{record.getMessage()} {record.__dict__}"
        assert not traces(told), record.name


def test_no_table_and_no_file_holds_it(town: Town, pair: Pair) -> None:
    inside = {"url": f"rtsp://{quote(USER)}:{quote(PLANTED, safe='')}@kamera.example/v"}
    camera(town, reach=inside)
    camera(town, reach={"url": f"rtsp://kamera.example/user={quote(USER)}&password={quote(PLANTED)}&channel=1"})
    made = camera(town, reach={"url": "rtsp://kamera.example/v", "user": USER, "password": PLANTED})
    town.client("owner").patch(f"{AT}/{made['id']}", json={"reach": inside})
    with town.city.parts.database.read() as db:
        assert all(row.secret for row in db.query(Camera))
    for file in (path for path in pair.folder.rglob("*") if path.is_file()):
        assert not traces(file.read_bytes()), file
    if pair.url.startswith("sqlite"):
        with sqlite3.connect(f"file:{pair.folder / 'pantau.db'}?mode=ro", uri=True) as kept:
            dumped = "\n".join(kept.iterdump())
        kept.close()
    else:
        with psycopg.connect(pair.url.replace("+psycopg", "")) as kept_there:
            names = kept_there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            rows = [kept_there.execute(f'SELECT t::text FROM "{name}" t').fetchall() for (name,) in names]
        dumped = str(rows)
    assert "kamera.example" in dumped
    assert not traces(dumped)
    for form in FORMS:
        assert form.encode().hex() not in dumped.lower()


def test_no_repr_no_trace_and_no_letter_holds_it(town: Town) -> None:
    way = Way("http://kamera.example/", None, USER, PLANTED)
    made = camera(town, reach={"url": "http://kamera.example/", "user": USER, "password": PLANTED})
    with town.city.parts.database.read() as db:
        row = db.query(Camera).one()
        reach, _ = reach_of(town.city.parts, db, row)
        assert reach.credentials is not None
        assert reach.credentials.password == PLANTED
        assert PLANTED not in repr((way, reach, row, town.city.parts))
        assert USER not in repr((way, row))
        db.expunge(row)
    row.secret = (row.secret or b"")[:-1] + b"\0\0"
    try:
        with town.city.parts.database.read() as db:
            reach_of(town.city.parts, db, row)
    except KeyUnknown as error:
        assert not traces("".join(traceback.format_exception(error)))
    else:
        pytest.fail("a secret that was tampered with was opened")
    registered(town, lon=HERE[0], lat=HERE[1])
    town.client("owner").patch(f"{AT}/{made['id']}", json={"permit": PBG})
    assert not traces(town.client("owner").get(f"/api/v1/permits/{PBG}/letter.pdf").content)
    assert letters.__name__


def test_the_description_shows_no_secret_in_any_answer() -> None:
    schemas = doors().openapi()["components"]["schemas"]
    for name, schema in schemas.items():
        if not name.endswith("In"):
            assert not {"password", "secret", "user"} & set(schema.get("properties", {})) or name == "TokenMade", name
