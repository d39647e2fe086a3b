"""The time-lapse of a complaint on its way out: in parts, made once, and told apart from what is not there."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from cases.words import StillKind
from ingest.cameras import timelapse
from ingest.cameras.stills import Still
from ingest.cameras.timelapse import Films, Form
from tests.api.town import Town, problem
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON
from tests.servers import clips

STILLS = [Still(StillKind.JPEG, clips.jpeg(number=number)) for number in range(3)]
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


@pytest.mark.parametrize("form", Form)
def test_a_player_gets_the_part_that_it_asks_for(town: Town, form: Form) -> None:
    client, at = town.client("officer"), f"/api/v1/complaints/{seen(town)}/timelapse.{form}"
    answer = client.get(at)
    whole, size, etag = answer.content, len(answer.content), answer.headers["etag"]
    assert (answer.status_code, answer.headers["accept-ranges"]) == (200, "bytes")
    assert answer.headers["content-length"] == str(size)
    for asked, first, last in (
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes=9-{size}", 9, size - 1),
    ):
        for unless in ({}, {"if-range": etag}):
            part = client.get(at, headers={"range": asked, **unless})
            assert (part.status_code, part.content) == (206, whole[first : last + 1]), asked
            assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
            assert part.headers["content-type"] == answer.headers["content-type"]
            assert (part.headers["etag"], part.headers["cache-control"]) == (etag, "private, no-cache")
    # Another film than the one it has begun, several parts at once, and what is no range: the whole.
    for headers in ({"range": "bytes=0-1", "if-range": f"W/{etag}"}, {"range": "bytes=0-1,3-4"}, {"range": "0-1"}):
        part = client.get(at, headers=headers)
        assert (part.status_code, part.content) == (200, whole), headers
    outside = client.get(at, headers={"range": f"bytes={size}-"})
    problem(outside, 416, "range_outside")
    assert outside.headers["content-range"] == f"bytes */{size}"
    assert client.get(at, headers={"range": "bytes=0-1", "if-none-match": etag}).status_code == 304
    # A film that is remembered is nobody's who may not see the complaint.
    problem(town.client("owner").get(at, headers={"range": "bytes=0-1"}), 404, "complaint_unknown")
    problem(town.client().get(at, headers={"range": "bytes=0-1"}), 401, "sign_in_needed")


def test_a_still_that_comes_makes_another_film(town: Town) -> None:
    camera = beside(town.city)
    still(town.city, camera, NOON - timedelta(minutes=9))
    reference = town.open(category="pothole", **AT)["reference"]
    client, at = town.client("officer"), f"/api/v1/complaints/{reference}/timelapse.mp4"
    before = client.get(at)
    still(town.city, camera, NOON + timedelta(minutes=1), clips.jpeg(number=4))
    part = client.get(at, headers={"range": "bytes=0-1", "if-range": before.headers["etag"]})
    assert (part.status_code, part.content != before.content) == (200, True)


@pytest.mark.unit
def test_a_film_is_made_once_for_all_who_ask_at_once_and_the_same_by_whichever_process() -> None:
    asked = []

    def stills() -> list[Still]:
        asked.append(1)
        time.sleep(0.3)
        return STILLS

    films, others = Films(), Films()
    try:
        for form in Form:
            with ThreadPoolExecutor(4) as people:
                told = list(people.map(lambda _, form=form: films.film(form, form, stills), range(4)))
            assert told == [others.film(form, form, lambda: STILLS)] * 4
        assert len(asked) == len(Form)
    finally:
        films.close()
        others.close()


@pytest.mark.unit
def test_the_films_asked_for_longest_ago_are_forgotten() -> None:
    films = Films(kept_bytes=0)
    size = len(films.film("any", Form.MP4, lambda: STILLS))
    films.close()
    films, made = Films(kept_bytes=2 * size), ""

    def stills() -> list[Still]:
        nonlocal made
        made += name
        return STILLS

    try:
        for name in "abacaab":
            films.film(name, Form.MP4, stills)
        assert made == "abcb"
    finally:
        films.close()
