"""When cameras are visited, how they stand, what of them is kept and who may see it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.access import PUBLIC, Principal
from cases.camera import (
    LONGEST_RETRY_S,
    OUTAGE_AFTER,
    OutageStep,
    Standing,
    next_visit,
    outage_step,
    retry_after_s,
    revisit,
    visited,
)
from cases.snapshots import (
    AT_LEAST_EVERY,
    CHANGED_SHARE,
    Kept,
    Retention,
    Shared,
    Tied,
    includes,
    keeping,
)
from cases.words import Keeping, Role, Sharing, SightFault, VisitState

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)
intervals = st.integers(10, 86_400)
times = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
states = st.sampled_from(VisitState)


@given(st.uuids(), intervals, times)
def test_visits_lie_one_interval_apart_wherever_one_asks(camera: UUID, interval: int, now: datetime) -> None:
    first = next_visit(camera, interval, now)
    assert timedelta() < first - now <= timedelta(seconds=interval)
    assert next_visit(camera, interval, first) - first == timedelta(seconds=interval)
    assert next_visit(camera, interval, first - timedelta(microseconds=1)) == first
    assert next_visit(camera, interval, now + (first - now) / 2) == first


def test_cameras_spread_evenly_over_the_interval() -> None:
    slots = Counter(int((next_visit(UUID(int=n), 60, NOON) - NOON).total_seconds() % 60) for n in range(19_000))
    assert len(slots) == 60
    assert max(slots.values()) < 1.3 * 19_000 / 60


@pytest.mark.parametrize("interval", [0, 9, 86_401])
def test_an_interval_has_its_bounds(interval: int) -> None:
    with pytest.raises(ValueError, match="visited every"):
        next_visit(ONE, interval, NOON)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_retry_waits_from_5_s_to_15_min_and_no_shorter_after_more_failures(failures: int, chance: float) -> None:
    wait = retry_after_s(failures, chance)
    assert 5 <= wait <= 900
    assert retry_after_s(failures + 1, chance) >= wait
    assert retry_after_s(failures, 1) == retry_after_s(failures, 0) / 2


def test_a_retry_begins_within_seconds_and_ends_at_a_quarter_hour() -> None:
    assert retry_after_s(1, 1) == 5
    assert retry_after_s(1, 0) == 10
    assert retry_after_s(20, 0) == LONGEST_RETRY_S
    for failures, chance in ((0, 0.5), (1, 1.1), (1, -0.1)):
        with pytest.raises(ValueError, match="failures count"):
            retry_after_s(failures, chance)


def test_after_a_picture_the_schedule_after_a_failure_the_wait() -> None:
    seen, stalled = (visited(Standing(), state, NOON) for state in (VisitState.OK, VisitState.STALLED))
    assert revisit(ONE, 60, seen, NOON, 0.5) == next_visit(ONE, 60, NOON)
    assert revisit(ONE, 60, stalled, NOON, 1) == NOON + timedelta(seconds=5)


@pytest.mark.parametrize("state", [VisitState.PASSWORD_REFUSED, VisitState.REFUSED_ADDRESS])
def test_a_lock_is_not_rattled(state: VisitState) -> None:
    assert revisit(ONE, 60, visited(Standing(), state, NOON), NOON, 1) - NOON >= timedelta(seconds=LONGEST_RETRY_S / 2)


@given(st.lists(states, min_size=1, max_size=40))
def test_a_standing_counts_what_its_history_tells(history: list[VisitState]) -> None:
    standing, at = Standing(), [NOON + timedelta(minutes=n) for n in range(len(history))]
    for state, when in zip(history, at, strict=True):
        standing = visited(standing, state, when)
    last = max((n for n, state in enumerate(history) if state is VisitState.OK), default=-1)
    assert standing.failures == len(history) - 1 - last
    assert standing.failing_since == (at[last + 1] if standing.failures else None)
    other = max((n for n, state in enumerate(history) if state is not history[-1]), default=-1)
    assert (standing.state, standing.since) == (history[-1], at[other + 1])


@given(st.lists(st.tuples(states, st.floats(0.1, 30)), min_size=1, max_size=40))
def test_an_outage_is_open_just_while_the_camera_has_failed_too_long(history: list[tuple[VisitState, float]]) -> None:
    standing, now, is_open = Standing(), NOON, False
    for state, minutes in history:
        now += timedelta(minutes=minutes)
        standing = visited(standing, state, now)
        step = outage_step(standing, is_open, now)
        is_open = {OutageStep.OPEN: True, OutageStep.CLOSE: False, OutageStep.NONE: is_open}[step]
        failing = standing.failing_since
        assert is_open == (failing is not None and now - failing >= OUTAGE_AFTER)
        assert outage_step(standing, is_open, now) is OutageStep.NONE


def test_a_still_is_kept_when_it_says_something() -> None:
    last = Kept(NOON)
    soon, later = NOON + timedelta(minutes=1), NOON + AT_LEAST_EVERY
    none: frozenset[SightFault] = frozenset()
    assert keeping(soon, 0.0, none, None) is Keeping.SNAPSHOT
    assert keeping(soon, CHANGED_SHARE / 2, none, last) is Keeping.HEARTBEAT
    assert keeping(soon, CHANGED_SHARE, none, last) is Keeping.SNAPSHOT
    assert keeping(soon, 0.0, none, last, wanted=True) is Keeping.SNAPSHOT
    assert keeping(soon, 0.0, frozenset({SightFault.COVERED}), last) is Keeping.SNAPSHOT
    assert keeping(later, 0.0, none, last) is Keeping.SNAPSHOT


def test_a_snapshot_stays_while_a_complaint_it_shows_is_open_and_its_days_after() -> None:
    rule = Retention(days=30, linked_days=365, by_category={"rubbish": 90, "stray_animal": 1})
    assert rule.expires_at(NOON) == NOON + timedelta(days=30)
    assert rule.expires_at(NOON, [Tied("rubbish", NOON), Tied("pothole")]) is None
    closed = NOON + timedelta(days=10)
    assert rule.expires_at(NOON, [Tied("rubbish", closed)]) == closed + timedelta(days=90)
    assert rule.expires_at(NOON, [Tied("pothole", closed)]) == closed + timedelta(days=365)
    assert rule.expires_at(NOON, [Tied("stray_animal", closed)]) == NOON + timedelta(days=30)
    assert rule.expired(NOON, [], NOON + timedelta(days=30))
    assert not rule.expired(NOON, [Tied("pothole")], NOON + timedelta(days=3000))


ties = st.lists(
    st.builds(Tied, st.sampled_from(["a", "b", "c"]), st.one_of(st.none(), times.filter(lambda at: at.year < 2039))),
    max_size=5,
)


@given(ties, ties, st.integers(0, 400), st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 900)))
def test_a_further_link_only_lengthens(one: list[Tied], more: list[Tied], days: int, kept: dict[str, int]) -> None:
    rule = Retention(days=days, by_category=kept)
    fewer, all_ties = rule.expires_at(NOON, one), rule.expires_at(NOON, one + more)
    assert all_ties is None or (fewer is not None and all_ties >= fewer)


def test_a_camera_is_shared_as_its_owner_says() -> None:
    camera = Shared(ONE, Sharing.STORED, {"dishub": Sharing.LIVE, "dlh": Sharing.NOTHING})
    granted = {
        Sharing.LIVE: [
            Principal(ONE, Role.OWNER),
            Principal(TWO, Role.COMMAND),
            Principal(TWO, Role.ADMINISTRATOR),
            Principal(TWO, Role.AGENCY, agency_code="dishub"),
            Principal(TWO, Role.OFFICER, agency_code="dishub"),
        ],
        Sharing.STORED: [Principal(TWO, Role.AGENCY, agency_code="pdam"), Principal(TWO, Role.OFFICER)],
        Sharing.NOTHING: [PUBLIC, Principal(TWO, Role.OWNER), Principal(TWO, Role.AGENCY, agency_code="dlh")],
    }
    for sharing, people in granted.items():
        assert {camera.to(person) for person in people} == {sharing}


def test_a_camera_of_nobody_is_not_the_publics() -> None:
    assert Shared(None).to(PUBLIC) is Sharing.NOTHING


def test_live_includes_stored_and_nothing_includes_nothing_more() -> None:
    assert includes(Sharing.LIVE, Sharing.STORED)
    assert not includes(Sharing.STORED, Sharing.LIVE)
    assert not includes(Sharing.NOTHING, Sharing.STORED)
    assert all(includes(sharing, sharing) for sharing in Sharing)
