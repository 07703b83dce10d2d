"""The five relations against an oracle that tries every start and end a date may have."""

from itertools import combinations, product

import pytest

from timeline.temporal import (
    DECIDED_BY,
    NEGATIVE_INFINITY,
    POSITIVE_INFINITY,
    Decision,
    Relation,
    certainly,
    parse,
    possibly,
)

DAYS = range(1, 5)
FIRST = {day: parse(f"2019-11-{day:02d}").start_min for day in DAYS}
LAST = {day: parse(f"2019-11-{day:02d}").end_max for day in DAYS}
MOMENTS = [NEGATIVE_INFINITY, *sorted([*FIRST.values(), *LAST.values()]), POSITIVE_INFINITY]


def text(day: int) -> str:
    return f"2019-11-{day:02d}"


def worlds(starts: tuple[int, int], ends: tuple[int, int]) -> list[tuple[int, int]]:
    """Every start and end within these ranges, one not after the other."""
    return [
        (start, end)
        for start in MOMENTS
        for end in MOMENTS
        if starts[0] <= start <= starts[1] and ends[0] <= end <= ends[1] and start <= end
    ]


def on(day: int) -> list[tuple[int, int]]:
    return worlds((FIRST[day], LAST[day]), (FIRST[day], LAST[day]))


def anywhere(first: int, last: int) -> list[tuple[int, int]]:
    return worlds((first, last), (first, last))


def single_dates():
    """Text and worlds of everything that is not a set, as DOMAIN's table has it."""
    never, always = NEGATIVE_INFINITY, POSITIVE_INFINITY
    for day in DAYS:
        own = (FIRST[day], LAST[day])
        yield text(day), on(day)
        yield f"{text(day)}T00:00:00", worlds((own[0],) * 2, (own[0],) * 2)
        yield f"{text(day)}/..", worlds(own, (always, always))
        yield f"{text(day)}/", worlds(own, (own[0], always))
        yield f"../{text(day)}", worlds((never, never), own)
        yield f"/{text(day)}", worlds((never, own[1]), own)
        for later in range(day, 5):
            ends = (FIRST[later], LAST[later])
            yield f"{text(day)}/{text(later)}", worlds(own, ends)


SINGLE = list(single_dates())
WINDOWS = [
    *(f"{text(a)}/{text(b)}" for a in DAYS for b in DAYS if a <= b),
    *(f"{text(a)}/.." for a in DAYS),
    *(f"../{text(a)}" for a in DAYS),
    *(text(a) for a in DAYS),
    f"{text(2)}T00:00:00",
]
SETS = [days for size in (1, 2, 3) for days in combinations(DAYS, size)]


def stands(relation: Relation, occurrences: tuple[tuple[int, int], ...], a: int, b: int) -> bool:
    """The relation in one world: all must lie before, after, within; one overlaps or contains."""
    match relation:
        case Relation.BEFORE:
            return all(end < a for _, end in occurrences)
        case Relation.AFTER:
            return all(start > b for start, _ in occurrences)
        case Relation.OVERLAPPING:
            return any(start <= b and end >= a for start, end in occurrences)
        case Relation.WITHIN:
            return all(start >= a and end <= b for start, end in occurrences)
    return any(start <= a and end >= b for start, end in occurrences)


def assert_decided(written: str, every_world, *, exactly: bool = True) -> None:
    date = parse(written)
    for window_text, relation in product(WINDOWS, Relation):
        window = parse(window_text)
        a, b = window.start_min, window.end_max
        truths = {stands(relation, world, a, b) for world in every_world}
        may, must = possibly(relation, date, window), certainly(relation, date, window)
        where = f"{written} {relation} {window_text}"
        if exactly:
            assert may == (True in truths), where
            assert must == (False not in truths), where
        assert may or True not in truths, where
        assert not must or False not in truths, where
        assert may or not must, where


@pytest.mark.parametrize(("written", "found"), [pytest.param(*row, id=row[0]) for row in SINGLE])
def test_a_date_stands_to_a_window_as_its_every_world_does(written, found):
    assert_decided(written, [(world,) for world in found])


@pytest.mark.parametrize("days", [pytest.param(d, id="-or-".join(map(str, d))) for d in SETS])
def test_one_of_several_days_is_any_of_them(days):
    written = f"[{','.join(text(day) for day in days)}]"
    assert_decided(written, [(world,) for day in days for world in on(day)])


@pytest.mark.parametrize("days", [pytest.param(d, id="-and-".join(map(str, d))) for d in SETS])
def test_all_of_several_days_is_each_of_them(days):
    written = f"{{{','.join(text(day) for day in days)}}}"
    assert_decided(written, list(product(*(on(day) for day in days))))


def test_one_of_a_range_of_days_is_somewhere_in_it():
    assert_decided(f"[{text(2)}..{text(4)}]", [(w,) for w in anywhere(FIRST[2], LAST[4])])
    assert_decided(f"[..{text(2)}]", [(w,) for w in anywhere(NEGATIVE_INFINITY, LAST[2])])
    assert_decided(f"[{text(3)}..]", [(w,) for w in anywhere(FIRST[3], POSITIVE_INFINITY)])


def test_all_of_a_range_of_days_is_never_certain_without_being_true():
    """A range is one member, its hull: what is decided by members may stay undecided."""
    every = list(product(on(2), on(3), on(4)))
    assert_decided(f"{{{text(2)}..{text(4)}}}", every, exactly=False)


def test_the_hull_of_a_set_decides_nothing_that_falls_into_a_gap():
    gap, both = parse(text(2)), parse(f"{{{text(1)},{text(3)}}}")

    assert not certainly(Relation.OVERLAPPING, both, gap)
    assert not possibly(Relation.OVERLAPPING, both, gap)
    assert not possibly(Relation.WITHIN, parse(f"[{text(1)},{text(3)}]"), gap)


def test_only_some_member_or_the_bounds_ever_decide():
    some = {key for key, how in DECIDED_BY.items() if how is Decision.SOME_MEMBER}

    assert some == {
        ("one", "possible", Relation.OVERLAPPING),
        ("one", "possible", Relation.WITHIN),
        ("one", "possible", Relation.CONTAINING),
        ("all", "possible", Relation.OVERLAPPING),
        ("all", "possible", Relation.CONTAINING),
        ("all", "certain", Relation.OVERLAPPING),
        ("all", "certain", Relation.CONTAINING),
    }


@pytest.mark.parametrize("written", ["2019-11-02?", "2019-11-02%", "[2019-11-02?,2019-11-03]"])
def test_what_is_doubtful_is_never_certain_unless_trusted(written):
    date, window = parse(written), parse("2019")

    assert not certainly(Relation.WITHIN, date, window)
    assert certainly(Relation.WITHIN, date, window, trust_uncertain=True)
    assert possibly(Relation.WITHIN, date, window)
