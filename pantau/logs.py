"""How Pantau speaks in its log: one line an event, for people or for machines, never with a secret in it."""

import logging
import sys
from datetime import UTC, datetime

import orjson

from pantau.settings import Settings

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: time, level, logger, message, and whatever `extra` names."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in record.__dict__.items() if key not in _OWN and not key.startswith("_")}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class PlainLines(logging.Formatter):
    """A log record as a line a person reads, with the `extra` behind it as key=value."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the standard library's name)
        extra = {key: value for key, value in record.__dict__.items() if key not in _OWN and not key.startswith("_")}
        said = record.getMessage().split()
        told = " ".join(
            f"{key}={value}"
            for key, value in extra.items()
            if key != "color_message" and value is not None and str(value) not in said
        )
        return f"{super().formatMessage(record)}{'  ' + told if told else ''}"


def configure(settings: Settings) -> None:
    """Sends every logger's lines to standard error in the chosen form: ours from the chosen level, others' warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # The level is ours alone: in detail, libraries tell rows and forms, with people's words and keys in them.
    root.setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    logging.getLogger("pantau").setLevel(settings.log_level)
