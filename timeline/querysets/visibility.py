"""Who may see what: the one place that decides it.

Every interface reads through :func:`visible`; a record is as visible as the records it cannot be
told without (a citation without its source, a claim without its speaker).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a reader may see beyond what is published."""

    unpublished: bool = False
    protected: bool = False

    def sees(self, record: Any) -> bool:
        """Whether a record in hand may be shown, as far as that hangs on itself alone."""
        state = getattr(record, "publication", "published")
        return (self.unpublished or state == "published") and (
            self.protected or not getattr(record, "protected", False)
        )


PUBLIC = Viewer()
CONTRIBUTOR = Viewer(unpublished=True)
EDITOR = Viewer(unpublished=True, protected=True)


def _published(viewer: Viewer, path: str) -> Q:
    return Q() if viewer.unpublished else Q(**{f"{path}publication": "published"})


def _actor(viewer: Viewer, path: str) -> Q:
    shown = _published(viewer, path)
    return shown if viewer.protected else shown & Q(**{f"{path}protected": False})


def _needs(*names: str) -> Callable[[Viewer, str], Q]:
    """A record that is told only together with the records it points to by these names."""

    def rule(viewer: Viewer, path: str) -> Q:
        shown = _published(viewer, path)
        for name in names:
            shown &= visible(NEEDED[name], viewer, f"{path}{name}__")
        return shown

    return rule


def _if_any(model: str, name: str, viewer: Viewer, path: str) -> Q:
    """Where the pointer is filled, what it points to is visible."""
    shown = visible(model, viewer, f"{path}{name}__")
    # To an empty condition "or" adds nothing: what is left would hide every filled pointer.
    return Q(**{f"{path}{name}__isnull": True}) | shown if shown else shown


def _participation(viewer: Viewer, path: str) -> Q:
    return visible("event", viewer, f"{path}event__") & visible("actor", viewer, f"{path}actor__")


def _entry(viewer: Viewer, path: str) -> Q:
    return visible("timeline", viewer, f"{path}timeline__") & visible(
        "event", viewer, f"{path}event__"
    )


def _actor_name(viewer: Viewer, path: str) -> Q:
    return visible("actor", viewer, f"{path}actor__")


def _link(viewer: Viewer, path: str) -> Q:
    return visible("claim", viewer, f"{path}claim__") & visible("claim", viewer, f"{path}other__")


def _figure(viewer: Viewer, path: str) -> Q:
    return _published(viewer, path) & _if_any("actor", "speaker", viewer, path)


def _citation(viewer: Viewer, path: str) -> Q:
    shown = _published(viewer, path) & visible("source", viewer, f"{path}source__")
    if viewer == EDITOR:
        return shown
    for target in CITED:
        shown &= _if_any(target, target, viewer, path)
    return shown


CITED = ("event", "participation", "claim", "relation", "affiliation", "figure")

# The model behind each pointer that a rule follows.
NEEDED = {
    "actor": "actor",
    "organisation": "actor",
    "speaker": "actor",
    "subject": "event",
    "object": "event",
}

RULES: dict[str, Callable[[Viewer, str], Q]] = {
    "event": _published,
    "place": _published,
    "source": _published,
    "timeline": _published,
    "actor": _actor,
    "affiliation": _needs("actor", "organisation"),
    "claim": _needs("speaker"),
    "relation": _needs("subject", "object"),
    "figure": _figure,
    "citation": _citation,
    "participation": _participation,
    "timelineentry": _entry,
    "claimlink": _link,
    "actorname": _actor_name,
}


def visible(model: str, viewer: Viewer, path: str = "") -> Q:
    """The condition under which ``viewer`` may know of a row of ``model``.

    ``path`` is the way to that row from the model that is queried, e.g. ``"participations__"``.
    """
    return RULES[model](viewer, path)
