"""A file that holds what is deleted, hidden or beyond its asker by now is withdrawn; any other stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from cases import exports as kept
from cases.words import ExportState, Status
from storage import changes, exports
from storage.tables import Account, Camera, Category, Complaint, Export, Photo
from tests.api.exports.taken import fetched
from tests.api.exports.test_owned import sweep
from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite

Deed = Callable[[Town], None]


def ask(town: Town, who: str = "command", **filters: Any) -> str:
    """Has a file made; its address."""
    answer = town.client(who).post("/api/v1/exports", json={"format": "geojson", "filters": filters})
    town.city.work()
    at = str(answer.headers["location"])
    assert fetched(town.client(who), f"{at}/file").startswith(b'{"type":"FeatureCollection"')
    return at


def withdrawn(town: Town, at: str, who: str = "command") -> bool:
    """Whether the file is; then nothing is left of it, and its asker is told why."""
    client = town.client(who)
    answer = client.get(f"{at}/file")
    if answer.status_code in (200, 307):
        return False
    said = problem(answer, 410, "export_withdrawn")
    assert said["detail"].endswith("Ask for a new one.")
    told = client.get(at).json()
    assert (told["state"], told["error"], told["file"]) == ("failed", said["detail"], None)
    assert not [key for key in town.city.parts.blobs.keys(exports.PREFIX) if at.rpartition("/")[2] in key]
    problem(client.get(f"{at}/file"), 410, "export_withdrawn")
    return True


def write(town: Town, statement: Any) -> None:
    """By whatever program."""
    with town.city.parts.database.write() as db:
        db.execute(statement)


def the_photo(town: Town) -> Photo:
    photo: Photo
    (photo,) = town.city.rows(Photo)
    return photo


def erase(town: Town) -> None:
    answer = town.client("officer").delete(f"/api/v1/photos/{the_photo(town).id}")
    assert answer.status_code == 204, answer.text


def correct(town: Town) -> None:
    answer = town.client("officer").patch(f"/api/v1/photos/{the_photo(town).id}", json={"category": "illegal_levy"})
    assert answer.status_code == 200, answer.text


def hide(town: Town) -> None:
    write(town, update(Complaint).where(col(Complaint.category_code) == "pothole").values(confidential=True))


@pytest.mark.parametrize("deed", [erase, correct, hide])
def test_what_was_hidden_or_deleted_leaves_in_no_file(told: Town, deed: Deed) -> None:
    at = ask(told)
    deed(told)
    assert withdrawn(told, at)


def test_what_is_no_row_any_more_leaves_in_no_file(told: Town) -> None:
    times = dict.fromkeys(("opened_at", "received_at", "updated_at", "due_at"), told.city.clock.now)
    words = {"reference": "R1", "category_code": "pothole", "agency_code": "bina_marga", "description": "Hapus"}
    write(told, insert(Complaint).values(id=UUID(int=1), **words, **times))
    at = ask(told)
    write(told, delete(Complaint).where(col(Complaint.id) == UUID(int=1)))
    assert withdrawn(told, at)


def test_what_goes_to_another_agency_leaves_in_no_file_of_the_first(told: Town) -> None:
    roads, command = ask(told, "roads"), ask(told)
    write(told, update(Complaint).where(col(Complaint.category_code) == "pothole").values(agency_code="dlh"))
    assert withdrawn(told, roads, "roads")
    assert not withdrawn(told, command)


def test_only_what_a_file_holds_counts(told: Town) -> None:
    lon, lat = HERE
    box = [lon + 0.0005, lat - 0.001, lon + 0.002, lat + 0.001]
    asked: dict[str, dict[str, Any]] = {
        "rubbish": {"category": ["rubbish"]},
        "photos": {"kind": ["photo"]},
        "box": {"bbox": box},
        "later": {"since": "2026-11-21"},
        "done": {"status": ["resolved"]},
        "in time": {"overdue": True},
    }
    files = {name: ask(told, **filters) for name, filters in asked.items()}
    near = ask(told, near=f"{lon},{lat}", radius_m=30)
    corners = [(-0.0001, -0.0001), (0.0001, -0.0001), (0.0, 0.0001), (-0.0001, -0.0001)]
    ring = [[lon + east, lat + north] for east, north in corners]
    drawn = ask(told, polygon={"type": "Polygon", "coordinates": [ring]})
    hide(told)
    assert [name for name, at in files.items() if withdrawn(told, at)] == ["in time"], "what was late then is not known"
    assert withdrawn(told, near)
    assert withdrawn(told, drawn)


def test_what_goes_on_as_ever_withdraws_nothing(told: Town) -> None:
    at = ask(told)
    told.city.clock.wait(minutes=5)
    write(told, update(Complaint).values(status=Status.VERIFIED, description="x"))
    told.open(category="pothole", lon=HERE[0], lat=HERE[1], description="Baru")
    told.city.clock.wait(hours=3)
    assert not withdrawn(told, at)
    # What came after the file was made is not in it.
    write(told, update(Complaint).where(col(Complaint.description) == "Baru").values(confidential=True))
    assert not withdrawn(told, at)
    hide(told)
    assert withdrawn(told, at)


def test_nobody_has_to_fetch_it(told: Town) -> None:
    hidden, standing, left = ask(told), ask(told, category=["rubbish"]), ask(told, "officer")
    write(told, update(Complaint).where(col(Complaint.category_code) == "pothole").values(confidential=True))
    write(told, update(Account).where(col(Account.login) == "officer").values(active=False))
    sweep(told)
    states = {one.id.hex: one.state for one in told.city.rows(Export)}
    assert [states[at.rpartition("/")[2].replace("-", "")] for at in (hidden, standing, left)] == [
        ExportState.FAILED,
        ExportState.DONE,
        ExportState.FAILED,
    ]
    assert len(list(told.city.parts.blobs.keys(exports.PREFIX))) == 1
    assert withdrawn(told, hidden)
    assert not withdrawn(told, standing)


def test_a_change_that_decides_about_many_withdraws_whom_it_concerns(told: Town) -> None:
    roads, command = ask(told, "roads"), ask(told)
    write(told, update(Category).where(col(Category.code) == "flooding").values(agency_code="dlh"))
    assert withdrawn(told, roads, "roads")
    assert not withdrawn(told, command)
    assert told.city.rows(Camera) == []


@on_sqlite
def test_a_file_whose_past_is_forgotten_is_withdrawn(told: Town) -> None:
    assert kept.KEPT + timedelta(hours=3) < changes.KEPT, "the making takes time, too"
    at = ask(told)
    write(told, update(Complaint).values(description="x"))
    with told.city.parts.database.write() as db:
        changes.prune(db, db.scalars(select(Export.created_at)).one() + timedelta(days=400))
    assert withdrawn(told, at)


@on_sqlite
def test_a_file_from_before_the_log_was_noted_is_withdrawn(told: Town) -> None:
    at = ask(told)
    write(told, update(Export).values(position=None))
    assert withdrawn(told, at)
