#!/usr/bin/env bash
# `check --deploy` against the production settings, with a strong throw-away secret and no service behind them.
set -euo pipefail
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=endorsement_portal.settings.production
SECRET_KEY=$(.venv/bin/python -c "import secrets; print(secrets.token_urlsafe(64))") \
ALLOWED_HOSTS=portal.example.org PUBLIC_ADDRESS=https://portal.example.org TRUSTED_PROXIES=1 \
DATABASE_URL=postgresql://portal@127.0.0.1:5432/portal REDIS_URL=redis://127.0.0.1:6379/0 \
MAIL_URL=smtp+tls://user:pass@mail.example.org:587 \
  .venv/bin/python manage.py check --deploy --fail-level WARNING
