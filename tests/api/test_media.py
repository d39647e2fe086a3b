"""The bytes of photos on their way out."""

import io
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image

from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.ingest.photos import samples

# Held upright it is 1600 wide; the sensor wrote it 1200 wide, and EXIF says how to turn it.
PICTURE = samples.jpeg(lon=HERE[0], lat=HERE[1], size=(1600, 1200), orientation=6, seed=9)


@pytest.fixture
def photo(town: Town) -> str:
    """A photo whose previews are made."""
    photo_id = str(town.send(picture=PICTURE)["id"])
    town.city.work()
    return f"/api/v1/photos/{photo_id}"


def fetched(answer: Any) -> bytes:
    """The picture of an answer, by its signed link where it is one."""
    if answer.status_code != 307:
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)
    link = answer.headers["location"]
    assert answer.headers["cache-control"] == "private, no-store"
    with urlopen(link, timeout=10) as followed:  # a real store, which checks the signature
        assert followed.headers["content-type"].startswith("image/")
        return bytes(followed.read())


def test_the_original_is_what_was_sent_and_previews_are_upright_without_metadata(town: Town, photo: str) -> None:
    client = town.client("command")
    assert fetched(client.get(f"{photo}/original")) == PICTURE
    for name, side in (("thumbnail", 320), ("preview", 1280)):
        image = Image.open(io.BytesIO(fetched(client.get(f"{photo}/{name}"))))
        assert (image.format, image.size) == ("JPEG", (side, side * 3 // 4))
        assert not image.getexif()


def test_a_client_that_has_it_is_not_sent_it_again(town: Town, photo: str) -> None:
    client = town.client("officer")
    first = client.get(f"{photo}/thumbnail", headers={"if-none-match": '"other"'})
    assert first.status_code in (200, 307)
    sha256 = client.get(photo).json()["sha256"]
    again = client.get(f"{photo}/thumbnail", headers={"if-none-match": f'"{sha256[:40]}-thumbnail"'})
    assert again.status_code == 304
    assert again.content == b""
    if first.status_code == 200:
        assert first.headers["etag"] == again.headers["etag"]


def test_a_part_is_sent_where_the_bytes_pass_through(town: Town, photo: str) -> None:
    client = town.client("officer")
    first = client.get(f"{photo}/original", headers={"range": "bytes=100-199"})
    if first.status_code == 307:  # the store answers ranges itself
        return
    assert (first.status_code, first.content) == (206, PICTURE[100:200])
    assert first.headers["content-range"] == f"bytes 100-199/{len(PICTURE)}"
    last = client.get(f"{photo}/original", headers={"range": "bytes=-7"})
    assert last.content == PICTURE[-7:]
    whole = client.get(f"{photo}/original", headers={"range": "bytes=0-9", "if-range": '"older"'})
    assert (whole.status_code, whole.content) == (200, PICTURE)
    outside = client.get(f"{photo}/original", headers={"range": f"bytes={len(PICTURE)}-"})
    problem(outside, 416, "range_outside")
    assert outside.headers["content-range"] == f"bytes */{len(PICTURE)}"


def test_until_the_preview_is_made_the_page_is_told_to_come_back(town: Town) -> None:
    photo_id = town.send(seed=4)["id"]
    client = town.client("officer")
    answer = client.get(f"/api/v1/photos/{photo_id}/preview")
    problem(answer, 404, "preview_pending")
    assert answer.headers["retry-after"] == "2"
    assert fetched(client.get(f"/api/v1/photos/{photo_id}/original"))
    town.city.work()
    assert fetched(client.get(f"/api/v1/photos/{photo_id}/preview"))


def test_no_picture_leaves_for_those_without_the_right(town: Town, photo: str) -> None:
    for name in ("thumbnail", "preview", "original"):
        problem(town.client().get(f"{photo}/{name}"), 401, "sign_in_needed")
        problem(town.client("owner").get(f"{photo}/{name}"), 403, "not_allowed")
        problem(town.client("rubbish").get(f"{photo}/{name}"), 404, "photo_unknown")


def test_near_duplicates_are_named_once_the_fingerprints_are_made(town: Town) -> None:
    first = town.send(picture=samples.jpeg(size=(640, 480), seed=21))
    image = Image.open(io.BytesIO(samples.jpeg(size=(640, 480), seed=21))).resize((500, 375))
    second = town.send(picture=samples.encoded(image, "JPEG", quality=60))
    assert second["duplicates"] == []
    town.city.work()
    found = town.client("officer").get(f"/api/v1/photos/{second['id']}").json()["duplicates"]
    assert [(one["id"], one["exact"]) for one in found] == [(first["id"], False)]
    assert found[0]["distance"] <= 7
