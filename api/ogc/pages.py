"""The same documents as pages that a person reads: plain HTML, one small stylesheet, no scripts."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from api.language import Language
from api.ogc.drawing import drawn
from api.ogc.encode import Feature
from api.ogc.style import STYLE
from api.ogc.texts import TEXTS
from api.ogc.web import Visit
from cases.features import COLLECTIONS, Collection, Field, readable
from cases.sentences import SENTENCES, sentence

_SHOWN = 80


def landing(found: Mapping[str, Any], visit: Visit) -> str:
    """The landing page."""
    words, root = TEXTS[visit.language], visit.root
    places = [
        (f"{root}/collections", words["collections"]),
        (f"{root}/conformance", words["conformance"]),
        (f"{root}/api?f=html", words["api"]),
        (f"{root}/api?f=json", "OpenAPI (JSON)"),
    ]
    body = _list(f'<a href="{escape(at)}">{escape(title)}</a>' for at, title in places)
    return _page(found["title"], visit, [], f"<p>{escape(found['description'])}</p>{body}{_how(visit)}", "OGC API")


def conformance(found: Mapping[str, Any], visit: Visit) -> str:
    """What is kept of the standards."""
    body = _list(f"<code>{escape(one)}</code>" for one in found["conformsTo"])
    return _page(TEXTS[visit.language]["conformance"], visit, _way(visit)[:1], body)


def collections(found: Mapping[str, Any], visit: Visit) -> str:
    """The collections."""
    words, root = TEXTS[visit.language], visit.root
    rows = [
        (f'<a href="{root}/collections/{one["id"]}">{escape(one["title"])}</a>', escape(one["description"]),
         f'<a href="{root}/collections/{one["id"]}/items">{words["items"]}</a>')
        for one in found["collections"]
    ]  # fmt: skip
    body = _table([words["collection"], words["about"], words["items"]], rows, words["collections"])
    return _page(words["collections"], visit, _way(visit)[:1], body)


def collection(found: Mapping[str, Any], visit: Visit) -> str:
    """One collection."""
    words, at = TEXTS[visit.language], f"{visit.root}/collections/{found['id']}"
    links = [(f"{at}/{part}", words[part]) for part in ("items", "queryables", "sortables", "schema")]
    spatial = ", ".join(f"{number:.4f}" for number in found["extent"]["spatial"]["bbox"][0])
    since = found["extent"].get("temporal", {}).get("interval", [[None]])[0][0]
    facts = [(words["extent"], spatial), *([(words["since"], since)] if since else [])]
    body = (
        f"<p>{escape(found['description'])}</p>{_list(_link(*one) for one in links)}"
        f"{_facts(facts)}<h2>{words['crs']}</h2>{_list(f'<code>{escape(one)}</code>' for one in found['crs'])}"
    )
    return _page(found["title"], visit, _way(visit), body)


def schema(found: Mapping[str, Any], one: Collection, visit: Visit) -> str:
    """Queryables, sortables or a schema."""
    words = TEXTS[visit.language]
    rows = [
        (f"<code>{escape(name)}</code>", escape(told.get("title", "")),
         escape(told.get("format") or told.get("type", "")), escape(", ".join(told.get("enum", []))))
        for name, told in found["properties"].items()
    ]  # fmt: skip
    body = _table([words["name"], words["title"], words["type"], words["values"]], rows, found["title"])
    part = str(found["$id"]).rpartition("/")[2]
    return _page(words[part], visit, _way(visit, one), body)


def service(found: Mapping[str, Any], visit: Visit) -> str:
    """The description of the doors."""
    words, parts = TEXTS[visit.language], []
    for path, operations in found["paths"].items():
        told = operations["get"]
        rows = [
            (f"<code>{escape(one['name'])}</code>", escape(one.get("description", "")))
            for one in told["parameters"]
            if "name" in one
        ]
        table = _table([words["name"], words["about"]], rows, f"{words['parameters']}: {path}") if rows else ""
        parts.append(f"<h2><code>GET {escape(path)}</code></h2><p>{escape(told['summary'])}</p>{table}")
    body = f"<p>{escape(found['info']['description'])}</p>{_how(visit)}{''.join(parts)}"
    return _page(words["api"], visit, _way(visit)[:1], body)


def items(one: Collection, made: Sequence[Feature], extra: Mapping[str, Any], visit: Visit) -> str:
    """A page of features: a map, a table, and the way on."""
    words, at, language = TEXTS[visit.language], f"{visit.root}/collections/{one}/items", visit.language
    fields = readable(one, visit.seen)
    rows = [
        (_link(f"{at}/{feature.id}", feature.id), *(value for _, value in _told(feature, fields, language)))
        for feature in made
    ]
    title = COLLECTIONS[one].title(language)
    label = words["map_of"].format(title=title, number=len(made))
    heads = ["id", *(field.title(language) for field in fields)]
    table = _table(heads, rows, _number(extra, language)) if rows else f"<p>{words['none']}</p>"
    on = "".join(
        f'<p><a class="next" rel="next" href="{escape(one["href"])}">{words["next"]}</a></p>'
        for one in extra["links"]
        if one["rel"] == "next"
    )
    picture = drawn(made, visit.house.parts.areas.index(), label)
    body = f"{picture}{table}{on}{_other_form(extra['links'], words)}"
    return _page(title, visit, _way(visit, one), body, words["items"])


def item(one: Collection, made: Feature, visit: Visit) -> str:
    """One feature."""
    words = TEXTS[visit.language]
    picture = drawn([made], visit.house.parts.areas.index(), words["map_of"].format(title=made.id, number=1))
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{value}</td></tr>'
        for name, value in _told(made, readable(one, visit.seen), visit.language)
    )
    body = f"{picture}<table><tbody>{rows}</tbody></table>"
    at = f"{visit.root}/collections/{one}/items"
    return _page(made.id, visit, [*_way(visit, one), (at, words["items"])], body)


def _told(feature: Feature, fields: Sequence[Field], language: Language) -> list[tuple[str, str]]:
    """What each property is called, and its value as HTML."""
    values = feature.properties
    return [(one.title(language), _value(one.name, getattr(values, one.name), language)) for one in fields]


def _number(extra: Mapping[str, Any], language: Language) -> str:
    """How many are shown, of how many."""
    words, matched = TEXTS[language], extra.get("numberMatched")
    if matched is None:
        return words["shown"].format(number=extra["numberReturned"])
    about = words["about_so_many"] if extra["numberMatchedIsEstimate"] else "{number}"
    return words["shown_of"].format(number=extra["numberReturned"], all=about.format(number=f"{matched:,}"))


def _value(name: str, value: Any, language: Language) -> str:
    """A property for people: a word of the house by its sentence, a time without its T, a picture as a link."""
    if value is None or isinstance(value, bool):
        return "" if value is None else TEXTS[language]["yes" if value else "no"]
    text = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    if name in ("thumbnail", "image"):
        return _link(text, TEXTS[language]["picture"])
    if name == "status" and f"status.{text}" in SENTENCES:
        return escape(sentence(f"status.{text}", language))
    if len(text) > 18 and text[10:11] == "T" and text.endswith("Z"):
        return f'<time datetime="{escape(text)}">{escape(text[:10])} {escape(text[11:16])} UTC</time>'
    return escape(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _page(title: str, visit: Visit, way: Sequence[tuple[str, str]], body: str, last: str = "") -> str:
    words = TEXTS[visit.language]
    crumbs = "".join(f"<li>{_link(*step)}</li>" for step in way)
    nav = (
        f'<nav aria-label="{words["way"]}"><ol>{crumbs}<li aria-current="page">{escape(last or title)}</li></ol></nav>'
    )
    return (
        f'<!doctype html><html lang="{visit.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)} - Pantau</title>'
        '<link rel="icon" href="data:,">'
        f'<style>{STYLE}</style></head><body><a class="skip" href="#main">{words["skip"]}</a>'
        f'<header><a class="name" href="/">Pantau</a>{nav}</header>'
        f'<main id="main"><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def _way(visit: Visit, one: Collection | None = None) -> list[tuple[str, str]]:
    """From the landing page down to the collections, or to one."""
    found = [(visit.root, "OGC API"), (f"{visit.root}/collections", TEXTS[visit.language]["collections"])]
    if one is not None:
        found.append((f"{visit.root}/collections/{one}", COLLECTIONS[one].title(visit.language)))
    return found


def _how(visit: Visit) -> str:
    words = TEXTS[visit.language]
    return f"<h2>{words['how']}</h2><p>{words['how_qgis']}</p><pre>OAPIF:{escape(visit.root)}</pre>"


def _other_form(links: Sequence[Mapping[str, str]], words: Mapping[str, str]) -> str:
    return "".join(f"<p>{_link(one['href'], words['as_geojson'])}</p>" for one in links if one["rel"] == "alternate")


def _link(at: str, title: str) -> str:
    return f'<a href="{escape(at)}">{escape(title)}</a>'


def _list(parts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{one}</li>' for one in parts)}</ul>"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts)}</dl>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table of cells that are HTML already, scrolled by keyboard where it is broad."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return (
        f'<div class="broad" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
