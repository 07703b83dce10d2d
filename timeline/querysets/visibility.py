"""Who may see what: the one place that decides it.

Every interface reads through :func:`visible`; a record is as visible as the records it cannot be
told without (a citation without its source, a claim without its speaker).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Protocol

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


class Rule(Protocol):
    """A condition for rows at a path; see :func:`visible`."""

    def __call__(self, viewer: Viewer, path: str, known: Container[str] = ()) -> Q: ...


PUBLIC = Viewer()
CONTRIBUTOR = Viewer(unpublished=True)
EDITOR = Viewer(unpublished=True, protected=True)


def _published(viewer: Viewer, path: str, known: Container[str] = ()) -> Q:
    return Q() if viewer.unpublished else Q(**{f"{path}publication": "published"})


def _actor(viewer: Viewer, path: str, known: Container[str] = ()) -> Q:
    shown = _published(viewer, path)
    return shown if viewer.protected else shown & Q(**{f"{path}protected": False})


def _all_of(*names: str) -> Rule:
    """What is told only together with the records it points to by these names."""

    def rule(viewer: Viewer, path: str, known: Container[str] = ()) -> Q:
        shown = Q()
        for name in names:
            if name not in known:
                shown &= visible(NEEDED.get(name, name), viewer, f"{path}{name}__")
        return shown

    return rule


def _needs(*names: str) -> Rule:
    """A record that is told only together with the records it points to by these names."""
    others = _all_of(*names)
    return lambda viewer, path, known=(): _published(viewer, path) & others(viewer, path, known)


def _if_any(model: str, name: str, viewer: Viewer, path: str) -> Q:
    """Where the pointer is filled, what it points to is visible."""
    shown = visible(model, viewer, f"{path}{name}__")
    # To an empty condition "or" adds nothing: what is left would hide every filled pointer.
    return Q(**{f"{path}{name}__isnull": True}) | shown if shown else shown


def _figure(viewer: Viewer, path: str, known: Container[str] = ()) -> Q:
    return _published(viewer, path) & _if_any("actor", "speaker", viewer, path)


def _citation(viewer: Viewer, path: str, known: Container[str] = ()) -> Q:
    shown = _published(viewer, path)
    if "source" not in known:
        shown &= visible("source", viewer, f"{path}source__")
    # It is for one record: where one pointer is filled, the others are not.
    if viewer == EDITOR or any(target in known for target in CITED):
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
    "other": "claim",
}

RULES: dict[str, Rule] = {
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
    "participation": _all_of("event", "actor"),
    "tagging": _all_of("event"),
    "trait": _all_of("event"),
    "timelineentry": _all_of("timeline", "event"),
    "claimlink": _all_of("claim", "other"),
    "actorname": _all_of("actor"),
}


def visible(model: str, viewer: Viewer, path: str = "", known: Container[str] = ()) -> Q:
    """The condition under which ``viewer`` may know of a row of ``model``.

    ``path`` is the way to that row from the model that is queried, e.g. ``"participations__"``;
    ``known`` pointers of the row to records that the viewer is known to see, so that they need not
    be looked up again.
    """
    return RULES[model](viewer, path, known)
