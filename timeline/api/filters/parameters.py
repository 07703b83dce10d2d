"""The kinds of query parameter: how each is read, refused and described."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, CharField, QuerySet, UUIDField
from django.utils.dateparse import parse_datetime

from timeline.api.filters.parameter import Parameter
from timeline.db.dates import read_edtf
from timeline.db.words import MAX_QUERY, MAX_TERMS, read_query
from timeline.models import Change
from timeline.querysets.dates import Edges
from timeline.services.ledger import GENESIS
from timeline.services.tags import code_of, slug_of
from timeline.temporal import EdtfError


class Window(Parameter):
    """An EDTF text, as the window of a question about time."""

    slot = BigIntegerField()
    schema = {"type": "string", "format": "edtf", "maxLength": 500}

    def read(self, text: str) -> Any:
        try:
            return read_edtf(text)
        except EdtfError as error:
            raise ValidationError(str(error), code=error.code) from error

    def shape_of(self, value: Any) -> Hashable:
        return None

    def values_of(self, name: str, value: Any) -> dict[str, Any]:
        return super().values_of(name, Edges(value.start_min, value.end_max))

    def slots_for(self, name: str, value: Any) -> Any:
        return Edges(*super().slots_for(name, Edges._fields))


class Texts(Parameter):
    """Any of several texts."""

    many = True
    longest = 300

    def __init__(self, help_text: str, **kw: Any) -> None:
        self.schema = {"type": "string", "minLength": 1, "maxLength": self.longest}
        super().__init__(help_text, **kw)

    def read(self, text: str) -> str:
        if "\0" in text or len(text) > self.longest:
            raise ValidationError("A value is too long or holds the character NUL.")
        return text


class Names(Texts):
    """Any of several texts as somebody else wrote them, with commas perhaps: "Lee, Robert E."."""

    whole = Texts.longest

    def __init__(self, help_text: str, **kw: Any) -> None:
        super().__init__(f"{help_text} A value that holds a comma is found as well.", **kw)


class Addresses(Names):
    """Any of several URLs."""

    longest = whole = 2000


class Tags(Texts):
    """Any of several tags, by their slugs or as they are written: "World War II"."""

    slot = CharField()

    def read(self, text: str) -> str:
        return slug_of(super().read(text)) or text


class Ids(Parameter):
    """Any of several public ids. One that does not exist matches nothing."""

    many = True
    slot = UUIDField()
    schema = {"type": "string", "format": "uuid"}

    def read(self, text: str) -> UUID:
        try:
            return UUID(text)
        except ValueError as error:
            raise ValidationError(
                f"“{text[:80]}” is not an id; ids look like 3f0c9f52-6d1b-4a53-9d55-0c1d6f6e1a2b."
            ) from error


class Choice(Parameter):
    """One of a few words."""

    def __init__(self, choices: Iterable[str], help_text: str, *, default: str = "", **kw: Any):
        self.choices = [str(choice) for choice in choices]
        self.schema = {"type": "string", "enum": self.choices}
        if default:
            self.schema["default"] = default
        super().__init__(help_text, **kw)

    def read(self, text: str) -> str:
        if text not in self.choices:
            raise ValidationError(
                f"“{text[:80]}” is not one of {', '.join(self.choices)}.", code="invalid-choice"
            )
        return text


class Choices(Choice):
    """Any of several words out of a few."""

    many = True


class Flag(Parameter):
    """True or false. ``asks`` names the queryset methods for either."""

    schema = {"type": "boolean"}

    def __init__(self, help_text: str, *, asks: tuple[str, str] | None = None, **kw: Any) -> None:
        self.asks = asks
        super().__init__(help_text, **kw)

    def read(self, text: str) -> bool:
        if text.lower() not in ("true", "false"):
            raise ValidationError("This is true or false.", code="invalid-choice")
        return text.lower() == "true"

    def filter(self, qs: QuerySet[Any], value: bool | None) -> QuerySet[Any]:
        if value is None or self.asks is None:
            return qs
        return getattr(qs, self.asks[0 if value else 1])()


class Instant(Parameter):
    """A moment, RFC 3339."""

    schema = {"type": "string", "format": "date-time"}

    def read(self, text: str) -> Any:
        try:
            # A plus sign that the client did not escape arrives as a space.
            instant = parse_datetime(text.replace(" ", "+"))
        except (ValueError, OverflowError):
            instant = None
        if instant is None or instant.tzinfo is None or not 1 < instant.year < 9999:
            raise ValidationError("This is an instant such as 2019-11-07T13:29:21Z.")
        # PostgreSQL refuses zones of 16 hours and more.
        return instant.astimezone(UTC)


class Place(Parameter):
    """A place in the feed of changes: the hash of an entry of the ledger."""

    schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

    def read(self, text: str) -> str:
        if text != GENESIS and not (
            re.fullmatch("[0-9a-f]{64}", text) and Change.objects.filter(hash=text).exists()
        ):
            raise ValidationError(
                "This cursor was not made here. Take it from an answer of this feed, or begin "
                "again without it.",
                code="bad-cursor",
            )
        return text

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        return qs if value in (None, GENESIS) else super().filter(qs, value)


# As Python and JavaScript write a number.
NUMBER = r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?"


class Numbers(Parameter):
    """A fixed row of numbers, separated by commas."""

    def __init__(self, ranges: tuple[tuple[float, float], ...], help_text: str, **kw: Any) -> None:
        self.ranges = ranges
        self.pattern = ", ?".join([NUMBER] * len(ranges))
        self.schema = {"type": "string", "pattern": f"^{self.pattern}$"}
        super().__init__(help_text, **kw)

    def read(self, text: str) -> list[float]:
        if not re.fullmatch(self.pattern, text):
            raise ValidationError(f"This is {len(self.ranges)} numbers: {self.extra['help_text']}")
        numbers = [float(part) for part in text.split(",")]
        for number, (low, high) in zip(numbers, self.ranges, strict=True):
            if not low <= number <= high:
                raise ValidationError(
                    f"{number} does not lie between {low} and {high}.", code="out-of-range"
                )
        return numbers

    def filter(self, qs: QuerySet[Any], value: list[float] | None) -> QuerySet[Any]:
        return qs if value is None else getattr(qs, self.ask)(*value)


class Without(Parameter):
    """Leaves out what another parameter would choose."""

    many = True

    def __init__(self, chosen: Parameter, name: str) -> None:
        self.chosen, self.schema, self.whole = chosen, chosen.schema, chosen.whole
        self.slot = chosen.slot
        super().__init__(f"Leaves out what `{name}` would choose.")

    def readings(self, text: str) -> list[Any]:
        return self.chosen.readings(text)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        if self.chosen.column:
            return qs.not_among(self.chosen.column, value)
        everything = qs.model._default_manager.visible_to(qs.viewer)
        return qs.exclude(pk__in=self.chosen.filter(everything, value).values("pk"))


class Codes(Texts):
    """Any of several terms, by their codes or as they are written: "attributed to"."""

    slot = CharField()

    def read(self, text: str) -> str:
        return super().read(text).strip().lower()

    def readings(self, text: str) -> list[str]:
        code = self.read(text)
        return list({code, code_of(code)} - {""})


class Search(Parameter):
    """Words to look for."""

    schema = {"type": "string", "maxLength": MAX_QUERY}

    def read(self, text: str) -> str:
        if len(text) > MAX_QUERY:
            raise ValidationError(f"At most {MAX_QUERY} characters.", code="too-long")
        terms = read_query(text)
        if len(terms) > MAX_TERMS:
            raise ValidationError(f"At most {MAX_TERMS} terms.", code="too-many")
        return text


SEARCH = Search(
    'Full text: words, `"phrases"`, `-without`, `begin*`; accents and case do not matter. Every '
    "term has to be found.",
    ask="matching",
    example='"New Orleans" tip',
)
