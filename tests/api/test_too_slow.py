"""A question that would walk over everything for ever is given up, in words, and the next one is answered."""

from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import insert

from storage.database import Bounds, open_database
from storage.tables import Complaint
from tests.api.town import Town, problem
from tests.ingest.city import NOON
from tests.storage.pairs import Pair

ROWS, LENGTH, PARTS = 12_000, 1_000, 300
NOTHING = " OR ".join(f"CASEI(description) LIKE CASEI('%Q{part}%')" for part in range(PARTS))


def test_a_filter_that_finds_nothing_is_given_up(town: Town, pair: Pair) -> None:
    times = dict.fromkeys(("opened_at", "received_at", "updated_at", "due_at"), NOON)
    plain = {"category_code": "pothole", "agency_code": "bina_marga", "description": "Lubang! " * (LENGTH // 8)}
    rows = [{"id": UUID(int=at), "reference": f"R{at}", **plain, **times} for at in range(1, ROWS)]
    with pair.database.write() as db:
        db.execute(insert(Complaint), rows)
    with open_database(pair.url, bounds=Bounds(pool=1, read_s=1)) as impatient:
        few = replace(town, city=replace(town.city, parts=replace(town.city.parts, database=impatient)))
        client = few.rebuilt().client("command")
        address = "/ogc/collections/complaints/items?limit=5"
        for _ in range(2):
            said = problem(client.get(f"{address}&filter={quote(NOTHING)}"), 503, "too_slow")
            assert said["detail"].endswith("Narrow its area, time or number.")
            for _ in range(3):
                found = client.get(f"{address}&filter={quote('category = ' + repr('pothole'))}")
                assert found.status_code == 200, found.text
                assert len(found.json()["features"]) == 5
            assert client.get("/api/v1/incidents?limit=1").status_code == 200
