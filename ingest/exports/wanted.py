"""What somebody wants to take away, and how it is kept while a worker makes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

import shapely

from cases.incidents import Box, Circle, Question
from cases.words import ExportFormat, IncidentKind, Status


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents, as what.

    `language` gives headings and words for people (`id`, `en`) instead of names and codes for programs, and times of
    the city's zone; formats for maps keep to names and codes whatever it says. `excel` makes a CSV that Excel opens by
    a double click: a byte order mark, and where the language is Indonesian `;` between cells and a decimal comma.
    """

    format: ExportFormat
    question: Question
    language: Literal["id", "en"] | None = None
    excel: bool = False

    def kept(self) -> dict[str, Any]:
        """All but the format as JSON. ValueError for a question with what only other doors ask."""
        question = self.question
        if question.filter is not None or question.among is not None:
            raise ValueError("a CQL2 filter or a list of ids cannot be kept with an export")
        box, circle, shape = question.box, question.circle, question.shape
        return {
            "language": self.language,
            "excel": self.excel,
            "area": question.area,
            "box": None if box is None else [box.west, box.south, box.east, box.north],
            "circle": None if circle is None else [circle.lon, circle.lat, circle.radius_m],
            "shape": None if shape is None else shapely.to_wkb(shape, hex=True),
            "since": None if question.since is None else question.since.isoformat(),
            "until": None if question.until is None else question.until.isoformat(),
            "categories": sorted(question.categories),
            "statuses": sorted(question.statuses),
            "kinds": sorted(question.kinds),
            "agency": question.agency,
            "overdue": question.overdue,
            "text": question.text,
        }

    @classmethod
    def of(cls, format_: ExportFormat, kept: dict[str, Any]) -> Self:
        """What `kept` gave."""
        question = Question(
            area=kept["area"],
            box=kept["box"] and Box(*kept["box"]),
            circle=kept["circle"] and Circle(*kept["circle"]),
            shape=kept["shape"] and shapely.from_wkb(kept["shape"]),
            since=kept["since"] and datetime.fromisoformat(kept["since"]),
            until=kept["until"] and datetime.fromisoformat(kept["until"]),
            categories=frozenset(kept["categories"]),
            statuses=frozenset(map(Status, kept["statuses"])),
            kinds=frozenset(map(IncidentKind, kept["kinds"])),
            agency=kept["agency"],
            overdue=kept["overdue"],
            text=kept["text"],
        )
        return cls(format_, question, kept["language"], kept["excel"])
