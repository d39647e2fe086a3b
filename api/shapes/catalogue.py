"""Agencies and categories."""

from pydantic import Field

from api.shapes.common import Named, Out


class AgencyAnswer(Out):
    """A unit of government that acts; `name` is in the language of the request."""

    code: str = Field(examples=["dishub"])
    name: str
    name_id: str
    name_en: str


class AgenciesAnswer(Out):
    """All agencies."""

    agencies: list[AgencyAnswer]


class CategoryAnswer(Out):
    """What is wrong: who leads, how soon, how near a picture must be to bear on it."""

    code: str = Field(examples=["sidewalk_parking"])
    name: str
    name_id: str
    name_en: str
    agency: Named
    deadline_hours: int
    radius_m: float
    related: list[str]
    confidential: bool
    seen: bool = Field(description="Whether the caller may see what is reported of it.")
    icon: str
    position: int


class CategoriesAnswer(Out):
    """All categories in which something may be reported, in their order."""

    categories: list[CategoryAnswer]
