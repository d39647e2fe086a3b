"""The picture that stands where a camera shows none: plain words on grey, as JPEG."""

import io
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

from cases.sentences import sentence

SIZE: Final = (640, 360)
_GROUND, _INK, _FAINT = (52, 58, 64), (240, 242, 244), (173, 181, 189)
_MIDDLE = SIZE[0] // 2


def placeholder(seen_at: datetime | None, zone: ZoneInfo, language: str) -> bytes:
    """Says that the camera is offline and, on the city's clock, when it showed something last (None: never)."""
    if seen_at is None:
        return _drawn(sentence("placeholder.offline", language), sentence("placeholder.never", language))
    at = seen_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
    return _drawn(sentence("placeholder.offline", language), sentence("placeholder.since", language, at=at))


@lru_cache(maxsize=256)
def _drawn(headline: str, below: str) -> bytes:
    image = Image.new("RGB", SIZE, _GROUND)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((_MIDDLE - 60, 90, _MIDDLE + 30, 150), 10, outline=_FAINT, width=4)
    draw.polygon([(_MIDDLE + 34, 112), (_MIDDLE + 64, 96), (_MIDDLE + 64, 144), (_MIDDLE + 34, 128)], outline=_FAINT)
    draw.line((_MIDDLE - 70, 160, _MIDDLE + 70, 80), fill=_GROUND, width=12)
    draw.line((_MIDDLE - 70, 160, _MIDDLE + 70, 80), fill=_FAINT, width=4)
    draw.text((_MIDDLE, 210), headline, _INK, ImageFont.load_default(30), anchor="mm")
    draw.text((_MIDDLE, 255), below, _FAINT, ImageFont.load_default(20), anchor="mm")
    held = io.BytesIO()
    image.save(held, "JPEG", quality=85)
    return held.getvalue()
