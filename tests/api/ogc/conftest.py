"""The town that GIS desks ask about."""

import pytest

from tests.api.town import Town
from tests.ingest.city import HERE


@pytest.fixture
def busy(town: Town) -> Town:
    """A town with complaints of three kinds along a street, one of them confidential, and a photo."""
    kinds = ("pothole", "rubbish", "pothole", "flooding", "pothole")
    for step, kind in enumerate(kinds):
        town.open(category=kind, lon=HERE[0] + step / 1000, lat=HERE[1], description=f"Lubang nomor {step}")
        town.city.clock.wait(hours=1)
    town.send("inspector", category="illegal_levy", lon=HERE[0], lat=HERE[1], caption="Pungutan Rahasia", report=True)
    town.send("officer", category="pothole", lon=HERE[0], lat=HERE[1], caption="Foto lubang")
    return town
