"""From RTP packets to one whole keyframe: H.264 (RFC 6184) and H.265 (RFC 7798), losses noticed by sequence number."""

import struct
from dataclasses import dataclass, field
from typing import Final

from ingest.cameras.faults import corrupt
from ingest.cameras.keyframes import KEYFRAME_MAX, NEEDED_SETS, Codec, Keyframe, begins_keyframe, unit_type
from ingest.cameras.sdp import Track

_UNITS_MAX = 4096
_SETS_MAX, _SET_BYTES_MAX = 32, 4096
_H264_STAP_A, _H264_FU_A = 24, 28
_H265_AP, _H265_FU = 48, 49

_RTP: Final = struct.Struct(">BBHI")
"""Version, padding, extension and sources; marker and payload type; sequence number; timestamp (RFC 3550)."""

_PLAIN: Final = 0x80
"""The first byte of a packet whose header is 12 bytes and nothing else."""


class BadPayload(Exception):
    """A payload that cannot be: part of the picture is lost with it."""


@dataclass
class _Picture:
    """The access unit being gathered: everything with one timestamp."""

    units: list[bytes] = field(default_factory=list)
    begun: bool = False
    """The first slice of a keyframe is there."""
    spoilt: bool = False
    bytes: int = 0
    fragment: bytearray | None = None


class Assembler:
    """Takes RTP packets of one track in any amount and answers with the first whole keyframe.

    A picture with a lost packet is dropped and the next one awaited; `spoilt` counts such keyframes, `packets` what
    came and `gaps` how often some were missing. Holds at most twice `KEYFRAME_MAX` bytes.
    """

    def __init__(self, track: Track) -> None:
        self._codec, self._payload_type = track.codec, track.payload_type
        self._ordering = 2 if track.decoding_order_number and track.codec is Codec.H265 else 0
        self._sets = dict.fromkeys(track.parameter_sets)
        self._sequence: int | None = None
        self._timestamp: int | None = None
        self._marked = False
        self._marker_lies = False
        self._picture = _Picture(spoilt=True)
        self.spoilt = 0
        self.packets = 0
        self.gaps = 0

    def take(self, packet: memoryview) -> Keyframe | None:
        """One RTP packet (RFC 3550); a keyframe once it is whole.

        Errors: `CameraFault` (corrupt) for a keyframe without end.
        """
        if len(packet) < 13:
            return None
        first, second, sequence, timestamp = _RTP.unpack_from(packet)
        if first >> 6 != 2 or second & 0x7F != self._payload_type:
            return None
        payload = packet[12:] if first == _PLAIN else _beyond_header(packet)
        if not payload:
            return None
        lost = self._sequence is not None and sequence != (self._sequence + 1) & 0xFFFF
        self._sequence = sequence
        self.packets += 1
        self.gaps += lost
        done = None
        if timestamp != self._timestamp:
            # A loss before a new picture harms it only if its first slice went with it, which `begun` tells.
            done = None if lost else self._finished()
            self._picture, self._timestamp = _Picture(), timestamp
        elif lost:
            self._spoil()
        elif self._marked:
            self._marker_lies = True
        try:
            self._unpack(payload)
        except BadPayload:
            self._spoil()
        self._marked = second & 0x80 != 0
        if done is None and self._marked and not self._marker_lies and self._picture.begun:
            done = self._finished()
        return done

    @property
    def lossy(self) -> bool:
        """Whether it is losses that kept a keyframe from coming."""
        return self.spoilt > 0 or self.gaps * 50 > self.packets

    def _spoil(self) -> None:
        self.spoilt += self._picture.begun and not self._picture.spoilt
        self._picture = _Picture(spoilt=True)

    def _finished(self) -> Keyframe | None:
        """The gathered picture, if it is a whole keyframe that can be decoded."""
        picture = self._picture
        self._picture = _Picture(spoilt=True)
        if picture.spoilt or not picture.begun or picture.fragment is not None:
            self.spoilt += picture.begun and not picture.spoilt
            return None
        known = {unit_type(self._codec, unit) for unit in (*self._sets, *picture.units)}
        if not known >= NEEDED_SETS[self._codec]:
            return None
        return Keyframe.of_units(self._codec, self._sets, picture.units)

    def _unpack(self, payload: memoryview) -> None:
        kind = unit_type(self._codec, payload)
        if self._codec is Codec.H264:
            if kind == _H264_FU_A:
                self._fragment(payload, 1)
            elif kind == _H264_STAP_A:
                self._aggregate(payload[1:])
            elif 1 <= kind <= 23:
                self._keep(bytes(payload))
            else:
                raise BadPayload
            return
        if len(payload) < 3:
            raise BadPayload
        if kind == _H265_FU:
            self._fragment(payload, 2)
        elif kind == _H265_AP:
            self._aggregate(payload[2:])
        elif kind < _H265_AP:
            self._keep(bytes(payload[:2]) + bytes(payload[2 + self._ordering :]))
        else:
            raise BadPayload

    def _fragment(self, payload: memoryview, mark: int) -> None:
        """A piece of a unit, behind its byte at `mark`, which says of which type and whether first or last."""
        if len(payload) <= mark + 1:
            raise BadPayload
        marks, picture = payload[mark], self._picture
        if marks & 0x80:
            if picture.fragment is not None:
                raise BadPayload
            picture.fragment = self._begun(payload, mark)
        elif picture.fragment is None:
            if not picture.spoilt:
                raise BadPayload
            return
        else:
            picture.fragment += payload[mark + 1 :]
        self._bound(len(payload))
        if marks & 0x40:
            unit, picture.fragment = bytes(picture.fragment), None
            self._keep(unit)

    def _begun(self, payload: memoryview, mark: int) -> bytearray:
        """The beginning of a unit that comes in pieces: its header as it would be in one, and the first piece."""
        marks, piece = payload[mark], payload[mark + 1 + self._ordering :]
        if not piece:
            raise BadPayload
        if self._codec is Codec.H264:
            header = bytes((payload[0] & 0xE0 | marks & 0x1F,))
        else:
            header = bytes((payload[0] & 0x81 | (marks & 0x3F) << 1, payload[1]))
        begins = begins_keyframe(self._codec, header + bytes(piece[:1]))
        self._picture.begun = self._picture.begun or begins
        return bytearray(header) + piece

    def _aggregate(self, payload: memoryview) -> None:
        at, first = 0, True
        while at < len(payload):
            at += (self._ordering if first else self._ordering // 2) + 2
            size = int.from_bytes(payload[at - 2 : at], "big")
            if not size or at + size > len(payload):
                raise BadPayload
            self._keep(bytes(payload[at : at + size]))
            at, first = at + size, False

    def _keep(self, unit: bytes) -> None:
        kind, picture = unit_type(self._codec, unit), self._picture
        if kind in NEEDED_SETS[self._codec]:
            self._remember(unit)
        if picture.spoilt or picture.fragment is not None:
            return
        picture.begun = picture.begun or begins_keyframe(self._codec, unit)
        if picture.begun or kind in NEEDED_SETS[self._codec]:
            picture.units.append(unit)
            self._bound(len(unit))

    def _remember(self, unit: bytes) -> None:
        """Keep a parameter set, the newest last: of two with one number a decoder takes the later."""
        self._sets.pop(unit, None)
        if len(unit) <= _SET_BYTES_MAX:
            self._sets[unit] = None
        if len(self._sets) > _SETS_MAX:
            del self._sets[next(iter(self._sets))]

    def _bound(self, size: int) -> None:
        self._picture.bytes += size
        if self._picture.bytes > 2 * KEYFRAME_MAX or len(self._picture.units) > _UNITS_MAX:
            raise corrupt("the keyframe does not end")


def _beyond_header(packet: memoryview) -> memoryview:
    """What a packet of at least 13 bytes carries, without sources, extension and padding; maybe nothing."""
    at = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    return packet[at : max(at, end)]
