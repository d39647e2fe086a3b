"""Reading a JSON schema for people: what kind a value is, which fields an object has, and one that would do."""

from typing import Any

Schema = dict[str, Any]

_SAMPLES = {
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "object": {},
    "uuid": "01934b2e-7c00-7000-8000-000000000001",
    "date": "2026-11-01",
    "date-time": "2026-11-01T00:00:00Z",
}
_DEEPEST = 6


class Schemas:
    """The schemas of one description."""

    def __init__(self, document: Schema) -> None:
        self._named: Schema = document.get("components", {}).get("schemas", {})

    def plain(self, schema: Schema) -> Schema:
        """The schema itself where a reference or a choice with null stands for it."""
        if "$ref" in schema:
            return self.plain(self._named.get(schema["$ref"].rsplit("/", 1)[1], {}))
        choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
        if len(choices) == 1:
            rest = {key: value for key, value in schema.items() if key != "anyOf"}
            return self.plain(choices[0]) | rest
        return schema

    def kind(self, schema: Schema) -> str:
        """In a word or a few."""
        schema = self.plain(schema)
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self.kind(one) for one in schema["anyOf"] if one.get("type") != "null"))
        if schema.get("type") == "array":
            return f"[{self.kind(schema.get('items', {}))}]"
        return str(schema.get("format") or schema.get("const") or schema.get("type") or "any")

    def fields(self, schema: Schema) -> list[tuple[str, Schema, bool]]:
        """An object's fields, and whether each is required."""
        schema = self.plain(schema)
        required = set(schema.get("required", ()))
        return [(name, field, name in required) for name, field in schema.get("properties", {}).items()]

    def sample(self, schema: Schema, depth: int = 0) -> Any:
        """A value that the schema would take: its example, or what is required of it."""
        schema = self.plain(schema)
        for given in (*schema.get("examples", ()), schema.get("default"), *schema.get("enum", ())):
            if given is not None:
                return given
        if schema.get("type") == "array":
            return [self.sample(schema.get("items", {}), depth + 1)] * bool(schema.get("minItems"))
        if "properties" in schema and depth < _DEEPEST:
            fields = self.fields(schema)
            shown = [one for one in fields if one[2]] or [one for one in fields if self.plain(one[1]).get("examples")][
                :2
            ]
            return {name: self.sample(field, depth + 1) for name, field, _ in shown}
        return _SAMPLES.get(schema.get("format") or str(schema.get("type")), "...")
