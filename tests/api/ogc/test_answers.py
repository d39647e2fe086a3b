"""Answers of the collections: kept by who has them, linked as the client speaks, made for people, and true."""

from uuid import UUID

from tests.api.ogc.asked import items
from tests.api.town import Town
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite


@on_sqlite
def test_it_is_kept_by_who_has_it_and_head_says_the_same_without_a_body(busy: Town) -> None:
    client = busy.client("command")
    for path in (
        "/ogc",
        "/ogc/collections",
        "/ogc/collections/complaints/items",
        "/ogc/collections/complaints/items?f=html",
    ):
        answer = client.get(path)
        again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-type"):
            assert head.headers[name] == answer.headers[name], name
        assert "Authorization" in answer.headers["vary"]


@on_sqlite
def test_links_hold_the_address_that_the_client_uses(busy: Town) -> None:
    client = busy.client()
    at = client.get("/ogc", headers={"host": "desk.example:8443"}).json()["links"][0]["href"]
    assert at == "http://desk.example:8443/ogc?f=json"
    public = busy.rebuilt(public_url="https://pantau.example").client()
    assert (
        public.get("/ogc", headers={"host": "pantau.example"})
        .json()["links"][0]["href"]
        .startswith("https://pantau.example/ogc")
    )
    odd = public.get("/ogc", headers={"host": 'x"onload=alert(1)'}).json()["links"][0]["href"]
    assert odd.startswith("https://pantau.example/ogc")


@on_sqlite
def test_pages_are_for_people_in_their_language_and_hold_nothing_that_runs(busy: Town) -> None:
    busy.open(category="pothole", lon=HERE[0], lat=HERE[1], description="<script>alert(1)</script>")
    for language, word in (("id", "Aduan"), ("en", "Complaints")):
        client = busy.client("command", **{"accept-language": language, "accept": "text/html,*/*;q=0.8"})
        answer = client.get("/ogc/collections/complaints/items")
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["content-language"] == language
        html = answer.text
        assert f'<html lang="{language}">' in html
        assert word in html
        assert "<svg" in html
        assert "&lt;script&gt;" in html
        assert "<script" not in html
        assert "http-equiv" not in html
    assert busy.client("command", accept="application/json").get("/ogc").headers["content-type"] == "application/json"
    assert "Rahasia" not in busy.client("command").get("/ogc/collections/complaints/items?f=html").text


@on_sqlite
def test_a_photo_and_an_area_are_what_the_versioned_api_says(busy: Town) -> None:
    client = busy.client("officer")
    (photo,) = items(client, "photos")["features"]
    told = client.get(f"/api/v1/photos/{photo['id']}").json()
    assert photo["properties"]["caption"] == told["caption"]
    assert photo["geometry"]["coordinates"] == [told["location"]["lon"], told["location"]["lat"]]
    village = client.get("/ogc/collections/areas/items/99.01.02.2002").json()
    same = client.get("/api/v1/areas/99.01.02.2002").json()
    assert village["geometry"] == same["geometry"]
    assert UUID(photo["id"])
