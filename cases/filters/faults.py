"""What can be wrong with a filter. Each error says where: a position in a text, or the way to a part of JSON."""

from cases.errors import Invalid

MOST_CHARACTERS, MOST_PARTS, MOST_DEPTH, MOST_CORNERS = 100_000, 2_000, 24, 10_000
"""What a filter may hold. Deeper than this nobody writes, and a database would have to walk it for every row."""


class FilterInvalid(Invalid):
    """A filter that cannot be used."""

    code = "filter_unread"


class Unread(FilterInvalid):
    """`at`, `found`: something stands where it does not belong."""


class PropertyUnknown(FilterInvalid):
    """`at`, `name`: no such property, or not for this asker, which must look the same."""

    code = "filter_property_unknown"


class FunctionUnknown(FilterInvalid):
    """`at`, `name`."""

    code = "filter_function_unknown"


class WrongType(FilterInvalid):
    """`at`, `found`, `kind`: a value that is of another kind than what it is compared with."""

    code = "filter_type"


class ShapeUnusable(FilterInvalid):
    """`at`: a geometry that is empty, invalid, beyond the earth or too detailed."""

    code = "filter_shape"

    def __init__(self, at: str) -> None:
        super().__init__(at=at, limit=MOST_CORNERS)


class PlaceNeeded(FilterInvalid):
    """`at`: a spatial function of anything but the geometry property and a written geometry."""

    code = "filter_place"


class TooLarge(FilterInvalid):
    """More characters, parts or levels than a filter may have."""

    code = "filter_too_large"

    def __init__(self) -> None:
        super().__init__(characters=MOST_CHARACTERS, parts=MOST_PARTS, depth=MOST_DEPTH)
