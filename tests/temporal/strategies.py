"""Dates at random: every form the grammar has."""

from hypothesis import strategies as st

from timeline.temporal import EdtfError, parse

_QUALIFIERS = st.sampled_from(["", "", "", "?", "~", "%"])


def _is_date(text: str) -> bool:
    try:
        parse(text)
    except EdtfError:
        return False
    return True


@st.composite
def _hidden(draw: st.DrawFn, text: str) -> str:
    if draw(st.integers(0, 3)):
        return text
    return "".join("X" if c.isdigit() and draw(st.booleans()) else c for c in text)


@st.composite
def _calendar_dates(draw: st.DrawFn) -> str:
    parts = [draw(st.integers(-9999, 9999).map(lambda y: f"{'-' * (y < 0)}{abs(y):04d}"))]
    if draw(st.booleans()):
        month = draw(st.one_of(st.integers(1, 12), st.integers(21, 41)))
        parts.append(f"{month:02d}")
        if month <= 12 and draw(st.booleans()):
            parts.append(f"{draw(st.integers(1, 31)):02d}")
    written = [draw(_hidden(part)) for part in parts]
    if not draw(st.integers(0, 2)):
        written = [draw(_QUALIFIERS) + part + draw(_QUALIFIERS) for part in written]
    return "-".join(written)


@st.composite
def _long_years(draw: st.DrawFn) -> str:
    year = f"Y{'-' * draw(st.booleans())}{draw(st.integers(10_000, 10**8))}"
    power = draw(st.sampled_from(["", "E1", "E3"]))
    return year + power + draw(st.sampled_from(["", "S1", "S3", "S12"])) + draw(_QUALIFIERS)


@st.composite
def _times(draw: st.DrawFn) -> str:
    moment = draw(st.datetimes()).replace(microsecond=0)
    zone = draw(st.sampled_from(["", "Z", "+08:00", "-04", "+05:30", "-00:15", "+23:59"]))
    return moment.isoformat() + zone


POINTS = st.one_of(
    _calendar_dates(),
    _long_years(),
    st.integers(0, 9999).map(lambda year: f"{year:04d}S{year % 5 + 1}"),
).filter(_is_date)


@st.composite
def _intervals(draw: st.DrawFn) -> str:
    ends = st.one_of(POINTS, st.sampled_from(["..", ""]))
    first, last = draw(ends), draw(ends)
    return f"{first}/{last}" if _is_date(f"{first}/{last}") else f"{last}/{first}"


@st.composite
def _sets(draw: st.DrawFn) -> str:
    members = draw(st.lists(POINTS, min_size=1, max_size=4))
    if draw(st.booleans()):
        members[0] = ".." + members[0]
    elif draw(st.booleans()):
        members[-1] += ".."
    elif draw(st.booleans()):
        low = draw(st.integers(1, 4999))
        members.append(f"{low:04d}..{low + draw(st.integers(0, 900)):04d}")
    opening, closing = draw(st.sampled_from(["[]", "{}"]))
    return f"{opening}{','.join(members)}{closing}"


TEXTS = st.one_of(POINTS, _times(), _intervals(), _sets()).filter(_is_date)
