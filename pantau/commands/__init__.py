"""The commands of `pantau`, each in the file of what it is about, loaded when it is asked for.

A server need not carry what reads boundary files, nor `pantau check`, which runs twice a minute, the server.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

_HOMES: Final = {
    "run": "service:run",
    "serve": "service:serve",
    "work": "work:work",
    "watch": "watch:watch",
    "doors": "doors:doors",
    "agent": "agent:agent",
    "migrate": "migrate:migrate",
    "move": "move:move",
    "check": "check:check",
    "demo": "demo:demo",
    "areas": "areas:areas",
    "roads": "areas:roads",
    "agencies": "catalogue:agencies",
    "categories": "catalogue:categories",
    "accounts": "accounts:app",
    "tokens": "tokens:app",
    "permits": "permits:app",
    "cameras": "cameras:app",
    "keys": "keys:app",
    "export": "export:export",
    "jobs": "jobs:app",
    "rollups": "rollups:app",
}
"""Where each command is: the file and the name in it, in the order of the help."""


class _Lazy(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(_HOMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in _HOMES:
            self.commands[cmd_name] = _loaded(cmd_name)
        return self.commands.get(cmd_name)


def _loaded(name: str) -> Any:
    file, _, attribute = _HOMES[name].partition(":")
    with _uncollected():
        found = getattr(import_module(f"{__name__}.{file}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(found)
    return get_command(alone)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spares the garbage collector what is loaded: all of it stays, and to walk it again and again is a fifth of the
    time that a server takes to start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


app = typer.Typer(
    name="pantau",
    cls=_Lazy,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def pantau() -> None:
    """What a city sees in its streets, and whether it was put right.

    To try it: pantau run --demo. For a city: pantau migrate, areas import FILE, agencies import, then serve and work.

    Settings come from the environment (PANTAU_...) and a file .env in the working folder; docs/operating.md explains
    each. Exit codes: 0 done, 1 not done and why, 2 wrong words or settings.
    """
