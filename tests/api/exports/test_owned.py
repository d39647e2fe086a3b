"""A file that was asked for is its asker's alone, and holds what they may see, when made and when fetched."""

from typing import Any

from sqlmodel import col, select

from cases.words import JobKind, Scope
from ingest import regular
from ingest.exports import withdrawing
from storage import exports
from storage.tables import Account, Category, Export
from tests.api.exports.taken import fetched
from tests.api.town import Town, problem
from tests.storage.pairs import on_sqlite


def test_a_file_is_its_askers_alone_and_not_for_ever(told: Town) -> None:
    client = told.client("command")
    asked = client.post("/api/v1/exports", json={"format": "csv"})
    at = asked.headers["location"]
    assert asked.json()["state"] == "queued"
    problem(client.get(f"{at}/file"), 409, "export_not_ready")
    told.city.work()
    assert len(list(told.city.parts.blobs.keys(exports.PREFIX))) == 1
    for who in ("administrator", "officer"):
        problem(told.client(who).get(at), 404, "export_unknown")
        problem(told.client(who).get(f"{at}/file"), 404, "export_unknown")
        problem(told.client(who).delete(at), 404, "export_unknown")
        assert told.client(who).get("/api/v1/exports").json() == {"exports": []}
    problem(told.client().get(f"{at}/file"), 401, "sign_in_needed")
    assert [one["state"] for one in client.get("/api/v1/exports").json()["exports"]] == ["done"]
    told.city.clock.wait(hours=23)
    assert fetched(told.client("command"), f"{at}/file").startswith(b"id,kind,")
    told.city.clock.wait(hours=2)
    problem(told.client("command").get(f"{at}/file"), 404, "export_unknown")
    sweep(told)
    assert list(told.city.parts.blobs.keys(exports.PREFIX)) == []
    assert told.city.rows(Export) == []


def test_a_right_lost_is_a_file_lost(told: Town) -> None:
    at = told.client("roads").post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert b"Lubang" in fetched(told.client("roads"), f"{at}/file")
    change(told, "roads", agency_code="dlh")
    problem(told.client("roads").get(f"{at}/file"), 403, "export_sight_changed")
    change(told, "roads", agency_code="bina_marga")
    assert fetched(told.client("roads"), f"{at}/file")
    # Told in confidence from now on, it may not leave in what was made before.
    with told.city.parts.database.write() as db:
        db.get_one(Category, "pothole").confidential = True
    problem(told.client("roads").get(f"{at}/file"), 403, "export_sight_changed")


def test_a_file_is_made_as_its_asker_sees_things_then(told: Town) -> None:
    client = told.client("roads")
    at = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    change(told, "roads", agency_code="dlh")
    told.city.work()
    content = fetched(told.client("roads"), f"{at}/file")
    assert b"Tumpukan" in content
    assert b"Lubang" not in content
    blind = told.program("command", Scope.COMPLAINTS_WRITE)
    at = blind.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert b"Tumpukan" not in fetched(blind, f"{at}/file")
    problem(told.client("command").get(f"{at}/file"), 403, "export_sight_changed")
    at = told.client("officer").post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    change(told, "officer", active=False)
    told.city.work()
    (row,) = [one for one in told.city.rows(Export) if str(one.id) in at]
    assert (row.state, row.error, row.key) == ("failed", "export_forbidden", "")


def change(town: Town, who: str, **values: Any) -> None:
    with town.city.parts.database.write() as db:
        account = db.scalars(select(Account).where(col(Account.login) == who)).one()
        for name, value in values.items():
            setattr(account, name, value)


def sweep(town: Town) -> None:
    regular.plan(town.city.parts, JobKind.EXPORT_SWEEP, withdrawing.EVERY)
    town.city.work()


@on_sqlite
def test_given_up_means_not_made_and_not_kept(told: Town) -> None:
    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "geoparquet"}).headers["location"]
    assert client.delete(at).status_code == 204
    told.city.work()
    made_then = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert client.delete(made_then).status_code == 204
    assert list(told.city.parts.blobs.keys(exports.PREFIX)) == []
    problem(client.get(made_then), 404, "export_unknown")
    assert list(told.city.parts.blobs.workspace.glob("export-*")) == []


@on_sqlite
def test_no_account_fills_the_store(town: Town) -> None:
    client = town.client("command")
    for _ in range(10):
        assert client.post("/api/v1/exports", json={"format": "csv"}).status_code == 202
    problem(client.post("/api/v1/exports", json={"format": "csv"}), 429, "export_too_many")
    assert town.client("officer").post("/api/v1/exports", json={"format": "csv"}).status_code == 202
