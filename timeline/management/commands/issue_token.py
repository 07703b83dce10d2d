"""Make a token for a program."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import timezone

from timeline.models import Scope
from timeline.services.tokens import issue_token

LONGEST_DAYS = 36_500


def days(text: str) -> int:
    """After how many days a token expires: with 0, or fewer, it has at once."""
    if not re.fullmatch(r"-?\d{1,5}", text) or abs(int(text)) > LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of days up to {LONGEST_DAYS}")
    return int(text)


class Command(BaseCommand):
    help = (
        "Make a token and print it, once; it cannot be read again. A user that there is not is "
        "made, without a password."
    )

    # The checks of Django read every page and form there is, which takes longer than the rest.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("user", help="whose token it is, by user name")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.READ)
        parser.add_argument("--expires", type=days, metavar="DAYS", help="after so many days")
        parser.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()
        user = users.objects.filter(username=options["user"]).first()
        if user is None:
            user = users.objects.create_user(options["user"])
        expires = options["expires"]
        _, text = issue_token(
            user=user,
            scope=Scope(options["scope"]),
            name=options["name"],
            expires_at=None if expires is None else timezone.now() + timedelta(days=expires),
        )
        self.stdout.write(text)
