"""Which members of an item are wanted (STAC API, fields extension)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_ALWAYS = ("type", "stac_version", "id", "collection")
"""Without these nobody knows what the rest is of."""

_PLAIN = (*_ALWAYS, "geometry", "bbox", "links", "assets", "properties.datetime")


@dataclass(frozen=True, slots=True)
class Fields:
    """Members by their paths (`properties.datetime`); what stands in both lists is wanted.

    With nothing in `include` it is the members of a plain item, or all of them (`everything`).
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    everything: bool = False

    @classmethod
    def of_text(cls, text: str) -> "Fields":
        """From a URL: `a,+b,-c`."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        include = tuple(part.removeprefix("+") for part in parts if not part.startswith("-"))
        exclude = tuple(part[1:] for part in parts if part.startswith("-"))
        return cls(include, exclude, everything=bool(exclude) and not include)

    def of(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The item with the members that are wanted, in the order they had."""
        if self.everything:
            return _without(item, set(self.exclude) - set(_ALWAYS), "")
        wanted = self.include or tuple(path for path in _PLAIN if path not in self.exclude)
        # A part that is asked for by name stays, though the whole is not wanted.
        unwanted = {path for path in self.exclude if path not in wanted} - set(_ALWAYS)
        return _without(_only(item, {*_ALWAYS, *wanted}, ""), unwanted - set(_parents(wanted)), "")


def _parents(paths: Iterable[str]) -> set[str]:
    return {path.rpartition(".")[0] for path in paths} - {""}


def _only(item: Mapping[str, Any], wanted: set[str], at: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in item.items():
        path = f"{at}{name}"
        if path in wanted:
            kept[name] = value
        elif isinstance(value, Mapping) and any(one.startswith(f"{path}.") for one in wanted):
            kept[name] = _only(value, wanted, f"{path}.")
    return kept


def _without(item: Mapping[str, Any], unwanted: set[str], at: str) -> dict[str, Any]:
    return {
        name: _without(value, unwanted, f"{at}{name}.") if isinstance(value, Mapping) else value
        for name, value in item.items()
        if f"{at}{name}" not in unwanted
    }
