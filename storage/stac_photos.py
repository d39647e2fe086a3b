"""Photos as the catalogue of pictures lists them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, literal_column, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question, Sort
from cases.stac import Collection, Sought
from cases.words import IncidentKind
from storage import stac_rows
from storage.asked import asked, values
from storage.stac_rows import labelled, merged
from storage.tables import Photo

COLUMNS: dict[str, Any] = {
    "id": col(Photo.id),
    "datetime": col(Photo.occurred_at),
    "lon": col(Photo.lon),
    "lat": col(Photo.lat),
    "radius_m": col(Photo.radius_m),
    "area": col(Photo.area_code),
    "category": col(Photo.category_code),
    "caption": col(Photo.caption),
    "taken_at": col(Photo.taken_at),
    "received_at": col(Photo.received_at),
    "updated_at": col(Photo.updated_at),
    "azimuth": col(Photo.direction_deg),
    "location_source": col(Photo.location_source),
    "media_type": col(Photo.media_type),
    "bytes": col(Photo.bytes),
    "sha256": col(Photo.sha256),
    "width": col(Photo.width),
    "height": col(Photo.height),
    "processing": col(Photo.processing),
}
_GEOM: ColumnElement[Any] = literal_column("photo.geom")
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""No condition on a photo reads the time of the question."""


def rows(db: Session, sought: Sought, sight: Sight) -> list[Row[Any]]:
    """The photos that are sought, in order, as rows of COLUMNS: by the same forms and indexes as incidents."""
    question = Question(
        box=sought.box,
        shape=sought.shape,
        since=sought.since,
        until=sought.until,
        kinds=frozenset({IncidentKind.PHOTO}),
        sort=Sort.NEWEST if sought.newest_first else Sort.OLDEST,
    )
    given = values(question, _ANY_TIME)
    found = []
    for form in asked(db, question, sight):
        made = select(*labelled(COLUMNS)).where(*form.conditions())
        # Those named by their ids are found by these.
        made = made if sought.ids is not None else form.through_index(made)
        made = stac_rows.asked(made, Collection.PHOTOS, COLUMNS, geom=_GEOM, sought=sought, dialect=form.dialect)
        found.append(db.connection().execute(made, given).all())
    return merged(found, sought)
