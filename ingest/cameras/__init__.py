"""Reaching cameras: one still per visit, whichever way the camera can be asked."""
