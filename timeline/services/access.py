"""Who acts, with what powers, through what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from timeline.errors import NotAllowed
from timeline.models import Origin, Publication, Scope
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC, Viewer

# The groups of the administration pages, and the powers they stand for.
GROUPS = {
    "Contributor": Scope.WRITE,
    "Editor": Scope.PUBLISH,
    "Administrator": Scope.ADMIN,
}


class ScopeTooSmall(NotAllowed):
    """The token or person has not the power that this needs."""

    code = "scope-too-small"


def scope_of(user: Any) -> Scope | None:
    """The powers of a person by their groups; ``None`` for a stranger."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return Scope.ADMIN
    names = user.groups.values_list("name", flat=True)
    return max((GROUPS[n] for n in names if n in GROUPS), key=lambda s: s.rank, default=Scope.READ)


def scope_to_change(record: Any) -> Scope:
    """What it takes to change or delete ``record``.

    A tag or term has no draft state: what it says is seen wherever it is used.
    """
    is_draft = getattr(record, "publication", "") == Publication.DRAFT
    return Scope.WRITE if is_draft else Scope.PUBLISH


def viewer_of(scope: Scope | None) -> Viewer:
    """What these powers let one see."""
    if scope is None or scope is Scope.READ:
        return PUBLIC
    return CONTRIBUTOR if scope is Scope.WRITE else EDITOR


@dataclass(frozen=True, slots=True)
class By:
    """The author of a change."""

    user: Any
    scope: Scope | None
    origin: Origin
    request_id: str = ""

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.scope)

    def may(self, scope: Scope) -> bool:
        return self.scope is not None and self.scope.includes(scope)

    def needs(self, scope: Scope) -> None:
        """Refuse whoever has not the powers of ``scope``."""
        if not self.may(scope):
            raise ScopeTooSmall(
                f"This needs the scope “{scope.value}”; yours is “{self.scope or 'none'}”. "
                "Ask an administrator for a token or group that has it."
            )

    def sees(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.visible_to(self.viewer)


def the_command_line(user: Any = None, origin: Origin = Origin.COMMAND) -> By:
    """Whoever may run a management command may do everything."""
    return By(user=user, scope=Scope.ADMIN, origin=origin)
