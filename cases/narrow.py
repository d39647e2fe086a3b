"""A question in two halves: what needs the database, which many share, and where and when, which is told from a row."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cases.incidents import MOST, Box, Question, Sort
from geo.distance import metres_per_degree

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wide(question: Question) -> Question:
    """The question without where and when, order and page: listeners at a thousand maps ask the same one."""
    return replace(
        question, box=None, circle=None, since=None, until=None, sort=Sort.NEWEST, limit=MOST, after=None, among=None
    )


@dataclass(frozen=True, slots=True)
class Within:
    """Where and when of a question, as `storage.spatial` and `storage.asked` put it in SQL. Drawn shapes have none."""

    box: Box | None
    centre: tuple[float, float, float, float, float] | None
    """lon, lat, metres of a degree of each, square of the radius."""
    since_us: int | None
    until_us: int | None

    @classmethod
    def of(cls, question: Question) -> "Within":
        """The other half of `wide`."""
        circle = question.circle
        centre = (
            None if circle is None else (circle.lon, circle.lat, *metres_per_degree(circle.lat), circle.radius_m**2)
        )
        return cls(question.box, centre, _micros(question.since), _micros(question.until))

    def holds(self, lon: float | None, lat: float | None, happened_us: int) -> bool:
        """Whether something at this place (None: nobody knows where) and time (microseconds since 1970) is in it."""
        if self.since_us is not None and happened_us < self.since_us:
            return False
        if self.until_us is not None and happened_us >= self.until_us:
            return False
        if self.box is None and self.centre is None:
            return True
        return lon is not None and lat is not None and self._in_box(lon, lat) and self._in_circle(lon, lat)

    def _in_box(self, lon: float, lat: float) -> bool:
        box = self.box
        if box is None:
            return True
        across = lon >= box.west or lon <= box.east if box.west > box.east else box.west <= lon <= box.east
        return across and box.south <= lat <= box.north

    def _in_circle(self, lon: float, lat: float) -> bool:
        if self.centre is None:
            return True
        centre_lon, centre_lat, per_lon, per_lat, square = self.centre
        east, north = (lon - centre_lon) * per_lon, (lat - centre_lat) * per_lat
        return east * east + north * north <= square


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
