"""The demo beside a running Pantau: another process lays the ground and tells the story, so that pages stay quick.

`python -m pantau.demo.live` is that process. It answers one line when the ground is laid, or why it is not. Its input
is a pipe from whoever started it, which closes when that one ends, however it ends; then it ends at once, and goes on
with the story when it is started again.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pantau import logs
from pantau.demo.child import beside, end_with_parent
from pantau.demo.mark import DemoRefused
from pantau.settings import Settings

_LAID = "laid"


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """The ground laid, and the story told by a child for as long as the block lasts. Raises DemoRefused."""
    environment = os.environ | {"PANTAU_DATA_DIR": str(settings.data_dir.absolute()), "PANTAU_DEMO": "true"}
    with beside([sys.executable, "-m", "pantau.demo.live"], environment) as said:
        answer = said.readline().strip()
        if answer != _LAID:
            raise DemoRefused(answer or "the demo's city could not be drawn")
        yield


def main() -> None:
    """Lays the ground and tells the story by the settings of the environment."""
    from pantau.commands import demo  # noqa: PLC0415 (the parent has no use for what draws pictures)

    # The story may be cut anywhere, as by a kill.
    end_with_parent()
    settings = Settings()
    logs.configure(settings.model_copy(update={"log_level": "WARNING"}))
    try:
        demo.tell(settings, laid=lambda: print(_LAID, flush=True))
    except DemoRefused as error:
        print(error, flush=True)


if __name__ == "__main__":
    main()
