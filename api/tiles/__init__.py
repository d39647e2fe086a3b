"""Vector tiles: maps of everything that the asker may see, at any zoom."""
