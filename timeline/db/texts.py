"""Texts as the bytes that are stored."""

from __future__ import annotations

from typing import Any

from django.db.models import BinaryField, Func


class Bytes(Func):
    """The bytes of a text, in UTF-8; readable even where they are no text any more."""

    output_field = BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS BLOB)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="convert_to(%(expressions)s, 'UTF8')")
