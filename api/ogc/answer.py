"""Features as they leave: pages of a collection and single ones, as GeoJSON or for people."""

from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from api.house import House
from api.ogc import asked as asking
from api.ogc import encode, pages
from api.ogc.asked import ItemsAsked, OneAsked, Wanted
from api.ogc.describe import links_of
from api.ogc.web import GEOJSON, Form, Visit, answered, forms, link, page
from api.problems import not_found
from cases.access import Sight
from cases.features import COLLECTIONS, Collection
from cases.incidents import Counting, Question, Sort
from geo.crs import Crs
from storage import counts, features
from storage.counts import Matched
from storage.database import Session
from storage.features import Features

_ON_A_PAGE = 20


def items(one: Collection, asked: ItemsAsked, visit: Visit) -> Response:
    """A page of features."""
    house, seen, form = visit.house, visit.seen, visit.form
    if form is Form.HTML and "limit" not in asked.model_fields_set:
        asked = asked.model_copy(update={"limit": _ON_A_PAGE})
    want = asking.wanted(asked, one, seen, house.parts.zone)
    house.check_area(want.question.area)
    found, matched = _found(one, want, seen, house)
    made = encode.features(one, found, seen, want.crs, house.parts.areas.index())
    following = found.next.encode() if found.next else None
    params = visit.request.query_params.multi_items()
    extra: dict[str, Any] = {
        "numberReturned": len(made),
        "links": links_of(f"{visit.root}/collections/{one}/items", params, following, form),
    }
    if matched is not None:
        extra |= {"numberMatched": matched.number, "numberMatchedIsEstimate": matched.estimated}
    headers = {"content-crs": f"<{want.crs}>"}
    if form is Form.HTML:
        return page(visit, pages.items(one, made, extra, visit), headers)
    return answered(visit.request, encode.collection_body(made, extra), GEOJSON, headers)


def item(one: Collection, id_: str, asked: OneAsked, visit: Visit) -> Response:
    """One feature. Raises the problem 404."""
    house, seen, now = visit.house, visit.seen, visit.house.now
    found = house.parts.database.ask(lambda db: features.one(db, one, id_, seen, now))
    if found is None:
        raise not_found()
    (made,) = encode.features(one, found, seen, asked.crs, house.parts.areas.index())
    at = f"{visit.root}/collections/{one}"
    links = [*forms(f"{at}/items/{made.id}", visit.form, GEOJSON), link("collection", at)]
    headers = {"content-crs": f"<{asked.crs}>"}
    if visit.form is Form.HTML:
        return page(visit, pages.item(one, made, visit), headers)
    return answered(visit.request, encode.feature_body(made, {"links": links}), GEOJSON, headers)


def first(house: House, one: Collection, seen: Sight) -> str | None:
    """When the first feature happened that somebody may see; None where none did, or features have no time."""
    dated = COLLECTIONS[one].dated
    if dated is None:
        return None
    question, now = Question(kinds=COLLECTIONS[one].kinds, sort=Sort.OLDEST, limit=1), house.now
    found = house.parts.database.ask(lambda db: features.page(db, one, question, seen, now))
    made = encode.features(one, found, seen, Crs.CRS84, house.parts.areas.index())
    return getattr(made[0].properties, dated) if made else None


def _found(one: Collection, want: Wanted, seen: Sight, house: House) -> tuple[Features, Matched | None]:
    question, now, database = want.question, house.now, house.parts.database
    found = database.ask(lambda db: features.page(db, one, question, seen, now))
    if want.count is Counting.NONE:
        return found, None
    if want.count is Counting.EXACT and COLLECTIONS[one].kinds:
        return found, database.ask(lambda db: counts.count(db, question, seen, now))
    ask = partial(_matched, one=one, want=want, seen=seen, now=now, found=found)
    return found, house.estimates.of(one, question, seen, lambda: database.ask(ask))


def _matched(
    db: Session, *, one: Collection, want: Wanted, seen: Sight, now: datetime, found: Features
) -> Matched | None:
    return features.matched(db, one, want.question, seen, now, found=found)
