"""Settings of the whole site; what differs by installation comes from RESPITE_*."""

from pathlib import Path

from tracker import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.env_text("RESPITE_DATA_DIR") or BASE_DIR / ".data")
PWA_DIR = Path(env.env_text("RESPITE_PWA_DIR") or BASE_DIR / "pwa")

SECRET_KEY = env.secret_key(DATA_DIR)
DEBUG = env.env_flag("RESPITE_DEBUG")
HTTPS = env.env_flag("RESPITE_HTTPS")
ALLOWED_HOSTS = env.env_list("RESPITE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.env_list("RESPITE_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "tracker",
    "api",
    "dashboard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "api.static.Files",
    "api.policy.Policy",
    # Outside everything that reads the database, so that a locked or absent
    # one is answered in words.
    "api.storage_fault.StorageFault",
    "api.no_store.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {},
    }
]

DATABASES = {"default": env.database(env.env_text("RESPITE_DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all workers: attempts to sign in are counted here.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    },
}

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = ["tracker.sign_in.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {
        "NAME": "django.contrib.auth.password_validation."
        "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"

# Passkeys, e-mailed codes and the list of sessions are allauth's; `api.sign_in`
# says which of its doors are open. Accounts come from invitations alone.
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
ACCOUNT_ADAPTER = "api.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,5/15m/key"}
MFA_ADAPTER = "api.sign_in.adapters.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True

SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    if env.env_flag("RESPITE_BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}

# Where people find this site: what e-mails link to.
SITE_URL = (env.env_text("RESPITE_SITE_URL") or "http://localhost:8000").rstrip("/")
# Hosts that reminders may be pushed to; a leading dot stands for all below it.
PUSH_HOSTS = env.env_list(
    "RESPITE_PUSH_HOSTS",
    "fcm.googleapis.com,updates.push.services.mozilla.com,"
    ".push.services.mozilla.com,.push.apple.com,.notify.windows.com",
)
EMAIL_HOST = env.env_text("RESPITE_MAIL_HOST")
EMAIL_PORT = env.env_int("RESPITE_MAIL_PORT", 587)
EMAIL_HOST_USER = env.env_text("RESPITE_MAIL_USER")
EMAIL_HOST_PASSWORD = env.env_text("RESPITE_MAIL_PASSWORD")
EMAIL_USE_TLS = env.env_flag("RESPITE_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.env_text("RESPITE_MAIL_FROM") or "respite@localhost"
# Whom a push service may write to about this site; some refuse a made-up one.
CONTACT = env.env_text("RESPITE_CONTACT") or f"mailto:{DEFAULT_FROM_EMAIL}"
# Without a mail server, letters are left in a folder where somebody can look.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
# Whether people may be told to wait for a letter.
SENDS_MAIL = bool(EMAIL_HOST) or env.env_flag("RESPITE_MAIL_TO_FOLDER")

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The small plotly.js bundle that the phone app's build leaves for the dashboard.
_BUNDLE = PWA_DIR / "dist-dashboard"
STATICFILES_DIRS = [("dashboard", str(_BUNDLE))] if _BUNDLE.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = str(PWA_DIR / "dist")
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# A diary day is about 300 bytes; this leaves room for a large note in any script
# and still refuses a flood before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ApiAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.DocumentedErrors",
    "EXCEPTION_HANDLER": "api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Respite",
    "DESCRIPTION": "Diary, infusions and relief of a clinic's patients.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # What is sent and what is answered have serializers of their own.
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "OutcomeEnum": "tracker.vocabulary.Outcome",
        "PatientStateEnum": "tracker.vocabulary.PatientState",
        "ReliefStatusEnum": "tracker.relief_words.STATUSES",
        "SourceEnum": "tracker.vocabulary.Source",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A refused request is the sender's business and names paths only.
        "django.request": {"level": "ERROR"},
        # It would name every passkey and address it sees.
        "fido2": {"level": "WARNING"},
    },
}
