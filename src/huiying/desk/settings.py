"""Settings of the desk. Everything that an operator changes comes from the environment or `huiying.env`."""

import warnings
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
env = environ.Env()
#: Where the desk keeps what it owns: database, secret, evidence, archives.
HOME = Path(env.str("HUIYING_HOME", default=str(Path.cwd() / "var"))).resolve()
environ.Env.read_env(HOME / "huiying.env")


def _checked(name: str, example: str, read: Callable[[], T]) -> T:
    """A value from the environment; one that cannot be used is an error that names it, without repeating a password."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return read()
    except Exception as error:
        raise ImproperlyConfigured(f"{name} ({example})") from error


DESK = Path(__file__).resolve().parent
DEBUG = env.bool("HUIYING_DEBUG", default=False)
TESTING = env.bool("HUIYING_TESTING", default=False)


def _secret() -> str:
    """The signing secret: from the environment, else made once and kept in HOME, readable by its owner only."""
    given = env.str("HUIYING_SECRET", default="")
    if given:
        return str(given)
    from huiying.desk.secret import secret_in

    return str(secret_in(HOME))


SECRET_KEY = _secret()
ALLOWED_HOSTS = env.list("HUIYING_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("HUIYING_ORIGINS", default=[])
#: The address at which people reach the desk; links in notices begin with it.
BASE_URL = env.str("HUIYING_URL", default="http://127.0.0.1:8600").rstrip("/")
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "huiying.desk.shell",
    "huiying.desk.accounts",
    "huiying.desk.plans",
    "huiying.desk.collect",
    "huiying.desk.listen",
    "huiying.desk.cases",
    "huiying.desk.replies",
    "huiying.desk.reports",
    "huiying.desk.notify",
    "huiying.desk.library",
    "huiying.desk.public",
    "huiying.desk.joint",
    "huiying.desk.drills",
    "huiying.desk.today",
    "huiying.desk.sample",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "django_filters",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiying.desk.shell.middleware.language",
    "huiying.desk.shell.middleware.house",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huiying.desk.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DESK / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "huiying.desk.shell.context.shell",
                "huiying.desk.sample.context.sample",
                "huiying.desk.drills.context.drill",
            ],
            "builtins": ["django.templatetags.i18n", "huiying.desk.shell.templatetags.huiying"],
        },
    }
]
WSGI_APPLICATION = "huiying.desk.wsgi.application"

_SQLITE = f"sqlite:///{HOME / 'huiying.sqlite3'}"
DATABASES = {
    "default": _checked(
        "DATABASE_URL",
        "postgres://user:password@host:5432/name",
        lambda: env.db_url("DATABASE_URL", default=_SQLITE),
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN, never fails half way with "database is locked"
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "huiying.desk.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "huiying.desk.accounts.forms.sign_in.SignInForm",
    "change_password": "huiying.desk.accounts.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "huiying.desk.accounts.forms.sign_in.ReauthenticateForm",
}
ACCOUNT_SESSION_REMEMBER = None  # the sign-in page asks
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes counts failures, in the database: all web processes agree
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "huiying.desk.accounts.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Huiying"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: clocks of phones differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_FORMS = {
    "authenticate": "huiying.desk.accounts.forms.second_factor.AuthenticateForm",
    "reauthenticate": "huiying.desk.accounts.forms.second_factor.ReauthenticateForm",
    "activate_totp": "huiying.desk.accounts.forms.second_factor.ActivateForm",
    "add_webauthn": "huiying.desk.accounts.forms.second_factor.AddKeyForm",
    "edit_webauthn": "huiying.desk.accounts.forms.second_factor.EditKeyForm",
}
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_CALLABLE = "huiying.desk.accounts.adapter.tried_name"
AXES_LOCKOUT_TEMPLATE = "429.html"
CSRF_FAILURE_VIEW = "huiying.desk.shell.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("HUIYING_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [DESK / "locale"]
TIME_ZONE = _checked(
    "HUIYING_ZONE", "Asia/Shanghai", lambda: ZoneInfo(env.str("HUIYING_ZONE", default="Asia/Shanghai"))
).key
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [DESK / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

#: Networks in CIDR form that fetching and channels may reach although they are private.
HUIYING_FETCH_ALLOW = _checked(
    "HUIYING_FETCH_ALLOW",
    "10.1.0.0/16,192.168.3.0/24",
    lambda: [
        str(ip_network(text, strict=False)) for text in env.list("HUIYING_FETCH_ALLOW", default=[]) if text
    ],
)
#: A language model that may propose drafts (`POST {url}/chat/completions`); none unless the operator names one.
HUIYING_MODEL_URL = env.str("HUIYING_MODEL_URL", default="")
HUIYING_MODEL_NAME = env.str("HUIYING_MODEL_NAME", default="")
HUIYING_MODEL_KEY = env.str("HUIYING_MODEL_KEY", default="")
#: Days after which captured payloads are emptied (their hashes stay), and attempts at sources forgotten.
HUIYING_KEEP_CAPTURES_DAYS = env.int("HUIYING_KEEP_CAPTURES_DAYS", default=180)
HUIYING_KEEP_FETCHES_DAYS = env.int("HUIYING_KEEP_FETCHES_DAYS", default=60)
#: Days after which the words of mentions that no case needs are purged for good; 0 keeps them.
HUIYING_KEEP_TEXTS_DAYS = env.int("HUIYING_KEEP_TEXTS_DAYS", default=365)
#: Without a mail server of its own the desk says so, and counts no mail as delivered.
HUIYING_MAIL_READY = bool(env.str("HUIYING_MAIL_URL", default=""))
vars().update(
    _checked(
        "HUIYING_MAIL_URL",
        "smtp+ssl://user:password@smtp.example.cn:465",
        lambda: env.email_url("HUIYING_MAIL_URL", default="dummymail://"),
    )
)
DEFAULT_FROM_EMAIL = env.str("HUIYING_MAIL_FROM", default="huiying@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "huiying.desk.logs.Discreet"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]},
    },
    "loggers": {"axes": {"level": "WARNING"}},  # it would note every sign-in with its address
    "root": {"handlers": ["stderr"], "level": env.str("HUIYING_LOG", default="INFO")},
}
