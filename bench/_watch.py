"""`pantau watch` for cameras on this machine, which no setting allows: `python -m bench._watch watch ...`."""

import sys
from dataclasses import replace

from ingest.cameras.address import Guard
from ingest.parts import Parts
from pantau.__main__ import main
from pantau.commands import watch
from pantau.settings import Settings
from pantau.wiring import open_parts


def _opened(settings: Settings) -> Parts:
    return replace(open_parts(settings), guard=Guard(allow_loopback=True))


if __name__ == "__main__":
    watch.open_parts = _opened
    sys.argv[0] = "pantau"
    main()
