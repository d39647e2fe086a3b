"""What people wrote, in the formats that leave: read back by each format's own reader, it is text and nothing more."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cases.exports import FORMS, by_ending
from cases.incidents import Box, Circle, Question
from cases.words import ExportFormat, IncidentKind, Status
from ingest.exports import geojson
from ingest.exports.kml import placemarks
from ingest.exports.sheet import harmless, sheet
from ingest.exports.table import FIELDS, TIMES, Columns, Reading
from ingest.exports.wanted import Wanted

pytestmark = pytest.mark.unit

READING = Reading("id", ZoneInfo("Asia/Jakarta"), {"pothole": "Jalan berlubang"}, {"bina_marga": "Bina Marga"})
ENGLISH = replace(READING, language="en")
NOON = 1_763_614_800_000_000
"""2025-11-20T05:00:00Z in microseconds."""

HOSTILE = (
    "=1+1",
    "+62812",
    "-1",
    "@SUM(A1)",
    "\t=cmd|'/C calc'!A0",
    "\r=1",
    ' "=1"',
    "＝1＋1",
    'x;=HYPERLINK("http://evil.example")',
    'x,"=1"',
    "baris\n=1",
    "</description><script>alert(1)</script>",
    "<![CDATA[ ]]> & &amp; $[name]",
    "\x00\x0b\ufffe",
    'kata "kutip"',
    "Jalan Mawar 🚧 \u202e",
)
SIGN = re.compile(r"^[\"\s]*[=+\-@＝＋－＠]")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(HOSTILE)


def piece(*titles: str, **same: Any) -> Columns:
    """A piece with one complaint for each title."""
    row: dict[str, Any] = dict.fromkeys(FIELDS) | {
        "kind": "complaint",
        "reference": "K7M4Q-7XP2T",
        "id": "complaint:K7M4Q-7XP2T",
        "category": "pothole",
        "status": "received",
        "agency": "bina_marga",
        "overdue": True,
        "radius_m": 12.5,
        "time": NOON,
        "updated_at": NOON + 1,
        "lon": 114.25,
        "lat": -8.5,
    }
    return {name: [value] * len(titles) for name, value in (row | same).items()} | {"title": list(titles)}


def table(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode().removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def written(*titles: str, reading: Reading | None = None, excel: bool = False, **same: Any) -> bytes:
    return b"".join(sheet([piece(*titles, **same)], reading, excel=excel))


def test_a_table_for_programs_has_names_codes_and_utc() -> None:
    header, row = table(written("Lubang, besar\ndi jalan"))
    assert header == list(FIELDS)
    told = dict(zip(header, row, strict=True))
    assert told["title"] == "Lubang, besar\ndi jalan"
    assert (told["lon"], told["lat"], told["radius_m"]) == ("114.25", "-8.5", "12.5")
    assert (told["time"], told["updated_at"]) == ("2025-11-20T05:00:00Z", "2025-11-20T05:00:00.000001Z")
    assert (told["overdue"], told["status"], told["due_at"], told["camera"]) == ("true", "received", "", "")


def test_a_table_for_people_speaks_their_language_and_their_clock() -> None:
    header, row = table(written("x", reading=READING))
    told = dict(zip(header, row, strict=True))
    assert told["Waktu (Asia/Jakarta)"] == "2025-11-20 12:00:00"
    assert (told["Kategori"], told["Dinas"], told["Terlambat"]) == ("Jalan berlubang", "Bina Marga", "ya")
    assert told["Status"] == "diterima"
    header, row = table(written("x", reading=ENGLISH))
    assert dict(zip(header, row, strict=True))["Overdue"] == "yes"
    assert len(set(header)) == len(FIELDS)


def test_excel_gets_its_mark_and_the_separators_of_its_language() -> None:
    assert not written("x").startswith(b"\xef\xbb\xbf")
    for reading, separator, lon in ((None, ",", "114.25"), (ENGLISH, ",", "114.25"), (READING, ";", "114,25")):
        content = written("x", reading=reading, excel=True)
        assert content.startswith(b"\xef\xbb\xbf")
        assert table(content, separator)[1][FIELDS.index("lon")] == lon


@given(st.lists(texts, min_size=1, max_size=3), st.sampled_from([None, READING]))
def test_no_cell_is_calculated_however_the_file_is_opened(titles: list[str], reading: Reading | None) -> None:
    content = written(*titles, reading=reading, lon=None, lat=None, radius_m=None)
    at = FIELDS.index("title")
    rows = table(content)
    assert len(rows) == len(titles) + 1
    assert not [row[at] for row in rows if SIGN.match(row[at])]
    # Opened as if the separator were another, quotes mean nothing and every line and separator begins a cell.
    for separator in ";\t|":
        for line in re.split(r"[\r\n]", content.decode()):
            assert not [cell for cell in line.split(separator) if SIGN.match(cell)]


@given(texts)
def test_what_was_written_stays_but_for_apostrophes(text: str) -> None:
    assert harmless(text).replace("'", "") == text.replace("'", "")
    assert harmless(harmless(text)) == harmless(text)


def marks(*titles: str, **same: Any) -> Iterator[ElementTree.Element]:
    document = b"".join(placemarks([piece(*titles, **same)], READING))
    return ElementTree.fromstring(document).iter("{http://www.opengis.net/kml/2.2}Placemark")


def child(mark: ElementTree.Element, path: str) -> str:
    return mark.findtext("/".join(f"{{http://www.opengis.net/kml/2.2}}{step}" for step in path.split("/"))) or ""


@given(st.lists(texts, min_size=1, max_size=3))
def test_kml_is_xml_whatever_people_wrote_and_shows_no_markup_of_theirs(titles: list[str]) -> None:
    for mark, title in zip(marks(*titles), titles, strict=True):
        # As HTML, which is what a phone makes of it, there is no tag in it.
        shown = child(mark, "description")
        assert "<" not in shown
        if not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff\r]", title):
            assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == title


def test_a_placemark_tells_what_it_is_where_and_when() -> None:
    (mark,) = marks("x")
    assert child(mark, "name") == "Jalan berlubang · K7M4Q-7XP2T"
    assert child(mark, "Point/coordinates") == "114.25,-8.5"
    assert child(mark, "TimeStamp/when") == "2025-11-20T05:00:00Z"
    assert child(mark, "styleUrl") == "#received"
    told = {data.get("name"): data[1].text for data in mark.iter("{http://www.opengis.net/kml/2.2}Data")}
    assert (told["status"], told["time"]) == ("diterima", "2025-11-20 12:00:00")
    (nowhere,) = marks("x", lon=None, lat=None)
    assert nowhere.find("{http://www.opengis.net/kml/2.2}Point") is None


@given(st.lists(texts, max_size=3))
def test_geojson_holds_the_very_words_in_one_collection_or_a_line_each(titles: list[str]) -> None:
    pieces = [piece(*titles)] if titles else []
    whole = json.loads(b"".join(geojson.collection(pieces)))
    lines = [json.loads(line) for line in b"".join(geojson.sequence(pieces)).split(b"\n") if line]
    assert whole["features"] == lines
    assert whole["numberReturned"] == len(titles)
    assert [one["properties"]["title"] for one in lines] == titles
    assert all(one["properties"]["due_at"] is None for one in lines)


def test_a_collection_that_broke_off_is_no_json() -> None:
    broken = geojson.collection(piece("x") for _ in range(2))
    with pytest.raises(json.JSONDecodeError):
        json.loads(next(broken) + next(broken))


WHEN = datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "question",
    [
        Question(),
        Question(area="35.10", box=Box(1, 2, 3, 4), since=WHEN, until=WHEN + timedelta(days=1), text="x%"),
        Question(circle=Circle(1, 2, 3.5), shape=shapely.box(0, 0, 1, 1), overdue=False, agency="dlh"),
        Question(categories=frozenset({"a", "b"}), statuses=frozenset(Status), kinds=frozenset(IncidentKind)),
    ],
)
def test_a_question_is_the_same_after_it_was_kept(question: Question) -> None:
    wanted = Wanted(ExportFormat.CSV, question, "en", excel=True)
    assert Wanted.of(ExportFormat.CSV, json.loads(json.dumps(wanted.kept()))) == wanted


def test_every_field_of_a_question_is_kept() -> None:
    """A filter that came later must not be lost on the way: the file would hold more than was asked for."""
    paging, not_asked_here = {"sort", "limit", "after"}, {"among", "filter"}
    assert {field.name for field in fields(Question)} - paging - not_asked_here <= set(
        Wanted(ExportFormat.CSV, Question()).kept()
    )


def test_a_files_name_tells_its_format() -> None:
    for format_, form in FORMS.items():
        assert by_ending(f"a.b.{form.ending}") is format_
    assert by_ending("a.zip") is None
    assert set(FIELDS) > TIMES
