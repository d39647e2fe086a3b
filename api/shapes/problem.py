"""The shape of every answer that is not a success."""

from pydantic import BaseModel, Field

from api.shapes.installation import Check


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str = Field(examples=["lon"])
    message: str = Field(examples=["must be at most 180"])


class ProblemAnswer(BaseModel):
    """A problem (RFC 9457). `code` is for programs and never changes its meaning; `detail` says what to do."""

    type: str = Field(examples=["urn:pantau:problem:not_found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is nothing at this address, or not for you."])
    code: str = Field(examples=["not_found"])
    instance: str | None = Field(None, examples=["/api/v1/complaints/K7M4Q-7XP2T"])
    errors: list[FieldFault] | None = None
    request_id: str | None = None
    checks: list[Check] | None = Field(None, description="What was looked at, where the problem is `not_ready`.")
