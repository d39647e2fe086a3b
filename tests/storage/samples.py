"""Small true rows for tests of storage: square villages, an officer, a category, complaints and photos."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shapely import box
from sqlalchemy.orm import Session

from cases.words import LocationSource, Role
from geo.areas import Area, level_of, parent_code
from geo.cells import cell
from storage.tables import Account, Agency, Category, Complaint, Photo

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OFFICER = UUID(int=1)


def square(code: str, west: float, south: float, size: float = 0.01, name: str = "") -> Area:
    """An area that is a square of so many degrees, with its corner in the south-west."""
    ground = box(west, south, west + size, south + size)
    return Area(
        code=code,
        name=name or code,
        level=level_of(code),
        parent=parent_code(code),
        kind=None,
        geometry=ground,
        label=(west + size / 2, south + size / 2),
        area_m2=1_230_000.0,
        bbox=ground.bounds,
    )


def people(db: Session) -> None:
    """An agency with a category, and an officer."""
    db.add(Agency(code="dishub", name_id="Dinas Perhubungan", name_en="Transport Agency"))
    db.add(Account(id=OFFICER, login="sri", name="Sri", role=Role.OFFICER, created_at=NOW))
    db.flush()
    db.add(
        Category(
            code="sidewalk_parking",
            name_id="Parkir di trotoar",
            name_en="Parking on the sidewalk",
            agency_code="dishub",
            deadline_hours=24,
            radius_m=50,
        )
    )
    db.flush()


def complaint(lon: float | None = None, lat: float | None = None, **more: Any) -> Complaint:
    """A complaint of the only category, at a place if one is given."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "reference": uuid4().hex[:16],
        "category_code": "sidewalk_parking",
        "agency_code": "dishub",
        "opened_at": NOW,
        "received_at": NOW,
        "updated_at": NOW,
        "due_at": NOW,
    }
    return Complaint(**values | _placed(lon, lat) | more)


def photo(lon: float | None = None, lat: float | None = None, **more: Any) -> Photo:
    """The officer's photo, at a place if one is given."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": OFFICER,
        "sha256": "0" * 64,
        "bytes": 1,
        "media_type": "image/jpeg",
        "width": 1,
        "height": 1,
        "received_at": NOW,
        "occurred_at": NOW,
        "updated_at": NOW,
    }
    return Photo(**values | _placed(lon, lat) | more)


def _placed(lon: float | None, lat: float | None) -> dict[str, Any]:
    if lon is None or lat is None:
        return {}
    return {"lon": lon, "lat": lat, "radius_m": 10.0, "location_source": LocationSource.PIN, "cell": cell(lon, lat)}
