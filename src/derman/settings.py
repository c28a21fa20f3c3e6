"""One settings file. Safe by default: it insists on a secret key and on known hosts.

What an operator sets is environment (DERMAN_…, each also as DERMAN_…_FILE) or the data folder;
what an organisation decides is in its profile; what a user changes is in the database.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF

from derman.lib import databaseurl, datafolder, env

HERE = Path(__file__).parent

PROFILE = env.text("DERMAN_PROFILE", "")
DATA = Path(env.text("DERMAN_DATA", f"var/{PROFILE or 'gas'}")).resolve()
PROFILE = PROFILE or datafolder.read(DATA, datafolder.PROFILE) or "gas"
DEMO = env.flag("DERMAN_DEMO", default=datafolder.read(DATA, datafolder.DEMO) == "true")
DEBUG = env.flag("DERMAN_DEBUG")
SECRET_KEY = env.text(
    "DERMAN_SECRET_KEY",
    datafolder.read(DATA, datafolder.SECRET_KEY),
    hint=f"Set it, or prepare the data folder {DATA} with: derman init",
)
KEYS_FILE = Path(env.text("DERMAN_KEYS_FILE", str(DATA / datafolder.KEYS)))

# The web server
HOST = env.text("DERMAN_HOST", "127.0.0.1")
PORT = env.number("DERMAN_PORT", 8000, least=1, most=65535)
WORKERS = env.number("DERMAN_WORKERS", 2, least=1, most=64)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
BASE_URL = env.text(
    "DERMAN_BASE_URL", f"http://{HOST if HOST != '0.0.0.0' else '127.0.0.1'}:{PORT}"
).rstrip("/")
if not BASE_URL.startswith(("http://", "https://")):
    raise env.Misconfigured(f"DERMAN_BASE_URL must begin with https://, not be {BASE_URL!r}.")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("DERMAN_ALLOWED_HOSTS") or [urlsplit(BASE_URL).hostname or "", *LOOPBACK]
TRUSTED_PROXIES = env.words("DERMAN_TRUSTED_PROXIES")  # addresses or networks
METRICS_FROM = env.networks("DERMAN_METRICS_FROM", "127.0.0.0/8,::1")  # who may read /metrics
WEBHOOK_NETWORKS = env.networks("DERMAN_WEBHOOK_NETWORKS")  # private ones that they may reach
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

# The ways out; without them the messages of a demo end in the simulator
SMTP_URL = env.text("DERMAN_SMTP_URL", "")
MAIL_FROM = env.text("DERMAN_MAIL_FROM", "")
SMS_URL = env.text("DERMAN_SMS_URL", "")
SMS_METHOD = env.text("DERMAN_SMS_METHOD", "POST")
SMS_FIELDS = env.text("DERMAN_SMS_FIELDS", "")
SMS_SUCCESS = env.text("DERMAN_SMS_SUCCESS", "")
SMS_ERROR = env.text("DERMAN_SMS_ERROR", "")
SMS_FROM = env.text("DERMAN_SMS_FROM", "")
SMS_SHIFT = env.text("DERMAN_SMS_SHIFT", "single")  # none: it lacks the Turkish table
SMS_TIMEOUT = env.number("DERMAN_SMS_TIMEOUT", 10, least=1, most=25)  # less than a lease
SMS_REPEATABLE = env.flag("DERMAN_SMS_REPEATABLE")  # the gateway recognises a repeat by our id
SMS_RECEIPT_TOKEN = env.text("DERMAN_SMS_RECEIPT_TOKEN", "")
SMS_DELIVERED = env.text("DERMAN_SMS_DELIVERED", r"(?i)^(1|delivrd|delivered)$")
SMS_UNDELIVERED = env.text(
    "DERMAN_SMS_UNDELIVERED",
    r"(?i)^(2|16|undeliv|undelivered|failed|expired|deleted|rejectd|rejected)$",
)

OURS = (
    "ui profile audit accounts people cases outbox reports channels.simulator api portal desk"
    " administration workplace knowledge quality visits"
)
CONTRIB = "auth contenttypes sessions messages staticfiles"
INSTALLED_APPS = [
    *(f"derman.{name}" for name in OURS.split()),
    *(f"django.contrib.{name}" for name in CONTRIB.split()),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    # The simple one: the default would silently set up its own template loaders.
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "derman.proxies.TrustedProxies",
    "derman.measures.Measures",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "derman.sessions.SlidingExpiry",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "derman.accounts.factors.Asked",
]
ROOT_URLCONF = "derman.urls"
WSGI_APPLICATION = "derman.wsgi.application"
FORM_RENDERER = "derman.ui.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOADERS: list = ["django.template.loaders.app_directories.Loader"]
CACHED = LOADERS if DEBUG else [("django.template.loaders.cached.Loader", LOADERS)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", CACHED)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

SQLITE = f"sqlite:///{quote(str(DATA / 'derman.db'))}"
DATABASES = {"default": databaseurl.configure(env.text("DERMAN_DATABASE_URL", SQLITE))}
# On SQLite every transaction is a writer (IMMEDIATE), so only actions may open one.
ATOMIC_REQUESTS = False
# In the database, so that limits hold over all processes and machines.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # The default of 300 would forget limits in use as soon as somebody fills the table.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("CommonPasswordValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "derman.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; accounts are given
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Two windows more than the first: who goes on guessing waits longer and longer.
FAILED = "10/m/ip,100/h/ip,5/5m/key,15/h/key,40/d/key"
ACCOUNT_RATE_LIMITS = {"login_failed": FAILED}
SESSION_ENGINE = "derman.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # idle time, and the longest in all; see derman.sessions
SESSION_LONGEST = 24 * 3600
# The second step: codes of an app, passkeys, recovery codes
SECOND_FACTOR = env.words("DERMAN_SECOND_FACTOR")  # roles that must have one
MFA_ADAPTER = "derman.accounts.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
# The organisation's own identity provider (OpenID Connect)
OIDC_ISSUER = env.text("DERMAN_OIDC_ISSUER", "").rstrip("/")
OIDC_ORIGIN = urlsplit(OIDC_ISSUER)._replace(path="", query="").geturl()
OIDC_CLIENT = env.text("DERMAN_OIDC_CLIENT", "")
OIDC_SECRET = env.text("DERMAN_OIDC_SECRET", "")
OIDC_NAME = env.text("DERMAN_OIDC_NAME", "")
if OIDC_ISSUER and not (OIDC_CLIENT and OIDC_SECRET):
    raise env.Misconfigured("DERMAN_OIDC_ISSUER needs DERMAN_OIDC_CLIENT and DERMAN_OIDC_SECRET.")
SOCIALACCOUNT_ADAPTER = "derman.accounts.oidc.Linking"
SOCIALACCOUNT_STORE_TOKENS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"  # as Django's others are
CSRF_FAILURE_VIEW = "derman.ui.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

# What a browser may do with our pages
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # A form that leads on to the identity provider is held to this, too.
        "form-action": [SELF, OIDC_ORIGIN] if OIDC_ISSUER else [SELF],
        **{name: [NONE] for name in ["base-uri", "frame-ancestors", "object-src"]},
        "img-src": [SELF, "data:"],
    }
}
# The proxy that ends TLS redirects and decides for its whole domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "derman.assets.Assets"
)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
MEDIA_ROOT = DATA / "files"  # attachments; no address leads here, views hand them out
# Uploads wait in memory: on disk they would lie in clear. Six files of the largest size.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # two texts of 100,000 signs, escaped
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Language and time
LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", "Türkçe"), ("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "Europe/Istanbul"
USE_TZ = True

LOG_FORMAT = env.text("DERMAN_LOG_FORMAT", "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "derman.lib.logs.Lines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "derman.lib.logs.JsonLines"},
    },
    "filters": {
        "by_pattern": {"()": "derman.lib.logs.ByPattern"},
        "without_trace": {"()": "derman.lib.logs.WithoutTrace"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["by_pattern", "without_trace"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # A line a request is for machines; people at a terminal want to read what matters.
    "loggers": {"derman.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"}},
}
if LOG_FORMAT not in {"text", "json"}:
    raise env.Misconfigured(f"DERMAN_LOG_FORMAT must be text or json, not {LOG_FORMAT!r}.")
