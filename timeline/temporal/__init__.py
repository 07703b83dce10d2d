"""When: dates of the world as EDTF, what they mean in seconds, and how they relate.

Pure: standard library only; no settings, no clock, no database. The dates are those of the
Extended Date/Time Format, levels 0 to 2 (Library of Congress, 4 February 2019; ISO 8601-2:2019).

>>> case = parse("2017/2019-11")
>>> case.label, case.precision.value, case.level
('2017 to November 2019', 'year', 0)
>>> format_instant(case.start_min), format_instant(case.end_max)
('2017-01-01T00:00:00Z', '2019-11-30T23:59:59Z')
>>> certainly(Relation.OVERLAPPING, case, parse("2018"))
True
"""

from timeline.temporal.allen import Allen, allen_certain, allen_possible
from timeline.temporal.bounds import (
    BOUNDS_VERSION,
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Bounds,
    format_instant,
)
from timeline.temporal.buckets import (
    Bucket,
    Dated,
    Extent,
    Histogram,
    Interval,
    TooManyBuckets,
    Year,
    bucket_of,
    histogram,
    readable,
)
from timeline.temporal.errors import EdtfError
from timeline.temporal.precision import Precision
from timeline.temporal.relations import (
    DECIDED_BY,
    RULES,
    Condition,
    Decision,
    Match,
    Relation,
    certainly,
    possibly,
)
from timeline.temporal.shape import EndState
from timeline.temporal.value import Edtf, parse
from timeline.temporal.words import parse_words

__all__ = [
    "BOUNDS_VERSION",
    "DECIDED_BY",
    "NEGATIVE_INFINITY",
    "POSITIVE_INFINITY",
    "RULES",
    "Allen",
    "Bounds",
    "Bucket",
    "Condition",
    "Dated",
    "Decision",
    "Edtf",
    "EdtfError",
    "EndState",
    "Extent",
    "Histogram",
    "Interval",
    "Match",
    "Precision",
    "Relation",
    "TooManyBuckets",
    "Year",
    "allen_certain",
    "allen_possible",
    "bucket_of",
    "certainly",
    "format_instant",
    "histogram",
    "parse",
    "parse_words",
    "possibly",
    "readable",
]
