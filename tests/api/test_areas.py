"""Areas, roads and the catalogue through the doors."""

import math

import shapely
from shapely.geometry import shape

from geo.roads import RoadLine
from storage import areas, roads
from tests.api.town import Town, problem
from tests.geo.made import grid
from tests.ingest.city import HERE, NOON, VILLAGE


def test_areas_are_listed_by_level_and_parent_with_as_much_shape_as_asked_for(town: Town) -> None:
    client = town.client()
    villages = client.get("/api/v1/areas?level=village").json()
    codes = [one["id"] for one in villages["features"]]
    assert VILLAGE in codes
    assert codes == sorted(codes)
    assert all(one["geometry"] is None for one in villages["features"])
    district = VILLAGE[:8]
    inner = client.get(f"/api/v1/areas?level=village&parent={district}&geometry=full").json()
    assert {one["properties"]["parent"] for one in inner["features"]} == {district}
    assert all(shape(one["geometry"]).is_valid for one in inner["features"])
    everything = client.get(f"/api/v1/areas?parent={VILLAGE[:5]}").json()
    assert {one["properties"]["level"] for one in everything["features"]} == {"district", "village"}
    problem(client.get("/api/v1/areas?level=street"), 422, "invalid")
    problem(client.get("/api/v1/areas?parent=nowhere"), 422, "invalid")


def test_simplified_borders_stay_shared(town: Town) -> None:
    features = town.client().get("/api/v1/areas?level=village&geometry=simplified").json()["features"]
    assert shapely.coverage_is_valid([shape(one["geometry"]) for one in features])


def test_areas_are_not_sent_again_until_they_change(town: Town) -> None:
    client = town.client()
    first = client.get("/api/v1/areas?level=village")
    assert first.headers["content-type"] == "application/geo+json"
    known = {"if-none-match": first.headers["etag"]}
    assert client.get("/api/v1/areas?level=village", headers=known).status_code == 304
    with town.city.parts.database.write() as db:
        areas.save(db, [area for area in grid() if area.code != VILLAGE], NOON)
    town.city.parts.areas.forget()
    again = client.get("/api/v1/areas?level=village", headers=known)
    assert again.status_code == 200
    assert VILLAGE not in again.text


def test_one_area_comes_with_the_way_to_it_and_its_complaints(town: Town) -> None:
    town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    town.open(category="rubbish", lon=HERE[0], lat=HERE[1])
    body = town.client("officer").get(f"/api/v1/areas/{VILLAGE}").json()
    assert body["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert [step["code"] for step in body["properties"]["path"]] == [VILLAGE[:5], VILLAGE[:8], VILLAGE][-2:]
    assert body["properties"]["counts"]["received"] == 2
    above = town.client("rubbish").get(f"/api/v1/areas/{VILLAGE[:8]}").json()
    assert above["properties"]["counts"] == {**dict.fromkeys(above["properties"]["counts"], 0), "received": 1}
    problem(town.client().get("/api/v1/areas/35.10"), 404, "not_found")
    problem(town.client().get("/api/v1/areas/x"), 422, "invalid")


def test_a_place_lies_in_its_village_and_near_a_border_names_the_neighbour(town: Town) -> None:
    client = town.client()
    body = client.get("/api/v1/areas/at", params={"lon": HERE[0], "lat": HERE[1], "radius_m": 10}).json()
    assert (body["area"]["code"], body["neighbours"]) == (VILLAGE, [])
    west, south, _, north = client.get(f"/api/v1/areas/{VILLAGE}").json()["bbox"]
    edge = {"lon": west + 10 / (111_320 * math.cos(math.radians(south))), "lat": (south + north) / 2, "radius_m": 50}
    near = client.get("/api/v1/areas/at", params=edge).json()
    assert near["area"]["code"] == VILLAGE
    assert 5 < near["neighbours"][0]["distance_m"] < 15
    assert client.get("/api/v1/areas/at?lon=2.35&lat=48.85").json() == {"area": None, "neighbours": []}
    problem(client.get("/api/v1/areas/at?lon=nan&lat=0"), 422, "invalid")
    problem(client.get("/api/v1/areas/at?lon=1"), 422, "invalid")


def test_roads_are_drawn_from_what_is_kept(town: Town) -> None:
    line = shapely.LineString([(HERE[0], HERE[1]), (HERE[0] + 0.01, HERE[1])])
    with town.city.parts.database.write() as db:
        roads.replace(db, [RoadLine("Jl. Kepiting", "primary", line)])
    answer = town.client().get("/api/v1/roads")
    feature = answer.json()["features"][0]
    assert feature["properties"] == {"name": "Jl. Kepiting", "road_class": "primary"}
    assert feature["geometry"]["type"] == "LineString"
    again = town.client().get("/api/v1/roads", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_agencies_and_categories_are_named_in_the_readers_language(town: Town) -> None:
    client = town.client()
    pothole = next(one for one in client.get("/api/v1/categories").json()["categories"] if one["code"] == "pothole")
    assert pothole["name"] == pothole["name_en"]
    assert pothole["agency"]["code"] == "bina_marga"
    assert pothole["deadline_hours"] > 0
    indonesian = client.get("/api/v1/agencies", headers={"accept-language": "id"}).json()["agencies"]
    assert all(one["name"] == one["name_id"] for one in indonesian)
    first = client.get("/api/v1/categories").json()["categories"][0]
    assert first["code"] == "sidewalk_parking"


def test_json_is_sent_small_to_those_far_away_only(town: Town) -> None:
    far = town.client().get("/api/v1/categories", headers={"accept-encoding": "gzip"})
    assert far.headers["content-encoding"] == "gzip"
    small = town.client().get("/api/v1/health", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers
    near = town.near().get("/api/v1/categories", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in near.headers
    assert near.json() == far.json()
