"""A photo comes in: kept, placed, timed, and never twice."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cases.errors import (
    CategoryNeeded,
    CategoryUnknown,
    ComplaintUnknown,
    HashMismatch,
    IdTaken,
    ReferenceMistyped,
    TooLarge,
)
from cases.words import JobKind, LocationSource, ProcessingState
from ingest.photos.arriving import IncomingPhoto
from ingest.photos.change import erase
from ingest.photos.faults import PhotoFault, PhotoRefused
from ingest.photos.receive import receive
from storage import photos
from storage.errors import BlobsUnreachable, DatabaseUnreachable
from storage.tables import Audit, Job, Photo
from tests.geo.made import middle
from tests.ingest.city import HERE, NOON, VILLAGE, City
from tests.ingest.photos import samples

EAST = timedelta(hours=7)


def kept(city: City, photo: Photo) -> bytes:
    return b"".join(city.parts.blobs.read(photos.original_key(photo.id)))


def test_bytes_row_job_and_audit_are_kept_together(city: City) -> None:
    picture = samples.jpeg(
        size=(64, 48), lon=HERE[0], lat=HERE[1], accuracy_m=6, direction=123, make="Tera", model="A1"
    )
    received = city.send(picture=picture, caption="Lubang besar", category="pothole")
    photo = received.photo
    assert received.new
    assert kept(city, photo) == picture
    assert photo.sha256 == hashlib.sha256(picture).hexdigest()
    assert (photo.bytes, photo.media_type, photo.width, photo.height) == (len(picture), "image/jpeg", 64, 48)
    assert (photo.lon, photo.lat) == pytest.approx(HERE, abs=1e-6)
    assert (photo.radius_m, photo.location_source, photo.area_code) == (6, LocationSource.EXIF, VILLAGE)
    assert (photo.direction_deg, photo.device, photo.warnings) == (123, {"make": "Tera", "model": "A1"}, [])
    assert photo.processing is ProcessingState.PENDING
    assert [(job.kind, job.subject_id) for job in city.rows(Job)] == [(JobKind.PHOTO_PROCESS, str(photo.id))]
    assert [(deed.action, deed.subject_id) for deed in city.rows(Audit)] == [("send", str(photo.id))]
    assert not list(Path(city.parts.blobs.workspace).iterdir())


def test_the_same_again_is_answered_and_not_kept(city: City) -> None:
    name, picture = uuid4(), samples.jpeg(size=(64, 48))
    first = city.send(picture=picture, id=name)
    city.clock.wait(minutes=5)
    again = city.send(picture=picture, id=name)
    assert (first.new, again.new) == (True, False)
    assert again.photo.received_at == first.photo.received_at
    assert len(city.rows(Photo)) == len(city.rows(Job)) == 1


def test_an_id_is_taken_by_other_bytes_or_another_sender(city: City) -> None:
    name, picture = uuid4(), samples.jpeg(size=(64, 48))
    city.send(picture=picture, id=name)
    with pytest.raises(IdTaken):
        city.send(picture=samples.jpeg(size=(64, 48), seed=9), id=name)
    with pytest.raises(IdTaken):
        city.send("colleague", picture=picture, id=name)
    assert kept(city, city.rows(Photo)[0]) == picture


def test_an_erased_photos_id_tells_nothing(city: City) -> None:
    name, picture = uuid4(), samples.jpeg(size=(64, 48))
    photo = city.send(picture=picture, id=name).photo
    erase(city.parts, city.people["officer"], photo.id)
    with pytest.raises(IdTaken):
        city.send(picture=picture, id=name)


def test_equal_requests_at_once_make_one_photo(city: City) -> None:
    name, picture = uuid4(), samples.jpeg(size=(64, 48))
    together = threading.Barrier(4)

    def send(_: int) -> tuple[UUID, bool]:
        together.wait()
        received = city.send(picture=picture, id=name, report=True, **city.here())
        return received.photo.id, received.new

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))
    assert {photo_id for photo_id, _ in answers} == {name}
    assert sorted(new for _, new in answers) == [False, False, False, True]
    assert len(city.rows(Photo)) == 1
    assert kept(city, city.rows(Photo)[0]) == picture


def test_two_with_other_bytes_at_once_make_one_photo(city: City) -> None:
    name = uuid4()
    together = threading.Barrier(2)

    def send(seed: int) -> bool:
        together.wait()
        try:
            return city.send(id=name, seed=seed).new
        except IdTaken:
            return False

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, (1, 2))) == [False, True]
    (photo,) = city.rows(Photo)
    assert hashlib.sha256(kept(city, photo)).hexdigest() == photo.sha256


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"", PhotoFault.EMPTY),
        (b"<html>hello</html>" * 20, PhotoFault.NOT_AN_IMAGE),
        (samples.truncated(samples.jpeg(size=(640, 480))), PhotoFault.TRUNCATED),
        (samples.jpeg2000_bomb(), PhotoFault.UNSUPPORTED_FORMAT),
    ],
)
def test_what_is_no_photo_leaves_nothing(city: City, picture: bytes, code: PhotoFault) -> None:
    with pytest.raises(PhotoRefused) as refused:
        city.send(picture=picture)
    assert refused.value.code == code
    nothing_is_left(city)


def nothing_is_left(city: City) -> None:
    assert city.rows(Photo) == city.rows(Job) == city.rows(Audit) == []
    assert list(city.parts.blobs.keys("photos/")) == []
    assert not list(Path(city.parts.blobs.workspace).iterdir())


def test_what_the_sender_got_wrong_leaves_nothing(city: City) -> None:
    with pytest.raises(HashMismatch):
        city.send(sha256="0" * 64)
    with pytest.raises(CategoryUnknown):
        city.send(category="no_such")
    with pytest.raises(CategoryNeeded):
        city.send(report=True)
    with pytest.raises(ReferenceMistyped):
        city.send(complaint="K7M4Q-9XP2T")
    with pytest.raises(ComplaintUnknown):
        city.send(complaint="00000-00000")
    nothing_is_left(city)


def test_a_folder_that_takes_no_more_is_told_and_nothing_is_kept(city: City) -> None:
    workspace = city.parts.blobs.workspace
    workspace.rmdir()
    with pytest.raises(BlobsUnreachable, match="cannot take a photo"):
        city.send()
    workspace.mkdir()
    nothing_is_left(city)
    assert city.send().new


def test_too_large_is_said_before_all_has_come(city: City) -> None:
    endless = BytesIO(bytes(20_000_000))
    with pytest.raises(TooLarge):
        receive(city.parts, city.people["officer"], IncomingPhoto(), endless)
    assert endless.tell() < 4_000_000
    nothing_is_left(city)


def test_the_senders_hash_may_be_written_in_capitals(city: City) -> None:
    picture = samples.jpeg(size=(64, 48))
    assert city.send(picture=picture, sha256=hashlib.sha256(picture).hexdigest().upper()).new


def test_without_a_place_it_is_kept_and_asks_for_a_pin(city: City) -> None:
    photo = city.send().photo
    assert (photo.lon, photo.area_code, photo.cell, photo.warnings) == (None, None, None, ["no_location"])


def test_a_senseless_position_costs_nobody_the_photo(city: City) -> None:
    photo = city.send(lon=0.0, lat=0.0).photo
    assert set(photo.warnings) == {"no_location", "position_unusable"}


def test_outside_the_city_is_kept_and_marked(city: City) -> None:
    photo = city.send(lon=106.8, lat=-6.2).photo
    assert (photo.lon, photo.area_code, photo.warnings) == (106.8, None, ["outside_city"])


def test_near_a_border_is_marked(city: City) -> None:
    lon, lat = middle(1, 1)
    assert city.send(lon=lon + 0.00999, lat=lat, accuracy_m=20).photo.warnings == ["near_border"]


def test_every_location_is_kept_and_a_pin_settles_which(city: City) -> None:
    far = samples.jpeg(size=(64, 48), lon=HERE[0] + 0.01, lat=HERE[1], accuracy_m=5)
    device = city.send(picture=far, **city.here()).photo
    assert device.location_source is LocationSource.EXIF
    assert "locations_disagree" in device.warnings
    assert [found["source"] for found in device.candidates] == ["device", "exif"]
    pin = city.send(picture=far, location_source=LocationSource.PIN, **city.here()).photo
    assert (pin.location_source, pin.area_code) == (LocationSource.PIN, VILLAGE)
    assert "locations_disagree" not in pin.warnings


def test_its_time_is_the_devices_by_the_zone_of_the_place(city: City) -> None:
    local = NOON.replace(tzinfo=None)
    photo = city.send(picture=samples.jpeg(size=(64, 48), taken_at=local, lon=HERE[0], lat=HERE[1])).photo
    assert photo.taken_at == photo.occurred_at == NOON - EAST


def test_a_time_to_come_is_not_believed(city: City) -> None:
    ahead = NOON + timedelta(hours=2)
    photo = city.send(taken_at=ahead).photo
    assert (photo.taken_at, photo.occurred_at) == (ahead, NOON)
    assert "future_time" in photo.warnings


def test_a_time_off_the_calendar_is_left_aside(city: City) -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))
    in_exif = samples.jpeg(size=(64, 48), taken_at=last)
    for photo in (city.send(taken_at=last).photo, city.send(picture=in_exif).photo):
        assert (photo.taken_at, photo.occurred_at) == (None, NOON)


def test_bytes_left_by_a_failed_try_are_found_by_the_next(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    name, picture = uuid4(), samples.jpeg(size=(64, 48))

    def gone() -> None:
        raise DatabaseUnreachable("the database is gone")

    with monkeypatch.context() as broken:
        broken.setattr(city.parts.database, "write", gone)
        with pytest.raises(DatabaseUnreachable):
            city.send(picture=picture, id=name)
    assert city.rows(Photo) == []
    assert city.send(picture=picture, id=name).new
    assert kept(city, city.rows(Photo)[0]) == picture


def test_a_row_never_stands_without_its_bytes(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tidy job takes an old try's bytes away between the put and the commit."""
    name, picture = uuid4(), samples.jpeg(size=(64, 48))
    blobs, put = city.parts.blobs, type(city.parts.blobs).put
    tries = []

    def put_and_lose(key: str, *rest: object) -> None:
        put(blobs, key, *rest)  # type: ignore[arg-type]
        tries.append(key)
        if len(tries) == 1:
            blobs.delete(key)

    monkeypatch.setattr(blobs, "put", put_and_lose)
    photo = city.send(picture=picture, id=name).photo
    assert kept(city, photo) == picture


def test_the_decoders_limit_is_the_citys(city: City) -> None:
    small = replace(city.parts, limits=replace(city.parts.limits, bytes=100))
    with pytest.raises(TooLarge):
        receive(small, city.people["officer"], IncomingPhoto(), BytesIO(samples.jpeg(size=(64, 48))))
