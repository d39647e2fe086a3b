"""The time-lapse of a complaint on its way out: in parts, made once, and told apart from what is not there."""

from datetime import timedelta
from typing import Any

import pytest

from ingest.cameras import timelapse
from tests.api.town import Town, problem
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON
from tests.servers import clips

AT: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1], "radius_m": 6}


def seen(town: Town, stills: int = 2) -> str:
    """The reference of a complaint whose place a camera sees, with so many stills of it."""
    camera = beside(town.city)
    for number in range(stills):
        still(town.city, camera, NOON - timedelta(minutes=9 - number), clips.jpeg(number=number))
    return str(town.open(category="pothole", **AT)["reference"])


def test_a_film_that_takes_too_long_is_not_said_to_be_missing(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(timelapse, "WITHIN_S", 0.01)
    answer = town.client("officer").get(f"/api/v1/complaints/{seen(town)}/timelapse.mp4")
    problem(answer, 503, "film_late")
    assert answer.headers["retry-after"] == "120"
    (record,) = [record for record in caplog.records if record.name == "pantau.films"]
    assert record.getMessage() == "a film of 2 stills was not made: decode_timed_out"


def test_pictures_that_our_own_fault_keeps_closed_are_asked_for_again_later(town: Town) -> None:
    reference, camera = seen(town), beside(town.city)
    shot = still(town.city, camera, NOON)
    town.city.parts.films.close()
    town.city.parts.pictures.close()
    for path in (f"complaints/{reference}/timelapse.webp", f"snapshots/{shot.id}/thumbnail"):
        for language, word in (("en", "administrator"), ("id", "pengelola")):
            answer = town.client("officer", **{"accept-language": language}).get(f"/api/v1/{path}")
            assert word in problem(answer, 503, "decoder_broken")["detail"]
            assert answer.headers["retry-after"] == "10"
