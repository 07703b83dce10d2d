"""The questions asked of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models


class ChangeQuerySet(models.QuerySet):
    """Entries of the ledger."""

    def among(self, column: str, values: Iterable[str]) -> Self:
        return self.filter(**{f"{column}__in": list(values)})

    def made_since(self, instant: datetime) -> Self:
        return self.filter(at__gte=instant)
