"""When events are, told no more precisely than what is counted by years, decades and centuries needs."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.temporal import NEGATIVE_INFINITY, POSITIVE_INFINITY

DAY = 86_400
# Four hundred years have as many days each time; so many times make every day positive, since in
# SQL a division rounds towards zero.
CYCLE, CYCLES = 146_097, 400_000_000
# Days from the first day of the year 0 to 1970-01-01, and years.
EPOCH, SINCE = 719_528 + CYCLE * CYCLES, 400 * CYCLES
BOUNDS = ("start_min", "start_max", "end_min", "end_max")
# What all of a date may lie within, and how many years that is.
WITHIN = {"year": 1, "decade": 10, "century": 100}
# What no century holds; what has not both ends, and which of that began; what has no date.
AGES, EVER, BEGUN, UNDATED = "ages", "ever", "begun", "undated"
# Read once, however often it is named: SQLite would work it out each time.
ONCE = f"LIMIT {2**62}"


def years(events: str) -> str:
    """When each of the events is, in rows of what they tell.

    ``held`` tells the number of the year, decade or century that all of the date lies within, the
    shortest; the word says which, with a ``?`` behind it where the date is uncertain; or that there is
    no date, or that it has not both ends, or such a one has ``begun``. Of dates in several years
    the word of other rows says what holds them. ``begin`` and ``end`` tell the years that they do, with
    the seconds of the date in that year as ``part`` of the ``whole``, if it has one; a ``set``, its
    event. Of sets, and of what has not both ends, ``bound`` tells each bound.
    """
    is_plain, is_open = "date_set = ''", f"held = '{EVER}'"
    is_long = f"held NOT IN ('{UNDATED}', 'year')"
    began, ended = f"start_min > {NEGATIVE_INFINITY}", f"end_max < {POSITIVE_INFINITY}"
    is_told = f"{is_long} AND ({is_open} OR NOT {is_plain})"
    neither = f"({NEGATIVE_INFINITY}, {POSITIVE_INFINITY})"
    number = _by_length("first / {length} - {before}", "WHEN '{name}' THEN {done}")
    word = f"CASE WHEN {is_open} AND {began} THEN '{BEGUN}' ELSE held END"
    seconds = f"CASE WHEN {is_open} THEN 0 ELSE {{}} END".format
    whole = seconds("end_max + 1 - start_min")
    in_first = seconds(f"{_first_second('(first + 1)')} - start_min")
    in_last = seconds(f"end_max + 1 - {_first_second('last')}")
    rows = [
        (
            "held",
            f"held <> '{AGES}' AND ({is_plain} OR NOT {is_open})",
            f"CASE held {number} ELSE 0 END",
            f"{word} || CASE WHEN date_uncertain AND NOT {is_open} THEN '?' ELSE '' END",
            *("0", "0"),
        ),
        (
            *("begin", f"{is_plain} AND {is_long} AND {began}"),
            *(f"first - {SINCE}", "held", in_first, whole),
        ),
        (
            *("end", f"{is_plain} AND {is_long} AND {ended}"),
            *(f"last - {SINCE}", "held", in_last, whole),
        ),
        ("set", f"NOT {is_plain} AND {is_long}", "id", "held", "0", "0"),
        *(
            ("bound", f"{is_told} AND {name} NOT IN {neither}", name, "''", "0", "0")
            for name in BOUNDS
        ),
    ]
    what, told, *columns = (
        f"CASE kind {' '.join(f'WHEN {kind} THEN {sql}' for kind, sql in enumerate(column))} END"
        for column in zip(*((f"'{what}'", *row) for what, *row in rows), strict=True)
    )
    named = zip(columns, ("id", "word", "part", "whole"), strict=True)
    kinds = " UNION ALL ".join(f"SELECT {kind} AS kind" for kind in range(len(rows)))
    return (
        f"SELECT {what} AS what, {', '.join(f'{sql} AS {name}' for sql, name in named)} "
        f"FROM ({_held(events)}) AS dated JOIN ({kinds}) AS kinds ON {told}"
    )


def in_years(length: int, trust: bool, tables: Iterable[str], joined: str) -> str:
    """What ``tables`` of tallies tell for buckets of so many years.

    Each row says first what it tells of. Of a ``year``: which, how many dates the bucket holds that it
    is the first of, and how many of them certainly; how many longer ones begin in it, what of them falls
    on each second of their dates, and what on this year; and the same of those that end in it. Of a
    ``bound``: its second. Of a ``set``: all bounds of its members, and how many sets have them. Of what is
    ``undated``, or ``ever``, or such and ``begun``: how many. ``trust`` says that what is
    uncertain is certain, ``joined`` how texts are aggregated.
    """
    shorter = [name for name, years in WITHIN.items() if years <= length]
    longer = ", ".join(f"'{name}'" for name in (*WITHIN, AGES) if name not in shorter)
    number = "CAST(number AS double precision)"
    sums = f"CAST(SUM(number) AS bigint), SUM({number} / whole), SUM({number} * part / whole)"
    nought = "CAST(0 AS double precision)"
    none = f"0, {nought}, {nought}"
    apart = f"'{UNDATED}', '{EVER}', '{BEGUN}'"
    years, others, sets = [], [], []
    for table in tables:
        tally = f"FROM {table} WHERE number > 0 AND what"
        years += [
            f"SELECT (id * {WITHIN[name]} + {SINCE}) / {length} * {length} - {SINCE}, number, {certain}, "
            f"{none}, {none} {tally} = 'held' AND word = '{name}{mark}'"
            for name in shorter
            for mark, certain in (("", "number"), ("?", "number" if trust else "0"))
        ]
        # In the order of the tallies, so that SQLite need not sort them.
        of_these, of_open = f"AND word IN ({longer}) GROUP BY word, id", f"AND word = '{EVER}'"
        years += [
            f"SELECT id, 0, 0, {sums}, {none} {tally} = 'begin' {of_these}",
            f"SELECT id, 0, 0, {none}, {sums} {tally} = 'end' {of_these}",
            f"SELECT id, 0, 0, number, {nought}, {nought}, {none} {tally} = 'begin' {of_open}",
            f"SELECT id, 0, 0, {none}, number, {nought}, {nought} {tally} = 'end' {of_open}",
        ]
        others += [
            f"SELECT word, '', 0, number, 0, {none}, {none} {tally} = 'held' AND word IN ({apart})",
            f"SELECT 'bound', '', id, 0, 0, {none}, {none} FROM ({first_and_last([table])}) AS bounds",
        ]
        sets.append(f"SELECT id {tally} = 'set' AND word IN ({longer}, '{EVER}')")
    numbers, masses = ("held", "certain", "begun", "ended"), ("{}_each", "{}_share")
    columns = ["year", "held", "certain"]
    for edge in ("begun", "ended"):
        columns += [edge, *(mass.format(edge) for mass in masses)]
    named = ", ".join(f"NULL AS {name}" for name in columns)
    totals = ", ".join(
        f"CAST(SUM({name}) AS bigint)" if name in numbers else f"SUM({name})"
        for name in columns[1:]
    )
    of_years = " UNION ALL ".join((f"SELECT {named} WHERE 1 = 0", *years))
    members = f"{joined}(m.start_min || ' ' || m.end_max, ' ')"
    of_sets = (
        f"SELECT {members} AS members FROM ({' UNION ALL '.join(sets)}) AS sets "
        "JOIN timeline_eventdatemember m ON m.event_id = sets.id GROUP BY sets.id"
    )
    told = f"SELECT 'year', '', year, {totals} FROM ({of_years}) AS of_years GROUP BY year"
    alike = f"SELECT 'set', members, 0, COUNT(*), 0, {none}, {none} FROM ({of_sets}) AS of_sets"
    return " UNION ALL ".join((told, f"{alike} GROUP BY members", *others))


def first_and_last(tables: Iterable[str]) -> str:
    """The first and the last of the bounds that ``tables`` of tallies tell, each by itself."""
    # By the word too, lest they all be read.
    found = (
        f"SELECT id FROM (SELECT {one}(id) AS id FROM {table} WHERE number > 0 AND what = 'bound' "
        "AND word = '') AS edge WHERE id IS NOT NULL"
        for table in tables
        for one in ("MIN", "MAX")
    )
    return " UNION ALL ".join(found)


def _held(events: str) -> str:
    """The dates of these events, the years that they begin and end in, and what holds them."""
    ends = {"start_min": "first", "end_max": "last"}
    days = ", ".join(
        f"(e.{name} - ((e.{name} % {DAY}) + {DAY}) % {DAY}) / {DAY} + {EPOCH} AS {name}_day"
        for name in ends
    )
    # Not off by more than one.
    about = ", ".join(f"{name}_day * 400 / {CYCLE} AS {name}_about" for name in ends)
    exact = ", ".join(
        f"{name}_about + CASE WHEN {name}_day >= {_first_day(f'({name}_about + 1)')} THEN 1 "
        f"WHEN {name}_day < {_first_day(f'{name}_about')} THEN -1 ELSE 0 END AS {year}"
        for name, year in ends.items()
    )
    held = _by_length("first / {length} = last / {length}", "WHEN {done} THEN '{name}'")
    return (
        f"SELECT *, CASE WHEN undated THEN '{UNDATED}' WHEN start_min = {NEGATIVE_INFINITY} OR end_max = "
        f"{POSITIVE_INFINITY} THEN '{EVER}' {held} ELSE '{AGES}' END AS held FROM "
        f"(SELECT *, {exact} FROM (SELECT *, {about} FROM (SELECT e.id, e.undated, e.date_set, "
        f"e.date_uncertain, {', '.join(f'e.{name}' for name in BOUNDS)}, {days} {events}"
        f") AS of_days) AS of_about {ONCE}) AS of_years {ONCE}"
    )


def _by_length(sql: str, template: str) -> str:
    return " ".join(
        template.format(name=name, done=sql.format(length=length, before=SINCE // length))
        for name, length in WITHIN.items()
    )


def _first_day(year: str) -> str:
    return f"(365 * {year} + ({year} + 3) / 4 - ({year} + 99) / 100 + ({year} + 399) / 400)"


def _first_second(year: str) -> str:
    return f"(({_first_day(year)} - {EPOCH}) * {DAY})"
