"""Filters in CQL2 (OGC 21-065r2): read from text or JSON into one checked tree. Pure."""
