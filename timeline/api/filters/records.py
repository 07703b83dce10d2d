"""The filters of the other lists."""

from __future__ import annotations

from timeline.api.filters.base import DatedFilter, RecordFilter
from timeline.api.filters.parameters import (
    SEARCH,
    Addresses,
    Choices,
    Codes,
    Flag,
    Ids,
    Names,
    Texts,
)
from timeline.models import (
    ActorKind,
    Anchor,
    Bearing,
    ClaimStatus,
    Identity,
    SourceKind,
    Stance,
)


class ActorFilter(RecordFilter):
    q = SEARCH
    kind = Choices(ActorKind.values, "Of this kind.", column="kind")
    identity = Choices(Identity.values, "What is known of who it is.", column="identity")
    name = Names("Has this name, or this further name.", ask="named", example=["Diana"])
    event = Ids("Took part in this event.", ask="in_events")


class AffiliationFilter(DatedFilter, RecordFilter):
    actor = Ids("Of this actor.", points="actor")
    organisation = Ids("With this organisation.", points="organisation")
    type = Codes("Of this type (a code of `/vocabularies/affiliation-types`).", column="type__code")


class PlaceFilter(RecordFilter):
    q = SEARCH
    country = Texts("In this country (ISO 3166-1).", column="country", example=["CN"])
    parent = Ids("Directly within this place.", points="parent")
    name = Names("Has this name.", column="name", example=["Xingtai"])


class SourceFilter(DatedFilter, RecordFilter):
    q = SEARCH
    kind = Choices(SourceKind.values, "Of this kind.", column="kind")
    publisher = Names("Published by one of these.", column="publisher", example=["Reuters"])
    url = Addresses("At this address.", column="url")
    event = Ids("Cited by this event.", ask="cited_by_events")


class CitationFilter(RecordFilter):
    source = Ids("From this source.", points="source")
    event = Ids("For this event.", points="event")
    claim = Ids("For this claim.", points="claim")
    figure = Ids("For this figure.", points="figure")
    bearing = Choices(Bearing.values, "What the passage does.", column="bearing")
    anchor = Choices(Anchor.values, "Whether the quote stands in the held text.", column="anchor")


class ClaimFilter(DatedFilter, RecordFilter):
    q = SEARCH
    speaker = Ids("Said by this actor.", points="speaker")
    about = Ids("About this event.", points="about")
    said_in = Ids("Said in this event.", points="said_in")
    stance = Choices(Stance.values, "What the speaker does.", column="stance")
    status = Choices(ClaimStatus.values, "What the editors hold of it.", column="status")
    disputed = Flag(
        "Only claims that contradict others, or only those that do not.",
        asks=("contradicted", "uncontradicted"),
    )
    contradicts = Ids("Contradicts this claim, or is contradicted by it.", ask="against")


class FigureFilter(DatedFilter, RecordFilter):
    speaker = Ids("Given by this actor.", points="speaker")
    place = Ids("For this place.", points="place")


class RelationFilter(RecordFilter):
    event = Ids("Has this event at either end.", ask="with_events")
    subject = Ids("Starts from this event.", points="subject")
    object = Ids("Leads to this event.", points="object")
    type = Codes("Of this type (a code of `/vocabularies/relation-types`).", column="type__code")


class TimelineFilter(RecordFilter):
    slug = Texts("With this slug.", column="slug")
    event = Ids("Shows this event.", ask="showing")
