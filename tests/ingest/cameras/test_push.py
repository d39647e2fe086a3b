"""Cameras send their own stills by FTP and by mail, with real clients."""

import ftplib
import io
import smtplib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from cases.words import CameraDoor, VisitState
from ingest.cameras.push import stills
from ingest.cameras.push.ftp import FtpPlace, ftp_door
from ingest.cameras.push.smtp import smtp_door
from ingest.cameras.push.stills import Pushing, checked
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


def test_what_is_no_still_is_refused_by_ftp(sender: Sender, ftp: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = clips.jpeg()
    with ftplib.FTP() as client:
        client.connect("127.0.0.1", ftp, timeout=20)
        client.login(sender.number, sender.token)
        for content in (whole[:3000], b"halo", samples.png()):
            with pytest.raises(ftplib.error_perm, match=r"^550"):
                client.storbinary("STOR a.jpg", io.BytesIO(content))
        monkeypatch.setattr("ingest.cameras.push.ftp.BYTES_MAX", len(whole) - 1)
        with pytest.raises((ftplib.error_temp, ConnectionError, BrokenPipeError)):
            client.storbinary("STOR a.jpg", io.BytesIO(whole))
    assert sender.kept() == []


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


@pytest.mark.unit
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", PhotoFault.NOT_AN_IMAGE),
        (b"\xff\xd8\xff", PhotoFault.TRUNCATED),
        (b"GIF89a", PhotoFault.UNSUPPORTED_FORMAT),
        (samples.png(), PhotoFault.UNSUPPORTED_FORMAT),
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
