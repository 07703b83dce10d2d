"""The members of one object of a row, taken apart; what is wrong with them is noted, not raised."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from timeline.errors import Flaw
from timeline.services.limits import MAX_LINKS

MAX_URL = 2000
PAGE_OF_SOURCE = re.compile(
    r"https?://\S+/sources/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII
)

check_url = URLValidator(schemes=["http", "https"])


def composed(text: str) -> str:
    """The text as it is kept: composed, since that may change its length, and without its edges."""
    return unicodedata.normalize("NFC", text).strip()


@dataclass(slots=True)
class Members:
    """Takes the members of one JSON object apart, and keeps what is wrong with them."""

    data: dict[str, Any]
    path: tuple[str | int, ...]
    flaws: list[Flaw]
    seen: set[str] = field(default_factory=set)

    def refuse(self, name: str, code: str, detail: str) -> None:
        self.flaws.append(Flaw((*self.path, name), code, detail))

    def take(self, name: str) -> Any:
        self.seen.add(name)
        return self.data.get(name)

    def text(self, name: str, limit: int, *, needed: bool = False) -> str:
        value = self.take(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.refuse(name, "not-a-text", f"“{name}” is a text.")
            return ""
        text = composed(value)
        if needed and not text:
            self.refuse(name, "required", f"“{name}” is needed.")
        if len(text) > limit:
            self.refuse(name, "too-long", f"“{name}” has at most {limit} characters.")
            return ""
        return text

    def choice(self, name: str, choices: list[str], default: str) -> str:
        value = self.text(name, 40)
        if value and value not in choices:
            self.refuse(name, "invalid-choice", f"“{name}” is one of {', '.join(choices)}.")
            return default
        return value or default

    def number(self, name: str, low: float, high: float) -> float | None:
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(name, "not-a-number", f"“{name}” is a number.")
            return None
        if not low <= value <= high:
            self.refuse(name, "out-of-range", f"“{name}” lies between {low} and {high}.")
            return None
        return value

    def url(self, name: str) -> str | None:
        # A space is what people leave in an address that has none.
        value = self.text(name, MAX_URL).replace(" ", "%20")
        if not value:
            return None
        try:
            # A page of this service, as its exports have it, may be at a host without a domain.
            if not PAGE_OF_SOURCE.fullmatch(value):
                check_url(value)
        except ValidationError:
            self.refuse(name, "not-a-url", f"“{name}” is an address such as https://…")
        if len(value.encode()) > MAX_URL:
            self.refuse(name, "too-long", f"“{name}” has at most {MAX_URL} bytes.")
        return value

    def within(self, data: dict[str, Any], *path: str | int) -> Members:
        """Those of an object in this one."""
        return Members(data, (*self.path, *path), self.flaws)

    def objects(self, name: str) -> list[dict[str, Any]]:
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(name, "not-a-list", f"“{name}” is a list of objects.")
            return []
        if len(value) > MAX_LINKS:
            self.refuse(name, "too-many", f"“{name}” has at most {MAX_LINKS} members.")
            return []
        return value

    def unread(self) -> list[str]:
        return [name for name in self.data if name not in self.seen]
