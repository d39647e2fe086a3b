"""Short questions take turns where that is faster, and a long one holds up none of them."""

import asyncio
import threading
import time

import pytest

from api.quick import Quick

pytestmark = pytest.mark.unit


class Work:
    """Counts how many of it are under way at once."""

    def __init__(self, takes_s: float) -> None:
        self.takes_s = takes_s
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self.takes_s)
        with self._lock:
            self._now -= 1


@pytest.mark.parametrize(("in_turn", "at_once"), [(True, 1), (False, 4)])
def test_short_questions_run_one_at_a_time_only_where_they_take_turns(in_turn: bool, at_once: int) -> None:
    quick, work = Quick(in_turn=in_turn), Work(0.02)

    async def ask() -> None:
        await asyncio.gather(*(quick(work) for _ in range(8)))

    asyncio.run(ask())
    assert work.most == at_once


def test_a_question_that_takes_long_holds_up_no_other() -> None:
    quick, go = Quick(in_turn=True), threading.Event()

    async def ask() -> list[str]:
        slow = asyncio.ensure_future(quick(lambda: go.wait(30) and "slow"))
        done = [await quick(lambda: "short") for _ in range(3)]
        go.set()
        return [*done, str(await slow)]

    assert asyncio.run(ask()) == ["short", "short", "short", "slow"]


def test_what_goes_wrong_is_raised_and_the_turn_passes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.quick.PATIENCE_S", 1_000.0)
    quick = Quick(in_turn=True)

    async def ask() -> tuple[int, int]:
        with pytest.raises(ZeroDivisionError):
            await quick(divmod, 1, 0)
        return await asyncio.wait_for(quick(divmod, 7, 2), 30)

    assert asyncio.run(ask()) == (3, 1)
