"""Areas and roads taken in, asked for, taken in again; and what lay in them placed anew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import LineString, MultiPolygon, box
from sqlalchemy import text

from cases.words import LocationSource
from geo.areas import Area, Level
from geo.roads import RoadLine
from storage import areas, placing, roads
from storage.areas import AreaBook, Saved, save
from storage.tables import Complaint, Photo
from tests.storage import samples
from tests.storage.pairs import POSTGRES_S3, Pair
from tests.storage.samples import NOW, square

LATER = NOW + timedelta(days=1)
EAST, WEST = "35.10.01.1001", "35.10.01.1002"


def city() -> list[Area]:
    """A regency with one district of two square villages side by side, and with another district."""
    return [
        square("35.10", 114.0, -8.0, 0.02, "Banyuwangi"),
        square("35.10.01", 114.0, -8.0, 0.02, "Kota"),
        square("35.10.02", 114.02, -8.0, 0.01, "Pesisir"),
        square(WEST, 114.0, -8.0, 0.01, "Barat"),
        square(EAST, 114.01, -8.0, 0.01, "Timur"),
    ]


def taken_in(pair: Pair, given: list[Area]) -> Saved:
    with pair.database.write() as db:
        return save(db, given, NOW)


def test_areas_come_back_as_they_went_in(pair: Pair) -> None:
    given = [*city(), replace(square("35.10.03", 115, -8), kind="kecamatan", geometry=MultiPolygon([box(0, 0, 1, 1)]))]
    assert taken_in(pair, given) == Saved(6, 0, 0, 0)
    with pair.database.read() as db:
        assert areas.load(db) == sorted(given, key=lambda area: area.code)
        assert areas.one(db, EAST) == given[4]
        assert areas.one(db, "35.10.99") is None


def test_the_same_areas_again_change_nothing(pair: Pair) -> None:
    taken_in(pair, city())
    book = AreaBook(pair.database)
    index = book.index()
    assert taken_in(pair, city()) == Saved(0, 0, 5, 0)
    book.forget()
    assert book.index() is index


def test_new_borders_change_areas_and_what_vanished_goes(pair: Pair) -> None:
    taken_in(pair, city())
    moved = [replace(area, name="Barat Daya") if area.code == WEST else area for area in city()[:4]]
    moved.append(square("35.10.01.1003", 114.01, -8.0))
    assert taken_in(pair, moved) == Saved(1, 1, 3, 1)
    with pair.database.read() as db:
        assert {area.code: area.name for area in areas.load(db)}[WEST] == "Barat Daya"
        assert areas.one(db, EAST) is None


def test_a_file_of_districts_or_of_a_neighbour_removes_nothing_else(pair: Pair) -> None:
    taken_in(pair, city())
    assert taken_in(pair, city()[:3]) == Saved(0, 0, 3, 0)
    assert taken_in(pair, [square("35.11", 115.0, -8.0), square("35.11.01", 115.0, -8.0)]) == Saved(2, 0, 0, 0)
    assert taken_in(pair, city()[:2]) == Saved(0, 0, 2, 1)
    with pair.database.read() as db:
        left = [area.code for area in areas.load(db)]
    assert left == ["35.10", "35.10.01", EAST, WEST, "35.11", "35.11.01"]


def test_areas_are_listed_by_level_and_by_what_holds_them(pair: Pair) -> None:
    taken_in(pair, city())
    with pair.database.read() as db:
        assert [row.code for row in areas.listed(db)] == [area.code for area in sorted(city(), key=lambda a: a.code)]
        assert [row.name for row in areas.listed(db, Level.VILLAGE)] == ["Timur", "Barat"]
        assert [row.code for row in areas.listed(db, Level.DISTRICT, "35.10")] == ["35.10.01", "35.10.02"]
        assert [row.code for row in areas.listed(db, parent="35.10.01")] == [EAST, WEST]
        assert areas.listed(db, parent=EAST) == []


def test_the_book_follows_what_another_process_takes_in(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    book = AreaBook(pair.database)
    assert book.index().at(114.005, -7.995) is None
    taken_in(pair, city())
    assert len(book.index()) == 0
    book.forget()
    assert book.index().at(114.005, -7.995) == WEST
    monkeypatch.setattr(areas, "_LOOK_EVERY_S", 0.0)
    book.forget()
    book.index()
    taken_in(pair, [*city()[:3], square(EAST, 114.0, -8.0)])
    assert book.index().at(114.005, -7.995) == EAST


def test_what_lay_in_the_old_areas_is_placed_anew(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "_BATCH", 2)
    inside = (114.005, -7.995)
    rows = {
        "unplaced": samples.complaint(*inside),
        "right": samples.complaint(*inside, area_code=WEST),
        "wrong": samples.complaint(*inside, area_code=EAST),
        "outside": samples.complaint(100.0, 0.0, area_code=EAST),
        "by area": samples.complaint(*inside, area_code=EAST, location_source=LocationSource.AREA),
        "nowhere": samples.complaint(area_code=EAST),
    }
    photos = {"pinned": samples.photo(*inside), "nowhere": samples.photo()}
    with pair.database.write() as db:
        samples.people(db)
        db.add_all([*rows.values(), *photos.values()])
        save(db, city(), NOW)
    assert placing.replace_places(pair.database, LATER) == 4
    with pair.database.read() as db:
        after = {name: db.get_one(Complaint, row.id) for name, row in rows.items()}
        assert {name: row.area_code for name, row in after.items()} == {
            "unplaced": WEST,
            "right": WEST,
            "wrong": WEST,
            "outside": None,
            "by area": EAST,
            "nowhere": EAST,
        }
        assert {name for name, row in after.items() if row.updated_at == LATER} == {"unplaced", "wrong", "outside"}
        assert {name: db.get_one(Photo, row.id).area_code for name, row in photos.items()} == {
            "pinned": WEST,
            "nowhere": None,
        }
    assert placing.replace_places(pair.database, LATER) == 0


@pytest.mark.parametrize("pair", [POSTGRES_S3], indirect=True)
def test_postgis_sees_the_same_places(pair: Pair) -> None:
    with pair.database.write() as db:
        samples.people(db)
        save(db, city(), NOW)
        db.add_all([samples.complaint(114.005, -7.995), samples.complaint(), samples.photo(114.015, -7.995)])
        db.flush()
        inside = "SELECT area.code FROM area, {} AS t WHERE area.level = 'village' AND ST_Contains(area.geom, t.geom)"
        assert list(db.execute(text(inside.format("complaint"))).scalars()) == [WEST]
        assert list(db.execute(text(inside.format("photo"))).scalars()) == [EAST]


def test_roads_replace_the_roads_there_were(pair: Pair) -> None:
    lines = [
        RoadLine("Jl. Ahmad Yani", "trunk", LineString([(114.0, -8.0), (114.01, -8.0)])),
        RoadLine("", "residential", LineString([(114.0, -8.0), (114.0, -7.9), (114.1, -7.9)])),
    ]
    with pair.database.write() as db:
        assert roads.replace(db, lines) == 2
    with pair.database.read() as db:
        assert roads.listed(db) == lines
    with pair.database.write() as db:
        assert roads.replace(db, []) == 0
        assert roads.listed(db) == []
