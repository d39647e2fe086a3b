"""The list of agencies and categories: a good default, and errors that say where."""

import pytest

from cases.catalogue import default, parse
from cases.errors import CatalogueInvalid

pytestmark = pytest.mark.unit

GOOD = """
agencies:
  - {code: dishub, name_id: Dinas Perhubungan, name_en: Transport Agency}
categories:
  - {code: parking, name_id: Parkir, name_en: Parking, agency: dishub,
     deadline_hours: 4, radius_m: 50, related: [light]}
  - {code: light, name_id: Lampu, name_en: Light, agency: dishub, deadline_hours: 72, radius_m: 50}
"""


def test_the_default_set_is_whole() -> None:
    catalogue = default()
    assert catalogue.categories[0].code == "sidewalk_parking"
    assert len(catalogue.categories) >= 20
    assert [category.position for category in catalogue.categories] == list(range(len(catalogue.categories)))
    assert {category.code for category in catalogue.categories if category.confidential} == {
        "illegal_levy",
        "harassment",
    }
    used = {category.agency for category in catalogue.categories}
    assert used == {agency.code for agency in catalogue.agencies}
    names = [category.name_id for category in catalogue.categories]
    assert len(set(names)) == len(names)


def test_what_is_left_out_has_a_value() -> None:
    light = parse(GOOD).categories[1]
    assert (light.related, light.confidential, light.icon, light.position) == ((), False, "light", 1)


def test_an_agency_may_exist_already() -> None:
    only = GOOD[GOOD.index("categories:") :]
    assert parse(only, agencies=["dishub"]).agencies == ()
    with pytest.raises(CatalogueInvalid, match="parking: there is no agency dishub"):
        parse(only)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("agency: dishub, deadline_hours: 72", "agency: dlh, deadline_hours: 72", "light: there is no agency dlh"),
        ("related: [light]", "related: [lamp]", "parking: related: there is no other category lamp"),
        ("related: [light]", "related: [parking]", "no other category parking"),
        ("related: [light]", "related: light", "parking: related: write a list"),
        ("deadline_hours: 4", "deadline_hours: -4", "parking: deadline_hours: write a number from 1"),
        ("deadline_hours: 4", "deadline_hours: true", "parking: deadline_hours"),
        ("radius_m: 50, related", "radius_m: .nan, related", "parking: radius_m"),
        ("code: light", "code: parking", "parking: this code stands twice"),
        ("code: light", "code: Lampu Jalan", "entry 2: code: use small letters"),
        ("name_en: Light", "name_en: ''", "light: name_en: write a text"),
        ("name_en: Light", "nama: Lampu", "light: nama: no such field"),
        ("categories:", "kategori:", "file: write a list"),
        ("agencies:", "agencies: [", "line "),
        ("{code: light,", "{code: light", "line "),
    ],
)
def test_errors_say_where(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueInvalid) as caught:
        parse(GOOD.replace(old, new))
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "agencies: 3", "categories: [3]", "!!python/object:os.system {}"])
def test_not_a_catalogue(text: str) -> None:
    with pytest.raises(CatalogueInvalid):
        parse(text)
