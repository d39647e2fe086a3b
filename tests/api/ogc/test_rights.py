"""To whom the collections give what they hold."""

import json
from urllib.parse import quote

from cases.words import Scope
from tests.api.ogc.asked import ALL, items, references
from tests.api.town import Town, problem

TITLED = "title LIKE 'Lub%'"
OPEN = ["complaints", "areas", "incidents"]


def test_everyone_finds_what_they_may_see_and_no_more(busy: Town) -> None:
    for who, collections in {
        None: OPEN,
        "command": ALL,
        "officer": ["complaints", "photos", "snapshots", "cameras", "areas", "incidents"],
        "owner": ["complaints", "snapshots", "cameras", "permits", "areas", "incidents"],
    }.items():
        client = busy.client(who)
        assert [one["id"] for one in client.get("/ogc/collections").json()["collections"]] == collections
        for gone in set(ALL) - set(collections):
            for path in ("", "/items", "/queryables", "/schema", "/items/1"):
                problem(client.get(f"/ogc/collections/{gone}{path}"), 404, "not_found")
    assert len(references(busy.client("command"))) == 5
    assert len(references(busy.client("inspector"))) == 1
    assert len(references(busy.client("roads"))) == 3
    assert references(busy.client()) == references(busy.client("command"))
    hidden = next(iter(references(busy.client("inspector"))))
    for who in (None, "command", "officer", "administrator"):
        problem(busy.client(who).get(f"/ogc/collections/complaints/items/{hidden}"), 404, "not_found")
        problem(busy.client(who).get(f"/ogc/collections/incidents/items/complaint:{hidden}"), 404, "not_found")


def test_what_may_not_be_read_may_not_be_asked_for(busy: Town) -> None:
    """A filter would spell it out, letter by letter."""
    secret = "CASEI(description) LIKE '%lubang%'"
    command, public = busy.client("command"), busy.client()
    narrow = busy.program("command", Scope.COMPLAINTS_WRITE)
    assert len(references(command, f"filter={quote(secret)}")) == 5
    for client in (public, narrow):
        told = problem(
            client.get(f"/ogc/collections/complaints/items?filter={quote(secret)}"), 400, "filter_property_unknown"
        )
        assert "description" in told["detail"]
        unknown = client.get(
            f"/ogc/collections/complaints/items?filter={quote(secret.replace('description', 'nothing'))}"
        )
        assert unknown.json()["detail"] == told["detail"].replace("description", "nothing")
        problem(client.get("/ogc/collections/complaints/items?description=Lubang"), 400, "invalid")
        in_json = json.dumps({"op": "isNull", "args": [{"property": "description"}]})
        problem(
            client.get(f"/ogc/collections/complaints/items?filter-lang=cql2-json&filter={quote(in_json)}"),
            400, "filter_property_unknown",
        )  # fmt: skip
        problem(client.get("/ogc/collections/complaints/items?sortby=description"), 400, "invalid")
        for part in ("queryables", "schema", "items"):
            assert "description" not in client.get(f"/ogc/collections/complaints/{part}").json().get("properties", {})
        assert "Lubang" not in client.get("/ogc/collections/complaints/items").text
        titles = client.get("/ogc/collections/incidents/items").json()["features"]
        assert {feature["properties"]["title"] for feature in titles} == {""}
        assert items(client, "incidents", f"filter={quote(TITLED)}")["features"] == []
    for everything in ("TRUE", "reference IS NOT NULL", "NOT category = 'x'", "category = 'illegal_levy' OR TRUE"):
        assert len(references(command, f"filter={quote(everything)}")) == 5
        assert items(command, query=f"limit=1&count=exact&filter={quote(everything)}")["numberMatched"] == 5
    assert references(command, "category=illegal_levy") == set()
