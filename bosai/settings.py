"""Every setting, on one page, read from the environment; the defaults work on a laptop.

BOSAI_MODE   live (default), demo or test        BOSAI_STATE  the folder that holds everything
DATABASE_URL PostgreSQL instead of SQLite        REDIS_URL    Redis instead of the filesystem broker
SMTP_URL     smtp[s]://user:password@host:port   BOSAI_URL    the address people type
MAIL_FROM    the sender address                  BOSAI_SECRET_KEY  else kept in the state folder
BOSAI_BIND   where the web server listens        BOSAI_ALLOW_HTTP  True: in public without TLS, on purpose
BOSAI_STATIC the folder of collected files       else below the state folder
BOSAI_LOG    line (default) or json              BOSAI_METRICS_TOKEN  opens /metrics to Prometheus
BOSAI_PROXIES  networks of our proxies, with commas: who may say which address a request came from
BOSAI_CALL_HOSTS  host:port, with commas: what of our own network webhooks may call, over http too
"""

import os
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from bosai.environment import account_mailer, flag, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


MODE = os.environ.get("BOSAI_MODE", "live")
if MODE not in ("live", "demo", "test"):
    raise ImproperlyConfigured(f"BOSAI_MODE must be live, demo or test, not {MODE!r}")
DEMO = MODE == "demo"
DEBUG = flag("BOSAI_DEBUG")
STATE = Path(os.environ.get("BOSAI_STATE", BASE_DIR / "state")) / ("demo" if DEMO else "")
SECRET_KEY = os.environ.get("BOSAI_SECRET_KEY") or kept_secret(STATE)
BOSAI_URL = os.environ.get("BOSAI_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
_host = urlsplit(BOSAI_URL)
IS_HTTPS = _host.scheme == "https"
BIND = "127.0.0.1" if DEMO else os.environ.get("BOSAI_BIND", "127.0.0.1")
ALLOW_HTTP = flag("BOSAI_ALLOW_HTTP")
ALLOWED_HOSTS = [_host.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_host.scheme}://{_host.netloc}"]
PROXIES = [each.strip() for each in os.environ.get("BOSAI_PROXIES", "").split(",") if each.strip()]
CALL_HOSTS = [each.strip() for each in os.environ.get("BOSAI_CALL_HOSTS", "").split(",") if each.strip()]

INSTALLED_APPS = [
    "bosai",
    "dashboards",
    "office",
    "advocacy",
    "coaching",
    "milestones",
    "customers",
    "post",
    "organisations",
    "ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "bosai.middleware.MeasuringMiddleware",
    "bosai.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "bosai.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below, so that files carry every header as well
    "bosai.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bosai.middleware.ClockMiddleware",
    "bosai.middleware.SeenMiddleware",
    "bosai.middleware.TooOftenMiddleware",
    "bosai.middleware.PartialSignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "bosai.urls"
WSGI_APPLICATION = "bosai.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisations.access.member_context",
                "dashboards.status.banner_context",
            ],
            "builtins": [
                "ui.templatetags.ui",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
            ],
        },
    },
]

# Database: SQLite until outgrown. The owner migrates; everything else runs as a role behind the wall.
OWNER_COMMANDS = ("migrate", "roles", "makemigrations", "dbshell", "restore")
if "DATABASE_URL" in os.environ:
    DATABASES = {"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # a database that is gone must not keep probes and pages waiting for minutes
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
    if not (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS):
        DATABASES["default"].setdefault("OPTIONS", {})["assume_role"] = "bosai_app"
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": STATE / "bosai.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            },
        }
    }
    if MODE == "test":
        # A file, not memory: several processes and threads share it, as in real use.
        DATABASES["default"]["TEST"] = {"NAME": STATE / "test.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker: only wakes. The database holds the work.
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "figures": {  # reports of the Milestones page, each process its own; see dashboards.figures.kept
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "figures",
        "TIMEOUT": 0 if MODE == "test" else 60,
    },
}

# Mail
SMTP_URL = os.environ.get("SMTP_URL", "")
MAIL_FROM = os.environ.get("MAIL_FROM", f"bosai@{_host.hostname or 'localhost'}")
SEND_MARK = STATE / "installation"  # outside the database, so that a copy of it is noticed: see post.guarding
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM


MAILERS = {"default": account_mailer("" if DEMO else SMTP_URL, otherwise=STATE / "mail")}

# Sign-in
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["organisations.signing_in.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "organisations.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = (
    False  # theirs rest on the cache; ours are in the database, see limits
)
ACCOUNT_LOGIN_TIMEOUT = 60 * 60 * 24 * 14  # a half-done sign-in is refused by us, sooner, and not on GET
MFA_ADAPTER = "organisations.signing_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "organisations.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # sessions would write on GET
CSRF_FAILURE_VIEW = "ui.views.csrf_failure"

# Pages
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_HTTPS else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("BOSAI_STATIC", STATE / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test" or DEBUG
        else "ui.stylesheets.FlatStylesheets"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "test" or DEBUG
MEDIA_ROOT = STATE / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: they are not ours to decide about
    "security.W008",  # the proxy in front redirects to https, see docs/guides/deploying.md
    "security.W019",  # our own pages show a mail in a frame; everybody else is refused
    "security.W021",  # the preload list is for the domain's owner
]
LOG = os.environ.get("BOSAI_LOG", "line")
if LOG not in ("line", "json"):
    raise ImproperlyConfigured(f"BOSAI_LOG must be line or json, not {LOG!r}")
LOGGING_CONFIG = "bosai.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "bosai.logs.LineFormatter"}, "json": {"()": "bosai.logs.JSONFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # Django's own would mail and print as they like
        "django.request": {"level": "ERROR"},
        "bosai.requests": {"level": "INFO" if LOG == "json" else "WARNING"},
    },
}
METRICS_TOKEN = os.environ.get("BOSAI_METRICS_TOKEN", "")
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
