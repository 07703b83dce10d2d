"""The statements by which the service finds the rows of a page, as it sends them to the database.

    echo '["/api/v1/events?actor=…"]' | python -m benchmarks.own_filter

Prints for each address the statement that asks for one row more than a page, or null where there is
not exactly one. With it the limit can be measured behind the same filter.
"""

import json
import sys

import django

from benchmarks.questions import PAGE


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    found = []
    for path in json.load(sys.stdin):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        # Of what is prepared nothing is logged.
        asked = [one["sql"] for one in captured if one["sql"]]
        statements = [sql for sql in asked if f"LIMIT {PAGE + 1}" in sql]
        found.append(statements[0] if len(statements) == 1 else None)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
