"""Figures as a page gives them: in the words they were stated in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from timeline.models import Figure
from timeline.web.dates import When, when
from timeline.web.names import Name, name_of, place_name
from timeline.web.passages import Passage, passages


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that somebody gave."""

    uuid: str
    quantity: str
    measure: str
    population: str
    place: str
    when: When | None
    speaker: Name | None
    passages: list[Passage]


def amount(figure: Figure) -> Amount:
    """For a figure that is known to be visible, its speaker with it."""
    stated = figure.text or " ".join(part for part in (_range(figure), figure.unit) if part)
    return Amount(
        uuid=str(figure.uuid),
        quantity=stated,
        measure=figure.measure,
        population=figure.population,
        place=place_name(figure.place),
        when=when(figure),
        speaker=name_of(figure.speaker) if figure.speaker else None,
        passages=passages(figure.citations.all()),
    )


def _range(figure: Figure) -> str:
    low, high = figure.low, figure.high
    if low is not None and high is not None:
        return _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    if low is not None:
        return f"at least {_number(low)}"
    return f"at most {_number(high)}" if high is not None else ""


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
