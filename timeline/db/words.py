"""Texts as the words that a search index holds: the same on every database.

A text becomes a row of tokens of ASCII letters and digits, which the tokenisers of SQLite and
PostgreSQL leave as they are. Latin words lose case and accents (Unicode NFKD, after UAX #15).
Scripts that do not part words by spaces, or write particles onto them, become one token for each
character, so that a word is found within a longer one as a phrase of its characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MAX_QUERY = 200
MAX_TERMS = 8
# PostgreSQL leaves out words of more than 2,046 bytes; no query is so long.
MAX_TOKEN = 2000

# So many characters of words are no reason to rank a text lower than a shorter one.
SHORT_TEXT = 100
# From which relevance on a word is of each grade, the first of which is 1: steps of a half octave,
# from once in some 250 characters upwards. What is of no grade is most of what there is.
GRADES = [math.ceil(2 ** (step / 2)) for step in range(23, 37)]

# Latin letters that Unicode does not take apart.
FOLDS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
    }
)
UNSPACED = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "ARABIC",
    "HEBREW",
    "SYRIAC",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "TIBETAN",
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token, and where in the text it stands."""

    token: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: tokens in a row; the last may be the beginning of a word."""

    tokens: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False
    # As the reader wrote it.
    written: str = ""


@cache
def _kind(character: str) -> str:
    """``letter``, ``alone`` (a token by itself), ``mark`` (nothing) or ``gap``."""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return "mark"
    if category[0] not in "LN" and category != "Mc":
        return "gap"
    if not _folded(character):
        return "mark"
    name = unicodedata.name(character, "").removeprefix("HALFWIDTH ")
    return "alone" if name.startswith(UNSPACED) and category[0] == "L" else "letter"


@cache
def _folded(character: str) -> str:
    """A character as it is compared: without case, accents or width."""
    plain = unicodedata.normalize("NFKD", character.casefold().translate(FOLDS))
    return "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf")).translate(FOLDS)


def _spelled(text: str) -> str:
    """Folded text in ASCII; the first letter keeps databases from reading numbers."""
    spelled = "".join(c if c.isascii() and c.isalnum() else f"z{ord(c):05x}" for c in text)
    return f"w{spelled}"[:MAX_TOKEN]


def words(text: str) -> Iterator[Word]:
    """The tokens of ``text``, in order.

    >>> [word.token for word in words("Güns, 1532")]
    ['wguns', 'w1532']
    """
    start, letters = 0, ""
    for position, character in enumerate(text):
        kind = _kind(character)
        if kind == "mark":
            continue
        if kind == "letter":
            if not letters:
                start = position
            letters += _folded(character)
            continue
        if letters:
            yield Word(_spelled(letters), start, position)
            letters = ""
        if kind == "alone":
            # A ligature is several letters; a syllable of Hangul stays one.
            for one in unicodedata.normalize("NFC", _folded(character)):
                yield Word(_spelled(one), position, position + 1)
    if letters:
        yield Word(_spelled(letters), start, len(text))


def indexed(*texts: str) -> str:
    """What a search index is given for these texts."""
    # All tokens begin with w: no query has this one, so that no phrase spans it.
    composed = (unicodedata.normalize("NFC", text) for text in texts if text)
    return " gap ".join(map(_tokens, composed))


def _tokens(text: str) -> str:
    """The tokens of :func:`words`, where nobody asks where they stand."""
    spelled = text.translate(_SPELLINGS)
    tokens = spelled.split()
    if len(spelled) >= MAX_TOKEN:
        tokens = [token[: MAX_TOKEN - 1] for token in tokens]
    return f"w{' w'.join(tokens)}" if tokens else ""


class _Spellings(dict[int, str]):
    """What each character adds to the tokens, which have spaces between them."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        match _kind(character):
            case "mark":
                spelled = ""
            case "gap":
                spelled = " "
            case "letter":
                spelled = _spelled(_folded(character))[1:]
            case _:
                alone = unicodedata.normalize("NFC", _folded(character))
                spelled = "".join(f" {_spelled(one)[1:]} " for one in alone)
        self[code] = spelled
        return spelled


_SPELLINGS = _Spellings()


def relevance_of(number: int, length: int) -> int:
    """How well words fit that stand so often in a text of so many characters, in millionths."""
    return number * 1_000_000 // (length + SHORT_TEXT)


def graded(index: str) -> str:
    """The same, and once more each word that is prominent in it, with how much so.

    For a word that is in a third of all texts, those that it fits best are found in the index.

    >>> graded("wfire gap wfire wand wfire")
    'wfire gap wfire wand wfire x06wfire x02wand'
    """
    numbers = Counter(index.split())
    del numbers["gap"]
    marks = {number: _mark(number, len(index)) for number in {*numbers.values()}}
    prominent = [f"{mark}{word}" for word, number in numbers.items() if (mark := marks[number])]
    return " ".join([index, *prominent])


def _mark(number: int, length: int) -> str:
    """What stands before a word of which there are so many; nothing where it is of no grade."""
    grade = bisect(GRADES, relevance_of(number, length))
    return f"x{grade:02d}" if grade else ""


def of_grade(grade: int, term: Term) -> str:
    """The token under which are the texts that ``term`` fits so well.

    A phrase is under that of its first word, for it stands no oftener in a text.
    """
    return f"x{grade:02d}{term.tokens[0]}"


def read_query(text: str) -> list[Term]:
    """The terms of a query: words, ``"phrases"``, ``-without``, ``begin*``. Never an error.

    >>> read_query('"New Orleans" -tip inform*')[0].tokens
    ('wnew', 'worleans')
    """
    terms = []
    composed = unicodedata.normalize("NFC", text)
    for minus, quoted, bare in re.findall(r'(-?)(?:"([^"]*)"?|(\S+))', composed):
        written = quoted or bare
        tokens = tuple(word.token for word in words(written))
        if tokens:
            terms.append(Term(tokens, bare.endswith("*"), bool(minus), written))
    return terms


def passages(text: str, terms: list[Term]) -> Iterator[tuple[int, int]]:
    """Where in ``text`` the terms stand, as positions of characters."""
    found = list(words(text))
    for first in range(len(found)):
        for term in terms:
            row = found[first : first + len(term.tokens)]
            if len(row) == len(term.tokens) and _fits(term, row):
                yield row[0].start, row[-1].end
                break


def _fits(term: Term, row: list[Word]) -> bool:
    *whole, last = [word.token for word in row]
    return whole == list(term.tokens[:-1]) and (
        last.startswith(term.tokens[-1]) if term.prefix else last == term.tokens[-1]
    )
