"""The document as chapters to read: each noun, its operations, and their fields in words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """A field or a parameter."""

    name: str
    kind: str
    says: str
    is_needed: bool


@dataclass(frozen=True)
class Operation:
    anchor: str
    method: str
    address: str
    says: str
    filters: list[Line]
    body: list[Line]
    answer: str


@dataclass
class Chapter:
    noun: str
    says: str = ""
    operations: list[Operation] = field(default_factory=list)
    shown: list[Line] = field(default_factory=list)


def chapters(document: Mapping[str, Any]) -> list[Chapter]:
    """In the order of the alphabet, reading first."""
    found: dict[str, Chapter] = {}
    schemas = document["components"]["schemas"]
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            [noun] = operation["tags"]
            chapter = found.setdefault(noun, Chapter(noun))
            chapter.operations.append(_operation(method, address, operation, schemas))
            if method == "get" and "{" in address:
                chapter.says = operation.get("description", "")
                chapter.shown = list(_fields(_answered(operation), schemas))
    return [found[noun] for noun in sorted(found)]


def _operation(method: str, address: str, given: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    filters = [
        Line(one["name"], _kind(one["schema"]), one.get("description", ""), one.get("required", False))
        for one in given.get("parameters", [])
        if one["in"] == "query"
    ]
    asked = given.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    says = given.get("description", "") if method != "get" else ""
    return Operation(
        given["operationId"],
        method.upper(),
        address,
        says,
        filters,
        list(_fields(asked, schemas)),
        next(status for status in given["responses"] if status.startswith("2")),
    )


def _answered(given: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = given["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], before: str = "") -> Iterator[Line]:
    """Each field of a body; those of rows within it as "rows[].value"."""
    whole = _whole(schema, schemas)
    for name, one in whole.get("properties", {}).items():
        inner = _whole(one.get("items", one), schemas)
        needed = name in whole.get("required", []) and not one.get("readOnly")
        yield Line(f"{before}{name}", _kind(one, inner), one.get("description", ""), needed)
        if "properties" in inner:
            yield from _fields(inner, schemas, f"{before}{name}{'[]' if 'items' in one else ''}.")


def _whole(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    for part in schema.get("allOf", []):
        schema = {**part, **schema}
    reference = schema.get("$ref")
    return schemas[reference.rsplit("/", 1)[1]] if reference else schema


def _kind(schema: Mapping[str, Any], inner: Mapping[str, Any] | None = None) -> str:
    """In words, such as "text, at most 200", "date or null", "one of all, important"."""
    if "items" in schema:
        return f"list of {_kind(inner or schema['items'])}"
    if choices := schema.get("enum"):
        return "one of " + ", ".join(str(one) or "“”" for one in choices)
    if options := schema.get("oneOf"):
        return _kind(options[0])
    types = schema.get("type", "object")
    types = types if isinstance(types, list) else [types]
    words = " or ".join(_word(one, schema) for one in types)
    return words + (f", at most {schema['maxLength']}" if schema.get("maxLength") else "")


def _word(kind: str, schema: Mapping[str, Any]) -> str:
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}
    return {"date-time": "time", "date": "day", "email": "e-mail address", "uri": "link"}.get(
        schema.get("format", "") if kind == "string" else "", plain.get(kind, kind)
    )
