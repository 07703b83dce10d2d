"""The Django application."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """One app holds every layer; the import contracts in pyproject.toml draw the map."""

    name = "timeline"
    verbose_name = "Timeline"
    default_auto_field = "django.db.models.BigAutoField"
