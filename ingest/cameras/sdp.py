"""What an RTSP server offers: the video track of a session description (SDP, RFC 8866; RTP payloads RFC 6184, 7798)."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from cases.words import VisitState
from ingest.cameras.faults import CameraFault, not_understood
from ingest.cameras.keyframes import Codec

_CODECS: Final = {"H264": Codec.H264, "H265": Codec.H265, "HEVC": Codec.H265}
_SPROPS: Final = {
    Codec.H264: ("sprop-parameter-sets",),
    Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps"),
}
_SETS_MAX, _SET_BYTES_MAX = 16, 4096


@dataclass(frozen=True)
class Track:
    """A video track: its codec, RTP payload type, control address as given, and parameter sets (NAL units)."""

    codec: Codec
    payload_type: int
    control: str
    parameter_sets: tuple[bytes, ...]
    decoding_order_number: bool = False
    """H.265's DONL fields are present in its packets (`sprop-max-don-diff` above 0)."""


@dataclass(frozen=True)
class Description:
    """The session's own control address ("" if unsaid) and its first video track that can be read."""

    control: str
    track: Track


def describe(text: str) -> Description:
    """Read a session description.

    Errors: `CameraFault`: no_video without a video track, not_understood where its codec is none of ours.
    """
    sections: list[list[tuple[str, str]]] = [[]]
    for line in text.splitlines()[:2000]:
        kind, equals, value = line.strip().partition("=")
        if not equals or len(kind) != 1:
            continue
        if kind == "m":
            sections.append([])
        sections[-1].append((kind, value.strip()))
    media = [section for section in sections[1:] if section[0][1].lower().startswith("video ")]
    if not media:
        raise CameraFault(VisitState.NO_VIDEO, "the server offers no video")
    for section in media:
        track = _track(section)
        if track is not None:
            return Description(_attribute(sections[0], "control"), track)
    raise not_understood("the video is neither H.264 nor H.265")


def _track(section: list[tuple[str, str]]) -> Track | None:
    offered = section[0][1].split()[3:]
    for payload, name in re.findall(r"(?m)^rtpmap:\s*(\d{1,3})\s+([A-Za-z0-9]+)/", _attributes(section)):
        codec = _CODECS.get(name.upper())
        if codec is not None and payload in offered:
            formats = _formats(section, payload)
            control = _attribute(section, "control")
            ordered = formats.get("sprop-max-don-diff", "0") != "0"
            return Track(codec, int(payload), control, _parameter_sets(codec, formats), ordered)
    return None


def _attributes(section: list[tuple[str, str]]) -> str:
    return "\n".join(value for kind, value in section if kind == "a")


def _attribute(section: list[tuple[str, str]], name: str) -> str:
    for kind, value in section:
        if kind == "a" and value.lower().startswith(f"{name}:"):
            return value[len(name) + 1 :].strip()
    return ""


def _formats(section: list[tuple[str, str]], payload: str) -> dict[str, str]:
    """The parameters of an `a=fmtp` line, by name in lower case."""
    for kind, value in section:
        found = re.match(rf"fmtp:\s*{payload}\s+(.*)", value, re.IGNORECASE) if kind == "a" else None
        if found:
            pairs = (part.strip().partition("=") for part in found[1].split(";"))
            return {name.strip().lower(): given.strip() for name, equals, given in pairs if equals}
    return {}


def _parameter_sets(codec: Codec, formats: dict[str, str]) -> tuple[bytes, ...]:
    """What decodes; damaged ones are left out, for cameras repeat them in the stream."""
    found = []
    for name in _SPROPS[codec]:
        for text in formats.get(name, "").split(","):
            try:
                unit = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            except (binascii.Error, ValueError):
                continue
            if 4 <= len(unit) <= _SET_BYTES_MAX:
                found.append(unit)
    return tuple(found[:_SETS_MAX])
