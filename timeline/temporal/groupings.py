"""The groupings of months that stand where a month does: EDTF codes 21 to 41.

A grouping begins in the year it is written with. So winter is December to February of the next
year (24, 28), the southern summer likewise (30), and the southern seasons are the northern ones
half a year apart: spring September to November (29), summer December to February (30), autumn
March to May (31), winter June to August (32), all named by the year in which they begin.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from timeline.temporal.precision import Precision


class Grouping(NamedTuple):
    """Some months in a row, counted from January of the year = 1."""

    name: str
    first_month: int
    months: int
    precision: Precision
    where: str = ""


_NORTH, _SOUTH = "northern hemisphere", "southern hemisphere"

GROUPINGS: Final = {
    21: Grouping("spring", 3, 3, Precision.SEASON),
    22: Grouping("summer", 6, 3, Precision.SEASON),
    23: Grouping("autumn", 9, 3, Precision.SEASON),
    24: Grouping("winter", 12, 3, Precision.SEASON),
    25: Grouping("spring", 3, 3, Precision.SEASON, _NORTH),
    26: Grouping("summer", 6, 3, Precision.SEASON, _NORTH),
    27: Grouping("autumn", 9, 3, Precision.SEASON, _NORTH),
    28: Grouping("winter", 12, 3, Precision.SEASON, _NORTH),
    29: Grouping("spring", 9, 3, Precision.SEASON, _SOUTH),
    30: Grouping("summer", 12, 3, Precision.SEASON, _SOUTH),
    31: Grouping("autumn", 3, 3, Precision.SEASON, _SOUTH),
    32: Grouping("winter", 6, 3, Precision.SEASON, _SOUTH),
    33: Grouping("first quarter", 1, 3, Precision.QUARTER),
    34: Grouping("second quarter", 4, 3, Precision.QUARTER),
    35: Grouping("third quarter", 7, 3, Precision.QUARTER),
    36: Grouping("fourth quarter", 10, 3, Precision.QUARTER),
    37: Grouping("first third", 1, 4, Precision.QUADRIMESTER),
    38: Grouping("second third", 5, 4, Precision.QUADRIMESTER),
    39: Grouping("last third", 9, 4, Precision.QUADRIMESTER),
    40: Grouping("first half", 1, 6, Precision.HALF),
    41: Grouping("second half", 7, 6, Precision.HALF),
}
