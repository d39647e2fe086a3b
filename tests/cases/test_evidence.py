"""Which snapshots bear witness, against a plain reading of the rule."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.evidence import DAY_BEGINS, DAY_ENDS, NEAREST, Span, Still, chosen, moment_of
from cases.words import Moment

pytestmark = pytest.mark.unit

JAKARTA = ZoneInfo("Asia/Jakarta")
TEN = datetime(2026, 11, 20, 10, 20, tzinfo=JAKARTA)
CAMERAS = [UUID(int=n) for n in (1, 2)]

minutes = st.integers(-3000, 6000)
spans = st.builds(
    lambda length: Span(TEN, None if length is None else TEN + timedelta(minutes=length), JAKARTA),
    st.one_of(st.none(), st.integers(0, 5000)),
)
stills = st.lists(st.tuples(st.sampled_from(CAMERAS), minutes), max_size=80).map(
    lambda drawn: [
        Still(UUID(int=100 + n), camera, (TEN + timedelta(minutes=at)).astimezone(UTC))
        for n, (camera, at) in enumerate(drawn)
    ]
)


def every(length_min: int, step_min: int = 1, start_min: int = 0) -> list[Still]:
    """One camera's stills from so many minutes after ten past."""
    ats = range(start_min, length_min, step_min)
    return [Still(UUID(int=at + 100_000), CAMERAS[0], TEN + timedelta(minutes=at)) for at in ats]


def test_before_after_then_hourly_by_day() -> None:
    found = chosen(every(26 * 60, start_min=-30), Span(TEN, None, JAKARTA))
    assert [one.moment for one in found[:2]] == [Moment.BEFORE, Moment.AFTER]
    assert found[0].still.at == TEN - timedelta(minutes=1)
    assert found[1].still.at == TEN
    hours = [one.still.at.astimezone(JAKARTA) for one in found[2:]]
    assert [at.hour for at in hours] == [*range(11, 18), *range(6, 13)]
    assert all(at.minute == 0 for at in hours)
    assert {one.moment for one in found[2:]} == {Moment.HOURLY}


def test_by_night_the_nearest_and_then_morning() -> None:
    late = Span(TEN.replace(hour=22), None, JAKARTA)
    found = chosen(every(24 * 60), late)
    assert [one.moment for one in found[:3]] == [Moment.BEFORE, Moment.AFTER, Moment.HOURLY]
    assert found[1].still.at.hour == 22
    assert (found[2].still.at.hour, found[2].still.at.minute) == (6, 0)


def test_nothing_after_it_closed_but_the_nearest() -> None:
    quick = Span(TEN, TEN + timedelta(minutes=5), JAKARTA)
    assert [one.moment for one in chosen(every(3000, 60, 30), quick)] == [Moment.AFTER]
    assert chosen(every(6000, 60, 1500), quick) == []


@given(stills, spans)
def test_every_choice_is_as_the_rule_says(given_stills: list[Still], span: Span) -> None:
    found = chosen(given_stills, span)
    assert len({one.still.id for one in found}) == len(found)
    for camera in CAMERAS:
        mine = [still for still in given_stills if still.camera_id == camera]
        picked = {moment: [one.still.at for one in found if one.still.camera_id == camera and one.moment is moment]
                  for moment in Moment}  # fmt: skip
        earlier = [still.at for still in mine if TEN - NEAREST <= still.at < TEN]
        assert picked[Moment.BEFORE] == ([max(earlier)] if earlier else [])
        end = span.closed_at or datetime.max.replace(tzinfo=UTC)
        later = [still.at for still in mine if TEN <= still.at <= max(end, TEN + NEAREST)]
        assert picked[Moment.AFTER] == ([min(later)] if later else [])
        hours: dict[tuple[int, int], datetime] = {}
        for at in sorted(at for at in later if at <= end):
            local = at.astimezone(JAKARTA)
            if DAY_BEGINS <= local.hour < DAY_ENDS:
                hours.setdefault((local.day, local.hour), at)
        first = picked[Moment.AFTER][0].astimezone(JAKARTA) if later else None
        if first is not None:
            hours.pop((first.day, first.hour), None)
        assert picked[Moment.HOURLY] == sorted(hours.values())


@given(stills, spans, st.randoms(use_true_random=False))
def test_the_order_of_the_stills_does_not_matter(given_stills: list[Still], span: Span, rng: Random) -> None:
    shuffled = list(given_stills)
    rng.shuffle(shuffled)
    assert chosen(shuffled, span) == chosen(given_stills, span)


@given(stills, spans)
def test_asked_still_by_still_the_answer_is_the_same(given_stills: list[Still], span: Span) -> None:
    streamed = []
    for camera in CAMERAS:
        last = None
        for still in sorted((s for s in given_stills if s.camera_id == camera), key=lambda one: (one.at, one.id)):
            if (moment := moment_of(still.at, span, last)) is not None:
                streamed.append((still.id, moment))
                last = still.at
    afterwards = [(one.still.id, one.moment) for one in chosen(given_stills, span) if one.moment is not Moment.BEFORE]
    assert streamed == afterwards
