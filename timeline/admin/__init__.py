"""HTTP for curators: Django's own admin, which writes through the services alone."""

from timeline.admin import (
    actors,
    claims,
    events,
    figures,
    imports,
    ledger,
    places,
    proposals,
    relations,
    sources,
    timelines,
    tokens,
    users,
    vocabularies,
    webhooks,
)

__all__ = [
    "actors",
    "claims",
    "events",
    "figures",
    "imports",
    "ledger",
    "places",
    "proposals",
    "relations",
    "sources",
    "timelines",
    "tokens",
    "users",
    "vocabularies",
    "webhooks",
]
