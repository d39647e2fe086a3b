"""The demo beside a running Pantau: another process lays the ground and tells the story, so that pages stay quick.

`python -m pantau.demo.live` is that process. It answers one line when the ground is laid, or why it is not. Its input
is a pipe from whoever started it, which closes when that one ends, however it ends; then it ends at once, and goes on
with the story when it is started again.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pantau import logs
from pantau.demo.mark import DemoRefused
from pantau.settings import Settings

_LAID = "laid"
_PATIENCE_S = 10


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """The ground laid, and the story told by a child for as long as the block lasts. Raises DemoRefused."""
    environment = os.environ | {"PANTAU_DATA_DIR": str(settings.data_dir.absolute()), "PANTAU_DEMO": "true"}
    child = subprocess.Popen(
        [sys.executable, "-m", "pantau.demo.live"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the service, which then ends it
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        said = child.stdout.readline().strip()
        if said != _LAID:
            raise DemoRefused(said or "the demo's city could not be drawn")
        yield
    finally:
        child.stdin.close()
        try:
            child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    # The story may be cut anywhere, as by a kill; waiting for an event's end would hold up whoever stopped us.
    os._exit(0)


def main() -> None:
    """Lays the ground and tells the story by the settings of the environment."""
    from pantau.commands import demo  # noqa: PLC0415 (the parent has no use for what draws pictures)

    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    settings = Settings()
    logs.configure(settings.model_copy(update={"log_level": "WARNING"}))
    try:
        demo.tell(settings, laid=lambda: print(_LAID, flush=True))
    except DemoRefused as error:
        print(error, flush=True)


if __name__ == "__main__":
    main()
