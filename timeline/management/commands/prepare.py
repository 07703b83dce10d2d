"""Everything between a fresh database and a service that can be used: `make run` calls it."""

import json
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from timeline.models import Event, Scope
from timeline.services.tokens import find_token, issue_token

ADMINISTRATOR = "admin"
EDITOR = "editor"


class Keys(TypedDict, total=False):
    """What was made up at the first run, kept so that it can be told again."""

    password: str
    token: str


class Command(BaseCommand):
    help = (
        "Make the service ready to run: migrate the database, collect the static files, load the "
        "case into an empty database, make an administrator and an editor's token, and print the "
        "addresses and both keys. A second run keeps the data and prints the same keys."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Event.objects.exists():
            call_command("seed", stdout=self.stdout)

        # One file for each kind of database, so that going to and fro loses neither's keys.
        path = Path(settings.STATE_DIR) / f"keys.{connection.vendor}.json"
        keys = read_keys(path)
        administrator = ensure_administrator(keys)
        ensure_token(keys)
        write_keys(path, keys)
        self.tell(administrator, keys)

    def tell(self, administrator: User, keys: Keys) -> None:
        base = address()
        self.stdout.write(
            f"""
Timeline is ready.

  Timeline         {base}/
  API              {base}/api/v1/
  Documentation    {base}/api/docs
  Administration   {base}/admin/
    login          {administrator.get_username()}
    password       {keys.get("password", "not kept here: changed since, or made elsewhere")}
  Editor's token   {keys["token"]}
    scope          {Scope.PUBLISH}, sent as "Authorization: Bearer <token>"
"""
        )


def read_keys(path: Path) -> Keys:
    try:
        keys: Keys = json.loads(path.read_text())
    except FileNotFoundError:
        keys = {}
    return keys


def write_keys(path: Path, keys: Keys) -> None:
    # Such a file has mode 600 from the start.
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as draft:
        json.dump(keys, draft, indent=2)
    Path(draft.name).replace(path)


def ensure_administrator(keys: Keys) -> User:
    """Return the administrator; the keys hold its password if it is the one made up here."""
    users = get_user_model().objects
    administrator = users.filter(username=ADMINISTRATOR).first()
    if administrator is None:
        keys.setdefault("password", secrets.token_urlsafe(12))
        return users.create_superuser(ADMINISTRATOR, password=keys["password"])
    if "password" in keys and not administrator.check_password(keys["password"]):
        del keys["password"]
    return administrator


def ensure_token(keys: Keys) -> None:
    """See that the keys hold a token of the editor's that this database honours."""
    if "token" in keys and find_token(keys["token"]) is not None:
        return
    editor, is_new = get_user_model().objects.get_or_create(username=EDITOR)
    if is_new:
        editor.set_unusable_password()
        editor.save()
    editor.groups.add(Group.objects.get_or_create(name="Editor")[0])
    _, keys["token"] = issue_token(user=editor, scope=Scope.PUBLISH, name="make run")


def address() -> str:
    """Return where this machine's browser finds the service."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.HOST, settings.HOST)  # noqa: S104 - read, not bound
    return f"http://{host}:{settings.PORT}"
