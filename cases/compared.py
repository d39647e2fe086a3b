"""What complaints are compared by in a league table."""

from enum import StrEnum


class By(StrEnum):
    """What is compared."""

    AGENCY = "agency"
    AREA = "area"
    CATEGORY = "category"
