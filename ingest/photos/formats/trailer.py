"""What may stand behind a picture, and what makes one file two.

Phones append data of their own: further JPEGs (multi-picture format, gain maps), motion photos (MP4), Samsung's named
blocks, makers' private notes. Such a tail is taken as long as no other program would open the file as something else:
archives are found from the end of a file, PDF within its first kilobyte, web pages and programs wherever they begin.
"""

import re

from ingest.photos.faults import PhotoRefused, mixed
from ingest.photos.formats.structure import Data

_ZIP_END = b"PK\5\6\0\0\0\0"  # with the numbers of its only disk: four bytes alone do occur by chance
_ZIP_END_REACH = 22 + 65_535
_PDF, _PDF_REACH = b"%PDF-", 1024

_ANYWHERE = {
    b"%PDF-": "a PDF",
    b"Rar!\x1a\x07": "an archive",
    b"7z\xbc\xaf\x27\x1c": "an archive",
    b"\x89PNG\r\n\x1a\n": "a second picture",
    b"GIF87a": "a second picture",
    b"GIF89a": "a second picture",
}
_AT_THE_START = {
    b"PK\3\4": "an archive",
    b"\x1f\x8b\x08": "an archive",
    b"BZh": "an archive",
    b"\xfd7zXZ": "an archive",
    b"MZ\x90\0": "a program",
    b"\x7fELF": "a program",
    b"#!/": "a program",
    b"II*\0": "a second picture",
    b"MM\0*": "a second picture",
    b"RIFF": "a second picture",
    b"\0\0\0\x0cjP  ": "a second picture",
}
_MARKUP = re.compile(rb"<(?:\?php\s|!doctype\s|html[\s>]|script[\s>]|svg[\s>]|iframe[\s>]|body[\s>])", re.IGNORECASE)
_NOT_PADDING = re.compile(rb"[^\0\xff\r\n ]")


def check(data: Data, end: int, *, strict: bool) -> None:
    """Look at what stands behind the picture that ends at `end`; `strict` allows only padding there.

    Errors: `PhotoRefused` (mixed_formats).
    """
    if data.rfind(_ZIP_END, max(0, len(data) - _ZIP_END_REACH)) >= 0:
        raise mixed("an archive")
    if data.find(_PDF, 0, _PDF_REACH) >= 0:
        raise mixed("a PDF")
    padding_ends = _NOT_PADDING.search(data, end)
    if padding_ends is None:
        return
    start = padding_ends.start()
    if found := _foreign(data, end, start):
        raise found
    if strict:
        raise mixed("something else")


def _foreign(data: Data, end: int, start: int) -> PhotoRefused | None:
    for magic, what in _AT_THE_START.items():
        # The padding may have been the beginning: a signature can open with zeros.
        if data[start : start + len(magic)] == magic or data[end : end + len(magic)] == magic:
            return mixed(what)
    for magic, what in _ANYWHERE.items():
        if data.find(magic, end) >= 0:
            return mixed(what)
    return mixed("a web page or script") if _MARKUP.search(data, end) else None
