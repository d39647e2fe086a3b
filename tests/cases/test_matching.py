"""Ties: what is confirmed, what is proposed and what is left alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.matching import CLEAR_LEAD, CONFIRM_SCORE, Open, Subject, match, reach_m
from cases.words import LinkState, LocationSource
from geo.distance import offset

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = (114.3691, -8.2192)
PHOTO = Subject(*HERE, radius_m=10, source=LocationSource.EXIF, occurred_at=NOON, category="pothole")


def complaint(east_m: float = 0, number: int = 1, **changes: object) -> Open:
    lon, lat = offset(*HERE, east_m, 0)
    made = Open(UUID(int=number), lon, lat, 10, LocationSource.PIN, "pothole", NOON - timedelta(days=1))
    return replace(made, **changes)  # type: ignore[arg-type]


def states(photo: Subject, *complaints: Open) -> list[LinkState]:
    return [tie.state for tie in match(photo, complaints)]


def test_one_clear_winner_is_confirmed_with_its_reasons() -> None:
    (tie,) = match(PHOTO, [complaint(12)])
    assert tie.state is LinkState.CONFIRMED
    assert [reason.as_json() for reason in tie.reasons] == [
        {"code": "distance", "value": 12},
        {"code": "category_same"},
        {"code": "time_open"},
    ]


def test_rivals_are_proposed_and_the_winner_stays_confirmed_when_clear() -> None:
    assert states(PHOTO, complaint(2), complaint(45, 2)) == [LinkState.CONFIRMED, LinkState.PROPOSED]
    close = match(PHOTO, [complaint(2), complaint(6, 2)])
    assert {tie.state for tie in close} == {LinkState.PROPOSED}
    assert close[0].reasons[-1].as_json() == {"code": "rivals", "value": 1}


@pytest.mark.parametrize(
    ("east_m", "radius_m", "ties"),
    [(49, 10, True), (51, 10, False), (199, 190, True), (490, 600, True), (510, 600, False)],
)
def test_reach(east_m: float, radius_m: float, ties: bool) -> None:
    assert bool(match(PHOTO, [complaint(east_m, radius_m=radius_m)])) is ties


def test_the_categorys_radius_widens_the_reach() -> None:
    assert not match(PHOTO, [complaint(150)])
    assert match(PHOTO, [complaint(150, reach_m=200)])


def test_another_category_does_not_tie() -> None:
    assert match(PHOTO, [complaint(0, category="rubbish")]) == []


@pytest.mark.parametrize("named_by", ["photo", "complaint"])
def test_a_related_category_ties_from_either_side(named_by: str) -> None:
    if named_by == "photo":
        ties = match(replace(PHOTO, related=frozenset({"road_damage"})), [complaint(0, category="road_damage")])
    else:
        ties = match(PHOTO, [complaint(0, category="road_damage", related=frozenset({"pothole"}))])
    assert [tie.state for tie in ties] == [LinkState.CONFIRMED]
    assert ties[0].score < match(PHOTO, [complaint(0)])[0].score


def test_a_photo_without_category_is_only_proposed() -> None:
    assert states(replace(PHOTO, category=None), complaint(0)) == [LinkState.PROPOSED]


def test_a_photo_whose_locations_disagree_is_only_proposed() -> None:
    assert states(replace(PHOTO, disputed=True), complaint(0)) == [LinkState.PROPOSED]


@pytest.mark.parametrize(("after_opening", "ties"), [(-25, False), (-23, True), (0, True), (24 * 300, True)])
def test_time_before_and_while_open(after_opening: int, ties: bool) -> None:
    found = match(PHOTO, [complaint(opened_at=NOON - timedelta(hours=after_opening))])
    assert bool(found) is ties


@pytest.mark.parametrize(("after_closing", "ties"), [(-1, True), (6, True), (8, False)])
def test_time_after_closing(after_closing: int, ties: bool) -> None:
    opened, closed = NOON - timedelta(days=30), NOON - timedelta(days=after_closing)
    assert bool(match(PHOTO, [complaint(opened_at=opened, closed_at=closed)])) is ties


def test_an_open_complaint_beats_the_closed_one_before_it() -> None:
    before = complaint(0, 1, opened_at=NOON - timedelta(days=9), closed_at=NOON - timedelta(days=2))
    ties = match(PHOTO, [before, complaint(0, 2)])
    assert [(tie.complaint_id.int, tie.state) for tie in ties] == [
        (2, LinkState.CONFIRMED),
        (1, LinkState.PROPOSED),
    ]


def test_an_area_ties_nothing() -> None:
    assert match(replace(PHOTO, source=LocationSource.AREA), [complaint(0)]) == []
    assert match(PHOTO, [complaint(0, source=LocationSource.AREA)]) == []


def test_nothing_confidential_ties_by_machine() -> None:
    assert match(PHOTO, [complaint(0, confidential=True)]) == []
    assert match(replace(PHOTO, confidential=True), [complaint(0)]) == []


def test_a_person_chooses_among_few() -> None:
    assert len(match(PHOTO, [complaint(metres, metres + 1) for metres in range(40)])) == 5


photos = st.builds(
    replace,
    st.just(PHOTO),
    radius_m=st.floats(1, 1000),
    category=st.sampled_from([None, "pothole", "road_damage"]),
    related=st.sampled_from([frozenset(), frozenset({"pothole"})]),
    disputed=st.booleans(),
)
complaints = st.lists(
    st.builds(
        complaint,
        st.floats(0, 700),
        st.integers(1, 10**6),
        radius_m=st.floats(1, 400),
        category=st.sampled_from(["pothole", "road_damage", "rubbish"]),
        related=st.sampled_from([frozenset(), frozenset({"pothole"})]),
        reach_m=st.floats(10, 500),
        opened_at=st.integers(-30, 900).map(lambda hours: NOON - timedelta(hours=hours)),
        closed_at=st.none() | st.integers(-5, 200).map(lambda hours: NOON - timedelta(hours=hours)),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(photos, complaints, st.integers())
def test_order_does_not_matter(photo: Subject, given_: list[Open], seed: int) -> None:
    shuffled = given_.copy()
    Random(seed).shuffle(shuffled)
    assert match(photo, given_) == match(photo, shuffled)


@given(photos, complaints)
def test_scores_and_states_hold_together(photo: Subject, given_: Sequence[Open]) -> None:
    ties = match(photo, given_)
    scores = [tie.score for tie in ties]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    confirmed = [tie for tie in ties if tie.state is LinkState.CONFIRMED]
    assert confirmed in ([], ties[:1])
    if confirmed:
        assert scores[0] >= CONFIRM_SCORE
        assert all(scores[0] - score >= CLEAR_LEAD for score in scores[1:])
        assert photo.category is not None and not photo.disputed


@given(photos, st.floats(0, 600), st.floats(0, 600))
def test_nearer_never_scores_less(photo: Subject, one: float, other: float) -> None:
    near, far = (match(photo, [complaint(metres)]) for metres in sorted((one, other)))
    if far:
        assert near
        assert near[0].score >= far[0].score - 1e-9


@given(photos, st.floats(0, 400))
def test_the_same_category_never_scores_less_than_a_related_or_none(photo: Subject, metres: float) -> None:
    related = frozenset({"pothole", "road_damage"})
    same, akin, none = (
        match(replace(photo, category=category, related=related), [complaint(metres)])
        for category in ("pothole", "road_damage", None)
    )
    assert [tie.score for tie in same] >= [tie.score for tie in akin] >= [tie.score for tie in none]


@given(st.floats(0, 2000), st.floats(0, 2000), st.floats(0, 2000))
def test_reach_is_bounded(a: float, b: float, own: float) -> None:
    reach = reach_m(replace(PHOTO, radius_m=a), complaint(radius_m=b, reach_m=own))
    assert 50 <= reach <= 500
    assert reach == min(500, max(50, own, a + b))
