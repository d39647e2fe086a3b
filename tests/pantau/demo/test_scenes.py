"""Drawn photos: pictures of the asked size with the asked EXIF, recognisably changed once a trouble is solved."""

import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import exifread
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from cases.catalogue import default
from pantau.demo.drawing.light import Weather
from pantau.demo.drawing.street import Setting
from pantau.demo.phone import Fix, Shot
from pantau.demo.scenes import Scene, Trouble, draw_photo

pytestmark = pytest.mark.unit

TAKEN = datetime(2026, 3, 4, 9, 5, 6, tzinfo=timezone(timedelta(hours=7)))
FIX = Fix(lon=113.2134567, lat=-9.0987654, error_m=7.5, bearing=271.25)
SHOT = Shot(TAKEN, "Nusantara", "Garuda A5", FIX)


def scene(trouble: Trouble = Trouble.POTHOLE, **changes: Any) -> Scene:
    given: dict[str, Any] = {"setting": Setting.TOWN, "weather": Weather.CLEAR, "hour": 9.0} | changes
    return Scene(trouble, **given)


def pixels(jpeg: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(jpeg)).reduce(4), dtype=np.int16)


def changed(before: bytes, after: bytes) -> float:
    """The share of the picture that differs clearly."""
    return float((np.abs(pixels(before) - pixels(after)).max(axis=2) > 24).mean())


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_trouble_is_drawn_in_its_street_and_gone_afterwards(trouble: Trouble) -> None:
    before, after = draw_photo(scene(trouble), 5), draw_photo(scene(trouble, solved=True), 5)
    picture = Image.open(io.BytesIO(before))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (1600, 1200), "RGB")
    assert 80_000 < len(before) < 260_000
    # The trouble is seen, and the street around it is the same.
    assert 0.002 < changed(before, after) < (0.75 if trouble is Trouble.FLOODING else 0.4)


def test_every_trouble_is_a_category_of_the_catalogue_and_the_other_way_round() -> None:
    assert {trouble.value for trouble in Trouble} == {entry.code for entry in default().categories}


@pytest.mark.parametrize("setting", list(Setting))
@pytest.mark.parametrize("weather", list(Weather))
def test_every_setting_and_weather_gives_another_picture(setting: Setting, weather: Weather) -> None:
    ours = draw_photo(scene(setting=setting, weather=weather), 3)
    other = draw_photo(
        scene(setting=setting, weather=Weather.OVERCAST if weather is Weather.CLEAR else Weather.CLEAR), 3
    )
    assert changed(ours, other) > 0.02


def test_night_is_dark_and_a_mended_lamp_lights_the_street() -> None:
    noon = draw_photo(scene(Trouble.STREETLIGHT, hour=12.0), 2)
    night = draw_photo(scene(Trouble.STREETLIGHT, hour=20.0), 2)
    mended = draw_photo(scene(Trouble.STREETLIGHT, hour=20.0, solved=True), 2)
    assert pixels(night).mean() < 0.65 * pixels(noon).mean()
    assert pixels(mended).mean() > 1.05 * pixels(night).mean()


def test_the_same_arguments_draw_the_same_bytes() -> None:
    assert draw_photo(scene(), 1, SHOT) == draw_photo(scene(), 1, SHOT)


def test_another_seed_is_another_street_and_another_view_a_step_aside() -> None:
    first, second, beside = draw_photo(scene(), 1), draw_photo(scene(), 2), draw_photo(scene(view=3), 1)
    assert changed(first, second) > 0.2
    assert first != beside
    # The colours of one street, merely shifted: nearer to it than another street is.
    assert abs(pixels(first).mean() - pixels(beside).mean()) < 6


def test_exif_says_when_where_and_with_what() -> None:
    tags = exifread.process_file(io.BytesIO(draw_photo(scene(), 1, SHOT)), details=False)
    assert str(tags["Image Make"]) == "Nusantara"
    assert str(tags["Image Model"]) == "Garuda A5"
    assert str(tags["EXIF DateTimeOriginal"]) == "2026:03:04 09:05:06"
    assert str(tags["EXIF OffsetTimeOriginal"]) == "+07:00"
    assert str(tags["GPS GPSLatitudeRef"]) == "S"
    assert str(tags["GPS GPSLongitudeRef"]) == "E"
    assert -degrees(tags["GPS GPSLatitude"].values) == pytest.approx(FIX.lat, abs=1e-7)
    assert degrees(tags["GPS GPSLongitude"].values) == pytest.approx(FIX.lon, abs=1e-7)
    assert float(tags["GPS GPSImgDirection"].values[0]) == pytest.approx(271.25)
    assert float(tags["GPS Tag 0x001F"].values[0]) == pytest.approx(7.5)


def degrees(parts: list[Any]) -> float:
    whole, minutes, seconds = (float(part) for part in parts)
    return whole + minutes / 60 + seconds / 3600


def test_a_phone_without_a_place_writes_none() -> None:
    jpeg = draw_photo(scene(), 1, Shot(TAKEN, "Wayang", "Bima Lite"))
    tags = exifread.process_file(io.BytesIO(jpeg), details=False)
    assert str(tags["Image Make"]) == "Wayang"
    assert not [name for name in tags if name.startswith("GPS")]
    assert not Image.open(io.BytesIO(draw_photo(scene(), 1))).getexif()


def test_zero_zero_is_written_as_the_phone_believed_it() -> None:
    shot = Shot(datetime(2026, 1, 1, tzinfo=UTC), "Wayang", "Bima Lite", Fix(0.0, 0.0, 30.0, 0.0))
    tags = exifread.process_file(io.BytesIO(draw_photo(scene(), 1, shot)), details=False)
    assert degrees(tags["GPS GPSLatitude"].values) == degrees(tags["GPS GPSLongitude"].values) == 0
    assert str(tags["EXIF OffsetTimeOriginal"]) == "+00:00"


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        draw_photo(scene(), 1, Shot(TAKEN.replace(tzinfo=None), "Wayang", "Bima Lite"))
