"""The words the grammar knows."""

from __future__ import annotations

from typing import Final

from timeline.temporal.wording import MONTH_NAMES, WEEKDAY_NAMES

ABOUT: Final = frozenset(
    {"c", "ca", "circa", "about", "around", "approximately", "approx", "roughly", "~", "≈"}
)
ON_OR_ABOUT: Final = ("on or about", "on or around", "in or about", "in or around")
POSSIBLY: Final = frozenset({"probably", "possibly", "perhaps", "maybe", "presumably", "likely"})

MONTHS: Final = {
    name.lower()[:length]: number
    for number, name in enumerate(MONTH_NAMES)
    for length in {3, len(name)}
    if number
} | {"sept": 9}

WEEKDAYS: Final = {
    name.lower()[:length]: number
    for number, name in enumerate(WEEKDAY_NAMES)
    for length in {3, len(name)}
} | {"tues": 1, "thur": 3, "thurs": 3}

# The EDTF code of each season: anywhere, in the north, in the south.
SEASONS: Final = {
    "spring": (21, 25, 29),
    "summer": (22, 26, 30),
    "autumn": (23, 27, 31),
    "fall": (23, 27, 31),
    "winter": (24, 28, 32),
}

ERAS: Final = {"bc": "bc", "bce": "bc", "ad": "ad", "ce": "ad"}

ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
            "twenty-first",
        ],
        start=1,
    )
}

# A part of a year, decade, century or month: its place and how many such parts there are.
THIRDS: Final = {"early": 0, "mid": 1, "middle": 1, "late": 2}
PARTS: Final = {"half": 2, "third": 3, "quadrimester": 3, "quarter": 4}
LETTERED: Final = {"q": 4, "h": 2}

TO: Final = ("to", "until", "till", "through", "up to", "-")
UNTIL: Final = ("until", "till", "up to", "until the end of", "till the end of", "up to the end of")
PRESENT: Final = ("present", "now", "today", "date", "ongoing")
BEFORE: Final = ("before", "prior to", "earlier than")
AFTER: Final = ("after", "later than")
NOT_AFTER: Final = (
    "before or in",
    "before or on",
    "in or before",
    "on or before",
    "by",
    "by the end of",
    "no later than",
    "not later than",
    "not after",
)
NOT_BEFORE: Final = (
    "in or after",
    "on or after",
    "after or in",
    "after or on",
    "no earlier than",
    "not earlier than",
    "not before",
)
OR_LATER: Final = ("or later", "or after")
OR_EARLIER: Final = ("or earlier", "or before")
ONWARDS: Final = ("onwards", "onward", "on")
WITHIN: Final = (
    "sometime in",
    "some time in",
    "sometime during",
    "some time during",
    "in",
    "on",
    "during",
    "within",
)
