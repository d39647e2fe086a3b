"""Pictures made for tests: photos with EXIF, their damaged cousins, and files built to do harm.

Everything is drawn here from a seed, so a test names what it needs and the repository holds no binary files. The
same seed gives the same scene at every size, format and orientation.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Shot:
    """What the phone writes into a photo; anything left `None` is left out.

    Lengths in metres, directions in degrees. An aware `taken_at` also writes OffsetTimeOriginal; `gps_at` is the
    receiver's UTC stamp.
    """

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    direction: float | None = None
    direction_ref: str = "T"
    taken_at: datetime | None = None
    gps_at: datetime | None = None
    orientation: int | None = None
    make: str | None = None
    model: str | None = None
    software: str | None = None

    def exif(self) -> bytes:
        """The EXIF block, opening with `Exif\\0\\0`; empty if there is nothing to say."""
        exif = Image.Exif()
        for tag, value in ((0x010F, self.make), (0x0110, self.model), (0x0131, self.software)):
            if value is not None:
                exif[tag] = value
        if self.orientation is not None:
            exif[0x0112] = self.orientation
        if self.taken_at is not None:
            exif.get_ifd(_EXIF_IFD).update(self._times(self.taken_at))
        if gps := self._gps():
            exif.get_ifd(_GPS_IFD).update(gps)
        return exif.tobytes() if self != Shot() else b""

    @staticmethod
    def _times(taken_at: datetime) -> dict[int, Any]:
        times = {0x9003: taken_at.strftime("%Y:%m:%d %H:%M:%S")}
        if taken_at.utcoffset() is not None:
            zone = taken_at.strftime("%z")
            times[0x9011] = f"{zone[:3]}:{zone[3:5]}"
        return times

    def _gps(self) -> dict[int, Any]:
        gps: dict[int, Any] = {}
        if self.lat is not None:
            gps |= {1: "S" if self.lat < 0 else "N", 2: _sexagesimal(self.lat)}
        if self.lon is not None:
            gps |= {3: "W" if self.lon < 0 else "E", 4: _sexagesimal(self.lon)}
        if self.altitude_m is not None:
            gps |= {5: b"\1" if self.altitude_m < 0 else b"\0", 6: _rational(abs(self.altitude_m))}
        if self.gps_at is not None:
            at = self.gps_at.astimezone(UTC)
            gps |= {7: tuple(IFDRational(n) for n in (at.hour, at.minute, at.second)), 29: at.strftime("%Y:%m:%d")}
        if self.direction is not None:
            gps |= {16: self.direction_ref, 17: _rational(self.direction)}
        if self.accuracy_m is not None:
            gps[31] = _rational(self.accuracy_m)
        return gps


def _rational(value: float) -> IFDRational:
    return IFDRational(round(value * 1000), 1000)


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    ten_thousandths = round(abs(degrees) * 3600 * 10_000)
    whole, rest = divmod(ten_thousandths, 3600 * 10_000)
    minutes, rest = divmod(rest, 60 * 10_000)
    return IFDRational(whole), IFDRational(minutes), IFDRational(rest, 10_000)


@lru_cache(maxsize=64)
def scene(size: tuple[int, int] = (800, 600), seed: int = 0, grain: float = 0.0) -> Image.Image:
    """A picture drawn from `seed`: sky, ground and a dozen shapes, alike at every size; `grain` is noise in levels."""
    width, height = size
    rng = np.random.default_rng(seed)
    sky, ground = rng.integers(0, 256, (2, 3))
    slope = np.linspace(0, 1, height)[:, None, None]
    image = Image.fromarray(np.broadcast_to(sky * (1 - slope) + ground * slope, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for n in range(12):
        x, y = rng.uniform(-0.1, 0.9, 2)
        w, h = rng.uniform(0.08, 0.5, 2)
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        box = (x * width, y * height, (x + w) * width, (y + h) * height)
        (draw.ellipse if n % 3 == 0 else draw.rectangle)(box, fill=colour)
    if grain:
        noise = rng.standard_normal((height, width, 1), dtype=np.float32) * grain
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))
    return image


def jpeg(
    size: tuple[int, int] = (800, 600),
    seed: int = 0,
    *,
    quality: int = 85,
    grain: float = 0.0,
    exif: bytes | None = None,
    progressive: bool = False,
    **shot: Any,
) -> bytes:
    """A JPEG of `scene(size, seed)` with the EXIF of `Shot(**shot)`, or with `exif` as raw bytes.

    `size` is the upright size: an `orientation` only changes how the pixels are stored.
    """
    picture = Shot(**shot)
    image = scene(size, seed, grain)
    if picture.orientation in _STORED_AS:
        image = image.transpose(_STORED_AS[picture.orientation])
    return encoded(image, "JPEG", exif=exif or picture.exif(), quality=quality, progressive=progressive)


def png(size: tuple[int, int] = (800, 600), seed: int = 0, **shot: Any) -> bytes:
    """A PNG of `scene(size, seed)` with the EXIF of `Shot(**shot)` in an eXIf chunk."""
    return encoded(scene(size, seed), "PNG", exif=Shot(**shot).exif())


def webp(size: tuple[int, int] = (800, 600), seed: int = 0, *, lossless: bool = False, **shot: Any) -> bytes:
    """A WebP of `scene(size, seed)` with the EXIF of `Shot(**shot)`."""
    return encoded(scene(size, seed), "WEBP", exif=Shot(**shot).exif(), lossless=lossless)


def heic(size: tuple[int, int] = (800, 600), seed: int = 0, **shot: Any) -> bytes:
    """A HEIC of `scene(size, seed)` with the EXIF of `Shot(**shot)`."""
    held = io.BytesIO()
    pillow_heif.from_pillow(scene(size, seed)).save(held, quality=60, exif=Shot(**shot).exif() or None)
    return held.getvalue()


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """`image` in one of Pillow's formats."""
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def truncated(picture: bytes, share: float = 0.6) -> bytes:
    """The first `share` of a file, as a broken upload leaves it."""
    return picture[: int(len(picture) * share)]


def motion_photo(seed: int = 0, **shot: Any) -> bytes:
    """A JPEG followed by the short MP4 that Google's and Samsung's cameras append."""
    video = _box(b"ftyp", b"mp42\0\0\0\0isommp42") + _box(b"moov", bytes(64)) + _box(b"mdat", bytes(range(256)) * 8)
    return jpeg(seed=seed, **shot) + video


def samsung(seed: int = 0, **shot: Any) -> bytes:
    """A JPEG with the trailer Samsung's camera appends: named blocks, then the directory `SEFH ... SEFT`."""
    name = b"Image_UTC_Data"
    block = struct.pack("<HHI", 0, 0x0A01, len(name)) + name + b"1731000000000"
    directory = b"SEFH" + struct.pack("<II", 106, 1) + struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    return jpeg(seed=seed, **shot) + block + directory + struct.pack("<I", len(directory)) + b"SEFT"


def multi_picture(seed: int = 0, **shot: Any) -> bytes:
    """A JPEG with a second one behind it, declared in an MPF index (CIPA DC-007) as phones do for depth and HDR."""
    first, second = jpeg(seed=seed, **shot), jpeg((80, 60), seed)
    size = len(first) + 90  # with the MPF segment itself, whose offsets count from byte 10
    entries = struct.pack(">IIIHH", 0x20030000, size, 0, 0, 0)
    entries += struct.pack(">IIIHH", 0, len(second), size - 10, 0, 0)
    index = b"MM\0*" + struct.pack(">IH", 8, 3) + struct.pack(">HHI4s", 0xB000, 7, 4, b"0100")
    index += struct.pack(">HHII", 0xB001, 4, 1, 2) + struct.pack(">HHII", 0xB002, 7, 32, 50) + struct.pack(">I", 0)
    segment = b"\xff\xe2" + struct.pack(">H", 2 + 4 + len(index) + 32) + b"MPF\0" + index + entries
    return first[:2] + segment + first[2:] + second


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def with_tiff(tiff: bytes) -> bytes:
    """The smallest JPEG around raw TIFF bytes in its EXIF segment, for EXIF that no writer would produce."""
    plain = jpeg((8, 8))
    app1 = b"Exif\0\0" + tiff
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + plain[2:]


def maker_note_trap() -> bytes:
    """A tiny JPEG whose MakerNote declares a billion values: a reader that follows it never comes back."""
    make = b"Canon\0"
    ifd0 = struct.pack("<HHHII", 2, 0x010F, 2, len(make), 38) + struct.pack("<HHIII", 0x8769, 4, 1, 44, 0)
    exif_ifd = struct.pack("<HHHIII", 1, 0x927C, 3, 1_000_000_000, 62, 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + ifd0 + make + exif_ifd + bytes(26)
    app1 = b"Exif\0\0" + tiff
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 8, 8, 1) + b"\1\x11\0"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\0\x3f\0" + bytes(16)
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + frame + scan + b"\xff\xd9"


def jpeg2000_bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A JPEG 2000 of some hundred bytes that declares 400 million pixels."""
    small = bytearray(encoded(scene((16, 16)), "JPEG2000", num_resolutions=1))
    header, size = small.index(b"ihdr"), small.index(b"\xff\x51")
    small[header + 4 : header + 12] = struct.pack(">II", height, width)
    small[size + 6 : size + 14] = struct.pack(">II", width, height)
    small[size + 22 : size + 30] = struct.pack(">II", width, height)
    return bytes(small)


def png_bomb(width: int = 9_900, height: int = 9_900) -> bytes:
    """A valid PNG of one colour: some kilobytes that unpack to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def scan_bomb(scans: int = 1500, side: int = 9_600) -> bytes:
    """A valid progressive JPEG of some hundred kilobytes whose every scan makes the decoder visit every block again."""
    blocks = (side // 8) ** 2

    def segment(code: int, body: bytes) -> bytes:
        return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body

    one_code = bytes([1] + [0] * 15)
    tables = segment(0xDB, b"\0" + bytes([1] * 64))
    tables += segment(0xC4, b"\x00" + one_code + b"\x00") + segment(0xC4, b"\x10" + one_code + b"\xe0")
    frame = segment(0xC2, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0))
    run = "0" + "1" * 14  # "the next 32,767 blocks are empty" in 15 bits
    bits = run * -(-blocks // 32_767)
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    first = segment(0xDA, b"\1\1\0\0\0\0") + bytes(-(-blocks // 8))
    again = segment(0xDA, b"\1\1\0\1\x3f\0") + coded
    return b"\xff\xd8" + tables + frame + first + again * scans + b"\xff\xd9"
