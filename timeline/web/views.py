"""The pages for readers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from timeline.models import Actor, Redirect, Source, Timeline
from timeline.querysets.visibility import PUBLIC
from timeline.web import reading
from timeline.web.amounts import amount
from timeline.web.answers import page
from timeline.web.documents import describe
from timeline.web.markup import to_html, to_plain
from timeline.web.people import portray
from timeline.web.spans import count_in_words, span_in_words
from timeline.web.strips import chart
from timeline.web.tellings import tell

EVENTS_PER_PAGE = 100
TIMELINES_PER_PAGE = 50


@page
def index(request: HttpRequest) -> HttpResponse:
    """Every published timeline."""
    timelines = Timeline.objects.visible_to(PUBLIC).order_by("title", "uuid")
    sheet = _sheet(request, timelines, TIMELINES_PER_PAGE)
    extents = reading.extents([one for one in sheet if not one.filter])
    listed = [
        {
            "title": one.title,
            "url": reverse("web:timeline", args=[one.slug]),
            "excerpt": to_plain(one.introduction),
            "count": count_in_words(extents[one.pk]["count"]) if one.pk in extents else "",
            "span": span_in_words(extents[one.pk]) if one.pk in extents else "",
        }
        for one in sheet
    ]
    return render(request, "timeline/index.html", {"timelines": listed, "sheet": sheet})


@page
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """One timeline: its events in order of time, those without a date at the end."""
    shown = Timeline.objects.visible_to(PUBLIC).filter(slug=slug).first()
    if shown is None:
        raise Http404
    found = reading.timeline_events(shown)
    extent = reading.extent(found)
    sheet = _sheet(request, found, EVENTS_PER_PAGE)
    events = list(sheet)
    told = tell(events, reading.entry_notes(shown, events))
    dates = [event.date for event in events if event.date is not None]
    drawn = chart(dates)
    context = {
        "title": shown.title,
        "slug": shown.slug,
        "introduction": to_html(shown.introduction),
        "description": to_plain(shown.introduction),
        "count": count_in_words(extent["count"]),
        "span": span_in_words(extent),
        "dated": told[: len(dates)],
        "undated": told[len(dates) :],
        "chart": drawn,
        "rows": list(zip(told, drawn.strips, strict=False)) if drawn else [],
        "amounts": [amount(one) for one in reading.figures_beside(found)[:EVENTS_PER_PAGE]],
        "sheet": sheet,
    }
    return render(request, "timeline/timeline.html", context)


@page
def event(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One event in full."""
    shown = reading.events().filter(uuid=uuid).first()
    if shown is None:
        return _moved(reading.events(), uuid, "web:event")
    drawn = chart([shown.date]) if shown.date is not None else None
    context = {
        "told": tell([shown])[0],
        "chart": drawn,
        "timelines": reading.timelines_showing(shown),
        "description": to_plain(shown.summary) or shown.title,
    }
    return render(request, "timeline/event.html", context)


@page
def actor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who it is, and what it took part in."""
    actors = Actor.objects.visible_to(PUBLIC).for_list()
    shown = actors.filter(uuid=uuid).first()
    if shown is None:
        return _moved(actors, uuid, "web:actor")
    context = {"told": portray(shown), "description": to_plain(shown.description) or shown.name}
    return render(request, "timeline/actor.html", context)


@page
def source(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it is, and what it is cited for."""
    sources = Source.objects.visible_to(PUBLIC).for_list()
    shown = sources.filter(uuid=uuid).first()
    if shown is None:
        return _moved(sources, uuid, "web:source")
    return render(request, "timeline/source.html", {"told": describe(shown)})


def _sheet(request: HttpRequest, rows: QuerySet[Any], size: int) -> Any:
    """The page of ``rows`` that ``?page=`` asks for."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", "1"))
    except InvalidPage as error:
        raise Http404 from error


def _moved(visible: QuerySet[Any], uuid: UUID, name: str) -> HttpResponse:
    """Send readers of a merged record on to its survivor, if they may see that."""
    moves = Redirect.objects.filter(record_type=visible.model._meta.model_name)
    survivor = moves.survivor(uuid)
    if survivor == uuid or not visible.filter(uuid=survivor).exists():
        raise Http404
    return HttpResponsePermanentRedirect(reverse(name, args=[survivor]), preserve_request=True)
