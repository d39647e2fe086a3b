"""Which other sites' pages may ask the API (Fetch standard, CORS). Never with cookies: they send a token."""

from collections.abc import Collection
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.roots import is_ours

_SENT: Final = ("Authorization", "Content-Type", "If-None-Match", "Last-Event-ID")
_SHOWN: Final = (
    "Age", "Content-Crs", "Content-Disposition", "Deprecation", "ETag", "Link", "OGC-NumberMatched",
    "OGC-NumberReturned", "Retry-After", "Sunset", "X-Request-ID", "X-Taken-At",
)  # fmt: skip
_DAY_S: Final = 86_400


def allowed(origins: Collection[str], origin: str) -> bool:
    """Whether pages of this origin may ask."""
    return "*" in origins or origin in origins


class Origins:
    """Answers what browsers ask before they let a page of another site through, at the API's own paths only."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self.app = app
        self.through = CORSMiddleware(
            app,
            allow_origins=tuple(origins),
            allow_methods=("GET", "HEAD", "POST", "PATCH", "DELETE"),
            allow_headers=_SENT,
            expose_headers=_SHOWN,
            max_age=_DAY_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and is_ours(scope["path"])
        await (self.through if ours else self.app)(scope, receive, send)
