"""Photos are opened in processes that may hang, starve or die without harm to the service."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ingest.photos.decoding import Decoder, DecoderBroken
from ingest.photos.faults import DecodeTimedOut, DecodeTooLarge, PhotoFault, PhotoRefused, PictureDamaged
from ingest.photos.fingerprint import NEAR, hamming
from ingest.photos.media import MediaType
from tests.ingest.photos import samples

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as shared:
        yield shared


@pytest.fixture
def hold(tmp_path: Path) -> Any:
    def write(content: bytes, name: str = "photo") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def children() -> set[int]:
    """Our decoder processes that are running."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            ours = int(parent) == os.getpid() and b"ingest.photos.decoder" in (process / "cmdline").read_bytes()
            if ours and state != "Z":
                found.add(int(process.name))
    return found


def begun(before: set[int]) -> set[int]:
    """The decoder processes begun since, once there is one."""
    while not (since := children() - before):
        time.sleep(0.01)
    return since


def opened(preview: bytes) -> Image.Image:
    return Image.open(io.BytesIO(preview))


def test_a_photo_is_examined(decoder: Decoder, hold: Any) -> None:
    examined = decoder.examine(hold(samples.jpeg((640, 360), lon=114.37, lat=-8.22, orientation=6)))

    assert examined.media.media_type is MediaType.JPEG
    assert examined.exif.lon == pytest.approx(114.37)
    assert (examined.media.width, examined.media.height) == (360, 640)
    assert examined.upright == (640, 360)


@pytest.mark.parametrize("make", [samples.jpeg, samples.png, samples.webp, samples.heic])
def test_previews_show_the_scene_in_two_sizes_without_metadata(make: Any, decoder: Decoder, hold: Any) -> None:
    shown = decoder.render(hold(make((2000, 1500), 5, lon=114.37, lat=-8.22, make="HMD")))

    assert (shown.width, shown.height, shown.incomplete) == (2000, 1500, False)
    for side, preview in shown.previews.items():
        image = opened(preview)
        assert image.size == (side, side * 3 // 4)
        assert "exif" not in image.info
        expected = np.asarray(samples.scene(image.size, 5), np.float64)
        assert np.abs(np.asarray(image, np.float64) - expected).mean() < 6
    assert set(shown.previews) == {1280, 320}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_previews_are_upright(orientation: int, decoder: Decoder, hold: Any) -> None:
    shown = decoder.render(hold(samples.jpeg((600, 400), 3, orientation=orientation)))
    image = np.asarray(opened(shown.previews[320]), np.float64)

    assert (shown.width, shown.height) == (600, 400)
    assert np.abs(image - np.asarray(samples.scene((320, 213), 3), np.float64)).mean() < 6


def test_small_photos_are_not_enlarged(decoder: Decoder, hold: Any) -> None:
    shown = decoder.render(hold(samples.jpeg((200, 100))))

    assert [opened(preview).size for preview in shown.previews.values()] == [(200, 100), (200, 100)]


def test_an_extreme_shape_keeps_a_pixel(decoder: Decoder, hold: Any) -> None:
    shown = decoder.render(hold(samples.png((6000, 2))))

    assert opened(shown.previews[320]).size == (320, 1)


def test_the_fingerprint_survives_scale_and_format(decoder: Decoder, hold: Any) -> None:
    values = [
        decoder.render(hold(content)).fingerprint
        for content in (samples.jpeg((4000, 3000), 8), samples.webp((900, 675), 8), samples.heic((640, 480), 8))
    ]
    assert all(value is not None and hamming(value, values[0] or 0) <= NEAR for value in values)


def test_a_dark_photo_says_so_and_has_no_fingerprint(decoder: Decoder, hold: Any) -> None:
    shown = decoder.render(hold(samples.encoded(Image.new("RGB", (640, 480), (3, 3, 3)), "JPEG")))

    assert (shown.fingerprint, shown.brightness, shown.contrast) == (None, 3.0, 0.0)


def test_pixels_lost_on_the_way_are_noticed(decoder: Decoder, hold: Any) -> None:
    whole = samples.jpeg((1600, 1200), grain=6.0)

    assert decoder.render(hold(whole[: len(whole) // 2] + b"\xff\xd9")).incomplete


def test_refusals_pass_through_with_their_code_and_sentence(decoder: Decoder, hold: Any) -> None:
    for ask in (decoder.examine, decoder.render):
        with pytest.raises(PhotoRefused, match="JPEG 2000") as caught:
            ask(hold(samples.jpeg2000_bomb()))
        assert caught.value.code is PhotoFault.UNSUPPORTED_FORMAT


def test_pixels_that_cannot_be_decoded_are_damage(decoder: Decoder, hold: Any) -> None:
    sound = samples.webp((64, 64), lossless=True)
    with pytest.raises(PictureDamaged):
        decoder.render(hold(sound[:40] + bytes(len(sound) - 40)))


def test_a_photo_that_is_not_there_is_no_fault_of_the_sender(decoder: Decoder, tmp_path: Path) -> None:
    with pytest.raises(DecoderBroken, match="FileNotFoundError"):
        decoder.examine(tmp_path / "none")


def test_the_maker_note_trap_is_examined_at_once(decoder: Decoder, hold: Any) -> None:
    assert decoder.examine(hold(samples.maker_note_trap())).exif.make == "Canon"


def test_a_picture_that_hangs_is_ended_and_the_next_one_is_served(hold: Any) -> None:
    others = children()
    with Decoder(workers=1, render_s=1.5) as decoder:
        decoder.render(hold(samples.jpeg()))
        stuck = begun(others)
        began = time.monotonic()
        with pytest.raises(DecodeTimedOut):
            decoder.render(hold(samples.scan_bomb()))
        assert 1.4 < time.monotonic() - began < 5
        assert not stuck & children()
        assert decoder.render(hold(samples.jpeg())).width == 800


def test_a_picture_that_wants_too_much_memory_is_refused_and_the_next_one_is_served(hold: Any) -> None:
    with Decoder(workers=1, memory_mb=256) as decoder:
        with pytest.raises(DecodeTooLarge):
            decoder.render(hold(samples.png_bomb()))
        assert decoder.render(hold(samples.jpeg())).width == 800


@pytest.mark.parametrize(
    ("by", "fault"),
    [(signal.SIGSEGV, PictureDamaged), (signal.SIGKILL, DecodeTooLarge), (signal.SIGALRM, DecodeTimedOut)],
)
def test_a_decoder_that_dies_is_replaced(by: signal.Signals, fault: type[PhotoRefused], hold: Any) -> None:
    others = children()
    with Decoder(workers=1) as decoder, ThreadPoolExecutor(1) as pool:
        busy = pool.submit(decoder.render, hold(samples.scan_bomb(), "bomb"))
        (running,) = begun(others)
        time.sleep(0.3)
        os.kill(running, by)
        with pytest.raises(fault):
            busy.result(20)
        assert decoder.render(hold(samples.jpeg())).width == 800


def test_receiving_does_not_wait_behind_a_slow_picture(hold: Any) -> None:
    with Decoder(workers=1, render_s=3) as decoder, ThreadPoolExecutor(1) as pool:
        busy = pool.submit(decoder.render, hold(samples.scan_bomb(), "bomb"))
        decoder.examine(hold(samples.jpeg()))
        assert not busy.done()
        with pytest.raises(DecodeTimedOut):
            busy.result(10)


def test_many_threads_share_few_processes(hold: Any) -> None:
    paths = [hold(samples.jpeg((160, 120), seed), str(seed)) for seed in range(24)]
    others = children()
    with Decoder(workers=2, recycle=5) as decoder, ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(decoder.render, paths))
        assert len(children() - others) <= 2
        assert shown == [decoder.render(path) for path in paths]
    assert not children() - others


def test_an_idle_decoder_leaves_and_comes_back(hold: Any) -> None:
    path, others = hold(samples.jpeg()), children()
    with Decoder(idle_s=0.2) as decoder:
        decoder.examine(path)
        deadline = time.monotonic() + 10
        while children() - others and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not children() - others
        assert decoder.examine(path).media.width == 800


def test_decoders_leave_when_their_service_is_killed(hold: Any) -> None:
    script = (
        "import os, signal; from pathlib import Path; from ingest.photos.decoding import Decoder\n"
        f"decoder = Decoder(); decoder.examine(Path({str(hold(samples.jpeg()))!r}))\n"
        "print(Path('/proc/self/task', str(os.getpid()), 'children').read_text(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    left = Path("/proc", done.stdout.strip())

    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while (left / "cmdline").exists() and (left / "cmdline").read_bytes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not (left / "cmdline").exists() or not (left / "cmdline").read_bytes()


def test_a_closed_decoder_says_so(hold: Any) -> None:
    with Decoder() as decoder:
        pass
    with pytest.raises(DecoderBroken, match="closed"):
        decoder.examine(hold(samples.jpeg()))


def test_the_service_neither_prints_nor_loads_what_the_decoders_do(hold: Any) -> None:
    torn = samples.jpeg((1600, 1200), grain=6.0)
    path = hold(torn[: len(torn) // 2] + b"\xff\xd9")
    script = (
        "import sys; from pathlib import Path; from ingest.photos.decoding import Decoder\n"
        f"with Decoder() as decoder: decoder.render(Path({str(path)!r}))\n"
        "assert not {'cv2', 'PIL', 'pillow_heif'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
