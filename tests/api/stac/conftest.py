"""The town, for the catalogue's doors."""

from tests.api.town import city, decoder, town

__all__ = ["city", "decoder", "town"]
