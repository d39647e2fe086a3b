"""Behind the doors of a city with a replica: who only asks is answered by it, who wrote sees what they wrote."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.app import create_app
from api.middleware.reads import COOKIE
from api.options import AppOptions
from cases.words import Role, Scope
from storage import accounts
from storage.replica import Replica
from tests.api.town import Town
from tests.ingest.city import HERE
from tests.servers.postgres import PostgresServer
from tests.storage.pairs import POSTGRES_S3, Pair
from tests.storage.replicas import MOST_LAG_S, Followed

pytestmark = pytest.mark.parametrize("pair", [POSTGRES_S3], indirect=True)
LIST = "/api/v1/complaints"


@pytest.fixture
def beside(
    town: Town, pair: Pair, postgres_server: PostgresServer, replica_server: PostgresServer
) -> Iterator[tuple[Town, Followed, Replica]]:
    """The town, with a replica of its database."""
    followed = Followed(postgres_server, replica_server, pair.url)
    with followed.open() as database:
        assert database.replica is not None
        parts = replace(town.city.parts, database=database)
        yield (
            replace(town, app=create_app(parts, AppOptions(public_url="http://testserver"))),
            followed,
            database.replica,
        )


def test_who_wrote_sees_it_and_who_only_asks_is_answered_by_the_replica(
    beside: tuple[Town, Followed, Replica],
) -> None:
    town, followed, replica = beside
    browser, other = town.client("command"), town.client("command")
    program = town.program("command", Scope.READ, Scope.COMPLAINTS_WRITE)
    for client in (browser, other, program):
        assert client.get(LIST).json()["complaints"] == []
    assert replica.reads["primary"] == 0
    assert replica.reads["replica"] >= 3
    followed.pause()
    try:
        for number, client in enumerate((browser, program), 1):
            opened = client.post(LIST, json={"category": "pothole", "lon": HERE[0], "lat": HERE[1]})
            assert opened.status_code == 201, opened.text
            assert len(client.get(LIST).json()["complaints"]) == number
        told = browser.cookies.get(COOKIE)
        assert told == "1"
        # Another who only asks: as it was, for as long as the replica counts as well.
        assert len(other.get(LIST).json()["complaints"]) in (0, 2)
        assert len(other.get(LIST, headers={"cache-control": "no-cache"}).json()["complaints"]) == 2
        while replica.standing().usable:
            pass
        assert len(other.get(LIST).json()["complaints"]) == 2
        ready = other.get("/api/v1/ready")
        assert ready.status_code == 200
        assert {"name": "replica", "ok": False} in ready.json()["checks"]
        numbers = town.program("administrator", Scope.ADMIN).get("/metrics").text
        assert "pantau_replica_used 0" in numbers
        lag_s = next(line for line in numbers.splitlines() if line.startswith("pantau_replica_lag_seconds "))
        assert float(lag_s.split()[1]) > MOST_LAG_S
        assert 'pantau_connections_most{pool="replica_lists"} 2' in numbers
    finally:
        followed.resume()


def test_a_session_just_begun_is_known_although_the_replica_knows_nothing_of_it(
    beside: tuple[Town, Followed, Replica],
) -> None:
    town, followed, _ = beside
    followed.pause()
    try:
        with town.city.parts.database.write() as db:
            account = accounts.add(db, login="newcomer", name="Newcomer", role=Role.OFFICER, now=town.city.clock.now)
            town.city.people["newcomer"] = accounts.principal(account, ())
        for who in ("officer", "newcomer"):
            assert town.client(who).get("/api/v1/me").json()["account"]["login"] == who
    finally:
        followed.resume()


def test_when_all_connections_stay_taken_the_answer_says_so(beside: tuple[Town, Followed, Replica]) -> None:
    town, followed, _ = beside
    with followed.open(pool=1, wait_s=0.1) as database:
        app = create_app(replace(town.city.parts, database=database), AppOptions(public_url="http://testserver"))
        client = replace(town, app=app).client()
        with database.write() as db:
            db.connection()
            answer = client.get("/api/v1/areas/99.01.02", headers={"cache-control": "no-cache"})
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "2"
