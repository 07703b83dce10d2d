"""How gunicorn serves: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os

host = os.environ.get("HOST", "127.0.0.1")
port = os.environ.get("PORT", "8000")
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
worker_class = "gthread"
# SQLite was measured to like two to four processes with two to four threads each.
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# The service is loaded once; a worker is a fork of it and shares what it does not change.
preload_app = True
timeout = 60
graceful_timeout = 20
# The longest line gunicorn can be told to read; the API refuses longer queries itself.
limit_request_line = 8190
# Requests are logged by the service, without queries and addresses.
accesslog = None
control_socket_disable = True
proc_name = "timeline"
