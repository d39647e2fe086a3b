"""Cameras: addresses, protocols, keyframes and whole visits to real cameras."""
