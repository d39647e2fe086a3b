"""The town, for every test of the doors."""

from tests.api.town import city, decoder, kept_city, kept_town, portal, town

__all__ = ["city", "decoder", "kept_city", "kept_town", "portal", "town"]
