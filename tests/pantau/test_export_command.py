"""Incidents from the command line: the format by the file's name, whole or not at all, and told in sentences."""

import csv
import json
from io import StringIO

import pyogrio
import pytest

from storage.database import open_database
from tests.pantau.terminal import Terminal
from tests.storage.samples import complaint, people, photo


@pytest.fixture
def housed(terminal: Terminal) -> Terminal:
    """An installation with two complaints, one of them in confidence, and a photo."""
    terminal.done("migrate")
    with open_database(f"sqlite:///{terminal.folder / 'data' / 'pantau.db'}") as database, database.write() as db:
        people(db)
        db.add(complaint(114.0, -8.0, description="=1+1"))
        db.add(complaint(114.0, -8.0, confidential=True))
        db.add(photo(114.1, -8.1))
    return terminal


def test_a_files_name_says_its_format(housed: Terminal) -> None:
    said = housed.done("export", "semua.gpkg", "--since", "2026-11-01")
    assert said.err.strip().endswith("semua.gpkg: 2 incidents")
    assert pyogrio.read_info(housed.folder / "semua.gpkg", force_feature_count=True)["features"] == 2
    housed.done("export", "titik", "--format", "geojson", "--kind", "complaint")
    assert len(json.loads((housed.folder / "titik").read_text())["features"]) == 1
    printed = housed.done("export", "-", "--format", "csv", "--kind", "complaint")
    (row,) = csv.DictReader(StringIO(printed.out))
    assert (row["title"], printed.err) == ("'=1+1", "")
    assert sorted(path.name for path in housed.folder.glob("*pantau-*")) == []


def test_what_cannot_be_is_told_and_leaves_what_was_there(housed: Terminal) -> None:
    (housed.folder / "lama.csv").write_text("lama")
    for words, told in (
        (("lama.zip",), "what is lama.zip to be?"),
        (("-", "--format", "geopackage"), "geopackage cannot be written to the standard output"),
        (("lama.csv", "--bbox", "1,2,3"), "bbox"),
        (("lama.csv", "--near", "114,-8"), "near and radius_m go together"),
        (("lama.csv", "--area", "99"), "'99' is no area's code"),
        (("lama.csv", "--area", "35.10"), "There is no area 35.10 here"),
        (("lama.csv", "--language", "fr"), "the language is id or en"),
    ):
        said = housed("export", *words)
        assert (said.code, told in said.err) == (1, True), said.err
    assert (housed.folder / "lama.csv").read_text() == "lama"
