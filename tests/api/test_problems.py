"""Whatever goes wrong leaves as a problem, in the reader's language, without what is nobody's business."""

import logging
from typing import Any

import pytest
from fastapi import APIRouter

from api.problems import status_of
from api.security import allow
from cases import errors, people
from cases.access import Right
from cases.errors import PantauError
from ingest.photos.decoding import DecoderBroken
from storage.errors import DatabaseUnreachable
from tests.api.town import Town, problem


def test_nothing_here_and_no_such_method(town: Town) -> None:
    client = town.client()
    problem(client.get("/api/v1/nothing"), 404, "not_found")
    problem(client.get("/api"), 404, "not_found")
    wrong = client.put("/api/v1/me")
    assert "PUT" in problem(wrong, 405, "method_not_allowed")["detail"]
    assert wrong.headers["allow"] == "GET"


ASKED = {"en": "en", "id-ID,id;q=0.9,en;q=0.8": "id", "fr, en;q=0.5, id;q=0.4": "en", "": "id", "en;q=0, id": "id"}


def test_problems_speak_the_readers_language(town: Town) -> None:
    for asked, language in ASKED.items():
        answer = town.client().get("/api/v1/photos/0", headers={"accept-language": asked})
        assert answer.json()["title"] == {"id": "Perlu masuk", "en": "Sign in first"}[language]
        assert answer.headers["content-language"] == language


def test_without_a_wish_an_account_is_answered_in_its_own_language(town: Town) -> None:
    town.client("administrator").patch(f"/api/v1/accounts/{town.id('officer')}", json={"language": "en"})
    client = town.client("officer")
    del client.headers["accept-language"]
    assert client.get("/api/v1/accounts").json()["title"] == "Not allowed"


def test_faults_of_a_body_are_named_in_both_languages(town: Town) -> None:
    client = town.client("officer")
    given = {"category": "pothole", "lon": 200, "lat": 1, "colour": "red"}
    english = problem(client.post("/api/v1/complaints", json=given), 422, "invalid")
    assert english["errors"] == [
        {"field": "lon", "message": "must be at most 180"},
        {"field": "colour", "message": "is not known"},
    ]
    indonesian = client.post("/api/v1/complaints", json=given, headers={"accept-language": "id"}).json()
    assert indonesian["errors"][0]["message"] == "maksimal 180"
    broken = client.post("/api/v1/complaints", content=b"{", headers={"content-type": "application/json"})
    assert problem(broken, 422, "invalid")["errors"] == [{"field": "body", "message": "is not valid JSON"}]
    permit = {"number": "IMB 1", "owner_name": " ", "address": "x" * 501, "issued_on": "kemarin"}
    told = client.post("/api/v1/permits", json=permit, headers={"accept-language": "id"}).json()
    assert told["code"] == "not_allowed"
    told = town.client("owner", **{"accept-language": "id"}).post("/api/v1/permits", json=permit).json()["errors"]
    assert [fault["message"] for fault in told] == [
        "minimal 1 huruf",
        "maksimal 500 huruf",
        "harus tanggal seperti 2024-08-17",
    ]


def test_a_body_too_large_is_refused_at_once(town: Town) -> None:
    answer = town.client("officer").post("/api/v1/complaints", json={"description": "x" * 1_100_000})
    problem(answer, 413, "body_too_large")


def _broken(town: Town, error: Exception) -> Any:
    router = APIRouter(prefix="/api/v1")

    @router.get("/broken", dependencies=[allow(Right.PUBLIC)])
    def broken() -> None:
        raise error

    town.app.include_router(router)
    return town.client().get("/api/v1/broken?password=hunter2")


def test_an_unexpected_error_names_a_number_and_nothing_else(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    answer = _broken(town, RuntimeError("secret: hunter2"))
    body = problem(answer, 500, "unexpected")
    assert "secret" not in answer.text
    assert body["request_id"] == answer.headers["x-request-id"]
    record = next(record for record in caplog.records if record.exc_info)
    assert body["request_id"] in record.getMessage()


def test_storage_that_is_gone_is_said_without_saying_where(town: Town) -> None:
    answer = _broken(town, DatabaseUnreachable("the database 10.0.0.7:5432/pantau cannot be reached"))
    problem(answer, 503, "unavailable")
    assert "10.0.0.7" not in answer.text
    assert answer.headers["retry-after"] == "5"


def test_a_fault_of_our_decoder_is_ours_and_told_to_the_log_once(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    answer = _broken(town, DecoderBroken("Traceback: /srv/pantau/photo: no such file"))
    problem(answer, 503, "decoder_broken")
    assert "/srv" not in answer.text
    assert answer.headers["retry-after"] == "10"
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "no such file" in record.getMessage()
    assert "hunter2" not in str(record.__dict__)


def test_a_request_is_one_line_in_the_log_without_what_it_carried(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pantau.access")
    client = town.client("officer")
    client.get("/api/v1/incidents?q=rumah+sari", headers={"x-secret": "hunter2"})
    client.get("/api/v1/nothing%0aforged")
    lines = [record for record in caplog.records if record.name == "pantau.access"]
    assert [record.getMessage() for record in lines] == [
        "GET /api/v1/incidents 200",
        "GET /api/v1/nothing\\nforged 404",
    ]
    told = lines[0].__dict__
    assert told["account"] == str(town.id("officer"))
    assert told["status"] == 200
    assert told["ms"] > 0
    assert not any("sari" in str(value) or "hunter2" in str(value) for value in told.values())


def test_every_answer_tells_browsers_what_this_site_never_does(town: Town) -> None:
    for answer in (town.client().get("/api/v1/me"), town.client().get("/nothing")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "camera=(self)" in answer.headers["permissions-policy"]
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"].startswith(("private", "no-"))
        store = town.city.parts.blobs.signed_url("a/b", seconds=1, filename=None, media_type="image/jpeg")
        assert (store is None) == ("http://127.0.0.1" not in policy)


@pytest.mark.unit
def test_every_domain_error_has_its_status() -> None:
    known = {kind for module in (errors, people) for kind in vars(module).values() if isinstance(kind, type)}
    kinds = {kind for kind in known if issubclass(kind, PantauError)}
    statuses = {kind.code: status_of(kind()) for kind in kinds}
    assert statuses["photo_unknown"] == statuses["account_unknown"] == 404
    assert statuses["move_not_allowed"] == statuses["login_taken"] == 409
    assert statuses["note_needed"] == 422
    assert statuses["sign_in_refused"] == 401
    assert statuses["not_yours"] == 403
    assert set(statuses.values()) <= {401, 403, 404, 409, 410, 413, 422, 429}
