"""What a change of the OpenAPI document breaks for clients that were made from an earlier one.

Of what clients send, less may be demanded and more be taken; of what they are told, nothing may go
away or become something else. What is only added breaks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
Document = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
# Each with whether a greater number takes less.
LIMITS = {
    "minimum": True,
    "exclusiveMinimum": True,
    "minLength": True,
    "minItems": True,
    "minProperties": True,
    "maximum": False,
    "exclusiveMaximum": False,
    "maxLength": False,
    "maxItems": False,
    "maxProperties": False,
}


def breaking(old: Document, new: Document) -> list[str]:
    """Everything that would break a client of ``old``, in words."""
    return sorted(set(_Comparison(old, new).operations()))


def may_break(old: Document, new: Document) -> bool:
    """Whether the versions allow it: a new major version, or before the first a new minor one."""
    before, after = (
        tuple(int(part) for part in document["info"]["version"].split(".")[:2])
        for document in (old, new)
    )
    return after[0] > before[0] or (before[0] == after[0] == 0 and after[1] > before[1])


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        # Schemas point to each other in circles.
        self.compared: set[tuple[str, str, str]] = set()

    def operations(self) -> Iterator[str]:
        for path, by_method in self.old["paths"].items():
            for method in METHODS:
                if method not in by_method:
                    continue
                name = f"{method.upper()} {path}"
                new = self.new["paths"].get(path, {}).get(method)
                if new is None:
                    yield f"{name} is gone"
                else:
                    yield from self.operation(name, by_method[method], new)

    def operation(self, name: str, old: Schema, new: Schema) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{name} was called {old.get('operationId')}, and now {new.get('operationId')}"
        if {} in old.get("security", ()) and {} not in new.get("security", ()):
            yield f"{name} needs a login"
        yield from self.parameters(name, old, new)
        yield from self.bodies(name, old.get("requestBody"), new.get("requestBody"))
        for code, answer in old["responses"].items():
            if not code.startswith("2"):
                continue
            if code not in new["responses"]:
                yield f"{name} no longer answers {code}"
                continue
            told = new["responses"][code].get("content", {})
            for media, content in answer.get("content", {}).items():
                if media not in told:
                    yield f"{name} no longer answers in {media}"
                    continue
                schemas = content.get("schema", {}), told[media].get("schema", {})
                yield from self.told(f"{name} {code}", *schemas)

    def parameters(self, name: str, old: Schema, new: Schema) -> Iterator[str]:
        known = {(p["name"], p["in"]): p for p in old.get("parameters", ())}
        now = {(p["name"], p["in"]): p for p in new.get("parameters", ())}
        for key, parameter in known.items():
            where = f"{name} {key[0]} ({key[1]})"
            if key not in now:
                yield f"{where} is gone"
            else:
                if now[key].get("required") and not parameter.get("required"):
                    yield f"{where} is required"
                yield from self.sent(where, parameter.get("schema", {}), now[key].get("schema", {}))
        for key in now.keys() - known.keys():
            if now[key].get("required"):
                yield f"{name} {key[0]} ({key[1]}) is new and required"

    def bodies(self, name: str, old: Schema | None, new: Schema | None) -> Iterator[str]:
        if new is None:
            if old is not None:
                yield f"{name} takes no body"
            return
        if new.get("required") and not (old or {}).get("required"):
            yield f"{name} needs a body"
        for media, content in (old or {}).get("content", {}).items():
            if media not in new["content"]:
                yield f"{name} no longer takes {media}"
                continue
            schemas = content.get("schema", {}), new["content"][media].get("schema", {})
            yield from self.sent(f"{name} body", *schemas)

    def sent(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        """Of what clients send: whatever was taken has to be taken still."""
        yield from self.schemas("sent", where, old, new)

    def told(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        """Of what clients are told: whatever comes has to be what they know."""
        yield from self.schemas("told", where, old, new)

    def schemas(self, way: str, where: str, old: Schema, new: Schema) -> Iterator[str]:
        names = old.get("$ref", ""), new.get("$ref", "")
        if all(names):
            if (way, *names) in self.compared:
                return
            self.compared.add((way, *names))
            where = f"{names[0].rpartition('/')[2]} ({way})"
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        wide, narrow = (new, old) if way == "sent" else (old, new)
        missing = _types(narrow) - _types(wide)
        if _types(wide) and (missing or not _types(narrow)):
            yield f"{where} was {_in_words(old)}, and now {_in_words(new)}"
            return
        yield from self.values(way, where, old, new)
        yield from self.members(way, where, old, new)
        if "items" in old and "items" in new:
            yield from self.schemas(way, f"{where}[]", old["items"], new["items"])

    def values(self, way: str, where: str, old: Schema, new: Schema) -> Iterator[str]:
        if "enum" in new or "enum" in old:
            wide, narrow = (new, old) if way == "sent" else (old, new)
            if "enum" in wide:
                for value in narrow.get("enum", ["anything"]):
                    if value not in wide["enum"]:
                        verb = "is no longer taken" if way == "sent" else "is a new answer"
                        yield f"{where} “{value}” {verb}"
        if way != "sent":
            return
        for limit, rising in LIMITS.items():
            if limit in new:
                before, after = old.get(limit), new[limit]
                if before is None or (after > before if rising else after < before):
                    yield f"{where} has {limit} {after}, and had {before}"
        for word in ("pattern", "format"):
            if word in new and new[word] != old.get(word):
                yield f"{where} has the {word} {new[word]}, and had {old.get(word)}"
        if (
            new.get("additionalProperties") is False
            and old.get("additionalProperties") is not False
        ):
            yield f"{where} takes no other members"

    def members(self, way: str, where: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{where}.{name} is gone"
            else:
                yield from self.schemas(way, f"{where}.{name}", before[name], after[name])
        if way == "sent":
            for name in set(new.get("required", ())) - set(old.get("required", ())):
                yield f"{where}.{name} is required"
        else:
            for name in set(old.get("required", ())) - set(new.get("required", ())):
                if name in after:
                    yield f"{where}.{name} may be left out"


def _resolved(document: Document, schema: Schema) -> Schema:
    """The schema itself, where it only names or wraps another."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _resolved(document, document["components"]["schemas"][name])
    for word in ("allOf", "oneOf", "anyOf"):
        choices = [one for one in schema.get(word, ()) if one != {"type": "null"}]
        if len(choices) == 1:
            inner = _resolved(document, choices[0])
            null = ["null"] if {"type": "null"} in schema[word] else []
            types = _types(inner) | set(null)
            return {**inner, "type": sorted(types)} if types else inner
    return schema


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type", [])
    types = {kind} if isinstance(kind, str) else set(kind)
    return types | {"integer"} if "number" in types else types


def _in_words(schema: Schema) -> str:
    return " or ".join(sorted(_types(schema))) or "anything"
