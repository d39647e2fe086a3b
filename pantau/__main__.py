"""The command line: `pantau --help`."""

import sys

from pydantic import ValidationError

from cases.errors import PantauError
from ingest.areas.fields import FieldUnknown
from ingest.areas.read import AreaFileInvalid
from pantau.commands import app
from storage.errors import StorageError


def main() -> None:
    """Runs one command; what goes wrong is said in a sentence, not in a trace."""
    try:
        app()
    except ValidationError as error:
        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"]).upper()
            sys.stderr.write(f"setting PANTAU_{name}: {fault['msg']}\n" if name else f"settings: {fault['msg']}\n")
        sys.exit(2)
    except (PantauError, StorageError, AreaFileInvalid, FieldUnknown, OSError) as error:
        sys.stderr.write(f"pantau: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
