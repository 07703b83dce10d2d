"""Settings of the service. The environment is read in the first block, and nowhere else."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.openapi import DOCUMENT
from config.secret import make_secret_key, private_folder, read_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment ------------------------------------------------------------------------------

env = environ.Env()

# What the service keeps besides a database server's: SQLite's file, the secret key, static files.
STATE_DIR = private_folder(Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve())
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()

DATABASE = env.db_url_config(
    env.str("DATABASE_URL", default="") or f"sqlite:///{STATE_DIR / 'timeline.sqlite3'}"
)
# Connections a process keeps to PostgreSQL; 0 means one a thread, kept for a minute, and no pool.
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=8)
# Milliseconds; 0 means no limit. PostgreSQL only.
DATABASE_STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", default=5_000)
DATABASE_LOCK_TIMEOUT = env.int("DATABASE_LOCK_TIMEOUT", default=2_000)
# Behind a pooler that hands out connections by the transaction (PgBouncer) no cursor can live on the
# server, and no limit can be set for a session: the two above are then to be the role's.
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
# A standby of that PostgreSQL, which answers readers without a login (config/replica.py), and by
# how many seconds it may be behind.
REPLICA_URL = env.str("REPLICA_URL", default="")
REPLICA_MAX_LAG = env.float("REPLICA_MAX_LAG", default=5.0)
# Where throttles are counted; several machines need one store in common, e.g. dbcache://throttles.
CACHE_URL = env.str("CACHE_URL", default="")
# What the public was told about events, remembered by each process until something changes; 0 remembers
# nothing.
REMEMBERED_MB = env.int("REMEMBERED_MB", default=32)

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
# How many proxies of ours a request passes; only they are believed about a client's address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ORIGINS = env.list("CORS_ORIGINS", default=["*"])
STATIC_ROOT = env.str("STATIC_ROOT", default=str(STATE_DIR / "static"))

LOGIN_REQUIRED = env.bool("LOGIN_REQUIRED", default=False)
FOUR_EYES = env.bool("FOUR_EYES", default=False)
REQUIRE_IF_MATCH = env.bool("REQUIRE_IF_MATCH", default=False)
# Minutes east of UTC, for times of day whose source names no zone.
DEFAULT_ZONE = env.int("DEFAULT_ZONE", default=0)
# For development: webhooks may then lead to this machine and its network, also without TLS.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
# "6000/min" and the like.
NO_LIMIT = "off"
THROTTLE_ANON = env.str("THROTTLE_ANON", default="6000/min")
THROTTLE_TOKEN = env.str("THROTTLE_TOKEN", default="6000/min")

# --- Databases ------------------------------------------------------------------------------------

# IMMEDIATE takes the write lock when a transaction begins, since a read snapshot that turns into a
# writer fails at once, whatever the timeout; so `atomic()` is for writes, and requests have none.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA trusted_schema=OFF;"
        "PRAGMA cell_size_check=ON;"
        "PRAGMA journal_size_limit=67108864;"
        "PRAGMA mmap_size=0;"
    ),
}
POSTGRESQL_OPTIONS: dict[str, Any] = {"connect_timeout": 3, "tcp_user_timeout": 10_000}
if not DATABASE_POOLER:
    POSTGRESQL_OPTIONS["options"] = (
        f"-c statement_timeout={DATABASE_STATEMENT_TIMEOUT}"
        f" -c lock_timeout={DATABASE_LOCK_TIMEOUT}"
        " -c idle_in_transaction_session_timeout=10000"
        # Prepared are only long statements that tell of events by their keys: to plan one for each
        # of the first keys, as PostgreSQL would, takes ten times as long as to carry it out.
        " -c plan_cache_mode=force_generic_plan"
    )
if DATABASE_POOL_SIZE:
    POSTGRESQL_OPTIONS["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 5}

DATABASES = {
    "default": DATABASE
    | {
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        # SQLite too: opening a file and setting it up costs 0.4 ms, and closing the last connection
        # folds the whole write-ahead log back into it.
        "CONN_MAX_AGE": 60,
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLER,
    }
}
match DATABASE["ENGINE"]:
    case "django.db.backends.sqlite3":
        DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS | DATABASE.get("OPTIONS", {})
    case "django.db.backends.postgresql":
        if DATABASE_POOL_SIZE:
            # The pool keeps the connections, and Django wants to hear it.
            DATABASES["default"]["CONN_MAX_AGE"] = 0
        DATABASES["default"]["OPTIONS"] = POSTGRESQL_OPTIONS | DATABASE.get("OPTIONS", {})
    case engine:
        raise ImproperlyConfigured(
            f"DATABASE_URL names {engine}; the service knows sqlite:// and postgres:// only."
        )
if REPLICA_URL:
    replica = env.db_url_config(REPLICA_URL)
    if {DATABASE["ENGINE"], replica["ENGINE"]} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured(
            "REPLICA_URL is of a standby of PostgreSQL: it and DATABASE_URL both begin postgres://."
        )
    options = POSTGRESQL_OPTIONS | replica.get("OPTIONS", {})
    if DATABASE_POOL_SIZE:
        # The primary can answer instead, and sooner.
        options["pool"] = POSTGRESQL_OPTIONS["pool"] | {"timeout": 1}
    DATABASES["replica"] = DATABASES["default"] | replica | {"OPTIONS": options}
    DATABASE_ROUTERS = ["config.replica.Router"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {"BACKEND": "config.counters.SharedCounters", "LOCATION": str(STATE_DIR / "counters")}
}

# --- Secret key -----------------------------------------------------------------------------------

SECRET_KEY_FILE = STATE_DIR / "secret_key"
if not SECRET_KEY:
    SECRET_KEY = read_secret_key(SECRET_KEY_FILE) or ""
if not SECRET_KEY:
    if "sqlite3" not in DATABASE["ENGINE"]:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. With DATABASE_URL the service may run on several machines, "
            "which must share one key, so none is made up. Set SECRET_KEY, or let `make run` "
            f"keep one in {SECRET_KEY_FILE}."
        )
    SECRET_KEY = make_secret_key(SECRET_KEY_FILE)

# --- Application ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "timeline",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "corsheaders",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestLogMiddleware",
    "config.middleware.permissions_policy",
    "config.middleware.problems_of_the_api",
    "corsheaders.middleware.CorsMiddleware",
    # Answers 304 to who has the answer already; gives an ETag to what has none of its own.
    "config.middleware.ConditionalReadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]
if REPLICA_URL:
    # The innermost, since it may ask a second time.
    MIDDLEWARE.append("config.replica.choose_database")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# A body of the API; imports are read as a stream and have their own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# The admin's forms with many inlines; the API counts its parameters itself.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Who may --------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "/"

# A name and an address together, so that nobody can lock somebody else out from afar.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if TRUSTED_PROXIES else ["REMOTE_ADDR"]
)

# --- The API --------------------------------------------------------------------------------------

# Classes of ours that name views or models stand on the base viewset: named here, they are imported
# while Django REST framework is, and meet it half made.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "timeline.api.schema.TimelineSchema",
    "DEFAULT_THROTTLE_RATES": {
        "anon": None if THROTTLE_ANON == NO_LIMIT else THROTTLE_ANON,
        "token": None if THROTTLE_TOKEN == NO_LIMIT else THROTTLE_TOKEN,
    },
    "EXCEPTION_HANDLER": "timeline.api.problems.problem_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # A parameter like any other, and so unknown.
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = DOCUMENT

CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = "*" in CORS_ORIGINS
CORS_ALLOWED_ORIGINS = [origin for origin in CORS_ORIGINS if origin != "*"]
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Link",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-ID",
]

# --- Safety ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

if BEHIND_TLS:
    # The proxy that ends TLS must set this header itself, whatever a client sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # An orchestrator asks from inside, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Logs: JSON lines, without titles, queries or addresses ---------------------------------------

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# Nor who asked: a lookup of the session's user would cost every request a query.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False
# One line a request, when it is done; what a client got wrong is no warning of ours.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO

LOG_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Tracebacks as text: as structures they would carry the local variables.
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own: its default handlers would say everything twice.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Says the path of every refused request again, query included.
        "django.request": {"level": "ERROR"},
        # Writes names and addresses into each line.
        "axes": {"level": "ERROR"},
        # Remarks on every HEAD that Django leaves the body to it, as it should.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
