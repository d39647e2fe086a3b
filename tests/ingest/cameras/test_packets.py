"""From bytes to keyframes: session descriptions, fragments, losses, passwords, and whatever nonsense may come."""

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.words import VisitState
from ingest.cameras import hls, rtsp, soap
from ingest.cameras.connection import Trip
from ingest.cameras.digest import challenges
from ingest.cameras.faults import CameraFault
from ingest.cameras.keyframes import KEYFRAME_MAX, Codec, Keyframe, unit_type
from ingest.cameras.messages import Answer, Media, Messages
from ingest.cameras.nal import Assembler
from ingest.cameras.onvif import Profile, preferred
from ingest.cameras.sdp import Track, describe
from ingest.cameras.udp import InOrder
from ingest.cameras.urls import Credentials, parse
from tests.ingest.cameras.visiting import HERE
from tests.servers import clips, rtp
from tests.servers.rtsp_camera import Manners, rtsp_camera

pytestmark = pytest.mark.unit

NAMES = {"h264": Codec.H264, "hevc": Codec.H265}


def assembler(codec: str, sets: tuple[bytes, ...] = ()) -> Assembler:
    return Assembler(Track(NAMES[codec], rtp.PAYLOAD_TYPE, "", sets))


def first(made: Assembler, packets: list[bytes]) -> Keyframe | None:
    """The first keyframe of these packets."""
    return next((found for packet in packets if (found := made.take(memoryview(packet)))), None)


def of_picture(codec: str, number: int) -> Keyframe:
    """Its parameter sets and slices; what encoders remark (SEI) is left out."""
    remarks = {"h264": {6, 9}, "hevc": {35, 39, 40}}[codec]
    units = [unit for unit in clips.pictures(codec)[number] if unit_type(NAMES[codec], unit) not in remarks]
    return Keyframe(NAMES[codec], b"".join(b"\0\0\0\1" + unit for unit in units))


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("most", [60, 700, 1400, 65000])
@pytest.mark.parametrize("together_below", [0, 200])
def test_a_keyframe_is_put_together_whole(codec: str, most: int, together_below: int) -> None:
    packets = list(rtp.packets(codec, clips.pictures(codec)[:2], first=65533, most=most, together_below=together_below))
    assert first(assembler(codec), packets) == of_picture(codec, 0)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_any_lost_packet_of_a_keyframe_leads_to_the_next(codec: str) -> None:
    pictures = clips.pictures(codec)
    sets = tuple(unit for unit in pictures[0] if len(unit) < 100)
    packets = list(rtp.packets(codec, pictures[:7], most=900))
    size = len(list(rtp.packets(codec, pictures[:1], most=900)))
    for lost in range(len(sets) + 1, size - 1):
        made = assembler(codec, sets)
        assert first(made, packets[:lost] + packets[lost + 1 :]) == of_picture(codec, 5)
        assert made.gaps == 1


def test_a_marker_on_every_packet_does_not_cut_the_picture_short() -> None:
    pictures = clips.pictures("h264")
    packets = [packet[:1] + bytes((packet[1] | 0x80,)) + packet[2:] for packet in rtp.packets("h264", pictures[:2])]
    assert first(assembler("h264"), packets) == of_picture("h264", 0)


def test_header_extensions_and_padding_are_no_picture() -> None:
    def dressed(packet: bytes) -> bytes:
        head = bytes((packet[0] | 0x31 | 0x00,)) + packet[1:12] + b"\1\2\3\4" + b"\xbe\xde\0\1" + b"\0\0\0\0"
        return head + packet[12:] + b"\0\0\3"

    packets = [dressed(packet) for packet in rtp.packets("h264", clips.pictures("h264")[:2])]
    assert first(assembler("h264"), packets) == of_picture("h264", 0)


def test_a_keyframe_without_parameter_sets_is_not_taken() -> None:
    bare = [tuple(unit for unit in picture if len(unit) > 200) for picture in clips.pictures("h264")[:6]]
    assert first(assembler("h264"), list(rtp.packets("h264", bare))) is None


def test_a_keyframe_without_end_is_given_up() -> None:
    made = assembler("h264")
    piece = bytes((0x7C, 0x05)) + b"\x80" + bytes(60_000)
    with pytest.raises(CameraFault, match="does not end"):
        for number in range(2 * KEYFRAME_MAX // 60_000 + 5):
            payload = bytes((0x7C, 0x85)) + piece[2:] if number == 0 else piece
            made.take(memoryview(rtp.packet(payload, number, 1)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=30), st.sampled_from(["h264", "hevc"]))
def test_no_packet_breaks_the_assembler(payloads: list[bytes], codec: str) -> None:
    made = assembler(codec)
    for number, payload in enumerate(payloads):
        made.take(memoryview(payload))
        made.take(memoryview(rtp.packet(payload, number, number // 3, marker=number % 4 == 0)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=12))
def test_no_bytes_break_the_messages(parts: list[bytes]) -> None:
    messages = Messages()
    with suppress(CameraFault):
        for part in parts:
            messages.feed(b"RTSP/1.0 200 OK\r\n" + part + b"\r\n\r\n$\0\0\2ab")


@given(st.integers(0, 2**32))
def test_messages_are_the_same_however_they_are_cut(seed: int) -> None:
    stream = (
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3\r\n\r\nabc$\1\0\3xyz\r\nRTSP/1.0 404 No\r\nX: a\r\n b\r\n\r\n"
    )
    chance, messages, found, at = random.Random(seed), Messages(), [], 0
    while at < len(stream):
        size = chance.randint(1, 20)
        found += messages.feed(stream[at : at + size])
        at += size
    answers = [message for message in found if isinstance(message, Answer)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"abc"), (404, b"")]
    assert answers[1].header("x") == "a b"
    assert [bytes(message.packet) for message in found if isinstance(message, Media)] == [b"xyz"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        lambda: describe("v=0\r\nm=video 0 RTP/AVP 96\r\na=" + text),
        lambda: describe(text),
        lambda: hls.read("#EXTM3U\n" + text),
        lambda: soap.answer(text.encode("utf-8", "replace")),
        lambda: challenges(["Digest " + text, text]),
        lambda: parse("rtsp://" + text),
        lambda: parse("rtsp://cam.test/").join(text),
    ):
        with suppress(CameraFault):
            read()


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["instead", "media", "DESCRIBE", "SETUP", "PLAY"]))
def test_whatever_a_server_says_a_visit_ends_in_time_and_in_words(said: bytes, where: str) -> None:
    answer = b"RTSP/1.0 200 OK\r\nCSeq: CSEQ\r\n" + said + b"\r\n\r\n" + said
    words = {"instead": Manners(instead=said), "media": Manners(media=said)}
    manners = words.get(where) or Manners(answers={where: answer})

    async def go() -> Any:
        async with rtsp_camera(manners) as camera:
            trip = Trip(HERE, asyncio.get_running_loop().time() + 0.15)
            with suppress(CameraFault):
                await rtsp.keyframe(parse(camera.url), trip)

    asyncio.run(asyncio.wait_for(go(), 3))


@given(st.permutations(range(12)))
def test_packets_overtaking_each_other_come_out_in_order(order: list[int]) -> None:
    ordered = InOrder()
    begin = [rtp.packet(b"x", 65530, 0)]
    packets = begin + [rtp.packet(b"x", 65531 + number, 0) for number in order]
    out = [int.from_bytes(ready[2:4], "big") for packet in packets for ready in ordered.take(packet)]
    assert out == [(65530 + number) % 65536 for number in range(13)]


def test_a_lost_packet_is_waited_for_and_then_left_behind() -> None:
    ordered = InOrder()
    packets = [rtp.packet(b"x", number, 0) for number in range(60) if number != 5]
    out = [int.from_bytes(ready[2:4], "big") for packet in packets for ready in ordered.take(packet)]
    assert out == [number for number in range(60) if number != 5]
    assert ordered.take(packets[4]) == []


def test_the_digest_of_the_standard() -> None:
    """RFC 2617, 3.5, without qop as RTSP servers ask it, and RFC 7616, 3.9.1, by its own formula."""
    (plain,) = challenges(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'])
    said = plain.answer(Credentials("Mufasa", "Circle Of Life"), "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in said
    assert "Circle" not in said


def test_the_strongest_challenge_is_answered_first() -> None:
    offered = challenges(
        ['Basic realm="a, b", Digest realm="x", nonce="1", algorithm=MD5', 'Digest nonce="2", algorithm=SHA-256']
    )
    assert [(made.scheme, made.algorithm) for made in offered] == [
        ("digest", "SHA-256"),
        ("digest", "MD5"),
        ("basic", "MD5"),
    ]
    assert (
        challenges(['Digest realm="x", nonce="1", qop="auth-int"', "Negotiate", 'Digest nonce="1", algorithm=X']) == []
    )


@pytest.mark.parametrize(
    "bomb",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "http://169.254.169.254/">]><a>&x;</a>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_never_expanded(bomb: str, encoding: str) -> None:
    with pytest.raises(CameraFault) as caught:
        soap.answer(bomb.encode(encoding))
    assert caught.value.state is VisitState.NOT_UNDERSTOOD


def test_a_question_holds_the_cameras_time_and_no_password() -> None:
    asked = soap.envelope("<a/>", Credentials("o<wner", "rahasia"), datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)).decode()
    assert "2031-05-06T07:08:09.000Z" in asked
    assert "rahasia" not in asked
    assert "o&lt;wner" in asked


def test_the_smallest_legible_stream_is_preferred() -> None:
    sizes = {"main": (1920, 1080), "sub": (640, 360), "thumb": (320, 180)}
    profiles = [Profile(token, *size) for token, size in sizes.items()]
    assert preferred(profiles).token == "sub"
    assert preferred(profiles[2:]).token == "thumb"


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_kept_keyframe_reads_back(codec: str) -> None:
    kept = of_picture(codec, 0)
    assert Keyframe.unpacked(kept.packed()) == kept
    for damaged in (b"", b"PKF1", b"PKF1\x09\0\0\0x", b"JPEG\x04\0\0\0x", kept.packed()[:8]):
        with pytest.raises(CameraFault):
            Keyframe.unpacked(damaged)
