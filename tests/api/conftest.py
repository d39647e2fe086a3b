"""The town, for every test of the doors."""

from tests.api.town import city, decoder, town

__all__ = ["city", "decoder", "town"]
