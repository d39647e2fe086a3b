"""Questions about the register, as they come in a URL."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.language import Language
from api.questions import Numbers
from api.shapes.common import AreaCode
from api.shapes.exports import EXCEL
from cases.incidents import Box
from cases.plain import plain
from cases.words import PermitState, Shortfall, VisitState
from ingest.cameras.compliance import Standing
from ingest.exports.table import Reading
from storage import cameras, permits

_LANGUAGE = (
    "`id` or `en`, of CSV: headings, words and the city's time, for people. Without it CSV has names, codes and UTC."
)

Text = Annotated[str, Field(max_length=120), AfterValidator(plain)]


class Form(StrEnum):
    """What an answer comes as."""

    JSON = "json"
    CSV = "csv"


class PermitQuestion(BaseModel):
    """Which permits. `q` is a piece of number (in any writing), owner or address."""

    model_config = ConfigDict(extra="forbid")

    area: AreaCode | None = None
    state: PermitState | None = None
    q: Text = ""
    cursor: Text | None = Field(None, description="Where to go on: `next` of the answer before.")
    limit: int = Field(100, ge=1, le=1_000)

    def wanted(self) -> permits.Wanted:
        """The question in the house's words."""
        return permits.Wanted(self.area, self.state, self.q)


class PermitsTaken(PermitQuestion):
    """Which permits, and how they are written as CSV."""

    language: Language | None = Field(None, description=_LANGUAGE)
    excel: bool = Field(False, description=EXCEL)

    def reading(self, zone: ZoneInfo) -> Reading | None:
        """For whom the CSV is: None for programs."""
        return None if self.language is None else Reading(self.language, zone, {}, {})


class ComplianceQuestion(PermitsTaken):
    """Which permits that lack something; `shortfall` only those that lack this."""

    shortfall: Shortfall | None = None
    format: Form = Form.JSON

    def fits(self, standing: Standing) -> bool:
        """Whether it lacks what is asked for."""
        return self.shortfall is None or any(one.shortfall is self.shortfall for one in standing.found)


class CameraQuestion(BaseModel):
    """Which cameras. `permit` is a number or id, `retired` asks for those out of service."""

    model_config = ConfigDict(extra="forbid")

    area: AreaCode | None = None
    bbox: Numbers | None = Field(None, min_length=4, max_length=4, description="west,south,east,north")
    permit: Text | None = None
    state: VisitState | None = Field(None, description="How the last visit ended.")
    retired: bool = False
    cursor: int | None = Field(None, ge=0, le=2**31 - 1, description="Where to go on: `next` of the answer before.")
    limit: int = Field(100, ge=1, le=1_000)

    def wanted(self, permit_id: UUID | None) -> cameras.Wanted:
        """The question in the house's words; `permit_id` is the permit's that is asked for."""
        box = None if self.bbox is None else Box(self.bbox[0], self.bbox[1], self.bbox[2], self.bbox[3])
        return cameras.Wanted(self.area, box, permit_id, state=self.state, retired=self.retired)
