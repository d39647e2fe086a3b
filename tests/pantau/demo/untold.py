"""A demo without its story: what does not look at photos need not wait while sixty days of them are drawn."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pantau.commands.migrate import bring_up_to_date
from pantau.demo import ground
from pantau.demo.mark import SEED
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import facts


def lay(data: Path) -> None:
    """Lays the ground into an empty data folder, as if the story were told: `pantau run --demo` adds the cameras."""
    settings = Settings(data_dir=data, demo=True)
    bring_up_to_date(settings)
    with closing(open_parts(settings)) as parts:
        ground.lay(parts, SEED)
        with parts.database.write() as db:
            facts.put(db, "demo_told", "0/end", datetime.now(UTC))
