"""What gunicorn serves of the peers that stand on Django."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
