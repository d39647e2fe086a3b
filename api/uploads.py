"""A photo's form, taken apart only after its sender was let in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api.problems import Problem
from api.shapes.photos import PhotoForm

_FIELD_BYTES = 64 * 1024
_FIELDS = 32


@dataclass(frozen=True, slots=True)
class Upload:
    """The fields, checked, and the file's bytes: in memory up to 1 MB, beyond that in a temporary file."""

    fields: PhotoForm
    stream: BinaryIO


async def upload(request: Request) -> AsyncIterator[Upload]:
    """The form of this request. Raises RequestValidationError that names the fields at fault.

    Declared as a dependency rather than as the route's body: bodies are read before anyone asks who is sending them.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem(415, "form_needed")
    async with request.form(max_files=1, max_fields=_FIELDS, max_part_size=_FIELD_BYTES) as form:
        yield Upload(_fields(form), _file(form))


def _file(form: FormData) -> BinaryIO:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise RequestValidationError([{"type": "missing", "loc": ("body", "file"), "msg": "Field required"}])
    return file.file


def _fields(form: FormData) -> PhotoForm:
    """An empty field counts as left out: that is how forms say so."""
    given = {name: value for name, value in form.multi_items() if name != "file" and value != ""}
    try:
        return PhotoForm.model_validate(given)
    except ValidationError as error:
        found: list[Any] = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def form_schema() -> dict[str, Any]:
    """The form as OpenAPI documents it."""
    schema = PhotoForm.model_json_schema()
    file = {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIC, as the camera saved it."}
    schema["properties"] = {"file": file} | schema["properties"]
    schema["required"] = ["file"]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


Sent = Annotated[Upload, Depends(upload)]
