"""`pantau doors`: where cheap cameras bring their own stills."""

import signal
import threading
from contextlib import ExitStack, closing
from typing import Annotated

import typer

from ingest.cameras.push.ftp import FtpPlace, ftp_door
from ingest.cameras.push.smtp import smtp_door
from ingest.cameras.push.stills import Pushing
from pantau import logs
from pantau.commands.session import need_tables
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts

Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port of this door; 0 takes a free one. Else it is closed.")
]


def doors(
    ftp_port: Port = None,
    smtp_port: Port = None,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless told.")] = "127.0.0.1",
    passive: Annotated[
        str, typer.Option(metavar="FIRST-LAST", help="Ports for FTP transfers, as a firewall lets them through.")
    ] = "",
    masquerade: Annotated[
        str | None, typer.Option(help="Address that cameras reach FTP transfers by, behind a router.")
    ] = None,
) -> None:
    """Take stills that cameras send by FTP and mail.

    For cameras that know no better way. A camera logs in with its number and its push token. Both travel in the clear:
    open these doors to networks that are the city's own, or through a tunnel. Neither is open unless its port is given.
    """
    if ftp_port is None and smtp_port is None:
        raise Refused("open at least one door: --ftp-port or --smtp-port")
    settings = Settings()
    logs.configure(settings)
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with closing(open_parts(settings)) as parts, ExitStack() as opened:
        need_tables(parts.database)
        pushing = Pushing(parts)
        try:
            if ftp_port is not None:
                place = FtpPlace(host, ftp_port, _ports(passive), masquerade)
                typer.echo(f"FTP is at {host} port {opened.enter_context(ftp_door(pushing, place))}")
            if smtp_port is not None:
                typer.echo(f"mail is at {host} port {opened.enter_context(smtp_door(pushing, host, smtp_port))}")
        except OSError as error:
            raise Refused(f"cannot listen on {host}: {error.strerror}. --ftp-port, --smtp-port choose others") from None
        typer.echo("Ctrl+C stops it.")
        stop.wait()


def _ports(given: str) -> range:
    if not given:
        return range(0)
    first, _, last = given.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) <= int(last) <= 65535):
        raise Refused("--passive is a range of ports such as 40000-40100")
    return range(int(first), int(last) + 1)
