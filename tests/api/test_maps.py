"""Maps drawn for elsewhere, and the QR codes that lead to complaints."""

import asyncio
import io
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from api.maps.desk import MOST_WAITING, Desk
from api.problems import Problem
from cases.access import Sight, sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from geo.distance import offset
from ingest.complaints import Opening, open_complaint
from ingest.maps import symbols
from ingest.maps.drawing import draw
from ingest.maps.laying import Format, lay
from ingest.maps.sheet import Sheet
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE
from tests.storage.pairs import on_sqlite
from tests.storage.samples import complaint

DISTRICT = "99.01.02"
MAP = f"/api/v1/areas/{DISTRICT}/map.png"
WANTED = Format(640, 480, 1, "Wanasegara", "en")


def filled(town: Town) -> dict[str, Any]:
    """Complaints in a heap and one alone, which is given back; one without a place; a photo, and one in confidence."""
    for each in range(6):
        town.open(category="pothole", lon=HERE[0], lat=HERE[1], description=f"lubang {each}")
    lon, lat = offset(*HERE, 3_000, 0)
    alone = town.open(category="illegal_dumping", lon=lon, lat=lat)
    with town.city.parts.database.write() as db:
        db.add(complaint(category_code="pothole", agency_code="bina_marga", area_code=VILLAGE))
    town.send("colleague", lon=lon, lat=lat, category="illegal_levy", seed=1)
    town.send("colleague", lon=lon, lat=lat, category="illegal_dumping", seed=2)
    return alone


def sheet(town: Town, who: str | None, **question: Any) -> Sheet:
    seen: Sight = sight(town.city.people[who]) if who else Sight(None, False, None, None, frozenset(), details=False)
    return lay(town.city.parts, DISTRICT, Question(**question), seen, WANTED)


def picture(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def test_everything_that_somebody_may_see_is_on_the_map_once(town: Town) -> None:
    filled(town)
    everyone = {who: sheet(town, who) for who in (None, "command", "inspector", "roads")}
    complaints = {who: one.marks.by_group.get(Status.RECEIVED, 0) for who, one in everyone.items()}
    photos = {who: one.marks.by_group.get(IncidentKind.PHOTO, 0) for who, one in everyone.items()}
    counted = {}
    for who, drawn in everyone.items():
        listed = town.client(who).get(f"/api/v1/incidents?area={DISTRICT}&kind=complaint").json()["features"]
        counted[who] = sum(one["geometry"] is not None for one in listed)
        unplaced = any("1 more without a place" in line for line in drawn.lines)
        assert len(listed) == counted[who] + unplaced, who
        assert unplaced == (who != "inspector")
    assert complaints == counted
    assert photos == {None: 0, "command": 1, "inspector": 1, "roads": 0}
    assert len({one.digest for one in everyone.values()}) == 4
    narrowed = sheet(town, "command", categories=frozenset({"illegal_dumping"}))
    assert dict(narrowed.marks.by_group) == {Status.RECEIVED: 1, IncidentKind.PHOTO: 1}
    assert [part.name for part in narrowed.parts] != []
    empty = sheet(town, "command", statuses=frozenset({Status.REJECTED}))
    assert empty.lines[-1] == "no incidents"


def test_a_map_is_drawn_as_large_as_asked_and_only_when_something_changed(town: Town) -> None:
    filled(town)
    client = town.client("command")
    answer = client.get(MAP)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert picture(answer.content).size == (1000, 760)
    assert picture(client.get(f"{MAP}?width=400&height=300&scale=2").content).size == (800, 600)
    etag = {"if-none-match": answer.headers["etag"]}
    assert client.get(MAP, headers=etag).status_code == 304
    assert town.client().get(MAP, headers=etag).status_code == 200
    assert client.get(MAP, headers=etag | {"accept-language": "id"}).status_code == 200
    town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    after = client.get(MAP, headers=etag)
    assert after.status_code == 200
    assert after.content != answer.content
    town.city.clock.wait(days=1)
    assert client.get(MAP, headers={"if-none-match": after.headers["etag"]}).status_code == 200


@on_sqlite
def test_what_cannot_be_drawn_is_told(town: Town) -> None:
    client = town.client()
    problem(client.get(MAP.replace(DISTRICT, "99.09")), 404, "not_found")
    for wrong in ("width=319", "height=2001", "width=1200&scale=2", "scale=3", "area=99.01", "colour=red", "bbox=1,2"):
        problem(client.get(f"{MAP}?{wrong}"), 422, "invalid")
    for code in (DISTRICT, VILLAGE):
        assert client.get(MAP.replace(DISTRICT, code)).status_code == 200


@on_sqlite
def test_a_map_shows_its_incidents(town: Town) -> None:
    """Where the heap lies the picture is another than where nothing lies, and its number is drawn."""
    filled(town)
    full, none = sheet(town, "command"), sheet(town, "command", statuses=frozenset({Status.REJECTED}))
    with_marks = np.asarray(picture(draw(full)), dtype=np.int16)
    without = np.asarray(picture(draw(replace(none, lines=full.lines, legend=full.legend))), dtype=np.int16)
    changed = np.abs(with_marks - without).max(axis=2) > 30
    assert 300 < changed.sum() < 8_000
    received = (np.abs(with_marks - np.array((166, 75, 0))).max(axis=2) < 12).sum()
    assert received > 100
    assert draw(full) == draw(full)
    # What lies beyond the picture is shown at its edge.
    away = replace(full, marks=replace(full.marks, lons=full.marks.lons + 10))
    beyond = np.abs(np.asarray(picture(draw(away)), dtype=np.int16) - without).max(axis=2) > 30
    assert 100 < beyond.sum() < 8_000


@pytest.mark.unit
def test_numbers_stay_short() -> None:
    assert [symbols.told(count) for count in (1, 999, 9_999, 15_400, 2_100_000)] == ["1", "999", "9999", "15k", "2M"]


@on_sqlite
def test_too_many_maps_at_once_are_told_to_wait(town: Town) -> None:
    desk, drawn = Desk(), sheet(town, None)

    async def ask() -> list[Any]:
        asked = [desk.picture(replace(drawn, title=f"map {each}")) for each in range(MOST_WAITING + 3)]
        return await asyncio.gather(*asked, return_exceptions=True)

    found = asyncio.run(ask())
    refused = [one for one in found if isinstance(one, Problem)]
    assert len(refused) == 3
    assert all((one.status_code, one.code) == (503, "busy_drawing") for one in refused)
    assert all(one[:4] == b"\x89PNG" for one in found if isinstance(one, bytes))


def read(content: bytes) -> str:
    """What a phone reads from the code, which it sees from nearer and farther until it can."""
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    for reader in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
        for larger in (1.0, 2.0, 1.5, 0.7, 3.0):
            seen = cv2.resize(image, None, fx=larger, fy=larger, interpolation=cv2.INTER_LINEAR)
            text = str(
                reader.detectAndDecode(cv2.copyMakeBorder(seen, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255))[0]
            )
            if text:
                return text
    return ""


def test_the_qr_code_of_a_complaint_leads_to_its_page(town: Town) -> None:
    alone = filled(town)
    at, page = f"/api/v1/complaints/{alone['reference']}", f"http://testserver/aduan/{alone['reference']}"
    for client in (town.client(), town.client("command")):
        for scale in (3, 8, 20):
            answer = client.get(f"{at}/qr.png?scale={scale}")
            assert answer.headers["content-type"] == "image/png"
            assert read(answer.content) == page
        svg = client.get(f"{at}/qr.svg")
        assert svg.headers["content-type"].startswith("image/svg+xml")
        assert f"<title>{page}</title>" in svg.text
        assert client.get(f"{at}/qr.svg", headers={"if-none-match": svg.headers["etag"]}).status_code == 304
    problem(town.client().get(f"{at}/qr.png?scale=99"), 422, "invalid")
    moved = town.rebuilt(public_url="https://pantau.kota.example").client()
    assert read(moved.get(f"{at}/qr.png").content) == f"https://pantau.kota.example/aduan/{alone['reference']}"


def test_a_complaint_in_confidence_has_no_code_for_others(town: Town) -> None:
    opening = Opening(category="illegal_levy", lon=HERE[0], lat=HERE[1])
    secret, _ = open_complaint(town.city.parts, town.city.people["inspector"], opening)
    for kind in ("svg", "png"):
        at = f"/api/v1/complaints/{secret.reference}/qr.{kind}"
        for who in (None, "officer", "command"):
            problem(town.client(who).get(at), 404, "complaint_unknown")
        assert town.client("inspector").get(at).status_code == 200
