"""A kept picture on its way out: not at all if the client has it, by a signed link, or its bytes."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request, Response

from api.answers import parts
from api.answers.conditional import matches
from cases.errors import NotFound
from storage.blobs import Blobs
from storage.errors import BlobMissing

SIGNED_S = 60
"""How long a signed link works: long enough to follow it, too short to pass it on."""

PRIVATE = {
    # Asked again each time: what someone may see can change, and a 304 costs little.
    "cache-control": "private, no-cache",
    "vary": "Cookie, Authorization",
}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "A part of it", "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The client has it already"},
    307: {"description": "It is at this address for a minute"},
}
"""What a route that answers with a picture may answer with besides problems."""


class Picture:
    """One picture kept under `key`. `filename` is what it is saved as, `etag` stands for its bytes (with quotes), and
    `missing` is raised where they have gone. A browser shows it, or saves it if the `disposition` is `attachment`.
    """

    def __init__(
        self,
        blobs: Blobs,
        key: str,
        *,
        media_type: str,
        filename: str,
        etag: str,
        missing: type[NotFound],
        disposition: str = "inline",
    ) -> None:
        self.blobs, self.key, self.media_type = blobs, key, media_type
        self.filename, self.etag, self.missing = filename, etag, missing
        self.disposition = disposition
        self.headers = {"etag": etag, **PRIVATE}

    def answer(self, request: Request) -> Response:
        """Not at all if the client has it, else a link to it where the store signs such, else its bytes."""
        if matches(request.headers.get("if-none-match", ""), self.etag):
            return Response(status_code=304, headers=self.headers)
        signed = self.blobs.signed_url(self.key, seconds=SIGNED_S, filename=self.filename, media_type=self.media_type)
        if signed is not None:
            headers = {"location": signed, "cache-control": "private, no-store", "referrer-policy": "no-referrer"}
            return Response(status_code=307, headers=headers)
        return self._bytes(request)

    def _bytes(self, request: Request) -> Response:
        stat = self.blobs.stat(self.key)
        if stat is None:
            raise self.missing
        headers = self.headers | {"content-disposition": f'{self.disposition}; filename="{self.filename}"'}
        try:
            return parts.answer(
                request, stat.bytes, self._read, etag=self.etag, media_type=self.media_type, headers=headers
            )
        except BlobMissing:  # since we looked
            raise self.missing from None

    def _read(self, first: int, length: int) -> Iterator[bytes]:
        return self.blobs.read(self.key, first, length)
