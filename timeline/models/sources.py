"""On whose word: sources, and the passages of them that bear on a record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from timeline.db.search import SearchTextField
from timeline.models.records import Dated, Record
from timeline.querysets.others import CitationQuerySet, SourceQuerySet


class SourceKind(models.TextChoices):
    """What sort of document."""

    ARTICLE = "article", "News article"
    REPORT = "report", "Report"
    STATEMENT = "statement", "Statement or press release"
    COURT_RECORD = "court_record", "Court record"
    LEGISLATION = "legislation", "Law or regulation"
    BOOK = "book", "Book"
    WEB_PAGE = "web_page", "Web page"
    SOCIAL_MEDIA = "social_media", "Social media post"
    VIDEO = "video", "Video or broadcast"
    IMAGE = "image", "Photograph or image"
    INTERVIEW = "interview", "Interview or testimony"
    DATASET = "dataset", "Data set"
    OTHER = "other", "Other"


class Reliability(models.TextChoices):
    """The Admiralty code for sources."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Cannot be judged"


class Source(Record, Dated):
    """A document. Its ``date`` is when it was published."""

    kind = models.CharField(max_length=12, choices=SourceKind, default=SourceKind.OTHER)
    title = models.CharField(max_length=500, help_text="As it is printed.")
    authors = models.JSONField(default=list, blank=True, help_text="A list of names.")
    publisher = models.CharField(
        max_length=300, blank=True, default="", help_text="Who published it."
    )
    url = models.URLField(max_length=2000, null=True, blank=True)
    archived_url = models.URLField(max_length=2000, null=True, blank=True)
    retrieved_at = models.DateTimeField(
        null=True, blank=True, help_text="When the text was retrieved."
    )
    language = models.CharField(max_length=35, blank=True, default="", help_text="BCP 47.")
    licence = models.CharField(
        max_length=200, blank=True, default="", help_text="What may be done with it."
    )
    reliability = models.CharField(
        max_length=1,
        choices=Reliability,
        null=True,
        blank=True,
        help_text="The Admiralty code; empty when not judged.",
    )
    derived_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="derivatives"
    )
    text = models.TextField(blank=True, default="", help_text="As retrieved.")
    text_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    text_is_public = models.BooleanField(
        default=False, help_text="The licence allows the public to read the text here."
    )

    search_text = SearchTextField(of=("title", "publisher", "authors"), ranked=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="source_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(derived_from__isnull=True) | ~Q(derived_from=F("id")),
                name="source_is_not_derived_from_itself",
            ),
            models.CheckConstraint(
                condition=Q(text="", text_sha256="") | ~Q(text="") & ~Q(text_sha256=""),
                name="source_text_has_its_digest",
            ),
            models.CheckConstraint(
                condition=Q(reliability__isnull=True) | Q(reliability__in=Reliability.values),
                name="source_has_a_known_reliability",
            ),
        ]
        indexes = [
            # The source of an import row.
            models.Index(fields=["url"], name="source_by_url"),
            # The events that one publisher reported.
            models.Index(fields=["publisher"], name="source_by_publisher"),
            # Sources in the order in which they were published.
            models.Index(fields=["sort_key", "end_max", "uuid"], name="source_by_date"),
        ]

    def __str__(self) -> str:
        return self.title


class Bearing(models.TextChoices):
    """What a passage does to the record it is cited for."""

    SUPPORTS = "supports", "Supports"
    DISPUTES = "disputes", "Disputes"
    MENTIONS = "mentions", "Mentions"


class Anchor(models.TextChoices):
    """Whether the quote stands in the held text of its source."""

    UNCHECKED = "unchecked", "The text of the source is not held"
    EXACT = "exact", "Found, word for word and once"
    CONTEXT = "context", "Found by the words around it"
    POSITION = "position", "Found at the recorded position"
    AMBIGUOUS = "ambiguous", "In the text more than once"
    MISSING = "missing", "Not in the text"


CITED = ("event", "participation", "claim", "relation", "affiliation", "figure")


def _one_of(names: tuple[str, ...]) -> Q:
    """Exactly one of these columns is filled."""
    some = Q()
    for chosen in names:
        some |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return some


def _cited(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="citations",
        db_index=False,
    )


class Citation(Record):
    """A passage of a source that bears on one record. Quotes after W3C Web Annotation."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="citations", db_index=False
    )
    bearing = models.CharField(max_length=8, choices=Bearing, default=Bearing.SUPPORTS)
    quote = models.TextField(max_length=5000, blank=True, default="", help_text="Exact words.")
    prefix = models.CharField(
        max_length=500, blank=True, default="", help_text="The words before the quote."
    )
    suffix = models.CharField(
        max_length=500, blank=True, default="", help_text="The words after the quote."
    )
    position_start = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Where the quote begins in the held text, in characters.",
    )
    position_end = models.PositiveIntegerField(
        null=True, blank=True, help_text="Where the quote ends; the character after it."
    )
    locator = models.CharField(
        max_length=200, blank=True, default="", help_text="Page, paragraph, time code."
    )
    note = models.TextField(
        max_length=2000, blank=True, default="", help_text="What to know about the passage."
    )
    anchor = models.CharField(
        max_length=9, choices=Anchor, default=Anchor.UNCHECKED, editable=False
    )

    event = _cited("Event")
    participation = _cited("Participation")
    claim = _cited("Claim")
    relation = _cited("Relation")
    affiliation = _cited("Affiliation")
    figure = _cited("Figure")

    search_text = SearchTextField(of=("quote",))

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=_one_of(CITED), name="citation_is_for_exactly_one_record"
            ),
            models.CheckConstraint(
                condition=Q(position_start__isnull=True, position_end__isnull=True)
                | Q(
                    position_start__isnull=False,
                    position_end__isnull=False,
                    position_start__lt=F("position_end"),
                ),
                name="citation_position_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(bearing__in=Bearing.values), name="citation_has_a_known_bearing"
            ),
        ]
        indexes = [
            # The events that a source reports; counted in the index.
            models.Index(fields=["source", "event", "publication"], name="citation_by_source"),
            # The sources that report an event; counted in the index as well.
            models.Index(fields=["event", "publication", "source"], name="citation_of_event"),
            # The events that somebody disputes.
            models.Index(
                fields=["event"], condition=Q(bearing="disputes"), name="citation_that_disputes"
            ),
            # Most are for events: of the others only what is filled.
            *(
                models.Index(
                    fields=[name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"citation_of_{name}",
                )
                for name in CITED
                if name != "event"
            ),
        ]

    def __str__(self) -> str:
        return self.quote or self.locator or "citation"
