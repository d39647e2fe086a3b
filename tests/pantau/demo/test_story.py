"""The story: in order, complete, and allowed by the rules that the real doors hold it to."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
import shapely
from shapely.geometry import shape

from cases.catalogue import default
from cases.complaint import check_move, due_at, overdue
from cases.words import Role, Status
from pantau.demo.acts import Event, MoveComplaint, SendPhoto
from pantau.demo.city import City, draw_city
from pantau.demo.days import WIB
from pantau.demo.plane import to_metres
from pantau.demo.story import tell

pytestmark = pytest.mark.unit

NOW = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
SEEDS = (1, 7, 23)


@cache
def city() -> City:
    return draw_city(7)


@cache
def story(seed: int = 7) -> list[Event]:
    return tell(city(), seed, NOW)


def photos(events: list[Event]) -> list[SendPhoto]:
    return [event for event in events if isinstance(event, SendPhoto)]


def moves(events: list[Event]) -> list[MoveComplaint]:
    return [event for event in events if isinstance(event, MoveComplaint)]


def opener(events: list[Event], number: int) -> SendPhoto:
    event = events[number]
    assert isinstance(event, SendPhoto)
    assert event.about is None
    assert event.report
    return event


def states(events: list[Event]) -> dict[int, Status]:
    """Where each complaint stands at the end, by the number of the photo that opened it."""
    found = {
        n: Status.RECEIVED for n, event in enumerate(events) if isinstance(event, SendPhoto) and event.about is None
    }
    for move in moves(events):
        found[move.of] = move.to
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_it_has_the_photos_officers_and_days_asked_for(seed: int) -> None:
    sent = photos(story(seed))
    assert len(sent) == 300
    assert {photo.officer for photo in sent} == set(range(1, 13))
    assert all(NOW - timedelta(days=60) <= event.at <= NOW for event in story(seed))
    assert len({event.at.astimezone(WIB).date() for event in story(seed)}) > 50


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_told_in_order_and_points_only_backwards(seed: int) -> None:
    events = story(seed)
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    for n, event in enumerate(events):
        if isinstance(event, MoveComplaint):
            assert event.of < n
            opener(events, event.of)
            if event.original is not None:
                assert event.original < event.of
                opener(events, event.original)
        elif event.about is not None:
            assert event.about < n
            assert opener(events, event.about).scene.trouble is event.scene.trouble


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("wanted", [40, 300])
def test_every_state_is_reached_by_moves_that_the_rules_allow(seed: int, wanted: int) -> None:
    events = tell(city(), seed, NOW, photos=wanted)
    standing = dict.fromkeys(states(events), Status.RECEIVED)
    for move in moves(events):
        check_move(standing[move.of], move.to, move.by, note=move.note, original=move.original is not None)
        standing[move.of] = move.to
    assert set(standing.values()) == set(Status)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_solved_has_a_photo_of_it_taken_by_day_or_when_lamps_burn(seed: int) -> None:
    events = story(seed)
    solved = {n for n, state in states(events).items() if state is Status.RESOLVED}
    shown = {photo.about: photo for photo in photos(events) if photo.scene.solved}
    assert solved
    assert solved == set(shown)
    for n, photo in shown.items():
        assert n is not None
        first = opener(events, n)
        assert photo.seed == first.seed
        assert photo.shot.taken_at > first.shot.taken_at
        assert 7 <= photo.shot.taken_at.astimezone(WIB).hour <= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_some_are_overdue_and_some_confidential_and_known_to_their_agency_only(seed: int) -> None:
    events = story(seed)
    categories = {entry.code: entry for entry in default().categories}
    late = 0
    for n, state in states(events).items():
        first = opener(events, n)
        entry = categories[first.scene.trouble]
        late += overdue(state, due_at(first.at, entry.deadline_hours), NOW)
    assert late >= 10
    hidden = {n for n in states(events) if categories[opener(events, n).scene.trouble].confidential}
    assert len(hidden) >= 2
    assert {move.by for move in moves(events) if move.of in hidden} == {Role.AGENCY}


@pytest.mark.parametrize("seed", SEEDS)
def test_photos_lack_a_place_carry_pins_and_stray(seed: int) -> None:
    sent = photos(story(seed))
    without = [photo for photo in sent if photo.shot.fix is None]
    assert any(photo.pin for photo in without)
    assert any(photo.pin is None for photo in without)
    far = [
        photo for photo in sent if photo.shot.fix and away_m(photo, (photo.shot.fix.lon, photo.shot.fix.lat)) > 5_000
    ]
    assert len(far) >= 4
    near = [photo for photo in sent if photo.shot.fix and photo not in far]
    assert all(away_m(photo, (photo.shot.fix.lon, photo.shot.fix.lat)) < 30 for photo in near if photo.shot.fix)
    assert len(near) > 0.75 * len(sent)


def away_m(photo: SendPhoto, lon_lat: tuple[float, float]) -> float:
    (x0, y0), (x1, y1) = to_metres(*photo.place), to_metres(*lon_lat)
    return float(((x0 - x1) ** 2 + (y0 - y1) ** 2) ** 0.5)


def test_a_repeat_sends_the_very_bytes_and_a_colleague_others() -> None:
    events = story()
    repeat = next(photo for photo in photos(events) if photo.repeats is not None)
    assert repeat.repeats is not None
    assert repeat.picture() == opener(events, repeat.repeats).picture()
    second = next(photo for photo in photos(events) if photo.scene.view)
    assert second.about is not None
    first = opener(events, second.about)
    assert second.officer != first.officer
    assert away_m(first, second.place) < 1
    assert second.picture() != first.picture()


@pytest.mark.parametrize("seed", SEEDS)
def test_places_lie_in_the_village_named_and_cluster_in_town(seed: int) -> None:
    areas = {f["properties"]["kode"]: shape(f["geometry"]) for f in city().areas_geojson["features"]}
    sent = photos(story(seed))
    # A second complaint from 160 m down the street may lie in the next village.
    off = [p for p in sent if areas[p.village_code].distance(shapely.Point(p.place)) > 0.0018]
    assert not off
    centre = to_metres(*city().centre)
    in_town = [
        p for p in sent if sum((a - b) ** 2 for a, b in zip(to_metres(*p.place), centre, strict=True)) < 4_000**2
    ]
    assert 0.4 * len(sent) < len(in_town) < 0.9 * len(sent)
    assert len({photo.village_code for photo in sent}) > 40


def test_captions_are_filled_and_varied() -> None:
    captions = [photo.caption for photo in photos(story())]
    assert not [caption for caption in captions if "{" in caption]
    assert Counter(captions).most_common(1)[0][1] < 30
    assert len(set(captions)) > 150


def test_the_same_arguments_tell_the_same_story_and_another_seed_another() -> None:
    assert tell(city(), 7, NOW) == story(7)
    assert story(7) != story(1)


@pytest.mark.parametrize(
    ("now", "photos", "officers", "days"),
    [(NOW.replace(tzinfo=None), 300, 12, 60), (NOW, 39, 12, 60), (NOW, 300, 1, 60), (NOW, 300, 12, 19)],
)
def test_what_cannot_be_told_is_refused(now: datetime, photos: int, officers: int, days: int) -> None:
    with pytest.raises(ValueError, match="needs"):
        tell(city(), 7, now, photos=photos, officers=officers, days=days)
