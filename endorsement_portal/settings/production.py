"""Production: PostgreSQL, Redis, real mail, HTTPS. Refuses to start on weak or missing secrets."""

from endorsement_portal.settings import environment
from endorsement_portal.settings.base import *
from endorsement_portal.settings.base import ENVIRONMENT, STORAGES, database

environment.refuse_weak_secret("SECRET_KEY", ENVIRONMENT.secret_key)
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    environment.require("ALLOWED_HOSTS (exact host names)", "")
PUBLIC_ADDRESS = environment.require("PUBLIC_ADDRESS", ENVIRONMENT.public_address).rstrip("/")
DATABASES = {"default": database(environment.require("DATABASE_URL", ENVIRONMENT.database_url))}
REDIS_URL = environment.require("REDIS_URL", ENVIRONMENT.redis_url)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}

_mail = environment.mail_settings(environment.require("MAIL_URL", ENVIRONMENT.mail_url))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20

# Nothing in production depends on a node's disk: with a bucket, private files live in S3-compatible storage.
if ENVIRONMENT.storage_bucket:
    STORAGES = {
        **STORAGES,
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": ENVIRONMENT.storage_bucket,
                "endpoint_url": ENVIRONMENT.storage_endpoint or None,
                "region_name": ENVIRONMENT.storage_region or None,
                "default_acl": "private",
                "querystring_auth": True,
                "file_overwrite": False,
            },
        },
    }
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
