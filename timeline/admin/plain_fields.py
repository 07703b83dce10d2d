"""Lists and dictionaries, typed as lines by people who are no programmers."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget

LONGEST_TEXT = 20_000


class _Lines(forms.CharField):
    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def run_validators(self, value: Any) -> None:
        # The text was held to its length before it was read.
        return None

    def _checked(self, value: Any) -> str:
        text = super().to_python(value)
        super().run_validators(text)
        return text


class LinesField(_Lines):
    """A list of names, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in self._checked(value).splitlines() if line.strip()]


class PairsField(_Lines):
    """Names elsewhere: ``wikidata: Q92163``, one a line."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{key}: {item}" for key, item in value.items())
        return value

    def to_python(self, value: Any) -> dict[str, str]:
        pairs = {}
        for line in self._checked(value).splitlines():
            key, colon, item = (piece.strip() for piece in line.partition(":"))
            if colon and key and item:
                pairs[key] = item
            elif line.strip():
                raise forms.ValidationError(
                    "Write one a line, as “wikidata: Q92163”; “%(line)s” is not so.",
                    code="invalid",
                    params={"line": line.strip()[:60]},
                )
        return pairs


class ObjectField(_Lines):
    """An object in JSON, for those who know what they do."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False, indent=2) if value else ""
        return value

    def to_python(self, value: Any) -> dict[str, Any]:
        text = self._checked(value)
        if not text.strip():
            return {}
        try:
            data = json.loads(text)
            # Neither database keeps NUL, half a character, or what is no number.
            written = json.dumps(data, ensure_ascii=False, allow_nan=False)
            written.encode()
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                'This is not JSON. Write {"name": "value"}, or leave it empty.', code="invalid"
            ) from error
        if not isinstance(data, dict) or "\\u0000" in written:
            raise forms.ValidationError(
                'Write an object such as {"name": "value"}, without NUL.', code="invalid"
            )
        return data


FIELDS: dict[str, type[_Lines]] = {"authors": LinesField, "identifiers": PairsField}
HELP = {
    "authors": "One name a line.",
    "identifiers": "What it is called elsewhere, one a line: “wikidata: Q92163”.",
}
