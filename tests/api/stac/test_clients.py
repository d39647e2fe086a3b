"""The catalogue as those see it that it is for: the validator of the STAC API, and pystac-client with a token."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import stac_validator.utilities
from pystac.validation import RegisteredValidator
from pystac_client import Client
from pystac_client.exceptions import APIError
from stac_api_validator.validations import QueryConfig, validate_api

from cases.words import Scope
from tests.api.stac.schemas import schemas
from tests.api.town import Town
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON
from tests.servers.served import served
from tests.storage.pairs import POSTGRES_S3, SQLITE_FOLDER, on_sqlite

SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[HERE[0] - 1, HERE[1] - 1], [HERE[0] + 1, HERE[1] - 1], [HERE[0] + 1, HERE[1] + 1], [HERE[0] - 1, HERE[1] - 1]]
    ],
}
CLASSES = ["core", "collections", "features", "item-search"]
FILTER = ["features#filter", "item-search#filter", "filter"]
REST = ["item-search#fields", "item-search#sort"]


@pytest.fixture(autouse=True)
def local_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    """No validator asks another host for a schema."""
    known = schemas()
    fetch = stac_validator.utilities.fetch_and_parse_file

    def fetched(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        return known[path] if path in known else fetch(path, headers)

    monkeypatch.setattr(stac_validator.utilities, "fetch_and_parse_file", fetched)
    stac_validator.utilities.fetch_and_parse_schema.cache_clear()
    monkeypatch.setattr(RegisteredValidator.get_validator(), "schema_cache", known)


@pytest.fixture
def catalog(town: Town) -> Iterator[tuple[Town, str]]:
    """Some pictures, and where they are served."""
    camera = beside(town.city)
    for each in range(5):
        town.send(lon=HERE[0], lat=HERE[1], caption=f"foto {each}", category="pothole", seed=each)
        still(town.city, camera, NOON - timedelta(minutes=each))
    town.city.work()
    with served(lambda url: town.rebuilt(public_url=url).app) as url:
        yield town, url


def token(town: Town, who: str) -> dict[str, str]:
    """What a program of somebody sends."""
    return {"Authorization": str(town.program(who, Scope.READ).headers["authorization"])}


def validated(root: str, collection: str, headers: dict[str, str], classes: list[str]) -> tuple[list[str], list[str]]:
    """Warnings and errors of the validator."""
    warnings, errors = validate_api(
        root_url=root,
        ccs_to_validate=classes,
        collection=collection,
        geometry=json.dumps(SQUARE),
        auth_bearer_token=None,
        auth_query_parameter=None,
        fields_nested_property="properties.pantau:radius_m",
        validate_pagination=True,
        query_config=QueryConfig(*[None] * 13),
        transaction_collection=None,
        headers=headers,
        open_assets_urls=True,
    )
    return warnings.as_list(), errors.as_list()


@pytest.mark.filterwarnings("ignore::Warning")  # its own affair
@pytest.mark.parametrize(
    ("pair", "collection"), [(SQLITE_FOLDER, "photos"), (POSTGRES_S3, "snapshots")], indirect=["pair"]
)
def test_the_validator_finds_no_error(catalog: tuple[Town, str], collection: str) -> None:
    town, url = catalog
    _, errors = validated(f"{url}/stac", collection, token(town, "command"), [*CLASSES, *FILTER, *REST])
    assert errors == []


@on_sqlite
def test_the_validator_would_find_one(catalog: tuple[Town, str]) -> None:
    """A wrong checksum and an azimuth beyond the circle are noticed by the schemas that stand in."""
    town, url = catalog
    client = Client.open(f"{url}/stac", headers=token(town, "command"))
    item = next(client.search(collections=["snapshots"]).items())
    assert item.validate()
    item.properties["view:azimuth"] = 400
    with pytest.raises(Exception, match="400"):
        item.validate()
    item.properties["view:azimuth"] = 40
    item.assets["image"].extra_fields["file:checksum"] = "no hash"
    with pytest.raises(Exception, match="no hash"):
        item.validate()


@on_sqlite
def test_pystac_client_sees_what_its_token_may_see(catalog: tuple[Town, str]) -> None:
    town, url = catalog
    client = Client.open(f"{url}/stac", headers=token(town, "command"))
    assert [one.id for one in client.get_collections()] == ["photos", "snapshots"]
    for method in ("GET", "POST"):
        items = list(client.search(method=method, limit=3).items())
        assert len({item.id for item in items}) == 10
        assert all(item.validate() for item in items[:3])
        few = client.search(
            method=method, collections=["snapshots"], limit=2, datetime=(NOON - timedelta(minutes=2), None)
        )
        assert len(list(few.items())) == 3
        named = client.search(method=method, filter="description = 'foto 3'", filter_lang="cql2-text")
        assert [item.properties["description"] for item in named.items()] == ["foto 3"]
        placed = client.search(method=method, intersects=SQUARE, collections=["photos"])
        assert len(list(placed.items())) == 5
    assert [len(list(one.get_items())) for one in client.get_collections()] == [5, 5]
    public = Client.open(f"{url}/stac")
    assert list(public.search().items()) == []
    assert [one.id for one in public.get_collections()] == ["photos", "snapshots"]
    owner = Client.open(f"{url}/stac", headers=token(town, "owner"))
    assert list(owner.search().items()) == []
    with pytest.raises(APIError, match="token_refused"):
        Client.open(f"{url}/stac", headers={"Authorization": "Bearer pantau_wrong"})
