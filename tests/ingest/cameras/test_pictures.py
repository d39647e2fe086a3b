"""Stills are decoded whole or not at all, elsewhere; and big libraries are led to one camera only."""

import asyncio
from dataclasses import replace

import cv2
import numpy as np
import pytest

from cases.words import CameraDoor, StillKind, VisitState
from ingest.cameras.address import Guard
from ingest.cameras.connection import Trip
from ingest.cameras.faults import CameraFault
from ingest.cameras.keyframes import Codec, Keyframe
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Reach, Visit, Visitor, Want, Way
from ingest.cameras.relay import relay
from ingest.cameras.report import Report, tried
from ingest.cameras.stills import Still
from ingest.cameras.urls import parse
from tests.ingest.cameras.visiting import HERE, KNOWN, WRONG
from tests.servers import clips
from tests.servers.http_camera import http_camera
from tests.servers.rtsp_camera import Manners, rtsp_camera

pytestmark = pytest.mark.unit


def kept(codec: str, lose: int = 0) -> Still:
    """A keyframe as a visit keeps it, the last `lose` bytes of its slice lost."""
    units = clips.pictures(codec)[0]
    return Still.of_keyframe(Keyframe.of_units(Codec(codec), (), [*units[:-1], units[-1][: len(units[-1]) - lose]]))


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_keyframe_shows_the_scene(pictures: Pictures, codec: str) -> None:
    content = asyncio.run(pictures.jpeg(kept(codec))).content
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert np.abs(image.astype(int) - clips.scene(0).astype(int)).mean() < 12
    grey = np.frombuffer(asyncio.run(pictures.grey(kept(codec))), np.uint8).reshape(270, 480)
    expected = cv2.resize(cv2.cvtColor(clips.scene(0), cv2.COLOR_BGR2GRAY), (480, 270), interpolation=cv2.INTER_AREA)
    assert np.abs(grey.astype(int) - expected.astype(int)).mean() < 6


def test_a_keyframe_cut_short_is_corrupt(pictures: Pictures) -> None:
    whole = len(clips.pictures("h264")[0][-1])
    for lose in (50, whole // 10, whole // 2, whole - 40):
        for ask in (pictures.jpeg, pictures.grey):
            with pytest.raises(CameraFault) as caught:
                asyncio.run(ask(kept("h264", lose)))
            assert caught.value.state is VisitState.CORRUPT


def test_most_cuts_of_an_h265_keyframe_are_noticed(pictures: Pictures) -> None:
    """Not all: FFmpeg fills some silently, which is why lost packets are noticed before there is a keyframe."""
    whole = len(clips.pictures("hevc")[0][-1])

    async def noticed(cut: int) -> bool:
        try:
            await pictures.jpeg(kept("hevc", cut))
        except CameraFault:
            return True
        return False

    async def each() -> list[bool]:
        return [await noticed(whole * twentieth // 20) for twentieth in range(1, 20)]

    first, *again = (asyncio.run(each()) for _ in range(3))
    assert sum(first) >= 15
    assert again == [first, first]


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (640, 360), (320, 240), (2592, 1944)])
def test_a_jpeg_in_grey_whatever_its_size(pictures: Pictures, width: int, height: int) -> None:
    grey = asyncio.run(pictures.grey(Still.of_jpeg(clips.jpeg(width, height))))
    image = np.frombuffer(grey, np.uint8).reshape(270, 480)
    assert abs(float(image.mean()) - float(clips.scene(0, width, height).mean())) < 4


def test_a_jpeg_with_lost_pixels_or_none_is_corrupt(pictures: Pictures) -> None:
    still = clips.jpeg()
    torn = Still(StillKind.JPEG, still[: len(still) // 2] + b"\xff\xd9")
    with pytest.raises(CameraFault):
        asyncio.run(pictures.grey(torn))
    for nonsense in (b"", b"\xff\xd8\xff", still[:-2], b"GIF89a" + still):
        with pytest.raises(CameraFault):
            Still.of_jpeg(nonsense)
    assert Still.of_jpeg(still + b"\r\n--frame").content == still


def test_a_picture_of_too_many_pixels_is_not_opened() -> None:
    at = clips.jpeg().index(b"\xff\xc0")
    huge = clips.jpeg()[: at + 5] + b"\xff\xff\xff\xff" + clips.jpeg()[at + 9 :]
    with pytest.raises(CameraFault, match="too many pixels"):
        Still.of_jpeg(huge)


def test_nonsense_in_place_of_a_keyframe_is_corrupt(pictures: Pictures) -> None:
    chance = np.random.default_rng(5)
    for codec in Codec:
        with pytest.raises(CameraFault):
            asyncio.run(pictures.jpeg(Still.of_keyframe(Keyframe(codec, chance.bytes(5000)))))
    for container in ("mpegts", "mp4"):
        with pytest.raises(CameraFault):
            asyncio.run(pictures.keyframe(chance.bytes(5000), container))


def test_the_relay_leads_to_the_camera_and_lets_no_redirect_through() -> None:
    async def go(answer: bytes) -> bytes:
        manners = Manners(answers={"DESCRIBE": answer})
        async with rtsp_camera(manners) as camera:
            trip = Trip(HERE, asyncio.get_running_loop().time() + 5)
            async with relay(await HERE.pin(parse(camera.url)), trip) as door:
                assert (door.host, door.target) == ("127.0.0.1", "/live")
                reader, writer = await asyncio.open_connection(door.host, door.port)
                writer.write(b"DESCRIBE x RTSP/1.0\r\nCSeq: 1\r\n\r\n")
                try:
                    return await asyncio.wait_for(reader.read(100), 3)
                finally:
                    writer.close()

    assert asyncio.run(go(b"RTSP/1.0 200 OK\r\n\r\n")) == b"RTSP/1.0 200 OK\r\n\r\n"
    for moved in (b"RTSP/1.0 302 Moved\r\n", b"RTSP/9 \r\n +0301 x\r\n", b"rubbish\r\nRTSP/1.0 \t305\r\n"):
        assert asyncio.run(go(moved + b"Location: rtsp://127.0.0.1:1/\r\n\r\n")) == b""


def test_a_camera_tells_its_owner_what_happened(pictures: Pictures) -> None:
    async def go() -> list[list[str]]:
        async with http_camera() as camera, Visitor(pictures) as visitor:
            said = []
            for path, credentials in (("/basic.jpg", KNOWN), ("/basic.jpg", WRONG), ("/page.html", None)):
                how = Reach(camera.url(path), credentials=credentials)
                report = await tried(visitor, how, guard=HERE)
                said += [report.told("id"), report.told("en")]
            return said

    reached, in_english, refused, _, nothing, _ = asyncio.run(go())
    assert reached[0].startswith("Kamera terjangkau")
    assert "HTTP" in reached[1]
    assert in_english[0] == "The camera was reached. Here is your picture."
    assert "kata sandi" in refused[0]
    assert "tidak memberi video" in nothing[0]
    assert KNOWN.password not in str((reached, in_english, refused, nothing))


@pytest.mark.parametrize("state", VisitState)
@pytest.mark.parametrize("way", [None, *Way])
def test_every_ending_has_its_sentences(state: VisitState, way: Way | None) -> None:
    report = Report(Visit(state, way=way, by_onvif=True, took_s=1.234, clock_offset_s=-600.0))
    for language in ("id", "en"):
        said = report.told(language)
        assert not any(text.startswith(("visit.", "way.")) or "{" in text or ".http" in text for text in said)
        assert ("1,2" if language == "id" else "1.2") in said[1]
        assert "10" in said[2]
    assert report.told("id")[0] != report.told("en")[0]


def test_a_planted_password_shows_in_nothing_a_visit_gives(
    pictures: Pictures, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    secret = replace(KNOWN, password="TANAMAN-9f3c")

    async def go() -> list[Visit]:
        strange = Manners(description="v=0\r\nm=video 0 RTP/AVP 99\r\na=rtpmap:99 X/1\r\n")
        async with (
            rtsp_camera(strange) as unknown,
            rtsp_camera(Manners(media=b"\xff" * 99)) as broken,
            http_camera() as web,
            Visitor(pictures) as visitor,
        ):
            urls = [unknown.url, broken.url, web.url("/basic.jpg"), web.url("/"), "rtsp://127.0.0.1:1199/x"]
            urls.append("http://owner:TANAMAN-9f3c@127.0.0.1/")
            return [
                await visitor.visit(Reach(url, None, secret), deadline_s=3, guard=HERE, want=want)
                for url in urls
                for want in Want
            ]

    visits = asyncio.run(go())
    captured = capfd.readouterr()
    told = [text for visit in visits for text in Report(visit).told("en")]
    assert "TANAMAN" not in repr(visits) + str(told) + caplog.text + captured.out + captured.err + repr(secret)


def test_pushed_cameras_are_not_visited(pictures: Pictures) -> None:
    async def go() -> Visit:
        async with Visitor(pictures) as visitor:
            how = Reach("http://8.8.8.8/", CameraDoor.PUSH)
            return await visitor.visit(how, deadline_s=1, guard=Guard(), want=Want.PICTURE)

    assert asyncio.run(go()).state is VisitState.REFUSED_ADDRESS
