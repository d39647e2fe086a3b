"""Bodies that are no JSON, read only after their sender was let in."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request


async def raw(request: Request) -> bytes:
    """The bytes of the body, as many as its path may have (`BodyLimit`)."""
    return await request.body()


Raw = Annotated[bytes, Depends(raw)]


def body_schema(*media_types: str) -> dict[str, Any]:
    """The body as OpenAPI documents it."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"requestBody": {"required": True, "content": content}}
