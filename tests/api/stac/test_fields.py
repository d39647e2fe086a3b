"""Which members of an item are wanted."""

from typing import Any

import pytest

from api.stac.asking import SearchBody
from api.stac.fields import Fields

pytestmark = pytest.mark.unit

ALWAYS = {"type", "stac_version", "id", "collection"}
PLAIN = ALWAYS | {"geometry", "links", "assets", "properties"}
ITEM: dict[str, Any] = {
    "type": "Feature",
    "stac_version": "1.1.0",
    "stac_extensions": [],
    "id": "1",
    "collection": "photos",
    "geometry": None,
    "properties": {"datetime": "now", "view:azimuth": 1.0},
    "links": [],
    "assets": {"thumbnail": {"href": "x", "type": "y"}},
}


def of_url(text: str) -> dict[str, Any]:
    return Fields.of_text(text).of(ITEM)


def of_body(fields: dict[str, Any]) -> dict[str, Any]:
    selection = SearchBody.model_validate({"fields": fields}).selection
    assert selection is not None
    return selection.of(ITEM)


def test_nothing_named_is_a_plain_item() -> None:
    for item in (of_url(""), of_body({}), of_body({"include": [], "exclude": None})):
        assert item.keys() == PLAIN
        assert item["properties"] == {"datetime": "now"}


def test_what_is_named_is_all_there_is() -> None:
    for item in (of_url("properties.view:azimuth"), of_body({"include": ["properties.view:azimuth"]})):
        assert item.keys() == ALWAYS | {"properties"}
        assert item["properties"] == {"view:azimuth": 1.0}
    assert of_url("assets.thumbnail.href")["assets"] == {"thumbnail": {"href": "x"}}


def test_what_is_not_wanted_goes() -> None:
    assert of_url("-geometry").keys() == ITEM.keys() - {"geometry"}
    assert of_body({"exclude": ["geometry"]}).keys() == ITEM.keys() - {"geometry"}
    assert of_url("-properties.view:azimuth")["properties"] == {"datetime": "now"}
    assert of_body({"exclude": ["geometry"], "include": []}).keys() == PLAIN - {"geometry"}
    assert of_url("-id,-type").keys() >= ALWAYS


def test_what_is_named_twice_is_wanted() -> None:
    assert "geometry" in of_url("+geometry,-geometry")
    assert of_url("-properties,+properties.datetime")["properties"] == {"datetime": "now"}
    assert of_url("properties,-properties.datetime")["properties"] == {"view:azimuth": 1.0}


def test_without_the_question_the_item_is_whole() -> None:
    assert SearchBody.model_validate({}).selection is None
