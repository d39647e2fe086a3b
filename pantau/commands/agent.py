"""`pantau agent`: beside a camera that the city cannot reach."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
import typer

from ingest.cameras.agent import Agent, Queue
from ingest.cameras.faults import CameraFault
from ingest.cameras.reach import Reach
from ingest.cameras.urls import parse, without_credentials
from pantau import logs
from pantau.errors import Refused
from pantau.settings import AGENT_CAMERA, AGENT_TOKEN, Settings

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def agent(
    to: Annotated[str, typer.Option(help="Where the stills go: the address shown beside the camera's push token.")],
    camera: Annotated[
        str,
        typer.Option(
            envvar=AGENT_CAMERA,
            show_envvar=True,
            help="The camera's address, such as rtsp://192.168.1.20/1; with a password, set it in the environment.",
        ),
    ],
    every: Annotated[float, typer.Option(min=1, max=86_400, help="Seconds between stills.")] = 60,
    folder: Annotated[
        Path | None, typer.Option(help="Folder for stills that wait for the line; one of its own if not given.")
    ] = None,
    keep_mb: Annotated[int, typer.Option(min=1, help="Room for waiting stills, in MB; the oldest go first.")] = 500,
) -> None:
    """Send a camera's stills from beside it.

    For cameras that cannot be reached from outside. While the line is down stills are kept, through a restart too, and
    sent in order when it is back. It needs no database and no other setting than the camera's push token, in the
    variable PANTAU_AGENT_TOKEN: on a command line others on this machine could read it.
    """
    token = os.environ.get(AGENT_TOKEN, "")
    if not token:
        raise Refused(f"set {AGENT_TOKEN} to the camera's push token")
    logs.configure(Settings())
    address, credentials = without_credentials(camera)
    try:
        parse(address)
    except CameraFault as fault:
        raise Refused(f"--camera: {fault}") from None
    _check_target(to)
    place = folder or Path(platformdirs.user_state_dir("pantau", appauthor=False)) / "agent" / to.split("/")[-2]
    made = Agent(
        Reach(address, credentials=credentials), to, token, Queue(place, keep_mb * 1_000_000), interval_s=every
    )
    typer.echo(f"stills every {every:g} s to {urlsplit(to).netloc}; those that wait are in {place}; Ctrl+C stops it")
    asyncio.run(_until_told(made))


def _check_target(to: str) -> None:
    """A token must not travel in the clear, except within this machine."""
    target = urlsplit(to)
    if target.scheme not in ("http", "https") or not target.path.endswith("/snapshots") or target.username:
        raise Refused("--to is an address such as https://pantau.city.example/api/v1/cameras/ID/snapshots")
    if target.scheme == "http" and target.hostname not in _LOOPBACK:
        raise Refused("--to must be https: the camera's push token would travel in the clear")


async def _until_told(made: Agent) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    await made.run(stop)
