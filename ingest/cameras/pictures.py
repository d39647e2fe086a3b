"""Opening cameras' pictures at arm's length: processes of their own, bounded in time and memory."""

from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from cases.words import StillKind
from ingest.cameras.faults import corrupt
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.stills import Still
from ingest.photos.decoding import Pool
from ingest.photos.faults import PhotoRefused

_MODULE: Final = "ingest.cameras.opener"
_KEEP_MB: Final = 32
"""Enough to decode 1080p over and over."""


class Look(NamedTuple):
    """A still in grey, `GREY_SIZE` pixels, one byte each, row by row from the top; `width` and `height` are its own."""

    grey: bytes
    width: int
    height: int


class Pictures:
    """Decodes stills and, for servers that only big libraries can read, reads streams; many event loops may use it.

    `workers` is the most processes that decode, `readers` the most that read streams; `decode_s` bounds one decoding,
    not counting the wait for a free process. Processes start when first needed and leave after `idle_s` seconds
    without work. Close it, or use it in a `with`. Errors of every method: `CameraFault` (corrupt) for what does not
    decode whole, `DecoderBroken` for a fault of this installation.
    """

    def __init__(
        self, *, workers: int = 1, readers: int = 1, memory_mb: int = 1024, decode_s: float = 5.0, idle_s: float = 60.0
    ) -> None:
        self._decode_s = decode_s
        self._decoders = Pool(_MODULE, workers, memory_mb, 2000, idle_s, keep_mb=_KEEP_MB)
        self._readers = Pool(_MODULE, readers, memory_mb, 200, idle_s)

    async def jpeg(self, still: Still) -> Still:
        """The still as JPEG, in all its pixels; one that is JPEG already is given back."""
        if still.kind is StillKind.JPEG:
            return still
        return Still(StillKind.JPEG, await self._ask("jpeg", still.content, kind=still.kind))

    async def look(self, still: Still) -> Look:
        """The still in grey, and how large it is itself."""
        request = {"do": "grey", "timeout_s": self._decode_s, "kind": still.kind}
        told, made = await _answered(self._decoders, request, self._decode_s, still.content)
        return Look(made, told["width"], told["height"])

    async def grey(self, still: Still) -> bytes:
        """The still in grey, `GREY_SIZE` pixels, one byte each, row by row from the top."""
        return (await self.look(still)).grey

    async def small(self, still: Still, width: int) -> bytes:
        """The still as a JPEG of at most this width, for lists."""
        return await self._ask("small", still.content, kind=still.kind, width=width)

    async def keyframe(self, segment: bytes, container: str) -> Keyframe:
        """The first keyframe of a piece of video: container "mpegts" or "mp4" (with its initialisation before it)."""
        return Keyframe.unpacked(await self._ask("segment", segment, container=container))

    async def read(self, reader: str, address: str, within_s: float) -> Still:
        """One JPEG of the RTSP stream at an address of this machine (a `relay`), by "pyav" or "cv2"."""
        request = {"do": "read", "reader": reader, "address": address, "timeout_s": within_s}
        return Still(StillKind.JPEG, await _asked(self._readers, request, within_s + 0.5, b""))

    async def _ask(self, do: str, content: bytes, **more: object) -> bytes:
        return await _asked(self._decoders, {"do": do, "timeout_s": self._decode_s, **more}, self._decode_s, content)

    def close(self) -> None:
        """End the idle processes, and the busy ones as soon as they have answered."""
        self._decoders.close()
        self._readers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _asked(pool: Pool, request: dict[str, object], within_s: float, content: bytes) -> bytes:
    return (await _answered(pool, request, within_s, content))[1]


async def _answered(
    pool: Pool, request: dict[str, object], within_s: float, content: bytes
) -> tuple[dict[str, Any], bytes]:
    try:
        told, (made,) = await pool.asked(request, within_s, (content,))
    except PhotoRefused as refusal:
        raise corrupt(f"the picture does not open ({refusal.code})") from None
    return told, made
