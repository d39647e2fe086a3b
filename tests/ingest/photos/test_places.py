"""Threads and tasks stand in one line; nobody is forgotten, and no place is lost."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.photos.places import Places

pytestmark = pytest.mark.unit


def test_no_more_are_in_at_once_than_there_are_places_and_everybody_comes_in() -> None:
    places, lock, inside, most, served = Places(3), threading.Lock(), 0, 0, 0

    def came() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)

    def went() -> None:
        nonlocal inside, served
        with lock:
            inside -= 1
            served += 1

    def thread() -> None:
        places.take()
        came()
        time.sleep(0.001)
        went()
        places.leave()

    async def task() -> None:
        await places.taken()
        came()
        await asyncio.sleep(0.001)
        went()
        places.leave()

    async def tasks() -> None:
        await asyncio.gather(*(task() for _ in range(40)))

    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(thread) for _ in range(40)]
        waiting += [pool.submit(asyncio.run, tasks()) for _ in range(2)]
        for one in waiting:
            one.result(20)
    assert (inside, most, served) == (0, 3, 120)


def test_whoever_waits_longest_is_next() -> None:
    async def line() -> list[int]:
        places, order = Places(1), list[int]()
        await places.taken()

        async def stand(number: int) -> None:
            await places.taken()
            order.append(number)
            places.leave()

        standing = [asyncio.create_task(stand(number)) for number in range(5)]
        await asyncio.sleep(0)
        places.leave()
        await asyncio.gather(*standing)
        return order

    assert asyncio.run(line()) == [0, 1, 2, 3, 4]


def test_a_place_is_not_lost_with_whoever_is_cancelled_in_line_or_at_its_turn() -> None:
    async def scene(*, called: bool) -> None:
        places = Places(1)
        await places.taken()
        waiting = asyncio.create_task(places.taken())
        await asyncio.sleep(0)
        if called:
            places.leave()  # its turn has come, but it has not run since
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        if not called:
            places.leave()
        async with asyncio.timeout(5):
            await places.taken()
            next_one = asyncio.create_task(places.taken())
            await asyncio.sleep(0.01)
            assert not next_one.done()
            places.leave()
            await next_one

    for called in (False, True):
        asyncio.run(scene(called=called))
