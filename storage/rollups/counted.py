"""How many rows answer a question, from the roll-ups where they can tell exactly, else from the rows themselves."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, String, cast, func, literal_column, null, or_, select
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Watch
from geo.areas import level_of, span
from storage import visible
from storage.asked import Asked, asked, of_agency, values
from storage.kinds import TIMES
from storage.plans import own_plan
from storage.rollups import measures
from storage.rollups.fold import offset
from storage.rollups.grains import DAY_US, ROOM_DAYS, Axis, Ground, Segment, Span, day_at, ground_of, segments
from storage.rollups.measures import Measures
from storage.tables import Complaint, Rollup, RollupDelta, RollupGroup
from storage.tables.types import UtcTime

QUARTER_US = 900_000_000
"""A quarter of an hour: every zone's days begin on one."""

_NONE = literal_column("''", String)
_ZERO = literal_column("0", Integer)


class Key(NamedTuple):
    """What rows that were counted together have in common: the quarter of an hour since 1970 (0 where time is not
    told), the area ("" outside every area, or where areas are not told), and what a photo may not have ("").
    """

    quarter: int
    area: str
    status: str
    category: str
    agency: str


@dataclass(frozen=True, slots=True)
class Cut:
    """What is told apart, and whether all measures are wanted or only `n`.

    `words`: state, category and agency. `code_length`: areas, by so much of their code. `span`: spans of time, by the
    moment on `axis`.
    """

    words: bool = True
    code_length: int | None = None
    span: Span = Span.ALWAYS
    axis: Axis = Axis.HAPPENED
    full: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The measures."""
        return measures.NAMES if self.full else measures.NAMES[:1]

    def ground(self, *within: str | None) -> Ground:
        """How finely roll-ups must tell areas for this cut within these areas."""
        needed = [ground_of(level_of(code)) for code in within if code is not None]
        if self.code_length is not None:
            needed.append(Ground.VILLAGE if self.code_length >= len("0000000000") else Ground.DISTRICT)
        return max(needed, default=Ground.CITY)


Counts = dict[Key, Measures]


def counted(db: Session, question: Question, sight: Sight, now: datetime, cut: Cut) -> Counts:
    """Everything that answers the question and exists for `sight`, counted. Exact, from wherever it comes.

    On the axis CLOSED the question's times are those of closing. To be asked on one snapshot (`Database.read`).
    """
    found: Counts = {}
    for form in asked(db, question, sight):
        part = folded(db, form, question, now, cut)
        _add(found, by_rows(db, form, question, now, cut) if part is None else part)
    return found


def folded(db: Session, form: Asked, question: Question, now: datetime, cut: Cut) -> Counts | None:
    """One kind's share from the roll-ups and what is noted since; None where they cannot tell."""
    runs = _runs(db, form, question, cut)
    if runs is None:
        return None
    shift, found_in = runs
    found: Counts = {}
    connection = db.connection()  # not the session, which would put every row through the ORM's hands
    groups = {group: words for group, *words in connection.execute(group_words(form, question))}
    all_words = groups if cut.words else {0: ("", "", "")}
    if groups:
        for day, area, group, *sums in connection.execute(_sums(form, question, cut, found_in, list(groups))):
            quarter = (day * 86_400 - shift) // 900 if cut.span is not Span.ALWAYS else 0
            key = Key(quarter, area, *all_words[group])
            # Two groups differ in no more than being confidential, where nothing else tells them apart.
            found[key] = found[key] + _read(sums) if key in found else _read(sums)
    _add(found, _noted(db, form, question, cut))
    if (beyond := own_beyond(form, question)) is not None:
        _add(found, by_rows(db, beyond, question, now, cut))
    return {key: sums for key, sums in found.items() if sums.n}


def _add(found: Counts, more: Counts) -> None:
    for key, sums in more.items():
        found[key] = found[key] + sums if key in found else sums


def by_rows(db: Session, form: Asked, question: Question, now: datetime, cut: Cut) -> Counts:
    """One kind's share from its rows."""
    table, complaint = form.table, form.kind is IncidentKind.COMPLAINT
    happened, conditions = TIMES[form.kind], form.conditions()
    if cut.axis is Axis.CLOSED:
        if not complaint:
            return {}
        form = replace(form, question=replace(form.question, since=None, until=None))
        happened, conditions = col(Complaint.closed_at), [*form.conditions(), col(Complaint.closed_at).is_not(None)]
        conditions += _between(happened, question)
    sums = _of_rows(cut, TIMES[form.kind], *_ends(form.kind))
    category = func.coalesce(col(table.category_code), "") if hasattr(table, "category_code") else _NONE
    words = _named(
        cut,
        _quarter(happened, cut),
        _area(func.coalesce(col(table.area_code), ""), cut),
        seen_as(col(Complaint.status), String) if complaint else _NONE,
        category,
        col(Complaint.agency_code) if complaint else _NONE,
    )
    rows = form.through_index(select(*words, *sums).select_from(table).where(*conditions).group_by(*_GROUP))
    answer = db.connection().execute(rows, values(question, now))
    return {Key(*row[:5]): _read(row[5:]) for row in answer}


def _runs(db: Session, form: Asked, question: Question, cut: Cut) -> tuple[int, tuple[Segment, ...]] | None:
    """The roll-ups' shift from UTC and the runs of spans that answer; None where they do not answer."""
    shift = offset(db)
    if shift is None or form.own_beyond or not tells(form, question):
        return None
    first, end = (None if at is None else day_at(at, shift) for at in (question.since, question.until))
    if (first is None) != (question.since is None) or (end is None) != (question.until is None):
        return None
    ground = cut.ground(question.area, form.sight.area_code)
    runs = segments(cut.axis, ground, first, end, by_day=cut.span is Span.DAY, by_month=cut.span is Span.MONTH)
    return None if runs is None else (shift, runs)


def tells(form: Asked, question: Question) -> bool:
    """Whether roll-ups know all that is asked of a row: whatever else a question may hold, they do not."""
    known = {"area", "since", "until", "categories", "statuses", "kinds", "agency", "sort", "limit", "after"}
    plain = Question()
    if replace(plain, **{name: getattr(question, name) for name in known}) != question:
        return False
    sight = form.sight
    match form.kind:
        case IncidentKind.COMPLAINT:
            return True
        case IncidentKind.PHOTO:
            return sight.agency_code is None  # an agency also sees photos by their links
        case IncidentKind.OUTAGE:
            return sight.watch is Watch.ALL and sight.area_code is None  # else seen with its camera


def own_beyond(form: Asked, question: Question) -> Asked | None:
    """Photos that an account which sees the whole city sees only because they are its own."""
    if form.kind is not IncidentKind.PHOTO or form.sight.account_id is None:
        return None
    return replace(form, own_beyond=True, plan=own_plan(form.dialect, form.kind, form.question))


def group_words(form: Asked, question: Question) -> Select[Any]:
    """`id, status, category_code, agency_code` of the groups that answer and exist for the form's sight."""
    words = (getattr(RollupGroup, name) for name in ("id", "status", "category_code", "agency_code"))
    return select(*(col(word) for word in words)).where(*of_group(RollupGroup, form, question))


def of_group(table: Any, form: Asked, question: Question) -> list[ColumnElement[bool]]:
    """What a row's group must be, over a table that keeps the group's words."""
    found: list[ColumnElement[bool]] = [col(table.kind) == form.kind]
    if form.kind is not IncidentKind.OUTAGE:
        found += visible.of_others(form.kind, table, form.sight)
    if question.categories:
        found.append(col(table.category_code).in_(sorted(question.categories)))
    if question.statuses:
        found.append(col(table.status).in_(sorted(question.statuses)))
    if question.agency is not None:
        found.append(of_agency(form.kind, question.agency, table))
    return found


def _sums(form: Asked, question: Question, cut: Cut, runs: tuple[Segment, ...], groups: list[int]) -> Any:
    day = _ZERO if cut.span is Span.ALWAYS else col(Rollup.span)
    area = _area(col(Rollup.area_code), cut)
    sums = (cast(func.sum(col(getattr(Rollup, name))), BigInteger) for name in cut.names)
    group = col(Rollup.group_id) if cut.words else _ZERO
    rows: Any = select(day.label("day"), area.label("area"), group.label("of"), *sums)
    rows = rows.where(or_(*(_in_run(run) for run in runs)), *_in_areas(col(Rollup.area_code), form, question))
    rows = rows.where(col(Rollup.group_id).in_(groups))
    return rows.group_by(*_GROUP[:3])


def _in_run(run: Segment) -> ColumnElement[bool]:
    found = col(Rollup.grain) == run.grain.number
    if run.first is not None:
        found &= col(Rollup.span) >= run.first
    if run.end is not None:
        found &= col(Rollup.span) < run.end
    return found


def _noted(db: Session, form: Asked, question: Question, cut: Cut) -> Counts:
    """The same of what is not folded in: every condition is known of each row."""
    moment = col(RollupDelta.happened_at if cut.axis is Axis.HAPPENED else RollupDelta.closed_at)
    area = col(RollupDelta.area_code)
    words = (col(RollupDelta.status), col(RollupDelta.category_code), col(RollupDelta.agency_code))
    times = (col(RollupDelta.happened_at), col(RollupDelta.due_at), col(RollupDelta.closed_at))
    sums = _of_rows(cut, *times, col(RollupDelta.sign))
    rows = select(*_named(cut, _quarter(moment, cut), _area(area, cut), *words), *sums).group_by(*_GROUP)
    rows = rows.where(*of_group(RollupDelta, form, question), *_in_areas(area, form, question))
    rows = rows.where(moment.is_not(None), *_between(moment, question))
    return {Key(*row[:5]): _read(row[5:]) for row in db.connection().execute(rows)}


def _in_areas(area: Any, form: Asked, question: Question) -> list[ColumnElement[bool]]:
    found = visible.within(area, form.sight)
    if question.area is not None:
        first, end = span(question.area)
        found += [area >= first, area < end]
    return found


def _between(moment: Any, question: Question) -> list[ColumnElement[bool]]:
    times = seen_as(moment, UtcTime)
    found = [] if question.since is None else [times >= question.since]
    return found if question.until is None else [*found, times < question.until]


def _named(cut: Cut, quarter: Any, area: Any, *words: Any) -> list[ColumnElement[Any]]:
    """Columns by the names of a key: two constants of one form would be taken for one another."""
    columns = (quarter, area, *(words if cut.words else (_NONE for _ in words)))
    return [column.label(name) for name, column in zip(Key._fields, columns, strict=True)]


def _of_rows(cut: Cut, happened: Any, due: Any, closed: Any, sign: Any = None) -> list[ColumnElement[Any]]:
    found = measures.of_rows(happened, due, closed, sign)
    return found if cut.full else found[:1]


def _ends(kind: IncidentKind) -> tuple[Any, Any]:
    if kind is IncidentKind.COMPLAINT:
        return col(Complaint.due_at), col(Complaint.closed_at)
    return cast(null(), UtcTime), cast(null(), UtcTime)


def _read(sums: Any) -> Measures:
    return Measures.read(sums) if len(sums) > 1 else Measures(int(sums[0]))


def _quarter(moment: Any, cut: Cut) -> ColumnElement[int]:
    if cut.span is Span.ALWAYS:
        return _ZERO
    room = ROOM_DAYS * DAY_US
    shifted = seen_as(moment, BigInteger) + literal_column(str(room), BigInteger)
    return shifted // literal_column(str(QUARTER_US), BigInteger) - literal_column(str(room // QUARTER_US), BigInteger)


def _area(area: Any, cut: Cut) -> ColumnElement[str]:
    if cut.code_length is None:
        return _NONE
    return func.substr(area, literal_column("1"), literal_column(str(int(cut.code_length))))


_GROUP: list[ColumnElement[Any]] = [literal_column(str(place)) for place in range(1, 6)]
"""To group by an answer's first columns, some of which are constants for some questions."""
