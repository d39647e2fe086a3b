"""Cameras send their own stills by FTP and by mail, with real clients."""

import asyncio
import base64
import contextlib
import ftplib
import io
import smtplib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import cv2
import pytest

from cases.words import CameraDoor, SightFault, VisitState
from ingest.cameras.arrive import Arrivals
from ingest.cameras.baseline import Baseline
from ingest.cameras.keep import Memories, Memory
from ingest.cameras.push import stills
from ingest.cameras.push.ftp import FtpPlace, ftp_door
from ingest.cameras.push.smtp import smtp_door
from ingest.cameras.push.stills import Pushing, checked
from ingest.cameras.reach import Visitor
from ingest.photos.faults import PhotoFault, PhotoRefused
from storage import cameras
from storage.tables import Camera, CameraVisit, Snapshot
from tests.ingest.cameras.sightings import beside
from tests.ingest.city import City
from tests.ingest.photos import samples
from tests.servers import clips


@dataclass
class Sender:
    """A camera that pushes, and its token."""

    city: City
    camera: Camera
    token: str
    pushing: Pushing

    @property
    def number(self) -> str:
        return str(self.camera.number)

    def kept(self) -> list[bytes]:
        """The bytes of its snapshots, in order."""
        with self.city.parts.database.read() as db:
            found = sorted(db.query(Snapshot), key=lambda one: one.taken_at)
        return [b"".join(self.city.parts.blobs.read(f"snapshots/{one.id}/original")) for one in found]


@pytest.fixture
def sender(city: City) -> Sender:
    made = beside(city, door=CameraDoor.PUSH, url="")
    with city.parts.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, made.id))
    parts = replace(city.parts, clock=lambda: datetime.now(UTC))
    return Sender(city, made, token, Pushing(parts))


@pytest.fixture
def ftp(sender: Sender) -> Iterator[int]:
    with ftp_door(sender.pushing, FtpPlace("127.0.0.1", 0)) as port:
        yield port


@pytest.fixture
def smtp(sender: Sender) -> Iterator[int]:
    with smtp_door(sender.pushing, "127.0.0.1", 0) as port:
        yield port


def test_a_camera_stores_by_ftp_the_way_cameras_do(sender: Sender, ftp: int) -> None:
    with ftplib.FTP() as client:
        client.connect("127.0.0.1", ftp, timeout=20)
        client.login(sender.number, sender.token)
        client.mkd("2026-11-22")
        client.cwd("2026-11-22")
        assert client.storbinary("STOR 01.jpg.part", io.BytesIO(clips.jpeg(number=1))) == "226 Still taken."
        # Durable when it was said to be taken.
        assert sender.kept() == [clips.jpeg(number=1)]
        client.rename("01.jpg.part", "01.jpg")
        client.set_pasv(False)
        client.storbinary("STOR /../../etc/02.jpg", io.BytesIO(clips.jpeg(number=9)))
        with pytest.raises(ftplib.error_perm, match=r"^50[02]"):
            client.nlst()
        with pytest.raises(ftplib.error_perm, match=r"^50[02]"):
            client.retrbinary("RETR 01.jpg", lambda _: None)
    with sender.city.parts.database.read() as db:
        visit = db.get_one(CameraVisit, sender.camera.id)
    assert (visit.state, visit.reached_by, visit.lease) == (VisitState.OK, CameraDoor.PUSH, None)


def test_ftp_opens_for_its_own_number_and_token_only(sender: Sender, ftp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.cameras.push.ftp._Handler.auth_failed_timeout", 0)
    for user, password in (("anonymous", ""), (sender.number, "pantau_kamera_salah"), ("999", sender.token)):
        with ftplib.FTP() as client:
            client.connect("127.0.0.1", ftp, timeout=20)
            with pytest.raises(ftplib.error_perm, match=r"^530"):
                client.login(user, password)
            with pytest.raises(ftplib.error_perm, match=r"^530"):
                client.storbinary("STOR a.jpg", io.BytesIO(clips.jpeg()))
    assert sender.kept() == []


def test_what_is_no_still_is_refused_by_ftp(sender: Sender, ftp: int) -> None:
    whole = clips.jpeg()
    with ftplib.FTP() as client:
        client.connect("127.0.0.1", ftp, timeout=20)
        client.login(sender.number, sender.token)
        for content in (whole[:3000], b"halo", samples.png()):
            with pytest.raises(ftplib.error_perm, match=r"^550"):
                client.storbinary("STOR a.jpg", io.BytesIO(content))
    assert sender.kept() == []


def test_ftp_says_how_large_a_still_may_be(sender: Sender, ftp: int) -> None:
    with ftplib.FTP() as client:
        client.connect("127.0.0.1", ftp, timeout=20)
        client.login(sender.number, sender.token)
        client.voidcmd("TYPE I")
        with client.transfercmd("STOR a.jpg") as line, contextlib.suppress(ConnectionError):
            line.sendall(bytes(stills.BYTES_MAX + (1 << 20)))
        with pytest.raises(ftplib.error_perm, match=r"^552 A still has at most 16 MB\. Let the camera send a smaller"):
            client.voidresp()
        # And the line goes on.
        assert client.storbinary("STOR b.jpg", io.BytesIO(clips.jpeg())) == "226 Still taken."
    assert sender.kept() == [clips.jpeg()]


def test_an_upload_that_is_cut_off_leaves_nothing(sender: Sender, ftp: int) -> None:
    client = ftplib.FTP()
    client.connect("127.0.0.1", ftp, timeout=20)
    client.login(sender.number, sender.token)
    client.voidcmd("TYPE I")
    line = client.transfercmd("STOR a.jpg")
    line.sendall(clips.jpeg()[:5000])
    # Broken before it was taken, there would be no upload to cut off.
    time.sleep(0.5)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    line.close()
    with pytest.raises((ftplib.error_perm, ftplib.error_temp)):
        client.voidresp()
    client.close()
    assert sender.kept() == []


def test_ftp_answers_who_asks_how_it_stands(ftp: int) -> None:
    with ftplib.FTP() as client:
        client.connect("127.0.0.1", ftp, timeout=20)
        assert client.sendcmd("STAT").startswith("211")


def test_a_token_that_ended_stores_nothing_over_a_line_that_it_opened(sender: Sender, ftp: int, smtp: int) -> None:
    with ftplib.FTP() as client, smtplib.SMTP("127.0.0.1", smtp, timeout=20) as mailer:
        client.connect("127.0.0.1", ftp, timeout=20)
        client.login(sender.number, sender.token)
        mailer.login(sender.number, sender.token)
        with sender.city.parts.database.write() as db:
            cameras.new_push_token(db.get_one(Camera, sender.camera.id))
        with pytest.raises(ftplib.error_perm, match=r"^550 This push token has ended"):
            client.storbinary("STOR a.jpg", io.BytesIO(clips.jpeg()))
        with pytest.raises(smtplib.SMTPDataError):
            mailer.send_message(mail(clips.jpeg()))
    assert sender.kept() == []


def mail(*pictures: bytes) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Motion", "camera@shop.example", "pantau@city.example"
    message.set_content("motion detected")
    for at, picture in enumerate(pictures):
        message.add_attachment(picture, maintype="application", subtype="octet-stream", filename=f"{at}.dat")
    return message


def test_a_camera_sends_stills_by_mail(sender: Sender, smtp: int, caplog: pytest.LogCaptureFixture) -> None:
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.login(f"K{sender.number}", sender.token)
        client.send_message(mail(clips.jpeg(number=1), b"%PDF-1.7", clips.jpeg(number=9)))
    assert sender.kept() == [clips.jpeg(number=1), clips.jpeg(number=9)]
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == []


def test_one_cut_still_costs_a_mail_no_other(sender: Sender, smtp: int, caplog: pytest.LogCaptureFixture) -> None:
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.login(sender.number, sender.token)
        client.mail("camera")
        client.rcpt("pantau")
        pictures = (clips.jpeg(number=1), clips.jpeg(number=5)[:3000], clips.jpeg(number=9))
        assert client.data(mail(*pictures).as_bytes()) == (250, b"2 taken")
    assert sender.kept() == [clips.jpeg(number=1), clips.jpeg(number=9)]
    (told,) = (record.message for record in caplog.records if record.levelname == "WARNING")
    assert f"camera {sender.camera.id} was not taken: The JPEG ends too early" in told


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("encoded", [base64.b64encode, base64.encodebytes])
def test_lines_may_be_as_cheap_cameras_write_them(
    sender: Sender, smtp: int, encoded: Callable[[bytes], bytes], end: str
) -> None:
    head = "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n"
    written = (head + encoded(clips.jpeg()).decode()).replace("\n", end).encode() + b"\r\n"
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.login(sender.number, sender.token)
        client.mail("camera")
        client.rcpt("pantau")
        assert client.data(written) == (250, b"1 taken")
    assert sender.kept() == [clips.jpeg()]


def test_parts_within_parts_without_end_are_no_still(sender: Sender, smtp: int) -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(2000))
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.login(sender.number, sender.token)
        client.mail("camera")
        client.rcpt("pantau")
        assert client.data(parts.encode())[0] == 554


def test_mail_without_a_still_or_from_a_stranger_is_refused(sender: Sender, smtp: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as stranger:
            client.send_message(mail(clips.jpeg()))
        assert stranger.value.smtp_code == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(sender.number, "pantau_kamera_salah")
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.login(sender.number, sender.token)
        for message in (mail(), mail(clips.jpeg()[:2000])):
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.send_message(message)
            assert refused.value.smtp_code == 554
    assert sender.kept() == []


def test_the_same_still_twice_is_taken_once(sender: Sender) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    first = sender.pushing.take(sender.camera.id, clips.jpeg(), at)
    again = sender.pushing.take(sender.camera.id, clips.jpeg(), at)
    assert first.new
    assert (again.snapshot, again.new, again.taken_at) == (first.snapshot, False, at)
    # Nothing has changed in front of the camera: noted, not kept.
    noted = sender.pushing.take(sender.camera.id, clips.jpeg(), at + timedelta(minutes=1))
    assert (noted.snapshot, noted.new) == (None, True)
    assert len(sender.kept()) == 1


def test_a_camera_whose_stills_come_late_is_still_heard_of(sender: Sender) -> None:
    parts, camera_id = sender.pushing.parts, sender.camera.id
    sender.pushing.take(camera_id, clips.jpeg(), datetime.now(UTC) - timedelta(hours=3))

    async def visited() -> VisitState | None:
        async with Visitor(parts.pictures) as visitor:
            outcome = await Arrivals.of(parts, visitor).look(camera_id)
        return None if outcome is None else outcome.standing.state

    assert asyncio.run(visited()) is VisitState.OK
    parts = replace(parts, clock=lambda: datetime.now(UTC) + timedelta(minutes=10))
    assert asyncio.run(visited()) is VisitState.STALLED
    assert asyncio.run(visited()) is VisitState.STALLED
    sender.pushing.take(camera_id, clips.jpeg())
    parts = sender.pushing.parts
    assert asyncio.run(visited()) is VisitState.OK


def test_a_clock_that_was_never_set_is_not_believed(sender: Sender) -> None:
    began = datetime.now(UTC)
    pushed = sender.pushing.take(sender.camera.id, clips.jpeg(), datetime(2010, 1, 1, tzinfo=UTC))
    assert pushed.taken_at >= began


def painted(top: float, bottom: float, dark: int = 20) -> bytes:
    """A still with a dark box between these shares of its height, a third of it wide."""
    image = clips.scene(1)
    height, width = image.shape[:2]
    image[int(top * height) : int(bottom * height), width // 3 : 2 * width // 3] = dark
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def test_what_differs_is_kept_wherever_it_is_but_where_the_clock_stands(sender: Sender) -> None:
    empty = painted(0, 0)
    for content in (empty, painted(0.15, 0.3), empty, painted(0.65, 0.8), empty, painted(0, 0.1), painted(0.9, 1.0)):
        sender.pushing.take(sender.camera.id, content)
    assert sender.kept() == [empty, painted(0.15, 0.3), empty, painted(0.65, 0.8), empty]


def test_processes_that_take_turns_keep_what_differs_and_find_what_is_frozen(sender: Sender) -> None:
    """Behind one address there are several: each still may come to another."""
    others = [sender.pushing, *(Pushing(sender.pushing.parts) for _ in range(2))]
    kept = [one.take(sender.camera.id, clips.jpeg()).snapshot is not None for one in 2 * others]
    # The first, and the one by which it is known that nothing moves any more.
    assert kept == [True, False, False, True, False, False]
    with sender.city.parts.database.read() as db:
        assert db.get_one(CameraVisit, sender.camera.id).faults == [SightFault.FROZEN]


@pytest.mark.unit
def test_many_threads_may_remember_at_once() -> None:
    memories, faults = Memories(5), list[Exception]()
    cameras_seen, memory = [uuid4() for _ in range(50)], Memory(datetime.now(UTC), Baseline())

    def remember(first: int) -> None:
        try:
            for at in range(10_000):
                memories.put(cameras_seen[(first + 7 * at) % 50], memory)
        except Exception as fault:
            faults.append(fault)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=remember, args=(at,)) for at in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert faults == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", PhotoFault.NOT_A_JPEG),
        (b"\xff\xd8\xff", PhotoFault.TRUNCATED),
        (b"GIF89a", PhotoFault.NOT_A_JPEG),
        (samples.png(), PhotoFault.NOT_A_JPEG),
        (clips.jpeg().replace(b"\xff\xc0", b"\xff\xc3", 1), PhotoFault.NOT_A_JPEG),
    ],
)
def test_a_still_is_a_whole_jpeg(content: bytes, code: PhotoFault) -> None:
    with pytest.raises(PhotoRefused) as refused:
        checked(content)
    assert refused.value.code == code


@pytest.mark.unit
def test_what_follows_a_still_is_cut_off() -> None:
    assert checked(clips.jpeg() + b"\0" * 64).content == clips.jpeg()
    assert stills.BYTES_MAX == 16 << 20
