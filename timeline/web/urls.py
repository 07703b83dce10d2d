"""The addresses of the pages. A trailing slash is accepted, and nowhere shown."""

from django.urls import URLPattern, path

from timeline.web import views
from timeline.web.answers import View

app_name = "web"


def _either(route: str, view: View, name: str) -> list[URLPattern]:
    # Only the first has a name, so that links have no slash.
    return [path(route, view, name=name), path(f"{route}/", view)]


urlpatterns = [
    path("", views.index, name="index"),
    *_either("timelines/<slug:slug>", views.timeline, "timeline"),
    *_either("events/<uuid:uuid>", views.event, "event"),
    *_either("actors/<uuid:uuid>", views.actor, "actor"),
    *_either("sources/<uuid:uuid>", views.source, "source"),
]
