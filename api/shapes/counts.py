"""Complaints counted, as they leave."""

from datetime import datetime

from pydantic import Field

from api.shapes.common import Out
from cases.calendar import Every
from cases.compared import By
from cases.words import Status
from geo.areas import Level


class SummaryRow(Out):
    """So many complaints of one area, state and category."""

    area: str | None
    area_name: str | None
    status: Status
    category: str
    count: int


class Summary(Out):
    """Complaints counted."""

    by: Level
    total: int
    rows: list[SummaryRow]


class TrendRow(Out):
    """What happened in one period."""

    start: datetime = Field(description="When it began: a midnight of the city, or `since` for the first.")
    end: datetime = Field(description="When it ended: the next one's start, or `until` for the last.")
    opened: int = Field(description="Complaints opened in it.")
    closed: int = Field(description="Complaints closed in it, whenever they were opened.")


class Trends(Out):
    """How complaints came and went. Every period is told, those without complaints too; the counts are exact."""

    by: Every
    timezone: str = Field(description="The city's zone, whose midnights divide the periods.", examples=["Asia/Jakarta"])
    opened: int
    closed: int
    rows: list[TrendRow]


class LeagueRow(Out):
    """How one agency, area or category stands, over the complaints opened in the time asked for."""

    code: str | None = Field(description="None: outside every area.")
    name: str | None
    opened: int
    open: int = Field(description="Of these not closed yet.")
    overdue: int = Field(description="Of these open and past their deadline, now.")
    closed: int
    on_time: int = Field(description="Of those closed: within their deadline.")
    on_time_share: float | None = Field(
        description="`on_time` of all whose deadline has been judged (`closed` and `overdue`); None where none has."
    )
    mean_days: float | None = Field(description="Days from opening to closing on average, of those closed.")
    half_within_days: int | None = Field(
        description="At least half of those closed took at most so many days (1, 2, 3, 5, 7, 14, 30 or 90): the median "
        "lies at or below. None where none is closed, or half took longer than 90."
    )


class League(Out):
    """How they compare, most complaints first; what lies outside every area last. The counts are exact."""

    by: By
    level: Level | None = Field(description="Of the areas, where areas are compared.")
    rows: list[LeagueRow]
    total: LeagueRow
