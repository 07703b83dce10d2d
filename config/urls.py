"""Where everything is."""

from django.urls import include, path

from config import health
from timeline.admin.site import site
from timeline.api import explained

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", site.urls),
    path("api/", include("timeline.api.urls")),
    path("problems", explained.index, name="problems"),
    path("problems/<slug:code>", explained.problem_page, name="problem"),
    path("", include("timeline.web.urls")),
]
