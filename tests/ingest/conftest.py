"""The city, for every test of this room."""

from tests.ingest.city import city, decoder

__all__ = ["city", "decoder"]
