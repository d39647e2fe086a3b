"""Packing coded pictures into RTP as cameras do: H.264 (RFC 6184) and H.265 (RFC 7798)."""

import base64
from collections.abc import Iterable, Iterator
from itertools import count

PAYLOAD_TYPE = 96


def packed(codec: str, unit: bytes, most: int = 1000) -> list[bytes]:
    """The payloads that carry one NAL unit: itself, or its fragments where it is longer than `most` bytes."""
    if len(unit) <= most:
        return [unit]
    if codec == "h264":
        head, body = 1, unit[1:]
        before, kind = bytes((unit[0] & 0xE0 | 28,)), unit[0] & 0x1F
    else:
        head, body = 2, unit[2:]
        before, kind = bytes((unit[0] & 0x81 | 49 << 1, unit[1])), unit[0] >> 1 & 0x3F
    pieces = [body[at : at + most - head - 1] for at in range(0, len(body), most - head - 1)]
    edges = [(number == 0) << 7 | (number == len(pieces) - 1) << 6 for number in range(len(pieces))]
    return [before + bytes((edge | kind,)) + piece for edge, piece in zip(edges, pieces, strict=True)]


def together(codec: str, units: Iterable[bytes]) -> bytes:
    """One payload that carries several small units: STAP-A or AP."""
    head = bytes((24,)) if codec == "h264" else bytes((48 << 1, 1))
    return head + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def packets(
    codec: str, pictures: Iterable[tuple[bytes, ...]], *, first: int = 0, most: int = 1000, together_below: int = 0
) -> Iterator[bytes]:
    """RTP packets of these pictures, numbered from `first`; units below `together_below` bytes travel in one."""
    numbers = count(first)
    for time, picture in enumerate(pictures):
        small = [unit for unit in picture if len(unit) < together_below]
        payloads = [together(codec, small)] if small else []
        payloads += [payload for unit in picture if unit not in small for payload in packed(codec, unit, most)]
        for number, payload in enumerate(payloads):
            last = number == len(payloads) - 1
            yield packet(payload, next(numbers), 9000 * time + 4000, marker=last)


def packet(
    payload: bytes, number: int, timestamp: int, *, marker: bool = False, payload_type: int = PAYLOAD_TYPE
) -> bytes:
    """One RTP packet (RFC 3550)."""
    head = bytes((0x80, marker << 7 | payload_type)) + (number % 65536).to_bytes(2, "big")
    return head + (timestamp % 2**32).to_bytes(4, "big") + b"\x12\x34\x56\x78" + payload


def description(codec: str, sets: Iterable[bytes] = (), *, control: str = "track1") -> str:
    """The session description of one video track, with parameter sets where they are given."""
    texts = [base64.b64encode(unit).decode() for unit in sets]
    if codec == "h264":
        name, told = "H264", [f"sprop-parameter-sets={','.join(texts)}"] if texts else []
    else:
        name, told = "H265", [f"sprop-{kind}={text}" for kind, text in zip(("vps", "sps", "pps"), texts, strict=False)]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "t=0 0", "a=control:*"]
    lines += [f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", f"a=rtpmap:{PAYLOAD_TYPE} {name}/90000"]
    lines += [f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;{';'.join(told)}", f"a=control:{control}"]
    return "\r\n".join([*lines, ""])
