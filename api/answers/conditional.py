"""Answers that a client may already have (RFC 9110, 13)."""

from starlette.requests import Request
from starlette.responses import Response


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag; weak and strong compare alike."""
    if header.strip() == "*":
        return True
    return any(given.strip().removeprefix("W/") == etag.removeprefix("W/") for given in header.split(","))


def answer(
    request: Request,
    body: bytes,
    etag: str,
    *,
    media_type: str = "application/json",
    cache_control: str = "private, no-cache",
    vary: str = "Cookie, Authorization",
) -> Response:
    """The body with its ETag, or 304 without it if the client has it."""
    headers = {"etag": etag, "cache-control": cache_control, "vary": vary}
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
