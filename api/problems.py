"""Every answer that is not a success: RFC 9457 `application/problem+json`, with a sentence that says what to do.

One table maps the domain's error codes to HTTP statuses; nothing else in the doors knows both.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import language as languages
from api import sentences as said
from api.language import Language
from api.roots import is_standard
from api.shapes.problem import ProblemAnswer
from cases.errors import Conflict, NotFound, PantauError
from cases.sentences import sentence
from ingest.photos.decoding import DecoderBroken
from ingest.photos.faults import PhotoRefused
from storage.errors import DatabaseBusy, DatabaseFull, DatabaseSlow, StorageError

MEDIA_TYPE = "application/problem+json"
MEGABYTE = 1_000_000

_log = logging.getLogger("pantau.api")

STATUS: dict[str, int] = {
    "not_an_image": 415,
    "unsupported_format": 415,
    "not_a_jpeg": 415,
    "too_large": 413,
    "sign_in_refused": 401,
    "locked_out": 429,
    "ticket_refused": 410,
    "scopes_too_wide": 403,
    "not_yours": 403,
    "register_not_yours": 403,
    "not_live": 403,
    "export_sight_changed": 403,
    "export_withdrawn": 410,
    "export_too_many": 429,
}
"""The domain's codes that have a status of their own."""

_UNAVAILABLE: dict[type[StorageError], tuple[str, int]] = {
    DatabaseBusy: ("busy", 2),
    DatabaseSlow: ("too_slow", 30),
    DatabaseFull: ("full", 60),
}
"""Storage's own troubles that a caller can do something about, and after how many seconds to come back."""

_FAMILIES: tuple[tuple[type[PantauError], int], ...] = ((NotFound, 404), (Conflict, 409), (PantauError, 422))


def status_of(error: PantauError) -> int:
    """The HTTP status of a domain error: its code's own, else that of its family."""
    own = STATUS.get(error.code)
    return own if own is not None else next(status for kind, status in _FAMILIES if isinstance(error, kind))


class Problem(HTTPException):
    """Ends a request with a problem the door itself found. `code` is a key of `api.sentences.DETAILS`.

    An HTTPException, because the framework lets no other pass while it reads a body.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
        **params: object,
    ) -> None:
        super().__init__(status, code, dict(headers or {}))
        self.code = code
        self.extra = dict(extra or {})
        self.params = params


def not_found() -> Problem:
    """The answer for what is not there and for what is hidden from the caller: the same."""
    return Problem(404, "not_found")


def too_large(limit: int) -> Problem:
    """The answer to a body of more than `limit` bytes. What is left of it is not read: the connection ends."""
    return Problem(413, "body_too_large", headers={"connection": "close"}, limit_mb=max(1, limit // MEGABYTE))


def answered(request: Request, problem: Problem) -> Response:
    """A problem as the response to this request."""
    detail = said.DETAILS[problem.code][languages.of(request)].format(**problem.params)
    return answer(request, problem.status_code, problem.code, detail, headers=problem.headers, extra=problem.extra)


def body(
    status: int, code: str, detail: str, language: Language, *, instance: str, extra: Mapping[str, object] | None = None
) -> bytes:
    """The problem document as JSON bytes."""
    document = {
        "type": f"urn:pantau:problem:{code}",
        "title": said.title(status, language),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": instance,
    }
    return orjson.dumps(document | dict(extra or {}))


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Response:
    """A problem as a response, in the language of the request."""
    language = languages.of(request)
    content = body(status, code, detail, language, instance=request.url.path, extra=extra)
    fixed = {"content-language": language, "cache-control": "no-store", "vary": "Accept-Language"}
    return Response(content, status, fixed | dict(headers or {}), media_type=MEDIA_TYPE)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, for its OpenAPI entry."""
    return {
        status: {
            "description": said.title(status, "en"),
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}}},
        }
        for status in sorted(statuses)
    }


def install(app: FastAPI) -> None:
    """Make every error of this app leave as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(PantauError, _domain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(PhotoRefused, _refused)
    app.add_exception_handler(StorageError, _unavailable)
    app.add_exception_handler(DecoderBroken, _unopened)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answered(request, error)


def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, PantauError)
    detail = sentence(error.code, languages.of(request), **error.params)
    headers = {"retry-after": str(error.params["seconds"])} if "seconds" in error.params else None
    status = status_of(error)
    return answer(request, _wrong(request) if status == 422 else status, error.code, detail, headers=headers)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language = languages.of(request)
    found = faults(error.errors(), language)
    fields = ", ".join(dict.fromkeys(fault["field"] for fault in found))
    detail = said.DETAILS["invalid"][language].format(fields=fields)
    return answer(request, _wrong(request), "invalid", detail, extra={"errors": found})


def _wrong(request: Request) -> int:
    """What a question that makes no sense is answered with: OGC API and STAC name 400."""
    return 400 if is_standard(request.url.path) else 422


def faults(errors: Sequence[Any], language: Language) -> list[dict[str, str]]:
    """Pydantic's errors as `[{field, message}]`: the field's path without where it came from, at most 50 of them."""
    return [
        {
            "field": _field(error),
            "message": said.invalid(error["type"], error.get("ctx") or {}, error["msg"], language),
        }
        for error in errors[:50]
    ]


def _field(error: Any) -> str:
    """Where it is wrong: `a.b.1`, or of a whole body what the fault itself names."""
    named = (error.get("ctx") or {}).get("field", ())
    # Of what is no JSON the place is how many characters in it was given up.
    inside = () if error["type"] == "json_invalid" else error["loc"][1:]
    steps = [*inside, *([named] if named else [])]
    return ".".join(map(str, steps)) or str(error["loc"][0])


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
    detail = said.DETAILS[code][languages.of(request)].format(method=request.method)
    return answer(request, error.status_code, code, detail, headers=error.headers)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PhotoRefused)
    detail = sentence(error.code, languages.of(request))
    return answer(request, STATUS.get(error.code, 422), error.code, detail)


def _unavailable(request: Request, error: Exception) -> Response:
    """What is kept cannot be reached: say when to come back, and keep hosts and paths in the log."""
    _log.error("storage: %s", error)
    code, wait_s = next((told for kind, told in _UNAVAILABLE.items() if isinstance(error, kind)), ("unavailable", 5))
    detail = said.DETAILS[code][languages.of(request)]
    return answer(request, 503, code, detail, headers={"retry-after": str(wait_s)})


def _unopened(request: Request, error: Exception) -> Response:
    """A picture that we cannot open by a fault of ours: what the decoder said of it is for the log alone."""
    _log.error("decoder: %s", error)
    detail = said.DETAILS["decoder_broken"][languages.of(request)]
    return answer(request, 503, "decoder_broken", detail, headers={"retry-after": "10"})
