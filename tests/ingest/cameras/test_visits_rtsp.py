"""One keyframe over RTSP, from cameras that behave and from cameras that do not."""

import asyncio
import time
from typing import Any

import pytest

from cases.words import VisitState
from ingest.cameras.connection import acknowledge_at_once
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Want, Way
from tests.ingest.cameras.visiting import KNOWN, WRONG, keyframe, shape, visited
from tests.servers.cameras import Certificate
from tests.servers.rtsp_camera import Manners, RtspCamera, rtsp_camera

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("loops")]


NO_CAMERA = VisitState.NOT_UNDERSTOOD
ENDLESS = b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"


def attempt(pictures: Pictures, manners: Manners, **how: Any) -> tuple[Any, RtspCamera]:
    """A visit to a camera of these manners."""

    async def go() -> tuple[Any, RtspCamera]:
        async with rtsp_camera(manners) as camera:
            return await visited(pictures, camera.url, **how), camera

    return asyncio.run(go())


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("sets", [True, False])
def test_a_keyframe_is_taken_and_the_camera_left_politely(pictures: Pictures, codec: str, sets: bool) -> None:
    visit, camera = attempt(pictures, Manners(codec=codec, sets=sets))
    assert shape(visit) == (640, 360)
    assert visit.way is Way.RTSP_TCP
    assert camera.methods() == ["DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]
    assert visit.received > 1000


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_keyframe_kept_undecoded_opens_later(pictures: Pictures, codec: str) -> None:
    visit, _ = attempt(pictures, Manners(codec=codec), want=Want.KEYFRAME)
    assert keyframe(visit).codec == codec
    grey = asyncio.run(pictures.grey(visit.still))
    assert len(grey) == 480 * 270
    assert len(asyncio.run(pictures.jpeg(visit.still)).content) > 10_000


def test_small_units_may_travel_together(pictures: Pictures) -> None:
    for codec in ("h264", "hevc"):
        visit, _ = attempt(pictures, Manners(codec=codec, sets=False, together_below=200))
        assert shape(visit) == (640, 360)


def test_joining_in_the_middle_waits_for_the_next_keyframe(pictures: Pictures) -> None:
    visit, _ = attempt(pictures, Manners(begin=2, sets=False))
    assert shape(visit) == (640, 360)


@pytest.mark.parametrize("udp_only", [False, True])
def test_a_lost_packet_spoils_its_keyframe_and_the_next_one_is_taken(pictures: Pictures, udp_only: bool) -> None:
    visit, _ = attempt(pictures, Manners(keep=lambda number: number != 7, udp_only=udp_only), want=Want.KEYFRAME)
    whole, _ = attempt(pictures, Manners(begin=5), want=Want.KEYFRAME)
    assert keyframe(visit) == keyframe(whole)


def test_losing_from_every_keyframe_is_corrupt(pictures: Pictures) -> None:
    visit, _ = attempt(pictures, Manners(keep=lambda number: number % 3 != 2), deadline_s=1.5)
    assert visit.state is VisitState.CORRUPT


def test_a_camera_that_knows_udp_only(pictures: Pictures) -> None:
    visit, camera = attempt(pictures, Manners(udp_only=True))
    assert shape(visit) == (640, 360)
    assert visit.way is Way.RTSP_UDP
    assert camera.methods() == ["DESCRIBE", "SETUP", "SETUP", "PLAY", "TEARDOWN"]


def test_packets_that_overtake_each_other_are_put_in_order(pictures: Pictures) -> None:
    visit, _ = attempt(pictures, Manners(udp_only=True, swap=True))
    assert shape(visit) == (640, 360)


@pytest.mark.parametrize(
    ("manners", "state"),
    [
        (Manners(stall=True), VisitState.STALLED),
        (Manners(mute=True), VisitState.TIMED_OUT),
        (Manners(instead=b"HTTP/1.1 400 Bad Request\r\n\r\n"), VisitState.NOT_UNDERSTOOD),
        (Manners(instead=bytes(range(256)) * 64), VisitState.NOT_UNDERSTOOD),
        (Manners(answers={"DESCRIBE": b"RTSP/1.0 404 Not Found\r\nCSeq: CSEQ\r\n\r\n"}), VisitState.NOT_FOUND),
        (Manners(answers={"SETUP": b"RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: CSEQ\r\n\r\n"}), VisitState.BUSY),
        (Manners(answers={"PLAY": b"RTSP/1.0 503 Busy\r\nCSeq: CSEQ\r\n\r\n"}), VisitState.BUSY),
        *(
            (Manners(answers={method: b"RTSP/1.0 461 Unsupported Transport\r\nCSeq: CSEQ\r\n\r\n"}), NO_CAMERA)
            for method in ("DESCRIBE", "SETUP", "PLAY")
        ),
        (
            Manners(answers={"DESCRIBE": b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"}),
            VisitState.NOT_UNDERSTOOD,
        ),
        (Manners(description="v=0\r\nm=audio 0 RTP/AVP 0\r\n"), VisitState.NO_VIDEO),
        (Manners(description="nonsense"), VisitState.NO_VIDEO),
        (Manners(media=b"$\x04\x00\x04abcd" * 50), VisitState.STALLED),
        (Manners(media=b"\xff\x00garbage" * 50), VisitState.NOT_UNDERSTOOD),
        (Manners(break_after=3), VisitState.STALLED),
        (Manners(begin=11), VisitState.STALLED),
    ],
)
def test_every_failure_has_its_word_and_its_time(pictures: Pictures, manners: Manners, state: VisitState) -> None:
    began = time.monotonic()
    visit, _ = attempt(pictures, manners, deadline_s=1.0)
    assert visit.state is state, visit
    assert time.monotonic() - began < 10, "a deadline of a second was not kept"


def test_a_connection_that_ended_is_no_fault_while_there_is_something_to_read() -> None:
    async def go() -> None:
        async with rtsp_camera() as camera:
            _, writer = await asyncio.open_connection("127.0.0.1", camera.port)
            writer.close()
            await writer.wait_closed()
            acknowledge_at_once(writer)

    asyncio.run(go())


def test_a_closed_port_is_unreachable(pictures: Pictures) -> None:
    visit = asyncio.run(visited(pictures, "rtsp://127.0.0.1:1199/x", deadline_s=1))
    assert visit.state is VisitState.UNREACHABLE


def test_a_redirect_is_followed_through_the_guard(pictures: Pictures) -> None:
    async def go(location: str) -> Any:
        moved = f"RTSP/1.0 302 Moved\r\nCSeq: CSEQ\r\nLocation: {location}\r\n\r\n".encode()
        async with rtsp_camera(Manners(answers={"DESCRIBE": moved})) as door:
            return await visited(pictures, door.url, deadline_s=2, credentials=KNOWN), door

    async def there() -> Any:
        async with rtsp_camera() as camera:
            return await go(camera.url)

    visit, _ = asyncio.run(there())
    assert shape(visit) == (640, 360)
    for elsewhere in ("rtsp://169.254.169.254/", "rtsp://10.0.0.1/x", "http://127.0.0.1:80/", "file:///etc/passwd"):
        visit, _ = asyncio.run(go(elsewhere))
        assert visit.state in (VisitState.REFUSED_ADDRESS, VisitState.NOT_UNDERSTOOD), elsewhere


def test_redirects_in_a_circle_end(pictures: Pictures) -> None:
    moved = b"RTSP/1.0 301 Moved\r\nCSeq: CSEQ\r\nLocation: /again\r\n\r\n"
    visit, camera = attempt(pictures, Manners(answers={"DESCRIBE": moved}), deadline_s=2)
    assert visit.state is VisitState.NOT_UNDERSTOOD
    assert len(camera.requests) == 4


@pytest.mark.parametrize("told", ["", ", stale=true", ', qop="auth", stale="true"'])
def test_a_camera_may_want_each_request_signed_anew(pictures: Pictures, told: str) -> None:
    visit, camera = attempt(pictures, Manners(single_use=told), credentials=KNOWN)
    assert shape(visit) == (640, 360)
    assert camera.methods()[:6] == ["DESCRIBE", "DESCRIBE", "SETUP", "SETUP", "PLAY", "PLAY"]


def test_a_wrong_password_is_tried_once_and_appears_nowhere(
    pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    asks = b'RTSP/1.0 401 Unauthorized\r\nCSeq: CSEQ\r\nWWW-Authenticate: Digest realm="x", nonce="n"\r\n\r\n'
    visit, camera = attempt(pictures, Manners(answers={"DESCRIBE": asks}), credentials=WRONG)
    assert visit.state is VisitState.PASSWORD_REFUSED
    assert len(camera.requests) == 2
    assert WRONG.password not in repr(visit) + str(WRONG) + caplog.text + "".join(camera.said)


def test_tls_checks_the_certificate_or_its_fingerprint(pictures: Pictures, signed_by_itself: Certificate) -> None:
    async def go(certificate: str | None) -> Any:
        async with rtsp_camera(tls=signed_by_itself.context) as camera:
            url = camera.url.replace("rtsp:", "rtsps:")
            return await visited(pictures, url, certificate=certificate, deadline_s=4)

    assert asyncio.run(go(None)).state is VisitState.CERTIFICATE_REFUSED
    assert asyncio.run(go("00" * 32)).state is VisitState.CERTIFICATE_REFUSED
    assert shape(asyncio.run(go(signed_by_itself.sha256))) == (640, 360)


def test_a_visit_given_up_leaves_nothing_running(pictures: Pictures) -> None:
    async def go() -> set[asyncio.Task[Any]]:
        async with rtsp_camera(Manners(stall=True)) as camera:
            visit = asyncio.create_task(visited(pictures, camera.url))
            await asyncio.sleep(0.2)
            visit.cancel()
            await asyncio.gather(visit, return_exceptions=True)
        await asyncio.sleep(0.05)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(go()) == set()
