"""The town whose incidents are taken away."""

import pytest

from tests.api.exports.taken import FORMULA, LONG
from tests.api.town import Town
from tests.ingest.city import HERE, VILLAGE


@pytest.fixture
def told(town: Town) -> Town:
    """A town with complaints, one without a place and one in confidence, and a photo with a hostile caption."""
    town.open(category="pothole", lon=HERE[0], lat=HERE[1], description=LONG)
    town.open(category="rubbish", lon=HERE[0] + 0.001, lat=HERE[1], description="Tumpukan")
    town.open(category="rubbish", area=VILLAGE, description="Entah di mana")
    town.open(category="illegal_levy", lon=HERE[0], lat=HERE[1], description="Diminta uang")
    town.send(category="sidewalk_parking", lon=HERE[0], lat=HERE[1], accuracy_m=8, caption=FORMULA)
    return town
