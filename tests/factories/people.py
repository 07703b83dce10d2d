"""Who acts: one person for each power, and their tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from timeline.models import Origin, Scope
from timeline.services.access import By
from timeline.services.tokens import issue_token


def person(name: str) -> Any:
    people = get_user_model()
    return people.objects.filter(username=name).first() or people.objects.create_user(name)


def someone(scope: Scope | None = Scope.PUBLISH, name: str = "", request_id: str = "") -> By:
    """A person with these powers, as the services know them."""
    user = None if scope is None else person(name or f"{scope.value}r")
    return By(user=user, scope=scope, origin=Origin.API, request_id=request_id)


def token_for(scope: Scope, name: str = "") -> str:
    """What a program with these powers sends."""
    return issue_token(user=person(name or f"{scope.value}r"), scope=scope)[1]
