"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# With the addresses comes all that answers them; nobody's first request is to wait for that.
resolve("/readyz")
