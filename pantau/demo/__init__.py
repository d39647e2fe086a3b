"""A city of its own: drawn land, drawn photos and a script of what happens in it. Same seed, same city."""
