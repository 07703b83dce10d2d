"""How the service is put together and served; `timeline` never imports this package.

Importing it settles which SQLite is used. Whatever starts Django reads `config.settings` and so
comes through here first: manage.py, the WSGI and ASGI entry points, the tests.
"""

import sqlite3
import sys

SQLITE_WITHOUT_WAL_RESET_BUG = (3, 51, 3)


def use_sound_sqlite() -> None:
    """Let pysqlite3 stand in for `sqlite3` where the system's SQLite can corrupt a WAL database."""
    if sqlite3.sqlite_version_info >= SQLITE_WITHOUT_WAL_RESET_BUG:
        return
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


use_sound_sqlite()
