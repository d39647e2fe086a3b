"""How many complaints there are and were, and how those who act on them compare."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import language as languages
from api.catalogue import name
from api.house import Here
from api.incidents import question_of
from api.language import Language
from api.problems import answers
from api.questions import Compared, Summed, Trended
from api.security import Caller, allow
from api.shapes.counts import League, LeagueRow, Summary, SummaryRow, TrendRow, Trends
from cases import calendar
from cases.access import Right, sight
from cases.compared import By
from geo.areas import LEVELS, Level, path
from geo.index import AreaIndex
from storage import agencies, counts, league, trends
from storage.database import Session
from storage.league import Standing

router = APIRouter(tags=["counts"], prefix="/api/v1")


@router.get(
    "/summary",
    dependencies=[allow(Right.PUBLIC)],
    summary="Complaints counted",
    responses=answers(401, 404, 422, 503),
)
def summarise(asked: Annotated[Summed, Query()], house: Here, caller: Caller) -> Summary:
    """Complaints counted by area, state and category, as far as the asker may see them."""
    index = house.parts.areas.index()
    question, length = question_of(asked, house), _code_length(asked.level, index)
    with house.parts.database.read() as db:
        tallies = counts.summary(db, question, sight(caller), house.now, length)
    rows = [
        SummaryRow(
            area=tally.area,
            area_name=_area_name(index, tally.area),
            status=tally.status,
            category=tally.category,
            count=tally.count,
        )
        for tally in tallies
    ]
    return Summary(by=asked.level, total=sum(row.count for row in rows), rows=rows)


@router.get(
    "/trends",
    dependencies=[allow(Right.PUBLIC)],
    summary="Complaints opened and closed, period by period",
    responses=answers(401, 404, 422, 503),
)
def show_trends(asked: Annotated[Trended, Query()], house: Here, caller: Caller) -> Trends:
    """How complaints came and went by day, week or month, as far as the asker may see them.

    `since` and `until` say which periods; the other filters which complaints. Without `since` the answer goes back 30
    days, 26 weeks or 24 months.
    """
    question, now, zone = question_of(asked, house), house.now, house.parts.zone
    starts = calendar.starts(asked.by, question.since, question.until, now, zone)
    with house.parts.database.read() as db:
        found = trends.trend(db, question, sight(caller), now, starts, monthly=asked.by is calendar.Every.MONTH)
    rows = [
        TrendRow(start=one.start, end=end, opened=one.opened, closed=one.closed)
        for one, end in zip(found, starts[1:], strict=True)
    ]
    opened, closed = sum(row.opened for row in rows), sum(row.closed for row in rows)
    return Trends(by=asked.by, timezone=zone.key, opened=opened, closed=closed, rows=rows)


@router.get(
    "/league",
    dependencies=[allow(Right.PUBLIC)],
    summary="Agencies, areas or categories compared",
    responses=answers(401, 404, 422, 503),
)
def show_league(asked: Annotated[Compared, Query()], request: Request, house: Here, caller: Caller) -> League:
    """What became of the complaints opened in the time asked for, as far as the asker may see them."""
    index = house.parts.areas.index()
    question, length = question_of(asked, house), _code_length(asked.level, index)
    with house.parts.database.read() as db:
        found = league.league(db, question, sight(caller), house.now, by=asked.by, code_length=length)
        names = _names(db, asked.by, languages.of(request))
    rows = [
        _row(one, _area_name(index, one.code) if asked.by is By.AREA else names.get(one.code or "")) for one in found
    ]
    level = asked.level if asked.by is By.AREA else None
    return League(by=asked.by, level=level, rows=rows, total=_row(league.total(found), None))


def _row(one: Standing, name: str | None) -> LeagueRow:
    sums = one.sums
    return LeagueRow(
        code=one.code,
        name=name,
        opened=sums.n,
        open=sums.open,
        overdue=one.overdue,
        closed=sums.closed,
        on_time=sums.on_time,
        on_time_share=None if one.on_time_share is None else round(one.on_time_share, 4),
        mean_days=None if sums.mean_days is None else round(sums.mean_days, 2),
        half_within_days=sums.half_within_days,
    )


def _names(db: Session, by: By, language: Language) -> Mapping[str, str]:
    if by is By.AREA:
        return {}
    known = agencies.agencies(db) if by is By.AGENCY else agencies.categories(db)
    return {one.code: name(one, language) for one in known}


def _area_name(index: AreaIndex, code: str | None) -> str | None:
    return index.name(code) if code is not None and code in index else None


def _code_length(level: Level, index: AreaIndex) -> int:
    """How long the codes of a level are in the convention that this city's areas follow."""
    code = index.codes[0] or "00.00.00.0000"
    whole = path(code)
    return len(whole[min(LEVELS.index(level), len(whole) - 1)])
