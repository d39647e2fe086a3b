"""Log lines, for people and for machines."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pantau import logs
from pantau.settings import Settings
from tests.pantau.terminal import logs_restored

pytestmark = pytest.mark.unit

OTHERS = ("alembic.runtime.migration", "uvicorn.error", "sqlalchemy.engine.Engine", "python_multipart.multipart")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves the loggers as they were."""
    with logs_restored():
        yield


def configured(form: str, level: str = "INFO") -> logging.Logger:
    logs.configure(Settings.model_validate({"log_format": form, "log_level": level, "data_dir": Path("x")}))
    return logging.getLogger("pantau.test")


def test_machines_get_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configured("json").info("GET %s\nforged", "/x", extra={"status": 200, "account": None})
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said["time"].endswith("+00:00")
    del said["time"]
    message = "GET /x\nforged"
    assert said == {"level": "info", "logger": "pantau.test", "message": message, "status": 200, "account": None}


def test_machines_get_a_trace_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    log = configured("json")
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: broken" in json.loads(line)["trace"]


def test_people_get_a_line_with_what_it_does_not_say_already(capsys: pytest.CaptureFixture[str]) -> None:
    configured("text").info("GET /x 200", extra={"path": "/x", "status": 200, "ms": 1.5, "account": None})
    assert capsys.readouterr().err.endswith("INFO    pantau.test: GET /x 200  ms=1.5\n")


@pytest.mark.parametrize("name", OTHERS)
def test_others_speak_only_of_trouble(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configured("text", "DEBUG")
    logging.getLogger(name).info("chatter")
    logging.getLogger(name).warning("trouble")
    said = capsys.readouterr().err
    assert "chatter" not in said
    assert "trouble" in said
