"""Answers of which a client may ask for a part (RFC 9110, 14): a player that winds, a download that goes on."""

from collections.abc import Callable, Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.problems import Problem
from api.ranges import OutsideFile, Span, parse


def answer(
    request: Request,
    size: int,
    read: Callable[[int, int], Iterable[bytes]],
    *,
    etag: str,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """The part that the request asks for of `size` bytes, or the whole; `read` gives so many bytes from an offset on.

    `etag` (with quotes) is strong: it stands for these very bytes. Raises Problem 416.
    """
    span = _span(request, etag, size)
    part = span or Span(0, size - 1)
    told = {**headers, "etag": etag, "accept-ranges": "bytes", "content-length": str(part.length)}
    if span is not None:
        told["content-range"] = f"bytes {span.first}-{span.last}/{size}"
    return StreamingResponse(read(part.first, part.length), 206 if span else 200, told, media_type)


def _span(request: Request, etag: str, size: int) -> Span | None:
    unless = request.headers.get("if-range")
    if unless is not None and unless != etag:
        return None
    try:
        return parse(request.headers.get("range", ""), size)
    except OutsideFile:
        raise Problem(416, "range_outside", headers={"content-range": f"bytes */{size}"}) from None
