"""Tiles through the doors."""
