"""Under which addresses the API is: everything else belongs to the pages."""

_VERSIONED = "/api/v1"
_STANDARDS = ("/ogc", "/stac", "/tiles")
ROOTS = ("/api", *_STANDARDS)


def is_ours(path: str) -> bool:
    """Whether an address belongs to the API, whether or not anything is there."""
    return _under(path, ROOTS)


def is_standard(path: str) -> bool:
    """Whether an address belongs to a published standard, which says how a wrong question is answered (400)."""
    return _under(path, _STANDARDS)


def is_described(path: str) -> bool:
    """Whether an address is a door that the API's description holds."""
    return _under(path, (_VERSIONED, *_STANDARDS))


def _under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
