"""The command line: `pantau --help`. What goes wrong is said in a sentence, not in a trace.

Exit codes: 0 done, 1 not done (the sentence says why), 2 wrong words or settings.
"""

import logging
import os
import sys
import traceback

from dotenv import dotenv_values
from pydantic import ValidationError

from cases.errors import PantauError
from pantau import settings
from pantau.commands import app
from pantau.errors import Refused
from storage.errors import StorageError


def main() -> None:
    """Runs one command."""
    try:
        _warn()
        app()
    except ValidationError as error:
        if error.title != settings.Settings.__name__:
            _unexpected(error)
        for told in settings.faults(error):
            _say(told)
        sys.exit(2)
    except (PantauError, StorageError, Refused) as error:
        _say(str(error))
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
        sys.exit(1)
    except Exception as error:
        _unexpected(error)


def _warn() -> None:
    """Points out what looks like a setting and is none."""
    try:
        file = dotenv_values(".env")
    except UnicodeDecodeError:
        _say("the file .env in this folder is no text in UTF-8; save it as such")
        sys.exit(2)
    for told in settings.unknown({name: value or "" for name, value in file.items()} | dict(os.environ)):
        _say(told)


def _unexpected(error: Exception) -> None:
    """A fault of ours. Its trace may show what people wrote, so it is only for whoever asks for it."""
    if os.environ.get("PANTAU_LOG_LEVEL") == logging.getLevelName(logging.DEBUG):
        traceback.print_exception(error)
    _say(f"an unexpected {type(error).__name__}; with PANTAU_LOG_LEVEL=DEBUG the same command shows where")
    sys.exit(1)


def _say(sentence: str) -> None:
    sys.stderr.write(f"pantau: {sentence}\n")


if __name__ == "__main__":
    main()
