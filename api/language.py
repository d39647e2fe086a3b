"""Which of the house's languages a request is answered in."""

from typing import Literal

from starlette.requests import Request

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
DEFAULT: Language = "id"


def preferred(header: str) -> Language | None:
    """The best of our languages in an Accept-Language header (RFC 9110, 12.5.4), or None if it asks for neither."""
    best: tuple[float, Language] | None = None
    for part in header.split(",")[:20]:
        tag, _, options = part.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        weight = _weight(options)
        for language in LANGUAGES:
            if primary == language and weight > 0 and (best is None or weight > best[0]):
                best = (weight, language)
    return best[1] if best else None


def _weight(options: str) -> float:
    name, _, value = options.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def of(request: Request) -> Language:
    """What the request asks for, else the language of the account behind it, else Indonesian."""
    asked = preferred(request.headers.get("accept-language", ""))
    if asked is not None:
        return asked
    caller = request.scope.get("state", {}).get("caller")
    return "en" if caller is not None and caller.language == "en" else DEFAULT
