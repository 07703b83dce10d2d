"""The statements by which the service finds the rows of a page, as it sends them to the database.

    echo '["/api/v1/events?actor=…"]' | python -m benchmarks.own_filter

Prints for each address the statement that asks for one row more than a page, or null where there is
not exactly one. With it the limit can be measured behind the same filter.
"""

import json
import re
import sys

import django

from benchmarks.questions import PAGE

# How SQLite is asked for rows as one.
IN_ONE = re.compile(r"SELECT json_group_array\(json_array\([^()]*\)\) FROM found$")


def statement_of(path: str) -> str | None:
    """It finds the keys as ``pk``."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        Client(SERVER_NAME="127.0.0.1").get(path)
    # Of what is prepared nothing is logged.
    asked = [one["sql"] for one in captured if one["sql"]]
    statements = [sql for sql in asked if f"LIMIT {PAGE + 1}" in sql]
    return IN_ONE.sub("SELECT c0 AS pk FROM found", statements[0]) if len(statements) == 1 else None


def main() -> None:
    django.setup()
    print(json.dumps([statement_of(path) for path in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
