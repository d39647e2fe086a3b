"""Accounts, tokens and jobs, for those who look after an installation."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from cases.words import JobKind, Scope
from storage import jobs, tokens
from storage.tables import Audit, Token
from tests.api.town import Town, problem


def test_accounts_are_made_listed_and_changed(town: Town) -> None:
    client = town.client("administrator")
    given = {"login": "Wati", "name": " Wati\u202e ", "role": "agency", "agency": "dishub", "area": "99.01.02"}
    made = client.post("/api/v1/accounts", json={**given, "teams": ["illegal_levy"]})
    assert made.status_code == 201, made.text
    account = made.json()
    assert (account["login"], account["name"], account["has_password"]) == ("wati", "Wati", False)
    assert account["teams"] == ["illegal_levy"]
    listed = client.get("/api/v1/accounts").json()["accounts"]
    assert [one["login"] for one in listed] == sorted(one["login"] for one in listed)
    assert account["id"] in {one["id"] for one in listed}
    assert "password" not in str(listed).replace("has_password", "")
    changed = client.patch(f"/api/v1/accounts/{account['id']}", json={"name": "Wati S.", "area": None, "teams": []})
    assert (changed.json()["name"], changed.json()["area"], changed.json()["teams"]) == ("Wati S.", None, [])
    again = client.post(f"/api/v1/accounts/{account['id']}/ticket").json()
    assert again["url"] != account["ticket"]["url"]
    assert {"added", "changed", "invited"} <= {row.action for row in town.city.rows(Audit)}


def test_an_account_that_makes_no_sense_is_refused(town: Town) -> None:
    client = town.client("administrator")
    good = {"login": "wati", "name": "Wati", "role": "officer"}
    for wrong, code in (
        ({"login": "officer"}, "login_taken"),
        ({"role": "agency"}, "agency_needed"),
        ({"agency": "nowhere"}, "agency_unknown"),
        ({"area": "35.10"}, "area_unknown"),
        ({"teams": ["spaceship"]}, "category_unknown"),
        ({"login": "a b"}, "invalid"),
        ({"role": "emperor"}, "invalid"),
        ({"name": " "}, "invalid"),
        ({"password": "x"}, "invalid"),
    ):
        answer = client.post("/api/v1/accounts", json={**good, **wrong})
        problem(answer, 409 if code == "login_taken" else 422, code)
    problem(client.patch(f"/api/v1/accounts/{uuid4()}", json={}), 404, "account_unknown")
    problem(client.patch(f"/api/v1/accounts/{town.id('roads')}", json={"agency": None}), 422, "agency_needed")


def test_the_last_administrator_cannot_lock_everyone_out(town: Town) -> None:
    client = town.client("administrator")
    own = f"/api/v1/accounts/{town.id('administrator')}"
    problem(client.patch(own, json={"role": "officer"}), 409, "last_administrator")
    problem(client.patch(own, json={"active": False}), 409, "last_administrator")
    assert client.patch(own, json={"name": "Kepala"}).json()["name"] == "Kepala"


def test_a_changed_role_is_felt_at_once(town: Town) -> None:
    program = town.program("officer", Scope.READ, Scope.PHOTOS_WRITE)
    assert "photo_send" in program.get("/api/v1/me").json()["rights"]
    town.client("administrator").patch(f"/api/v1/accounts/{town.id('officer')}", json={"role": "owner"})
    rights = program.get("/api/v1/me").json()["rights"]
    assert "signed_in" in rights
    assert not {"photo_send", "photo_see"} & set(rights)


def test_a_tokens_secret_is_shown_once_and_kept_by_nobody(town: Town) -> None:
    client = town.client("officer")
    made = client.post("/api/v1/tokens", json={"name": "kamera pos 3", "scopes": ["read", "photos:write"]})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("pantau_")
    assert secret not in client.get("/api/v1/tokens").text
    assert secret not in str(town.city.rows(Token))
    program = town.client(authorization=f"Bearer {secret}")
    assert program.get("/api/v1/me").json()["account"]["login"] == "officer"
    assert town.post_photo(program, caption="dari program").status_code == 201
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}").status_code == 204
    refused = program.get("/api/v1/me")
    problem(refused, 401, "token_refused")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert client.get("/api/v1/tokens").json() == {"tokens": []}


def test_a_token_ends_when_it_was_said_to(town: Town) -> None:
    program = town.program("officer", Scope.READ, expires_at=town.city.clock.now + timedelta(minutes=5))
    assert program.get("/api/v1/me").status_code == 200
    town.city.clock.wait(minutes=6)
    problem(program.get("/api/v1/me"), 401, "token_refused")
    problem(program.get("/api/v1/health"), 401, "token_refused")


def test_what_is_no_token_of_ours_is_refused_everywhere(town: Town) -> None:
    for sent in ("Bearer pantau_wrong", "Bearer", "Basic b2ZmaWNlcjp4", "Bearer \x7f"):
        problem(town.client(authorization=sent).get("/api/v1/installation"), 401, "token_refused")


def test_a_token_is_given_no_more_than_its_maker_has_and_makes_no_tokens(town: Town) -> None:
    client = town.client("officer")
    problem(client.post("/api/v1/tokens", json={"name": "x", "scopes": ["admin"]}), 403, "scopes_too_wide")
    problem(client.post("/api/v1/tokens", json={"name": "x", "scopes": []}), 422, "invalid")
    past = {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}
    problem(client.post("/api/v1/tokens", json=past), 422, "end_passed")
    program = town.program("administrator", Scope.ADMIN)
    problem(program.post("/api/v1/tokens", json={"name": "x", "scopes": ["admin"]}), 403, "not_allowed")
    with town.city.parts.database.write() as db:
        other = tokens.issue(
            db, town.id("command"), town.city.clock.now, name="theirs", scopes=[Scope.READ], expires_at=None
        )
    problem(client.delete(f"/api/v1/tokens/{other.token.id}"), 404, "token_unknown")


def _parked(town: Town) -> UUID:
    """A job that failed until it was parked."""
    database, clock = town.city.parts.database, town.city.clock
    with database.write() as db:
        job_id = jobs.add(db, JobKind.PHOTO_PROCESS, str(uuid4()), clock.now)
    while True:
        clock.wait(days=1)
        job: Any = jobs.claim(database, "test", clock.now, lease_s=60)
        if job is None:
            return job_id
        jobs.fail(database, job, "the picture is made of cheese", clock.now)


def test_a_parked_job_says_why_and_is_put_back_in_line(town: Town) -> None:
    job_id = _parked(town)
    client = town.client("administrator")
    body = client.get("/api/v1/jobs").json()
    assert [job["id"] for job in body["jobs"]] == [str(job_id)]
    assert "cheese" in body["jobs"][0]["error"]
    assert body["counts"]["parked"] == 1
    again = client.post(f"/api/v1/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["state"]) == (200, "queued")
    assert client.get("/api/v1/jobs").json()["jobs"] == []
    for gone in (job_id, uuid4()):
        problem(client.post(f"/api/v1/jobs/{gone}/retry"), 404, "job_unknown")


def test_what_an_installation_is_is_told_to_anyone(town: Town) -> None:
    body = town.client().get("/api/v1/installation").json()
    assert (body["name"], body["demo"], body["languages"]) == ("Pantau", False, ["id", "en"])
    assert body["limits"] == {"photo_bytes": 3_000_000, "photo_pixels": 100_000_000}
    west, south, east, north = body["bbox"]
    assert west < body["centre"][0] < east
    assert south < body["centre"][1] < north
    assert town.client().get("/api/v1/health").json() == {"status": "ok"}
