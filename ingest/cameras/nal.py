"""From RTP packets to one whole keyframe: H.264 (RFC 6184) and H.265 (RFC 7798), losses noticed by sequence number."""

from dataclasses import dataclass, field

from ingest.cameras.faults import corrupt
from ingest.cameras.keyframes import KEYFRAME_MAX, NEEDED_SETS, Codec, Keyframe, begins_keyframe, unit_type
from ingest.cameras.sdp import Track

_UNITS_MAX = 4096
_SETS_MAX, _SET_BYTES_MAX = 32, 4096
_H264_STAP_A, _H264_FU_A = 24, 28
_H265_AP, _H265_FU = 48, 49


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
        self._track = track
        self._codec = track.codec
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
        payload = self._payload(packet)
        if payload is None:
            return None
        sequence, timestamp = int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[4:8], "big")
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
        self._marked = bool(packet[1] & 0x80)
        if done is None and self._marked and not self._marker_lies and self._picture.begun:
            done = self._finished()
        return done

    @property
    def lossy(self) -> bool:
        """Whether it is losses that kept a keyframe from coming."""
        return self.spoilt > 0 or self.gaps * 50 > self.packets

    def _payload(self, packet: memoryview) -> memoryview | None:
        """What a packet of our track carries, without header, extension and padding."""
        if len(packet) < 13 or packet[0] >> 6 != 2 or packet[1] & 0x7F != self._track.payload_type:
            return None
        at = 12 + 4 * (packet[0] & 0x0F)
        if packet[0] & 0x10:
            at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
        end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
        return packet[at:end] if at < end else None

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
        kind = unit_type(self._codec, bytes(payload[:1]))
        if self._codec is Codec.H264:
            if kind == _H264_FU_A:
                self._fragment(payload, 2, bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)) if len(payload) > 2 else b"")
            elif kind == _H264_STAP_A:
                self._aggregate(payload[1:], 0)
            elif 1 <= kind <= 23:
                self._keep(bytes(payload))
            else:
                raise BadPayload
            return
        if len(payload) < 3:
            raise BadPayload
        ordering = 2 if self._track.decoding_order_number else 0
        if kind == _H265_FU:
            header = bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]))
            begins = payload[2] & 0x80
            self._fragment(payload[1:], 2 + (ordering if begins else 0), header)
        elif kind == _H265_AP:
            self._aggregate(payload[2:], ordering)
        elif kind < _H265_AP:
            self._keep(bytes(payload[:2]) + bytes(payload[2 + ordering :]))
        else:
            raise BadPayload

    def _fragment(self, payload: memoryview, at: int, header: bytes) -> None:
        """A piece of a unit: `payload[1]` holds its start and end bits, `header` begins the unit put together."""
        if not header or len(payload) <= at:
            raise BadPayload
        begins, ends = payload[1] & 0x80, payload[1] & 0x40
        picture = self._picture
        if begins:
            if picture.fragment is not None:
                raise BadPayload
            picture.fragment = bytearray(header)
            picture.begun = picture.begun or begins_keyframe(self._codec, header + bytes(payload[at : at + 1]))
        elif picture.fragment is None:
            if not picture.spoilt:
                raise BadPayload
            return
        assert picture.fragment is not None
        picture.fragment += payload[at:]
        self._bound(len(payload))
        if ends:
            unit, picture.fragment = bytes(picture.fragment), None
            self._keep(unit)

    def _aggregate(self, payload: memoryview, ordering: int) -> None:
        at, first = 0, True
        while at < len(payload):
            at += (ordering if first else ordering // 2) + 2
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
