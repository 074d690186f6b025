"""One settings file; every value that differs between places comes from the environment."""

from pathlib import Path

import dj_database_url
import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crm.env import env_bool, env_int, env_list, env_secret, env_str

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env_bool("DEBUG")
DEMO = env_bool("DEMO", default=DEBUG)  # demo logins with a known password
SECRET_KEY = env_secret("SECRET_KEY", debug=DEBUG)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
VAR_DIR = Path(env_str("VAR_DIR", str(BASE_DIR / "var")))
METRICS_TOKEN = env_str("METRICS_TOKEN")

INSTALLED_APPS = [
    "crm.accounts",
    "crm.work",
    "crm.notices",
    "crm.approvals",
    "crm.imports",
    "crm.files",
    "crm.originals",
    "crm.assignments",
    "crm.library",
    "crm.meetings",
    "crm.links",
    "crm.lists",
    "crm.people",
    "crm.shell",
    "clients",
    "deals",
    "claims",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "health_check",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.shell.middleware.LanguageMiddleware",
    "crm.shell.middleware.PageMiddleware",
    "crm.shell.middleware.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "crm.people.middleware.SessionRulesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "crm.people.middleware.DutyMiddleware",
    "crm.people.middleware.RefusalLogMiddleware",
    "crm.shell.middleware.HistoryContextMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

FORM_RENDERER = "crm.shell.rendering.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.shell.context.shell",
            ],
        },
    },
]

# Two roles: the web owns no table, so that history cannot be rewritten through it.
_DATABASE_URL = env_str("DATABASE_URL", "postgresql://klientura_app@localhost/klientura")
_DATABASE_OWNER_URL = env_str("DATABASE_OWNER_URL", _DATABASE_URL)
DATABASES = {
    "default": dj_database_url.parse(_DATABASE_URL, conn_max_age=600, conn_health_checks=True),
    "owner": dj_database_url.parse(_DATABASE_OWNER_URL),
}
for _alias in DATABASES.values():
    if _alias["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must be a postgresql:// address.")
    # Each trigger of a row asks which triggers are to be ignored. Where nothing is set, the answer
    # is an error that is caught: a subtransaction for every row, most of what a trigger costs.
    _options = _alias.setdefault("OPTIONS", {})
    _options["options"] = f"{_options.get('options', '')} -c pgtrigger.ignore={{}}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env_str("REDIS_URL", "redis://localhost:6379/0")

PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField(null=True)
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGTRIGGER_INSTALL_ON_MIGRATE = False

CACHES = {
    # Security counters survive a restart of Redis and are shared by all processes.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # above it a third is thrown away, counters too
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crm.shell.errors.csrf_failure"
DEFAULT_EXCEPTION_REPORTER = "crm.outage.Reporter"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if not DEBUG:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-report/",
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "camera",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "display-capture",
    )
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
IMPORT_MAX_BYTES = env_int("IMPORT_MAX_BYTES", 20 * 1024 * 1024, least=1)
# Where 1C and the bank lay files, a folder of each kind inside; imported as the named person.
IMPORT_DROPFOLDER = env_str("IMPORT_DROPFOLDER")
IMPORT_DROPFOLDER_AS = env_str("IMPORT_DROPFOLDER_AS")
MEDIA_ROOT = Path(env_str("MEDIA_ROOT", str(VAR_DIR / "media")))

PROXY_COUNT = env_int("PROXY_COUNT", 0)  # proxies of ours that write X-Forwarded-For
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "crm.accounts.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "crm.people.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "crm.people.adapter.AccountAdapter"
MFA_ADAPTER = "crm.people.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator enters e-mails
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,10/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Klientura"
MFA_TOTP_TOLERANCE = 1  # clocks of phones may be half a minute off
USERSESSIONS_TRACK_ACTIVITY = False

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "crm.people.signin.failure_limit"
AXES_COOLOFF_TIME = "crm.people.signin.cool_off"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "crm.accounts.visitor.client_ip"
AXES_USERNAME_CALLABLE = "crm.accounts.visitor.lockout_name"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in our own journal
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm.formats"]
TIME_ZONE = env_str("TIME_ZONE", "Europe/Moscow")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "crm.shell.storage.StaticStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

EMAIL_HOST = env_str("EMAIL_HOST")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "Klientura <noreply@localhost>")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)
# The mailbox that letters of clients come to (clients/mailbox); without a host none is read.
MAIL_IMAP_HOST = env_str("MAIL_IMAP_HOST")
MAIL_IMAP_PORT = env_int("MAIL_IMAP_PORT", 993, least=1)
MAIL_IMAP_SSL = env_bool("MAIL_IMAP_SSL", default=True)
MAIL_IMAP_CA = env_str("MAIL_IMAP_CA")  # PEM of who signed the server's certificate
MAIL_IMAP_USER = env_str("MAIL_IMAP_USER")
MAIL_IMAP_PASSWORD = env_str("MAIL_IMAP_PASSWORD")
MAIL_ADDRESS = env_str("MAIL_ADDRESS")  # answers to our letters come here
SITE_URL = env_str("SITE_URL", "http://localhost:8000")  # links in e-mails

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secret_paths": {"()": "crm.scrubbing.SecretPaths"}},
    "loggers": {
        name: {"filters": ["secret_paths"]} for name in ("django.request", "django.security.csrf")
    },
}

# No values of variables in tracebacks, which rich would show: they hold secrets and people.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# Beat only ticks: what is due is computed from the data (crm.work.periodic).
# A tick that found no worker is dropped: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    "run-due-periods": {
        "task": "crm.work.tasks.run_due",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "deliver-notices": {
        "task": "crm.notices.tasks.deliver_notices",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "form-acts": {
        "task": "deals.tasks.run_waiting_act_batches",
        "schedule": 2.0,
        "options": {"expires": 2},
    },
    "compare-statements": {
        "task": "deals.tasks.compare_waiting_statements",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "read-mailbox": {
        "task": "clients.tasks.read_mailbox",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "make-lawsuit-packages": {
        "task": "claims.tasks.outgoing.make_waiting_packages",
        "schedule": 2.0,
        "options": {"expires": 2},
    },
    "resume-imports": {
        "task": "crm.imports.tasks.run_waiting_imports",
        "schedule": 2.0,
        "options": {"expires": 2},
    },
}
