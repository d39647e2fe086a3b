"""Every command: documented, with a help worth reading, and loaded only when it is asked for."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer import Context
from typer.main import get_command

from pantau.commands import app
from tests.pantau.terminal import Terminal

pytestmark = pytest.mark.unit

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")


def commands(found: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below this one with its full name, found by walking the app."""
    if not hasattr(found, "list_commands"):
        yield name, found
        return
    context = Context(found)
    for below in found.list_commands(context):
        yield from commands(found.get_command(context, below), f"{name} {below}")


COMMANDS = dict(commands(get_command(app), "pantau"))


def test_every_command_is_documented_and_no_other_is() -> None:
    assert set(re.findall(r"^\| `(pantau [a-z ]+)` \|", DOCUMENT, re.MULTILINE)) == set(COMMANDS)


def test_the_documents_examples_are_of_commands_that_exist() -> None:
    for used in re.findall(r"\bpantau ((?:[a-z]+ ?)+)", "\n".join(re.findall(r"`([^`\n]+)`", DOCUMENT))):
        words = used.split()
        assert any(f"pantau {' '.join(words[:n])}" in COMMANDS for n in (1, 2)), used


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    first = (command.help or "").split("\n\n")[0]
    assert first.endswith(".")
    assert len(first) <= 70 or " " in name, "cut short in the list of commands"
    for parameter in command.params:
        assert parameter.name == "help" or parameter.help, parameter.name


def test_without_a_word_it_shows_the_help(terminal: Terminal) -> None:
    said = terminal()
    shown = said.out + said.err
    assert said.code == 2
    for name in ("run", "serve", "work", "check", "areas", "tokens"):
        assert re.search(rf"^  {name} +[A-Z]", shown, re.MULTILINE)
    assert "..." not in shown.split("Commands:")[1]
    assert "completion" not in shown


def test_a_command_that_there_is_not_is_wrong_words(terminal: Terminal) -> None:
    said = terminal("nonsense")
    assert said.code == 2
    assert "nonsense" in said.err


@pytest.mark.parametrize(
    ("command", "spared"), [("check", {"fastapi", "pyogrio", "cv2"}), ("service", {"pyogrio", "pyarrow", "reportlab"})]
)
def test_what_a_command_has_no_use_for_is_not_loaded(command: str, spared: set[str]) -> None:
    code = f"import sys, pantau.commands.{command}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not spared & set(said.stdout.split())


def test_a_command_is_loaded_nearly_without_collecting_and_collects_afterwards() -> None:
    code = (
        "import gc; from pantau import commands; seen = []; gc.callbacks.append(lambda *said: seen.append(said)); "
        "commands._loaded('work'); print(len(seen), gc.isenabled())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    times, on = said.stdout.split()
    assert int(times) < 20, "while its modules load, there would be hundreds"
    assert on == "True"
