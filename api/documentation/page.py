"""The page: one operation under the other, without a script, so that it is read on any phone and by any reader."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from api.documentation.examples import example
from api.documentation.schemas import Schemas
from api.documentation.texts import said
from api.language import Language
from api.ogc.style import STYLE
from api.retired import SHORTEST

_STYLE = (
    STYLE
    + """
main{max-width:62rem}
details{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0}
summary{padding:.6rem .75rem;cursor:pointer;overflow-wrap:anywhere}
summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
summary b{font-family:ui-monospace,monospace;font-size:.85em;margin-right:.5rem}
summary code{font-weight:600}
details>div{padding:0 .75rem .75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1rem 0 .25rem}
.gone{color:var(--mark);font-weight:600}
.tags{columns:12rem;padding-left:1.25rem}
tbody th code{overflow-wrap:normal}
"""
)
_CODE = re.compile(r"`([^`]+)`")
_METHODS = ("get", "post", "put", "patch", "delete")


def page(document: dict[str, Any], language: Language) -> bytes:
    """The whole page in this language."""
    other = "en" if language == "id" else "id"
    groups = _groups(document)
    schemas = Schemas(document)
    body = "".join(
        f'<h2 id="about-{escape(tag)}">{escape(tag)}</h2>'
        + "".join(_operation(*one, schemas, language) for one in operations)
        for tag, operations in groups.items()
    )
    listed = "".join(f'<li><a href="#about-{escape(tag)}">{escape(tag)}</a></li>' for tag in groups)
    rules = "".join(
        f"<li>{_words(said(f'rule.{name}', language))}</li>" for name in ("token", "places", "problems", "etag")
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{said('title', language)}</title>"
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body>'
        f'<a class="skip" href="#content">{said("skip", language)}</a>'
        f'<header><a class="name" href="/">Pantau</a><nav aria-label="{said("title", language)}">'
        f'<a href="?lang={other}" hreflang="{other}" lang="{other}">{said("other", language)}</a> '
        f'<a href="/api/openapi.json">OpenAPI</a></nav></header><main id="content">'
        f"<h1>{said('title', language)} {escape(document['info']['version'])}</h1>"
        f"<p>{_words(said('lead', language))}</p><h2>{said('rules', language)}</h2><ul>{rules}</ul>"
        f'<h2 id="deprecation">{said("deprecation", language)}</h2>'
        f"<p>{_words(said('deprecation.text', language).format(days=SHORTEST.days))}</p>"
        f'<h2>{said("doors", language)}</h2><ul class="tags">{listed}</ul>'
        f'<div lang="en">{body}</div></main></body></html>'
    ).encode()


def _groups(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Operations as path, method and description, under the word that their doors are filed under."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                found.setdefault(operations[method]["tags"][0], []).append((path, method, operations[method]))
    return found


def _operation(path: str, method: str, operation: dict[str, Any], schemas: Schemas, language: Language) -> str:
    shown = escape(example(path, method, operation, schemas))
    gone = f' <span class="gone">{said("deprecated", language)}</span>' if operation.get("deprecated") else ""
    right = operation.get("x-right", "")
    needed = said("public", language) if right == "public" else f"<code>{escape(right)}</code>"
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><b>{method.upper()}</b><code>{escape(path)}</code> '
        f"{escape(operation.get('summary', ''))}{gone}</summary><div>"
        f"<p>{_words(operation.get('description', ''))}</p><p>{said('right', language)}: {needed}</p>"
        f"{_parameters(operation, schemas, language)}{_body(operation, schemas, language)}"
        f"{_answers(operation, schemas, language)}"
        f"<h3>{said('example', language)}</h3><pre>{shown}</pre></div></details>"
    )


def _parameters(operation: dict[str, Any], schemas: Schemas, language: Language) -> str:
    rows = (
        (one["name"], schemas.kind(one.get("schema", {})), one.get("description", ""), one.get("required", False))
        for one in operation.get("parameters", [])
        if one["in"] in ("path", "query")
    )
    return _fields("parameters", rows, language)


def _body(operation: dict[str, Any], schemas: Schemas, language: Language) -> str:
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    for media_type, one in content.items():
        rows = [
            (name, schemas.kind(field), schemas.plain(field).get("description", ""), required)
            for name, field, required in schemas.fields(one.get("schema", {}))
        ]
        return f"{_fields('body', rows, language)}" or f"<h3>{said('body', language)}</h3><p>{escape(media_type)}</p>"
    return ""


def _fields(title: str, rows: Iterable[tuple[str, str, str, bool]], language: Language) -> str:
    must = f" ({said('required', language)})"
    cells = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code>{must if required else ""}</th>'
        f"<td>{escape(kind)}</td><td>{_words(meaning)}</td></tr>"
        for name, kind, meaning, required in rows
    )
    if not cells:
        return ""
    heads = "".join(f'<th scope="col">{said(name, language)}</th>' for name in ("name", "kind", "meaning"))
    called = said(title, language)
    return (
        f'<h3>{called}</h3><div class="broad" tabindex="0" role="group" aria-label="{called}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table></div>"
    )


def _answers(operation: dict[str, Any], schemas: Schemas, language: Language) -> str:
    items = "".join(f"<li><code>{status}</code> {text}</li>" for status, text in _told(operation, schemas))
    return f"<h3>{said('answers', language)}</h3><ul>{items}</ul>"


def _told(operation: dict[str, Any], schemas: Schemas) -> Iterator[tuple[str, str]]:
    """Each answer that is not a problem with what it holds; the problems together, by their statuses."""
    problems = []
    for status, response in sorted(operation["responses"].items()):
        if status >= "400":
            problems.append(status)
            continue
        content = response.get("content", {})
        fields = [name for one in content.values() for name, _, _ in schemas.fields(one.get("schema", {}))]
        told = _words(response.get("description", "")) + (f" ({escape(', '.join(content))})" if content else "")
        if fields:
            told += ": " + ", ".join(f"<code>{escape(name)}</code>" for name in fields)
        yield status, told
    if problems:
        yield ", ".join(problems), "application/problem+json"


def _words(text: str) -> str:
    """Text as HTML, its `code` marked as such."""
    return _CODE.sub(r"<code>\1</code>", escape(text)).replace("\n\n", "<br><br>")
