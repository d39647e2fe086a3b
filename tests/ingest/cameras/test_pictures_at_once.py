"""Event loops share the processes that open pictures; whatever happens to one picture, the next gets its own answer."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import uvloop

from cases.words import StillKind
from ingest.cameras.faults import CameraFault
from ingest.cameras.pictures import Look, Pictures
from ingest.cameras.stills import JPEG_MAX, Still
from tests.ingest.photos import samples
from tests.servers import clips

pytestmark = pytest.mark.unit

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    def go(work: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(work)

    return go


def jpeg(width: int, height: int, level: int) -> Still:
    """A JPEG of one grey level."""
    written, encoded = cv2.imencode(".jpg", np.full((height, width, 3), level, np.uint8))
    assert written
    return Still.of_jpeg(encoded.tobytes())


def level(look: Look) -> int:
    return round(float(np.frombuffer(look.grey, np.uint8).mean()))


def openers() -> list[int]:
    """Our processes that open pictures."""
    found = []
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        if b"ingest.cameras.opener" in Path("/proc", child, "cmdline").read_bytes():
            found.append(int(child))
    return found


def test_everybody_in_many_loops_gets_their_own_picture(run: Run) -> None:
    async def looks(pictures: Pictures, levels: list[int]) -> list[int]:
        return [level(look) for look in await asyncio.gather(*(pictures.look(jpeg(960, 540, at)) for at in levels))]

    lanes = [[4 * (12 * lane + at) + 10 for at in range(12)] for lane in range(4)]
    with Pictures(workers=2) as pictures, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda levels: run(looks(pictures, levels)), lanes)) == lanes


def test_a_picture_larger_than_the_pipe_comes_through(run: Run) -> None:
    padding = b"\xff\xfe" + (60_000).to_bytes(2, "big") + bytes(59_998)
    whole = clips.jpeg()
    large = Still.of_jpeg(whole[:2] + padding * ((JPEG_MAX - len(whole)) // len(padding)) + whole[2:])
    with Pictures() as pictures:
        assert len(large.content) > 15 << 20
        assert run(pictures.look(large)) == run(pictures.look(Still.of_jpeg(whole)))


def test_who_leaves_in_the_middle_leaves_no_answer_for_the_next(run: Run) -> None:
    async def scene(pictures: Pictures) -> list[int]:
        seen = []
        for after_s in (0.0, 0.001, 0.004, 0.02):
            left = asyncio.create_task(pictures.look(jpeg(3840, 2160, 250)))
            await asyncio.sleep(after_s)
            left.cancel()
            seen.append(level(await pictures.look(jpeg(960, 540, 90))))
            await asyncio.gather(left, return_exceptions=True)
        return seen

    with Pictures() as pictures:
        assert run(scene(pictures)) == [90] * 4


def test_a_picture_without_end_is_ended_and_the_next_is_opened(run: Run) -> None:
    async def scene(pictures: Pictures) -> int:
        with pytest.raises(CameraFault, match="decode_timed_out"):
            await pictures.look(Still(StillKind.JPEG, samples.scan_bomb(4_000, 6_000)))
        return level(await pictures.look(jpeg(960, 540, 90)))

    with Pictures(decode_s=1) as pictures:
        assert run(scene(pictures)) == 90


@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGKILL])
def test_a_process_that_dies_under_a_picture_is_replaced(run: Run, by: signal.Signals) -> None:
    async def scene(pictures: Pictures) -> int:
        await pictures.look(jpeg(960, 540, 20))
        (running,) = [child for child in openers() if child not in before]
        busy = asyncio.create_task(pictures.look(Still(StillKind.JPEG, samples.scan_bomb(4_000, 6_000))))
        await asyncio.sleep(0.2)
        os.kill(running, by)
        with pytest.raises(CameraFault):
            await busy
        return level(await pictures.look(jpeg(960, 540, 90)))

    before = openers()
    with Pictures() as pictures:
        assert run(scene(pictures)) == 90


def test_a_still_of_too_many_pixels_is_corrupt_and_no_fault_of_ours(run: Run) -> None:
    with Pictures() as pictures:
        for ask in (pictures.look, lambda still: pictures.small(still, 320)):
            with pytest.raises(CameraFault):
                run(ask(Still(StillKind.JPEG, samples.scan_bomb(1, 9_600))))


def test_a_process_that_left_for_want_of_work_is_not_missed(run: Run) -> None:
    async def scene(pictures: Pictures) -> list[int]:
        first = level(await pictures.look(jpeg(960, 540, 90)))
        await asyncio.to_thread(until_left)
        return [first, level(await pictures.look(jpeg(960, 540, 30)))]

    def until_left() -> None:
        deadline = time.monotonic() + 10
        while left() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not left()

    def left() -> set[int]:
        return set(openers()) - before

    before = set(openers())
    with Pictures(idle_s=0.1) as pictures:
        assert run(scene(pictures)) == [90, 30]
