"""What schemathesis is told of this service, and where what it calls a failure is none.

Loaded by schemathesis itself, which knows nothing of Django.
"""

from __future__ import annotations

import json
import re
from typing import Any

import schemathesis
from hypothesis import strategies as st

DATES = ("2019-08", "1912~", "1912?", "2017/..", "../2019-07", "[2019-11-07,2019-11-09]", "Y-17000")
schemathesis.openapi.format("edtf", st.sampled_from(DATES))

# Valid as far as a schema can tell, and refused for what the service knows besides: by the code
# of the flaw, or by where in the body or the query it is.
CODES = {
    "missing": "an id in a body has to be that of a record that there is",
    "unknown": "a code has to stand in its vocabulary, which grows",
    "unique": "a slug can be given once",
    "unique-together": "a code can be given once in a vocabulary",
    "bad-cursor": "a cursor is taken from an answer, never made up",
    "nul": "no schema says of each text that it holds no NUL",
    "out-of-range": "a pattern says how many numbers, and not how far each may go",
    "not-a-group": "only a group is counted",
    "half-a-point": "a point has both its numbers",
    "empty": "of a list that is parted by commas each part has to say something",
}
# Refused before anything is read: no schema says of each text that it holds no NUL.
NUL = "A text holds the character NUL"
PLACES = {
    r"": "members that do not go together",
    r".*/(date|published|said_on|period)(/.*)?": "a date is in EDTF or in words, read by a grammar",
    r"/(value|low|high)": "a number has a digit; the pattern that the framework describes has none",
    r"/operations/\d+.*": "what an operation needs hangs on what it does",
    r"/filter/.*": "a saved filter is a query, checked as one",
    r"/(image|url|archived_url)": "a host has a name that DNS can hold",
    r"/\d+.*": "a row of an import is described in words, since imports are files",
    r"fields|omit": "names of members, which the schema of the answer has",
    r"ordering": "created_at is for staff, and relevance for what answers to words",
}


def flaws(response: Any) -> list[dict[str, str]]:
    """Everything that a problem complains of."""
    try:
        return list(json.loads(response.content)["errors"])
    except (ValueError, KeyError, TypeError):
        return []


def is_beyond_the_schema(flaw: dict[str, str]) -> bool:
    """Whether what a problem complains of could not be known from the schema."""
    place = flaw.get("pointer", flaw.get("parameter", ""))
    return flaw["code"] in CODES or any(re.fullmatch(where, place) for where in PLACES)


def asks_for_a_part(case: Any) -> bool:
    return bool({"fields", "omit"} & set(case.query or {}))


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether a failure is one."""
    match type(failure).__name__:
        case "RejectedPositiveData":
            told = flaws(response)
            if not told:
                return NUL not in response.content.decode()
            return not all(map(is_beyond_the_schema, told))
        case "JsonSchemaError":
            # Its answer lacks, on purpose, what the schema of whole rows requires.
            return not asks_for_a_part(case)
    return True


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Give each request a key of its own: under one key the service carries out one."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[ -~]{1,255}", key):
        case.headers["Idempotency-Key"] = f"{key[:200]}{case.id}"
