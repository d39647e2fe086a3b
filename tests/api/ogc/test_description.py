"""What the collections say of themselves, and that it is true."""

import re
from urllib.parse import quote

from jsonschema import Draft202012Validator
from ogcapi_registry import parse_conformance_classes, validate_ogc_api
from openapi_spec_validator import validate

from tests.api.ogc.asked import ALL, items
from tests.api.town import Town
from tests.storage.pairs import on_sqlite


@on_sqlite
def test_it_begins_at_the_landing_page_and_every_link_leads_somewhere(busy: Town) -> None:
    client = busy.client("command")
    seen: set[str] = set()
    waiting = ["http://testserver/ogc"]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        answer = client.get(at)
        assert answer.status_code == 200, (at, answer.text)
        if "json" not in answer.headers["content-type"]:
            waiting += re.findall(r'href="(http[^"]+)"', answer.text.replace("&amp;", "&"))
            continue
        found = answer.json()
        for one in [found, *found.get("collections", [])]:
            waiting += [link["href"] for link in one.get("links", [])]
    assert len(seen) > 80
    assert {f"http://testserver/ogc/collections/{one}/items?f=html" for one in ALL} <= seen


@on_sqlite
def test_what_it_says_of_itself_is_valid(busy: Town) -> None:
    client = busy.client("command")
    document = client.get("/ogc/api?f=json").json()
    validate(document)
    classes = client.get("/ogc/conformance").json()["conformsTo"]
    found = validate_ogc_api(document, parse_conformance_classes(classes))
    assert found.is_valid
    assert found.errors == ()
    assert [one["severity"] for one in found.warnings if one["severity"] != "info"] == []
    described = client.get("/ogc").json()
    kinds = {link["rel"]: link["type"] for link in described["links"]}
    assert kinds["service-desc"] == "application/vnd.oai.openapi+json;version=3.0"
    assert kinds["service-doc"] == "text/html"


def test_every_feature_is_of_its_schema_and_every_queryable_can_be_asked(busy: Town) -> None:
    client = busy.client("command")
    listed = client.get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in listed] == ALL
    for one in listed:
        at = f"/ogc/collections/{one['id']}"
        assert one["storageCrs"] in one["crs"]
        schema = client.get(f"{at}/schema").json()
        Draft202012Validator.check_schema(schema)
        page = items(client, one["id"], "limit=5")
        for feature in page["features"]:
            assert set(feature["properties"]) | {"geometry"} == set(schema["properties"])
            known = {name: value for name, value in feature["properties"].items() if value is not None}
            Draft202012Validator(schema).validate(known)
            alone = client.get(f"{at}/items/{quote(feature['id'])}").json()
            assert {name: alone[name] for name in feature} == feature
        queryables = client.get(f"{at}/queryables").json()
        assert queryables["$id"].endswith(f"{at}/queryables")
        for name, told in queryables["properties"].items():
            value = {"string": "'foo'", "number": "3.14", "integer": "1", "boolean": "true"}.get(told.get("type", ""))
            if told.get("format") in ("date-time", "date"):
                value = "TIMESTAMP('2022-04-14T14:48:46Z')" if told["format"] == "date-time" else "DATE('2022-04-14')"
            if value is None:
                continue
            ops = ("=", "<>", ">", "<", ">=", "<=")
            source = " OR ".join(f'"{name}" {op} {value}' for op in ops)
            items(client, one["id"], f"filter={quote(source)}")
            items(client, one["id"], f"filter={quote(f'{name} IS NULL')}")
        sortables = client.get(f"{at}/sortables").json()["properties"]
        for name in sortables:
            for sign in ("", "-", "%2B", "+"):
                items(client, one["id"], f"sortby={sign}{name}")
