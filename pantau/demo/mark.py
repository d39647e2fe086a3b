"""What says that an installation is a demo, and what a demo may be refused for. Light: every server asks."""

from typing import Final

from pantau.errors import Refused
from storage import facts
from storage.database import Database

SEED: Final = 7
"""The demo's city, unless another is asked for."""

LAID: Final = "demo_ground"
"""The fact that holds the seed of the city that was laid."""


class DemoRefused(Refused):
    """This is no place for this demo, or the story and the API do not agree."""


def is_demo(database: Database) -> bool:
    """Whether the drawn city lies in this database."""
    with database.read() as db:
        return facts.get(db, LAID) is not None
