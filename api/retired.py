"""Doors that will be closed: they say since when and until when, and where to go instead.

A door is retired by one word beside its right, `allow(Right.PUBLIC, retired=Retired(...))`. Every answer of it then
carries `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a `Link`, and its description says the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHORTEST = timedelta(days=180)
"""How long a retired door stays open at least: what docs/api.md promises."""

_POLICY = "/api/docs#deprecation"


@dataclass(frozen=True, slots=True)
class Retired:
    """`since` its use is advised against, at `sunset` it closes; `instead` is the path of what replaces it.

    ValueError for times without a zone, and for a sunset sooner than was promised.
    """

    since: datetime
    sunset: datetime
    instead: str

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.sunset.tzinfo is None:
            raise ValueError("give the times of a retired door a zone")
        if self.sunset - self.since < SHORTEST:
            raise ValueError(f"a retired door stays open for {SHORTEST.days} days at least")

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What every answer of the door carries."""
        links = f'<{self.instead}>; rel="successor-version", <{_POLICY}>; rel="deprecation"; type="text/html"'
        return [
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", format_datetime(self.sunset.astimezone(UTC), usegmt=True).encode()),
            (b"link", links.encode()),
        ]

    def mark(self, operation: dict[str, Any]) -> None:
        """Says the same in the door's description."""
        told = f"Deprecated since {self.since:%Y-%m-%d} and gone on {self.sunset:%Y-%m-%d}: use `{self.instead}`."
        operation["deprecated"] = True
        operation["description"] = f"{operation.get('description', '')}\n\n{told}".strip()
        operation["x-sunset"] = self.sunset.astimezone(UTC).isoformat()


class Retirements:
    """Adds the headers of a retired door to whatever it answers; its gate has left them in the request's state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def with_headers(message: Message) -> None:
            retired = scope.get("state", {}).get("retired")
            if retired is not None and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *retired.headers]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
