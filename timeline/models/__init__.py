"""The records: columns, constraints, facts about one row."""

from timeline.models.actors import Actor, ActorKind, ActorName, Affiliation, Identity, NameKind
from timeline.models.answers import StoredAnswer
from timeline.models.claims import Claim, ClaimLink, ClaimStatus, LinkType, Stance
from timeline.models.events import Assessment, Event, EventDateMember, Participation, Status
from timeline.models.figures import Figure
from timeline.models.imports import Import, ImportedRow, ReportedRows
from timeline.models.ledger import Action, Change, Operation, Origin, Redirect, title_of
from timeline.models.places import Place, PointPrecision
from timeline.models.proposals import Decision, Proposal, Suggestion
from timeline.models.records import Basis, Publication, Record, Versioned
from timeline.models.relations import Relation
from timeline.models.sources import (
    CITED,
    Anchor,
    Bearing,
    Citation,
    Reliability,
    Source,
    SourceKind,
)
from timeline.models.timelines import Timeline, TimelineEntry
from timeline.models.tokens import Scope, Token
from timeline.models.traits import Trait
from timeline.models.vocabularies import Tag, Term, Vocabulary
from timeline.models.webhooks import Delivery, Webhook

# Every model whose rows are records, in an order in which each finds what it points to.
RECORDS = (
    Place,
    Actor,
    Affiliation,
    Source,
    Event,
    Claim,
    Figure,
    Relation,
    Citation,
    Timeline,
)

__all__ = [
    "CITED",
    "RECORDS",
    "Action",
    "Actor",
    "ActorKind",
    "ActorName",
    "Affiliation",
    "Anchor",
    "Assessment",
    "Basis",
    "Bearing",
    "Change",
    "Citation",
    "Claim",
    "ClaimLink",
    "ClaimStatus",
    "Decision",
    "Delivery",
    "Event",
    "EventDateMember",
    "Figure",
    "Identity",
    "Import",
    "ImportedRow",
    "LinkType",
    "NameKind",
    "Operation",
    "Origin",
    "Participation",
    "Place",
    "PointPrecision",
    "Proposal",
    "Publication",
    "Record",
    "Redirect",
    "Relation",
    "Reliability",
    "ReportedRows",
    "Scope",
    "Source",
    "SourceKind",
    "Stance",
    "Status",
    "StoredAnswer",
    "Suggestion",
    "Tag",
    "Term",
    "Timeline",
    "TimelineEntry",
    "Token",
    "Trait",
    "Versioned",
    "Vocabulary",
    "Webhook",
    "title_of",
]
