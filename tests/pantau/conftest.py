"""The command line and the service, for every test of this room."""

from tests.pantau.terminal import terminal

__all__ = ["terminal"]
