"""The commands by which an installation is looked after, on both pairs."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from cases.words import JobKind, JobState
from pantau.serving import make_app
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import jobs
from tests.pantau.terminal import Terminal
from tests.storage.pairs import Pair

PASSWORD = "benar-kuda-baterai"
STEP = 0.01


def square(code: str, name: str, column: int) -> dict[str, Any]:
    """A village of about a kilometre, one beside the other."""
    west, south = 114.0 + column * STEP, -8.0
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = [[round(west + x * STEP, 6), round(south + y * STEP, 6)] for x, y in corners]
    names = {"kode": code, "nama": name}
    return {"type": "Feature", "properties": names, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def villages(folder: Path, *names: str) -> str:
    """A boundary file; answers its path."""
    features = [square(f"35.99.01.{2001 + at}", name, at) for at, name in enumerate(names)]
    path = folder / "villages.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


@pytest.fixture
def pantau(pair: Pair, terminal: Terminal) -> Terminal:
    """The command line of a migrated installation."""
    terminal.set(**pair.environment)
    return terminal


@contextmanager
def doors() -> Iterator[TestClient]:
    """The doors of the installation that the environment names."""
    settings = Settings()
    with closing(open_parts(settings)) as parts:
        client = TestClient(make_app(settings, parts), base_url=settings.url)
        client.headers["accept-language"] = "en"
        yield client


def parked(pair: Pair, error: str = "PictureDamaged: half of it is missing") -> UUID:
    """A job that failed for good."""
    now = datetime.now(UTC)
    with pair.database.write() as db:
        job_id = jobs.add(db, JobKind.TIDY, "the house", now)
    job = jobs.claim(pair.database, "test", now, lease_s=60)
    assert job is not None
    with pair.database.write() as db:
        row = db.merge(job)
        row.state, row.error, row.attempts = JobState.PARKED, error, jobs.MAX_ATTEMPTS
    return job_id


def test_tables_are_brought_up_to_date_once(empty_url: str, terminal: Terminal) -> None:
    terminal.set(PANTAU_DATABASE_URL=empty_url)
    before = terminal("accounts", "list")
    assert before.code == 1
    assert "run `pantau migrate` first" in before.err
    assert terminal.done("migrate").out.startswith("tables brought up to date: 0001, ")
    assert terminal.done("migrate").out == "the tables are up to date\n"
    assert terminal.done("accounts", "list").out == ""


def test_areas_come_in_with_a_report_and_again_change_nothing(pantau: Terminal) -> None:
    file = villages(pantau.folder, "Sukamaju", "Karangrejo")
    tried = pantau.done("areas", "import", file, "--regency", "Kota Uji", "--dry-run").out
    assert "villages.geojson: 1 regency, 1 district, 2 villages" in tried
    assert pantau.done("areas", "list", "--level", "village").out == ""
    assert "4 added, 0 changed, 0 unchanged, 0 removed" in pantau.done("areas", "import", file).out
    assert "0 added, 0 changed, 4 unchanged, 0 removed" in pantau.done("areas", "import", file).out
    changed = villages(pantau.folder, "Sukamaju Baru", "Karangrejo")
    assert "0 added, 1 changed, 3 unchanged" in pantau.done("areas", "import", changed).out
    listed = pantau.done("areas", "list", "--level", "village").lines
    assert [row[:2] for row in listed] == [["35.99.01.2001", "Sukamaju Baru"], ["35.99.01.2002", "Karangrejo"]]


def test_a_file_that_is_none_is_refused_in_a_sentence(pantau: Terminal) -> None:
    bad = pantau.folder / "bad.geojson"
    bad.write_text("{")
    binary = pantau.folder / "bad.yaml"
    binary.write_bytes(b"\xff\xfe")
    for words in (["areas", "import", bad], ["roads", "import", bad], ["categories", "import", binary]):
        said = pantau(*map(str, words))
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith("pantau: ")
        assert "Traceback" not in said.err
    assert pantau("areas", "import", "nowhere.geojson").code == 2


def test_the_catalogue_goes_out_is_changed_and_comes_back(pantau: Terminal) -> None:
    exported = pantau.done("categories", "export").out
    file = pantau.folder / "ours.yaml"
    file.write_text(exported.replace("Dinas PU Bina Marga", "Dinas Jalan Kota"))
    assert "agencies and" in pantau.done("categories", "import").out
    assert ["bina_marga", "Dinas PU Bina Marga", "Roads Agency"] in pantau.done("agencies", "list").lines
    pantau.done("agencies", "import", str(file))
    assert ["bina_marga", "Dinas Jalan Kota", "Roads Agency"] in pantau.done("agencies", "list").lines
    assert "sidewalk_parking" in {row[0] for row in pantau.done("categories", "list").lines}


def test_a_new_accounts_link_sets_its_password_once(pantau: Terminal) -> None:
    pantau.done("categories", "import")
    link = pantau.done("accounts", "add", "sari", "--name", "Sari", "--role", "officer").out.strip()
    address, _, ticket = link.partition("#")
    assert address == "http://127.0.0.1:8000/ticket"
    with doors() as client:
        used = client.post("/api/v1/tickets", json={"ticket": ticket, "password": PASSWORD})
        assert used.status_code == 200, used.text
        assert used.json()["account"]["login"] == "sari"
        assert client.post("/api/v1/tickets", json={"ticket": ticket, "password": PASSWORD}).status_code == 410
    listed = {row[0]: row for row in pantau.done("accounts", "list").lines}
    assert listed["sari"][1:3] == ["Sari", "officer"]
    assert pantau("accounts", "add", "SARI", "--name", "Sari", "--role", "officer").code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "agency"], "Name the agency"),
        (["--role", "agency", "--agency", "nobody"], "There is no agency nobody"),
        (["--role", "officer", "--area", "99.99"], "There is no area 99.99"),
    ],
)
def test_an_account_that_could_not_be_is_refused(words: list[str], told: str, pantau: Terminal) -> None:
    said = pantau("accounts", "add", "sari", "--name", "Sari", *words)
    assert said.code == 1
    assert told in said.err
    assert pantau.done("accounts", "list").out == ""


def test_a_closed_account_is_out_and_the_last_administrator_stays(pantau: Terminal) -> None:
    pantau.done("accounts", "add", "sari", "--name", "Sari", "--role", "officer")
    secret = pantau.done("tokens", "add", "sari", "--name", "phone", "--scope", "read").out.strip()
    assert asked(secret) == 200
    pantau.done("accounts", "close", "sari")
    assert asked(secret) == 401
    pantau.done("accounts", "add", "ibu", "--name", "Ibu", "--role", "administrator")
    assert "last administrator" in pantau("accounts", "close", "ibu").err
    assert "there is no account 'budi'" in pantau("accounts", "link", "budi").err


def asked(secret: str) -> int:
    """How a door answers a program with this key."""
    with doors() as client:
        return client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code


def test_a_token_works_until_it_is_revoked(pantau: Terminal) -> None:
    pantau.done("accounts", "add", "sari", "--name", "Sari", "--role", "officer")
    made = pantau.done("tokens", "add", "sari", "--name", "phone", "--scope", "read", "--scope", "photos:write")
    secret = made.out.strip()
    assert asked(secret) == 200
    ((token_id, name, begins, scopes, *_),) = pantau.done("tokens", "list", "sari").lines
    assert (name, scopes) == ("phone", "photos:write read")
    assert secret.startswith(begins)
    assert secret not in pantau.done("tokens", "list", "sari").out
    pantau.done("tokens", "revoke", "sari", token_id)
    assert asked(secret) == 401
    assert pantau("tokens", "revoke", "sari", token_id).code == 1
    assert "scope admin" in pantau("tokens", "add", "sari", "--name", "x", "--scope", "admin").err


def test_a_team_is_joined_and_left(pantau: Terminal) -> None:
    pantau.done("categories", "import")
    pantau.done("accounts", "add", "sari", "--name", "Sari", "--role", "command")
    confidential = next(row[0] for row in pantau.done("categories", "list").lines if row[-1] == "confidential")
    assert pantau.done("categories", "allow", confidential, "sari").out == f"sari may now see {confidential}\n"
    assert pantau.done("categories", "deny", confidential, "sari").out == f"sari no longer sees {confidential}\n"
    assert pantau("categories", "allow", "nonsense", "sari").code == 1


def test_parked_jobs_are_told_with_their_reason_and_tried_again(pantau: Terminal, pair: Pair) -> None:
    job_id = parked(pair)
    ((told, kind, subject, tries, reason),) = pantau.done("jobs", "list").lines
    assert (told, kind, subject, tries) == (str(job_id), "tidy", "the house", str(jobs.MAX_ATTEMPTS))
    assert reason == "PictureDamaged: half of it is missing"
    assert pantau.done("jobs", "retry").out == "1 back in the queue\n"
    assert pantau.done("jobs", "list").out == ""
    assert pantau("jobs", "retry", str(job_id)).code == 1
    assert pantau.done("work", "--once").out == "1 jobs done\n"


def test_all_is_well_once_there_are_areas(pantau: Terminal) -> None:
    before = pantau("check")
    assert before.code == 1
    assert "FAIL  areas       no areas yet" in before.out
    assert pantau("check", "--vital").code == 0
    pantau.done("areas", "import", villages(pantau.folder, "Sukamaju"))
    said = pantau.done("check")
    assert [line.split()[:2] for line in said.out.splitlines()] == [
        ["ok", name]
        for name in (
            "database",
            "migrations",
            "blobs",
            "areas",
            "jobs",
            "partitions",
            "rollups",
            "keys",
            "disk",
            "clock",
        )
    ]


def test_a_parked_job_needs_a_person_but_takes_no_server_out(pantau: Terminal, pair: Pair) -> None:
    parked(pair)
    said = pantau("check")
    assert said.code == 1
    assert "tidy the house: PictureDamaged: half of it is missing" in said.out
    assert pantau("check", "--vital").code == 0
    with doors() as client:
        assert client.get("/api/v1/ready").status_code == 200


def test_tables_of_before_are_told_and_hide_nothing_else(empty_url: str, terminal: Terminal) -> None:
    terminal.set(PANTAU_DATABASE_URL=empty_url)
    said = terminal("check", "--vital")
    assert said.code == 1
    assert "FAIL  migrations  the tables are not those of this Pantau: run `pantau migrate`" in said.out
    assert "ok    database" in said.out
    assert "ok    blobs" in said.out


SECRETS = ("hunter2", "hunter3")
GONE = {
    "PANTAU_DATABASE_URL": "postgresql://pantau:hunter2@127.0.0.1:9/pantau",
    "PANTAU_BLOBS_URL": "s3://pantau",
    "PANTAU_S3_ENDPOINT": "127.0.0.1:9",
    "PANTAU_S3_ACCESS_KEY": "hunter3",
    "PANTAU_S3_SECRET_KEY": "hunter2",
    "PANTAU_S3_SECURE": "false",
}


def test_a_store_that_is_gone_is_told_beside_what_is_well(pantau: Terminal, pair: Pair) -> None:
    store = {name: value for name, value in GONE.items() if name != "PANTAU_DATABASE_URL"}
    pantau.set(**store)
    said = pantau("check")
    assert said.code == 1
    assert "ok    database" in said.out
    assert "FAIL  blobs       the S3 store at 127.0.0.1:9 does not answer" in said.out
    assert not any(secret in said.out + said.err for secret in SECRETS)


@pytest.mark.parametrize("words", ["check", "migrate", "run --port 0", "serve --port 0", "work", "accounts list"])
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_nothing_that_fails_shows_a_secret_or_a_trace(words: str, level: str, terminal: Terminal) -> None:
    terminal.set(**GONE, PANTAU_LOG_LEVEL=level)
    said = terminal(*words.split())
    assert said.code == 1
    assert "127.0.0.1:9/pantau" in said.out + said.err
    assert "Traceback" not in said.out + said.err
    assert not any(secret in said.out + said.err for secret in SECRETS)


def test_settings_that_cannot_be_are_wrong_words(terminal: Terminal) -> None:
    terminal.set(PANTAU_PORT="hunter2", PANTAU_DATABSE_URL="hunter2")
    said = terminal("check")
    assert (said.code, said.out) == (2, "")
    assert "PANTAU_DATABASE_URL is one" in said.err
    assert "setting PANTAU_PORT: " in said.err
    assert "hunter2" not in said.err


def test_a_file_of_settings_that_is_none_is_told(terminal: Terminal) -> None:
    (terminal.folder / ".env").write_bytes(b"\xff\xfePANTAU_NAME=Kota")
    said = terminal("check")
    assert (said.code, said.out) == (2, "")
    assert said.err == "pantau: the file .env in this folder is no text in UTF-8; save it as such\n"


def test_a_fault_of_ours_is_said_without_its_trace_unless_asked_for(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise IndexError("what somebody wrote")

    monkeypatch.setattr("pantau.__main__.app", broken)
    said = terminal("check")
    assert said.code == 1
    assert "an unexpected IndexError; with PANTAU_LOG_LEVEL=DEBUG" in said.err
    assert "what somebody wrote" not in said.err
    terminal.set(PANTAU_LOG_LEVEL="DEBUG")
    assert "IndexError: what somebody wrote" in terminal("check").err


def test_a_data_folder_that_cannot_be_is_told(terminal: Terminal) -> None:
    (terminal.folder / "file").touch()
    terminal.set(PANTAU_DATA_DIR=str(terminal.folder / "file"))
    said = terminal("run", "--port", "0")
    assert said.code == 1
    assert said.err.startswith("pantau: the database ")
    assert said.err.count("\n") == 1
