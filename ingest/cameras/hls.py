"""A keyframe by HLS (RFC 8216): playlist, newest segment, its first keyframe."""

import re
from dataclasses import dataclass
from typing import Final

from cases.words import VisitState
from ingest.cameras.connection import Trip
from ingest.cameras.faults import CameraFault, not_understood
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.pictures import Pictures
from ingest.cameras.urls import CameraUrl
from ingest.cameras.web import Web

_PLAYLIST_MAX: Final = 256 << 10
_SEGMENT_MAX: Final = 24 << 20
_VIDEO: Final = ("avc", "hvc", "hev", "dvh", "mp4v", "vp0", "av01")
"""How the names of video's codecs begin (RFC 6381)."""

_DEPTH: Final = 2
"""A playlist of variants, then a playlist of segments."""


@dataclass(frozen=True)
class Playlist:
    """What a playlist names: the smallest variant, or the latest segment and its initialisation ("" for none)."""

    variant: str = ""
    segment: str = ""
    initialisation: str = ""


def read(text: str) -> Playlist:
    """Read a playlist.

    Of variants the one of the least bandwidth that shows anything, for one still needs no more. Errors: `CameraFault`
    (not_understood; no_video where it names nothing).
    """
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines or lines[0] != "#EXTM3U":
        raise not_understood("the answer is no playlist")
    variants: list[tuple[tuple[bool, int], str]] = []
    segments: list[str] = []
    initialisation, size = "", None
    for line in lines[1:]:
        if line.startswith("#EXT-X-STREAM-INF:"):
            told = re.search(r"[:,]BANDWIDTH=(\d{1,12})", line)
            size = _sound_alone(line), int(told[1]) if told else 0
        elif line.startswith("#EXT-X-MAP:"):
            named = re.search(r'URI="([^"]+)"', line)
            initialisation = named[1] if named else ""
        elif line.startswith("#EXT-X-KEY:") and "METHOD=NONE" not in line:
            raise not_understood("the video is encrypted")
        elif not line.startswith("#"):
            if size is not None:
                variants.append((size, line))
            else:
                segments.append(line)
            size = None
    if variants:
        return Playlist(variant=min(variants)[1])
    if not segments:
        raise CameraFault(VisitState.NO_VIDEO, "the playlist is empty")
    live = "#EXT-X-ENDLIST" not in lines
    return Playlist(segment=segments[-1 if live else 0], initialisation=initialisation)


def _sound_alone(variant: str) -> bool:
    """Whether a variant names its codecs, and none of video among them: it is the smallest of all."""
    named = re.search(r'CODECS="([^"]*)"', variant)
    return named is not None and not any(codec.strip().startswith(_VIDEO) for codec in named[1].lower().split(","))


async def keyframe(web: Web, pictures: Pictures, url: CameraUrl, trip: Trip) -> Keyframe:
    """The first keyframe of the newest segment, every address in the playlists passing the guard.

    Errors: `CameraFault`, `DecoderBroken`.
    """
    for _ in range(_DEPTH):
        async with web.ask(url, trip) as page:
            url = page.url
            playlist = read((await page.read(_PLAYLIST_MAX)).decode("utf-8", "replace"))
        if not playlist.variant:
            break
        url = url.join(playlist.variant)
    else:
        raise not_understood("the playlists lead to playlists only")
    content = b""
    for reference in filter(None, (playlist.initialisation, playlist.segment)):
        async with web.ask(url.join(reference), trip) as page:
            content += await page.read(_SEGMENT_MAX)
    container = "mpegts" if content[:1] == b"\x47" else "mp4"
    return await pictures.keyframe(content, container)
