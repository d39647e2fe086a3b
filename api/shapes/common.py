"""What several shapes are built from."""

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from cases.plain import plain
from cases.words import LocationSource


class In(BaseModel):
    """The base of what comes in: a field we do not know is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)


class Out(BaseModel):
    """The base of what goes out."""

    model_config = ConfigDict(from_attributes=True)


Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[114.3691])]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[-8.2192])]
RadiusM = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False, examples=[12.5])]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$", examples=["sidewalk_parking"])]
AreaCode = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?|[0-9]{4}([0-9]{3}){0,2})$", examples=["35.10.21.1002"]
    ),
]
"""As Kemendagri writes it, with dots, or as BPS does, digits only."""
Moment = Annotated[AwareDatetime, Field(examples=["2026-11-21T02:15:00Z"])]
Caption = Annotated[str, Field(max_length=2_000), AfterValidator(plain)]
Words = Annotated[str, Field(max_length=10_000), AfterValidator(plain)]
Name = Annotated[str, Field(max_length=120), AfterValidator(plain), Field(min_length=1)]


def check_whole(lon: float | None, lat: float | None) -> None:
    """Refuses half a place, under the name of the half that is missing."""
    if (lon is None) != (lat is None):
        raise PydanticCustomError("half_place", "lon and lat go together", {"field": "lon" if lon is None else "lat"})


class Placed(In):
    """Something that may come with its place."""

    lon: Lon | None = None
    lat: Lat | None = None
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False, examples=[12.5])] | None = Field(
        None, description="Metres that hold the true place in two cases of three; 0 for unknown."
    )

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        check_whole(self.lon, self.lat)
        return self


class Place(Out):
    """Where something is. `radius_m` holds the true place in about two cases of three."""

    lon: float = Field(examples=[114.3691])
    lat: float = Field(examples=[-8.2192])
    radius_m: float = Field(examples=[12.5])
    source: LocationSource


class Candidate(Place):
    """One thing that said where it is."""

    note: str = ""


class AreaName(Out):
    """An area by code and name; `path` names it and what holds it, smallest first."""

    code: str = Field(examples=["35.10.21.1002"])
    name: str = Field(examples=["Klatak"])
    path: str = Field(examples=["Klatak, Kalipuro, Banyuwangi"])


class Neighbour(Out):
    """An area across a border that lies within the place's radius."""

    code: str
    name: str
    distance_m: float


class Named(Out):
    """Something by its code and its name."""

    code: str
    name: str


class Person(Out):
    """An account, as colleagues see it."""

    id: str
    name: str


class Described(Out):
    """A warning or reason: `code` is stable, `text` is a sentence in the language of the request."""

    code: str = Field(examples=["no_location"])
    text: str


class Reason(Described):
    """Why a picture was tied to a complaint; `value` is what was measured (metres, hours)."""

    value: float | str | None = None
