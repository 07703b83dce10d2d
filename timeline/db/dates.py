"""How a date is stored: the EDTF text as written, and what is derived from it.

The bounds are computed here and nowhere else. A field's ``pre_save`` runs on ``save()`` and
``bulk_create()``; ``update()`` of a date is refused by the queryset, and a fixture brings its
numbers along, for the columns are NOT NULL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from timeline.temporal import (
    BOUNDS_VERSION,
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Edtf,
    EdtfError,
    format_instant,
    parse,
)

# After every dated record, and beyond any window's end.
UNDATED = POSITIVE_INFINITY + 1

DAY = 86_400
# The longest that the dates of each span may last, in seconds; the last but one have an end.
SPANS = (DAY, 31 * DAY, 92 * DAY, 366 * DAY, 1_098 * DAY, 3_653 * DAY, 36_525 * DAY)
LONG, ENDLESS = len(SPANS), len(SPANS) + 1
# Without a beginning: those that end within a year of what they are put in order by, and others.
BEFORE, LONG_BEFORE = -1, -2
WITHIN_BEFORE = 366 * DAY


class DateColumns(NamedTuple):
    """What is stored of one date; numbers are seconds from 1970-01-01T00:00:00Z.

    ``date_json`` has the members of :func:`described` as JSON without its braces, for the database
    to write whole answers with.
    """

    start_min: int
    start_max: int
    end_min: int
    end_max: int
    sort_key: int
    undated: bool
    date_uncertain: bool
    date_set: str
    bounds_version: int
    date_json: str


WITHOUT_DATE = DateColumns(
    start_min=UNDATED,
    start_max=UNDATED,
    end_min=UNDATED,
    end_max=UNDATED,
    sort_key=UNDATED,
    undated=True,
    date_uncertain=False,
    date_set="",
    bounds_version=BOUNDS_VERSION,
    date_json="",
)


def described(date: Edtf) -> dict[str, Any]:
    """What readers are told of a date, as far as it follows from its text."""
    written = {bound: format_instant(bound) for bound in {*date.bounds}}
    return {
        "edtf": date.text,
        "label": date.label,
        "precision": str(date.precision),
        "approximate": date.approximate,
        "uncertain": date.uncertain,
        "start": {"earliest": written[date.start_min], "latest": written[date.start_max]},
        "end": {"earliest": written[date.end_min], "latest": written[date.end_max]},
        "end_state": date.end_state,
    }


@lru_cache(maxsize=1024)
def date_columns(date: Edtf | None) -> DateColumns:
    """Derive what is stored beside the text of ``date``."""
    if date is None:
        return WITHOUT_DATE
    return DateColumns(
        *date.bounds,
        sort_key=date.sort_key,
        undated=False,
        date_uncertain=date.uncertain,
        date_set=date.set_kind or "",
        bounds_version=BOUNDS_VERSION,
        date_json=orjson.dumps(described(date))[1:-1].decode(),
    )


def read_edtf(text: str) -> Edtf:
    """Parse ``text``; a time without a zone is read in the service's default zone."""
    return parse(text, zone=settings.DEFAULT_ZONE)


class EdtfField(models.CharField):
    """An EDTF text in the database, an :class:`~timeline.temporal.Edtf` in Python.

    NULL says that the record has no date.
    """

    description = "A date in EDTF"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Edtf | None:
        if value is None or value == "" or isinstance(value, Edtf):
            return value or None
        try:
            return read_edtf(str(value))
        except EdtfError as error:
            raise ValidationError(str(error), code=error.code) from error

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Edtf | None:
        return None if value is None else read_edtf(value)

    def get_prep_value(self, value: Any) -> str | None:
        date = self.to_python(value)
        return None if date is None else date.text

    def run_validators(self, value: Any) -> None:
        # The parser has already held the text to its length.
        return None

    def value_to_string(self, obj: models.Model) -> str | None:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("max_length", None)
        return super().formfield(**kwargs)


class Derived(models.Field):
    """A column that repeats one fact of the record's ``date``, computed when it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        date = model_instance._meta.get_field("date").to_python(model_instance.date)
        model_instance.date = date
        value = getattr(date_columns(date), self.attname)
        setattr(model_instance, self.attname, value)
        return value


class DerivedInteger(Derived, models.BigIntegerField):
    """A bound, a key or the number of the policy it was derived under."""


class DerivedFlag(Derived, models.BooleanField):
    """A yes or no about the date."""


class DerivedWord(Derived, models.CharField):
    """A word about the date."""


class OfEvent(models.BigIntegerField):
    """A number of the row's event, repeated where the row is looked for by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: Any, add: bool) -> int:
        event = model_instance.event
        value: int = UNDATED if event is None else getattr(event, self.attname)
        setattr(model_instance, self.attname, value)
        return value


class Span(models.Func):
    """How long a date may last, in classes, from what it is put in order by to its last moment.

    Of one class whatever overlaps a window begins no longer before it than the class is long:
    a short stretch of an index, and in order. What it compares stands in the statement itself, for
    SQLite knows the expression of an index by its text.
    """

    output_field = models.SmallIntegerField()

    def __init__(
        self, start: Any = "start_min", key: Any = "sort_key", end: Any = "end_max"
    ) -> None:
        super().__init__(start, key, end)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        start, key, end = (compiler.compile(one)[0] for one in self.source_expressions)
        shorter = " ".join(
            f"WHEN {end} <= {key} + {most} THEN {span}" for span, most in enumerate(SPANS)
        )
        return (
            f"(CASE WHEN {start} = {NEGATIVE_INFINITY} AND {end} <= {key} + {WITHIN_BEFORE} "
            f"THEN {BEFORE} WHEN {start} = {NEGATIVE_INFINITY} THEN {LONG_BEFORE} {shorter} "
            f"WHEN {end} < {POSITIVE_INFINITY} THEN {LONG} ELSE {ENDLESS} END)"
        ), ()


class DerivedText(Derived, models.TextField):
    """What is told of the date."""
