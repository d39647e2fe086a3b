"""The structure of a HEIC (ISO/IEC 14496-12 and 23008-12): boxes, items, size and turn."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.photos.faults import damaged, truncated, unsupported
from ingest.photos.formats.structure import Data, Span, Structure, exif_span

_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_MOVING_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_VIDEO_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"qt  ", b"M4V", b"3g", b"dash", b"f4v", b"MSNV")
_TOP_BOXES = {b"ftyp", b"meta", b"mdat", b"idat", b"free", b"skip", b"uuid", b"moov", b"mpvd", b"sefd"}
_META_MAX = 4 << 20


def brands(data: Data) -> list[bytes]:
    """The brands in the opening `ftyp` box, the major one first; empty if there is no such box."""
    if data[4:8] != b"ftyp":
        return []
    end = min(_number(data, 0, 4), 4096, len(data))
    return [data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))]


def is_heic(data: Data) -> bool:
    """Whether this is a still HEIC. Errors: `PhotoRefused` for its cousins: AVIF, image sequences, video."""
    named = brands(data)
    if not named:
        return False
    if named[0] in _AVIF_BRANDS or (named[0] == b"mif1" and _AVIF_BRANDS & set(named)):
        raise unsupported("an AVIF")
    if named[0] in _MOVING_BRANDS and not _HEVC_BRANDS & set(named):
        raise unsupported("a moving picture")
    if named[0].startswith(_VIDEO_BRANDS):
        raise unsupported("a video")
    return bool(_HEVC_BRANDS & set(named))


@dataclass
class _Meta:
    """The parts of the `meta` box that say what is where."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, list[Span]] = field(default_factory=dict)
    properties: list[tuple[bytes, Span]] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)


def walk(data: Data) -> Structure:
    """Walk a HEIC's boxes and items. The size is after the file's own rotation (`irot`), which decoders apply.

    Errors: `PhotoRefused` (truncated, damaged).
    """
    meta = _Meta()
    end = 0
    for kind, body in _boxes(data, 0, len(data), top=True):
        end = body.at + body.length
        if kind == b"meta":
            if body.length > _META_MAX:
                raise damaged("HEIC")
            _read_meta(data, body, meta)
    if any(span.at + span.length > len(data) for spans in meta.places.values() for span in spans):
        raise truncated("HEIC")
    width, height = _size(data, meta)
    return Structure(width, height, _exif(data, meta), end)


def _boxes(data: Data, at: int, end: int, *, top: bool = False) -> Iterator[tuple[bytes, Span]]:
    """The boxes between `at` and `end`. At the top, what is no box any more ends the walk; inside, it is damage."""
    while at + 8 <= end:
        length, kind = _number(data, at, 4), data[at + 4 : at + 8]
        head = 16 if length == 1 else 8
        if length == 1:
            length = _number(data, at + 8, 8)
        elif length == 0 and top and kind.isalnum():
            length = end - at
        if top and not kind.isalnum():
            return
        if length < head:
            raise damaged("HEIC")
        if at + length > end:
            if top and kind not in _TOP_BOXES:  # letters by chance: something else stands behind the picture
                return
            raise truncated("HEIC") if top else damaged("HEIC")
        yield kind, Span(at + head, length - head)
        at += length


def _read_meta(data: Data, meta_box: Span, meta: _Meta) -> None:
    iloc: Span | None = None
    idat: Span | None = None
    for kind, body in _inner(data, meta_box, skip=4):
        if kind == b"pitm":
            meta.primary = _number(data, body.at + 4, 2 if data[body.at] == 0 else 4)
        elif kind == b"iinf":
            _read_kinds(data, body, meta)
        elif kind == b"iloc":
            iloc = body
        elif kind == b"idat":
            idat = body
        elif kind == b"iprp":
            _read_properties(data, body, meta)
    if iloc is not None:  # last, for its places may be counted from `idat`
        _read_places(data, iloc, idat, meta)


def _inner(data: Data, box: Span, skip: int = 0) -> Iterator[tuple[bytes, Span]]:
    return _boxes(data, box.at + skip, box.at + box.length)


def _read_kinds(data: Data, iinf: Span, meta: _Meta) -> None:
    for kind, body in _inner(data, iinf, skip=6 if data[iinf.at] == 0 else 8):
        version = data[body.at]
        if kind == b"infe" and version >= 2:
            wide = 2 if version == 2 else 4
            at = body.at + 4 + wide + 2
            meta.kinds[_number(data, body.at + 4, wide)] = data[at : at + 4]


def _read_places(data: Data, iloc: Span, idat: Span | None, meta: _Meta) -> None:
    """Read `iloc` (14496-12, 8.11.3): where in the file each item's bytes lie."""
    cursor = _Cursor(data, iloc)
    version, _ = cursor.take(1), cursor.take(3)
    sizes = cursor.take(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    for _item in range(cursor.take(wide)):
        item = cursor.take(wide)
        method = cursor.take(2) & 15 if version in (1, 2) else 0
        cursor.take(2)
        base = cursor.take(base_size)
        spans = []
        for _extent in range(cursor.take(2)):
            cursor.take(index_size)
            offset, length = cursor.take(offset_size), cursor.take(length_size)
            if method == 1 and idat is not None:
                offset += idat.at
            if method in (0, 1):
                spans.append(Span(base + offset, length))
        meta.places[item] = spans


def _read_properties(data: Data, iprp: Span, meta: _Meta) -> None:
    for kind, body in _inner(data, iprp):
        if kind == b"ipco":
            meta.properties = list(_inner(data, body))
        elif kind == b"ipma":
            cursor = _Cursor(data, body)
            version, flags = cursor.take(1), cursor.take(3)
            for _item in range(cursor.take(4)):
                item = cursor.take(2 if version == 0 else 4)
                mask = 0x7FFF if flags & 1 else 0x7F
                meta.owned[item] = [cursor.take(2 if flags & 1 else 1) & mask for _ in range(cursor.take(1))]


def _size(data: Data, meta: _Meta) -> tuple[int, int]:
    width = height = turns = 0
    for index in meta.owned.get(meta.primary, []):
        if not 0 < index <= len(meta.properties):
            continue
        kind, body = meta.properties[index - 1]
        if kind == b"ispe":
            width, height = _number(data, body.at + 4, 4), _number(data, body.at + 8, 4)
        elif kind == b"irot":
            turns = data[body.at] & 3
    if not (width and height):
        raise damaged("HEIC")
    return (height, width) if turns % 2 else (width, height)


def _exif(data: Data, meta: _Meta) -> Span | None:
    """The TIFF block of the first EXIF item, which opens with its own distance to it (23008-12, A.2.1)."""
    for item, kind in meta.kinds.items():
        spans = meta.places.get(item, [])
        if kind == b"Exif" and len(spans) == 1:
            skip = 4 + _number(data, spans[0].at, 4)
            if skip < spans[0].length:
                return exif_span(data, spans[0].at + skip, spans[0].length - skip)
    return None


@dataclass
class _Cursor:
    """Big-endian numbers read one after the other within a box."""

    data: Data
    box: Span
    used: int = 0

    def take(self, size: int) -> int:
        if self.used + size > self.box.length:
            raise damaged("HEIC")
        at = self.box.at + self.used
        self.used += size
        return _number(self.data, at, size)


def _number(data: Data, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
