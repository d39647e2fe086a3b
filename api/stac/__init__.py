"""The catalogue of pictures as a STAC API."""
