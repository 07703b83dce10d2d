"""The text as tokens, and a cursor over them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from timeline.temporal.errors import EdtfError

# Characters of the same meaning, one for one, so that offsets stay those of the text. Dashes are
# not among them: "2004-06" is June 2004, while with a longer dash it is two numbers.
_SAME = {ord(space): " " for space in "\t\n\r\u00a0\u2007\u2009\u202f"}
_SAME |= {ord("\u2019"): "'", ord("\u2018"): "'"}
_SAME |= {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

# Alternatives begin differently or end at a fixed width; none can be tried in two ways for long.
_TOKEN = re.compile(
    r"""(?P<iso>[0-9]{4}-[0-9]{2}(?:-[0-9]{2}
            (?:t[0-9]{2}:[0-9]{2}:[0-9]{2}(?:z|[+-][0-9]{2}(?::[0-9]{2})?)?)?)?(?![0-9a-z:]))
      | (?P<numeric>(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}
            | [0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2} | [0-9]{1,2}/[0-9]{4}
            | [0-9]{1,2}[/.-][a-z]{3,9}[/.-][0-9]{4})(?![0-9]))
      | (?P<decade>[0-9]{1,4}'?s(?![a-z0-9]))
      | (?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:]))
      | (?P<ordinal>[0-9]{1,2}(?:st|nd|rd|th)(?![a-z0-9]))
      | (?P<number>[0-9]{1,12}(?![0-9]))
      | (?P<word>(?:[a-z]\.){2,4}|[a-z]{1,16}\.?(?![a-z]))
      | (?P<dash>[\u2010-\u2015\u2212-])
      | (?P<sign>[~≈?,()+/])
      | (?P<space>[ ]+)""",
    re.VERBOSE,
)


# What phrases are made of; figures are read by other means.
_SAID = frozenset({"word", "dash", "sign"})


class Token(NamedTuple):
    """One word, number or sign, in lower case and without full stops, and where it stands."""

    kind: str
    text: str
    offset: int


class Cursor:
    """What has been read of a text and what comes next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tokens = _tokens(text)

    @property
    def next(self) -> Token:
        """The token to be read; one of kind "end" after the last."""
        return self.tokens[self.at]

    def peek(self, ahead: int) -> Token:
        """A later token."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def say(self, *phrases: str) -> str:
        """Read the first of these phrases that comes next, the longest first; "" if none does."""
        token = self.tokens[self.at]
        if token.kind not in _SAID:
            return ""
        for phrase, words in _by_first_word(phrases).get(token.text, ()):
            if len(words) == 1 or all(self.peek(i).text == w for i, w in enumerate(words)):
                self.at += len(words)
                return phrase
        return ""

    def refusal(self, code: str, problem: str, offset: int | None = None) -> EdtfError:
        """An error at the next token, or at ``offset``."""
        return EdtfError(code, self.next.offset if offset is None else offset, self.text, problem)

    def not_understood(self) -> EdtfError:
        """The error for a word that has no place here."""
        if self.next.kind == "end":
            return self.refusal("incomplete", "Something is missing at the end of the date")
        return self.refusal("not-understood", "This is not understood as part of a date")


@lru_cache(maxsize=256)
def _by_first_word(phrases: tuple[str, ...]) -> dict[str, list[tuple[str, list[str]]]]:
    """Phrases by their first word, longer ones first."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = phrase.split(" ")
        found.setdefault(words[0], []).append((phrase, words))
    return found


def _tokens(text: str) -> list[Token]:
    lowered = text.translate(_SAME)
    end = len(lowered.rstrip(" "))
    if lowered.endswith(".", 0, end) and lowered[end - 2 : end - 1].isdigit():
        end -= 1
    tokens: list[Token] = []
    at = 0
    while at < end:
        found = _TOKEN.match(lowered, at, end)
        if found is None:
            problem = "This is not understood as part of a date"
            raise EdtfError("not-understood", at, text, problem)
        kind = found.lastgroup or ""
        if kind == "dash":
            tokens.append(Token("dash", "-", at))
        elif kind == "iso":
            tokens.append(Token("iso", text[at : found.end()].upper(), at))
        elif kind != "space":
            word = found[0].replace(".", "") if kind == "word" else found[0]
            tokens.append(Token(kind, word, at))
        at = found.end()
    tokens.append(Token("end", "", end))
    return tokens
