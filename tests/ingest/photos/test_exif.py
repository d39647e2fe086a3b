"""What EXIF is believed to say, and what hostile EXIF cannot do."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.photos import exif
from ingest.photos.exif import Exif, ExifWarning, North
from ingest.photos.media import inspect
from tests.ingest.photos import samples

pytestmark = pytest.mark.unit

approx: Any = pytest.approx
JAKARTA = ZoneInfo("Asia/Jakarta")
SHOT: dict[str, Any] = {
    "lon": 114.36912,
    "lat": -8.21921,
    "accuracy_m": 4.5,
    "altitude_m": -3.0,
    "direction": 271.5,
    "direction_ref": "M",
    "taken_at": datetime(2026, 11, 1, 8, 30, 5, tzinfo=timezone(timedelta(hours=8))),
    "gps_at": datetime(2026, 11, 1, 0, 30, 4, tzinfo=UTC),
    "make": "HMD Global",
    "model": "Nokia 8.3 5G",
    "software": "Pantau 1.0",
}


def read(tmp_path: Path, content: bytes) -> Exif:
    path = tmp_path / "photo"
    path.write_bytes(content)
    return exif.read(path, inspect(path).exif)


@pytest.mark.parametrize("make", [samples.jpeg, samples.png, samples.webp, samples.heic])
def test_everything_written_is_read_from_every_format(make: Any, tmp_path: Path) -> None:
    found = read(tmp_path, make(**SHOT))

    assert found == Exif(
        lon=approx(114.36912, abs=1e-7),
        lat=approx(-8.21921, abs=1e-7),
        accuracy_m=4.5,
        altitude_m=-3.0,
        direction_deg=271.5,
        direction_from=North.MAGNETIC,
        taken_at_local=datetime.fromisoformat("2026-11-01T08:30:05"),
        offset=timedelta(hours=8),
        gps_at=datetime(2026, 11, 1, 0, 30, 4, tzinfo=UTC),
        make="HMD Global",
        model="Nokia 8.3 5G",
        software="Pantau 1.0",
    )


def test_a_photo_without_exif_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, samples.jpeg()) == Exif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(orientation: int, tmp_path: Path) -> None:
    assert read(tmp_path, samples.jpeg(orientation=orientation)).orientation == orientation


def test_an_orientation_out_of_range_is_upright(tmp_path: Path) -> None:
    assert read(tmp_path, samples.jpeg(orientation=77)).orientation == 1


def test_time_is_by_its_offset_then_by_the_zone_of_the_place_then_by_satellite(tmp_path: Path) -> None:
    local = datetime.fromisoformat("2026-11-01T08:30:05")
    gps = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
    eastern = local.replace(tzinfo=timezone(timedelta(hours=9)))

    assert exif.taken_at(read(tmp_path, samples.jpeg(taken_at=eastern)), JAKARTA) == eastern
    assert exif.taken_at(read(tmp_path, samples.jpeg(taken_at=local, gps_at=gps)), JAKARTA) == local.replace(
        tzinfo=JAKARTA
    )
    assert exif.taken_at(read(tmp_path, samples.jpeg(gps_at=gps)), JAKARTA) == gps
    assert exif.taken_at(Exif(), JAKARTA) is None


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (181, -8), (114, 91), (114, None), (0.00001, -0.00001)])
def test_a_place_that_cannot_be_is_left_out_and_said(lon: float, lat: float | None, tmp_path: Path) -> None:
    found = read(tmp_path, samples.jpeg(lon=lon, lat=lat))

    assert (found.lon, found.lat) == (None, None)
    assert found.warnings == ((ExifWarning.POSITION,) if lat is not None else ())


@pytest.mark.parametrize(
    "make", ["0:0:0 0:0:0", "    :  :     :  :  ", "2026:13:41 25:61:61", "1904:01:01 00:00:00", "x"]
)
def test_a_time_that_cannot_be_is_left_out_and_said(make: str, tmp_path: Path) -> None:
    found = read(tmp_path, samples.with_tiff(tiff([(0x8769, [(0x9003, 2, make.encode() + b"\0")])])))

    assert found.taken_at_local is None
    assert found.warnings == (ExifWarning.TIME,)


Entry = tuple[int, int, bytes]
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8}


def tiff(subs: list[tuple[int, list[Entry]]], own: list[Entry] | None = None) -> bytes:
    """A little-endian TIFF with IFD0 and the IFDs it points to; entries are (tag, type, bytes)."""
    pointers = [(tag, 4, b"\0\0\0\0") for tag, _ in subs]
    at = 8 + len(ifd((own or []) + pointers, 8))
    blocks = []
    for n, (tag, entries) in enumerate(subs):
        pointers[n] = (tag, 4, struct.pack("<I", at))
        blocks.append(ifd(entries, at))
        at += len(blocks[-1])
    return b"II*\0" + struct.pack("<I", 8) + ifd((own or []) + pointers, 8) + b"".join(blocks)


def ifd(entries: list[Entry], at: int) -> bytes:
    """An IFD that will lie at `at`, with its values behind it."""
    table, values = struct.pack("<H", len(entries)), b""
    behind = at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        place = value.ljust(4, b"\0")
        if len(value) > 4:
            place = struct.pack("<I", behind + len(values))
            values += value
        table += struct.pack("<HHI", tag, kind, len(value) // _WIDTHS[kind]) + place
    return table + bytes(4) + values


def gps(lat: bytes, kind: int = 5, extra: list[Entry] | None = None) -> bytes:
    lon = struct.pack("<6I", 114, 1, 22, 1, 8, 1)
    entries = [(1, 2, b"S\0"), (2, kind, lat), (3, 2, b"E\0"), (4, 5, lon), *(extra or [])]
    return samples.with_tiff(tiff([(0x8825, entries)]))


@pytest.mark.parametrize(
    ("lat", "kind"),
    [
        (struct.pack("<6I", 8, 0, 13, 0, 9, 0), 5),
        (struct.pack("<6I", 8, 1, 13, 1, 0, 0), 5),
        (struct.pack("<6I", 8, 1, 99, 1, 9, 1), 5),
        (struct.pack("<8I", 8, 1, 13, 1, 9, 1, 9, 1), 5),
        (struct.pack("<3d", float("nan"), 13, 9), 12),
        (struct.pack("<3d", float("inf"), 13, 9), 12),
        (b"8.2192\0", 2),
    ],
    ids=["zero denominators", "one of them", "minutes above 60", "four parts", "NaN", "infinite", "text"],
)
def test_numbers_that_are_none_place_nothing(lat: bytes, kind: int, tmp_path: Path) -> None:
    found = read(tmp_path, gps(lat, kind))

    assert found.lat is None
    assert found.warnings == (ExifWarning.POSITION,)


def test_degrees_as_one_number_are_understood(tmp_path: Path) -> None:
    found = read(tmp_path, gps(struct.pack("<2I", 82_192, 10_000)))

    assert found.lat == approx(-8.2192)
    assert found.lon == approx(114 + 22 / 60 + 8 / 3600)


def test_an_accuracy_or_direction_that_means_nothing_is_left_out(tmp_path: Path) -> None:
    south = struct.pack("<6I", 8, 1, 13, 1, 9, 1)
    wild = [(16, 2, b"T\0"), (17, 5, struct.pack("<2I", 720, 1)), (31, 5, struct.pack("<2I", 0, 1))]
    found = read(tmp_path, gps(south, extra=wild))

    assert found.lat is not None
    assert (found.accuracy_m, found.direction_deg, found.direction_from) == (None, None, None)


def test_hostile_strings_are_cleaned_and_capped(tmp_path: Path) -> None:
    evil = "A\x07\x1b[31m\u202egnp.\u2066<script>alert(1)</script>\r\nB\ufeff" + "x" * 20_000
    texts = [(0x010F, evil), (0x0110, "Redmi\0hidden"), (0x0131, "\u202e\u200f\x01")]
    found = read(tmp_path, samples.with_tiff(tiff([], [(tag, 2, text.encode() + b"\0") for tag, text in texts])))

    assert found.make is not None
    assert found.make.startswith("A[31mgnp.scriptalert(1)/scriptB")
    assert len(found.make) == 64
    assert found.model == "Redmi"
    assert found.software is None


def test_a_huge_exif_block_is_not_read(tmp_path: Path) -> None:
    assert read(tmp_path, samples.png(make="x" * (2 << 20))) == Exif()


def test_the_maker_note_trap_is_read_at_once(tmp_path: Path) -> None:
    assert read(tmp_path, samples.maker_note_trap()).make == "Canon"


def test_an_ifd_that_contains_itself_ends(tmp_path: Path) -> None:
    looped = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x8825, 4, 1, 8, 8)

    assert read(tmp_path, samples.with_tiff(looped)).lon is None


def test_no_cut_or_flipped_byte_in_the_block_raises(tmp_path: Path) -> None:
    whole = samples.Shot(**SHOT).exif()[6:]
    for at in range(0, len(whole), 3):
        for block in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            assert isinstance(read(tmp_path, samples.with_tiff(block)), Exif)
