"""Street scenes drawn with Pillow: a world in metres seen by a phone held at eye level."""
