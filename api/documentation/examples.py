"""For each operation a command that can be pasted into a shell, once HOST, TOKEN and what it is about are set."""

import json
import re
import shlex
from typing import Any
from urllib.parse import quote

from api.documentation.schemas import Schemas

_VARIABLE = re.compile(r"{(\w+)}")


def example(path: str, method: str, operation: dict[str, Any], schemas: Schemas) -> str:
    """The command, on lines of its own for what is long."""
    parts = ["curl"]
    if method not in ("get", "head"):
        parts.append(f"-X {method.upper()}")
    if operation.get("x-right") != "public":
        parts.append('-H "Authorization: Bearer $TOKEN"')
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        sample = schemas.sample(content["application/json"]["schema"])
        parts.append('-H "Content-Type: application/json"')
        parts.append(f"-d {shlex.quote(json.dumps(sample, ensure_ascii=False))}")
    elif "multipart/form-data" in content:
        parts.append("-F file=@$FILE")
    elif content:
        parts.append("--data-binary @$FILE")
    where = _VARIABLE.sub(lambda found: f"${found[1].upper()}", path)
    parts.append(f'"$HOST{where}{_query(operation, schemas)}"')
    return " \\\n     ".join(parts) if len(" ".join(parts)) > 90 else " ".join(parts)


def _query(operation: dict[str, Any], schemas: Schemas) -> str:
    """The required parameters, and one more that has an example."""
    asked, shown = [], False
    for parameter in operation.get("parameters", []):
        if parameter["in"] != "query":
            continue
        schema = schemas.plain(parameter.get("schema", {}))
        given = parameter.get("example", (schema.get("examples") or [None])[0])
        if not parameter.get("required") and (given is None or shown):
            continue
        shown = shown or not parameter.get("required")
        value = schemas.sample(schema) if given is None else given
        value = ",".join(map(str, value)) if isinstance(value, list) else value
        asked.append(f"{parameter['name']}={quote(str(value), safe=',.:-')}")
    return f"?{'&'.join(asked)}" if asked else ""
