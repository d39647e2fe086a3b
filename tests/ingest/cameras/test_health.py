"""A drawn camera's health: each fault by its name once it lasts, and nothing said of a sound street."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from cases.words import SightFault
from ingest.cameras.baseline import MATURE, Baseline
from ingest.cameras.health import MOVED_PX, STANDS_AFTER, Health, examine
from ingest.cameras.measure import HEIGHT, WIDTH, Grey, changed, small
from tests.ingest.cameras.scenes import Field, Street, blurred, covered, lorry, stamped

pytestmark = pytest.mark.unit

NOTHING: frozenset[SightFault] = frozenset()


def watch(baseline: Baseline, stills: Iterable[Grey], previous: Grey | None = None) -> tuple[list[Health], Baseline]:
    """The health of each still in turn."""
    found = []
    for still in stills:
        health, baseline = examine(still, baseline, previous)
        found.append(health)
        previous = still
    return found, baseline


def known(street: Street, light: float = 1.0) -> Baseline:
    """A baseline that knows the street in this light."""
    found, baseline = watch(Baseline(), (street.still(light) for _ in range(MATURE + 4)))
    assert all(health.faults == health.suspected == NOTHING for health in found)
    return baseline


def dark(view: Field) -> Field:
    return np.full_like(view, 9)


def blank(view: Field) -> Field:
    return np.full_like(view, 140)


FAULTS: list[tuple[SightFault, Callable[[Field], Field]]] = [
    (SightFault.DARK, dark),
    (SightFault.BLANK, blank),
    (SightFault.BLURRED, lambda view: blurred(view, 3)),
    (SightFault.BLURRED, lambda view: blurred(view, 8)),
    (SightFault.COVERED, covered),
    (SightFault.COVERED, lambda view: covered(view, 0.8)),
]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("light", [1.0, 0.35])
@pytest.mark.parametrize(("fault", "made"), FAULTS)
def test_a_fault_stands_under_its_name_once_it_lasts(
    seed: int, light: float, fault: SightFault, made: Callable[[Field], Field]
) -> None:
    street = Street(seed)
    baseline = known(street, light)
    found, _ = watch(baseline, (street.sent(made(street.view()) * np.float32(light)) for _ in range(STANDS_AFTER)))
    assert [health.suspected for health in found] == [{fault}] * STANDS_AFTER
    assert [health.faults for health in found] == [NOTHING] * (STANDS_AFTER - 1) + [{fault}]


@pytest.mark.parametrize("clock", [True, False])
def test_a_frozen_picture_is_frozen_though_its_clock_ticks(clock: bool) -> None:
    street = Street()
    baseline, stuck = known(street), street.still()
    stills = [stamped(stuck, number) if clock else stuck for number in range(STANDS_AFTER + 1)]
    found, _ = watch(baseline, stills)
    assert found[0].suspected == NOTHING
    assert found[-1].faults == {SightFault.FROZEN}


def test_a_quiet_street_is_not_frozen_even_through_a_quiet_sensor() -> None:
    street = Street(noise=1.2)
    found, _ = watch(Baseline(), (street.still(clock=number) for number in range(20)))
    assert all(health.suspected == NOTHING for health in found)


@pytest.mark.parametrize(("right", "down", "roll"), [(25, 0, 0), (-90, 20, 0), (0, -40, 0), (150, 30, 0), (30, 10, 6)])
def test_a_turned_camera_has_moved_and_how_far_is_said(right: int, down: int, roll: int) -> None:
    street = Street()
    turned = [street.sent(street.view(right, down, roll)) for _ in range(STANDS_AFTER)]
    found, _ = watch(known(street), turned)
    assert found[-1].faults == {SightFault.MOVED}
    shift = found[-1].shift
    assert shift is not None
    assert (shift.right_px, shift.down_px) == pytest.approx((right, down), abs=5)
    assert abs(shift.rolled_deg) == pytest.approx(roll, abs=1.5)
    assert shift.turned_deg(90) == pytest.approx(np.degrees(np.arctan(np.hypot(right, down) / 240)), abs=1.5)


def test_a_turn_beyond_recognition_has_moved_too() -> None:
    street, elsewhere = Street(1), Street(9)
    found, _ = watch(known(street), (elsewhere.still() for _ in range(STANDS_AFTER)))
    assert found[-1].faults == {SightFault.MOVED}


def test_a_nudge_is_no_move() -> None:
    street = Street()
    nudged = (street.sent(street.view(right=MOVED_PX * 0.6)) for _ in range(STANDS_AFTER + 2))
    found, _ = watch(known(street), nudged)
    assert all(health.faults == NOTHING for health in found)


def test_a_lorry_that_passes_raises_nothing() -> None:
    street = Street()
    stills = [street.sent(lorry(street.view()) if number % 4 == 0 else street.view()) for number in range(24)]
    found, _ = watch(known(street), stills)
    assert all(health.faults == NOTHING for health in found)


def test_from_noon_to_night_and_back_nothing_is_wrong() -> None:
    street = Street(noise=2.5)
    lights = [1.0] * 12 + list(np.linspace(1, 0.2, 40)) + [0.2] * 20 + list(np.linspace(0.2, 1, 40))
    found, baseline = watch(Baseline(), (street.still(light, clock=number) for number, light in enumerate(lights)))
    assert all(health.suspected == NOTHING for health in found)
    assert baseline.night is not None
    assert baseline.night.mature


def test_fog_does_not_blur_or_cover() -> None:
    street = Street()
    foggy = (street.sent(street.view() * np.float32(0.45) + 90) for _ in range(10))
    found, _ = watch(known(street), foggy)
    assert all(health.faults == NOTHING for health in found)


def test_a_bag_at_noon_before_the_first_night_is_not_taken_for_the_night() -> None:
    street = Street()
    bagged = [street.sent(covered(street.view()) * np.float32(0.35)) for _ in range(MATURE * 3)]
    found, baseline = watch(known(street), bagged)
    assert found[-1].faults == {SightFault.COVERED}
    assert baseline.night is None


def test_a_fault_is_not_learned_and_passes_with_the_first_sound_still() -> None:
    street = Street()
    before = known(street)
    found, after = watch(before, (street.sent(covered(street.view())) for _ in range(50)))
    assert found[-1].faults == {SightFault.COVERED}
    assert (after.day, after.night) == (before.day, before.night)
    cleared, baseline = examine(street.still(), after, None)
    assert cleared.faults == cleared.suspected == NOTHING
    assert baseline.streaks == {}


def test_a_new_baseline_accepts_the_view_as_it_is() -> None:
    street = Street()
    moved = [street.sent(street.view(right=80)) for _ in range(MATURE + 4)]
    found, _ = watch(Baseline(), moved)
    assert all(health.suspected == NOTHING for health in found)


def test_a_baseline_kept_as_json_judges_the_same() -> None:
    street = Street()
    baseline = known(street)
    kept = json.dumps(baseline.as_json())
    again = Baseline.from_json(json.loads(kept))
    assert len(kept) < 12_000
    for view in (street.view(), street.view(right=60), covered(street.view()), blurred(street.view(), 4)):
        still = street.sent(view)
        ours, theirs = examine(still, baseline, None), examine(still, again, None)
        assert ours[0].suspected == theirs[0].suspected
        assert ours[0].measures.agreement == pytest.approx(theirs[0].measures.agreement, abs=0.01)
    assert Baseline.from_json(None) == Baseline.from_json({"version": 0}) == Baseline()


def test_streaks_live_through_json() -> None:
    street = Street()
    baseline = known(street)
    for _ in range(STANDS_AFTER):
        health, baseline = examine(street.sent(dark(street.view())), baseline, None)
        baseline = Baseline.from_json(json.loads(json.dumps(baseline.as_json())))
    assert health.faults == {SightFault.DARK}


def test_only_a_grey_still_of_its_size_is_examined() -> None:
    good = np.zeros((HEIGHT, WIDTH), np.uint8)
    for wrong in (np.zeros((WIDTH, HEIGHT), np.uint8), np.zeros((HEIGHT, WIDTH, 3), np.uint8)):
        with pytest.raises(ValueError, match="480 x 270"):
            examine(wrong, Baseline(), None)
        with pytest.raises(ValueError, match="480 x 270"):
            examine(good, Baseline(), wrong)


@pytest.mark.parametrize("level", [0, 255])
def test_a_still_without_anything_breaks_nothing(level: int) -> None:
    empty = np.full((HEIGHT, WIDTH), level, np.uint8)
    health, baseline = examine(empty, Baseline(), empty)
    assert health.suspected == {SightFault.BLANK if level else SightFault.DARK}
    assert baseline.day is None


def test_changed_is_the_share_that_shows_something_else() -> None:
    street = Street()
    kept = small(street.still())
    assert changed(small(street.still(clock=7)), kept) < 0.01
    assert changed(small(street.still(light=0.93)), kept) < 0.05
    assert changed(small(street.sent(lorry(street.view()))), kept) > 0.2
    for top in (35, 120, 180):
        car = street.view()
        car[top : top + 50, 200:290] = 20
        assert 0.02 < changed(small(street.sent(car)), kept) < 0.1, top
