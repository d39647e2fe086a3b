"""The process in which photos are opened: `python -m ingest.photos.decoder`, started and ended by `decoding.Decoder`.

Whatever a hostile file does happens here: memory is capped, a stuck picture ends the process, and what the libraries
print is caught instead of reaching the service's output. It reads requests on its input, one at a time, and answers on
what was its output. It exits when its input closes or when it has been idle for long.
"""

import argparse
import os
import resource
import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from ingest.photos import exif, wire
from ingest.photos.faults import DecodeTooLarge, PhotoRefused
from ingest.photos.media import Media, MediaType, inspect

IDLE_EXIT: Final = 75
"""The exit code of a decoder that left because nobody asked for it."""

_INPUT, _OUTPUT, _ERRORS = 0, 1, 2
_PRINTED_MAX = 1 << 20
_LOST_PIXELS = (b"premature end", b"bad huffman code", b"invalid jpeg")
"""What libjpeg prints, in lower case, when it had to invent pixels; "extraneous bytes" are harmless."""


Answer = tuple[wire.Message, tuple[bytes, ...]]
Work = Callable[[wire.Message, list[bytes], BinaryIO], Answer]
"""What a process does with a request, its blobs and the file of what libraries print; it may raise `PhotoRefused`."""


def main() -> None:
    """Serve photos until the input closes."""
    serve(_answer)


def serve(work: Work) -> None:
    """Do `work` for one request after another until the input closes, within the bounds of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory-mb", type=int, required=True, help="the most memory this process may allocate")
    parser.add_argument("--idle-s", type=float, required=True, help="leave after so many seconds without a request")
    chosen = parser.parse_args()
    answers, printed = _apart()
    most = chosen.memory_mb << 20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_PRINTED_MAX, _PRINTED_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            request, given = wire.receive(_INPUT, chosen.idle_s)
        except wire.PipeLate:
            raise SystemExit(IDLE_EXIT) from None
        except wire.PipeClosed:
            return
        answer, blobs = _bounded(work, request, given, printed)
        wire.send(answers, answer, blobs)


def _apart() -> tuple[int, BinaryIO]:
    """Keep the answers' pipe for us and turn what libraries print into a file: (pipe for answers, that file)."""
    printed = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
    answers = os.dup(_OUTPUT)
    for descriptor in (_OUTPUT, _ERRORS):
        os.dup2(printed.fileno(), descriptor)
    return answers, printed


def _bounded(work: Work, request: wire.Message, given: list[bytes], printed: BinaryIO) -> Answer:
    os.truncate(printed.fileno(), 0)
    os.lseek(printed.fileno(), 0, os.SEEK_SET)
    # The service ends a late decoder; should the service itself have died, the alarm does.
    signal.setitimer(signal.ITIMER_REAL, request["timeout_s"] + 1)
    try:
        return work(request, given, printed)
    except PhotoRefused as refusal:
        return {"refused": refusal.code, "sentence": str(refusal)}, ()
    except MemoryError:
        return {"refused": DecodeTooLarge().code, "sentence": str(DecodeTooLarge())}, ()
    except Exception:  # ours to mend: the service logs it and the photo is tried again
        return {"broken": traceback.format_exc()}, ()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def lost_pixels(printed: BinaryIO) -> bool:
    """Whether libjpeg has said that it had to invent pixels."""
    said = os.pread(printed.fileno(), 4096, 0).lower()
    return any(words in said for words in _LOST_PIXELS)


def _answer(request: wire.Message, given: list[bytes], printed: BinaryIO) -> Answer:
    path = Path(request["path"])
    media, found = _examined(path, request["max_pixels"])
    if request["do"] == "examine":
        return {"media": media, "exif": found}, ()
    return _rendered(path, media, found.orientation, printed)


def _examined(path: Path, max_pixels: int) -> tuple[Media, exif.Exif]:
    media = inspect(path, max_pixels)
    found = exif.read(path, media.exif)
    if media.media_type is MediaType.HEIC:  # turned by its own `irot`; EXIF's orientation only repeats that
        found = replace(found, orientation=1)
    return media, found


def _rendered(path: Path, media: Media, orientation: int, printed: BinaryIO) -> Answer:
    # Here and not above: a decoder that only examines stays small and starts fast.
    import cv2  # noqa: PLC0415

    from ingest.photos import previews  # noqa: PLC0415

    cv2.setNumThreads(1)
    rendered = previews.render(path, media, orientation)
    answer = {name: value for name, value in vars(rendered).items() if name != "previews"}
    return {"rendered": answer | {"incomplete": lost_pixels(printed)}, "sides": list(rendered.previews)}, tuple(
        rendered.previews.values()
    )


if __name__ == "__main__":
    main()
