"""Is this node alive, can it work, and what is it doing without."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.core.cache import cache
from django.db import connection

logger = logging.getLogger(__name__)

BROKER_TIMEOUT_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Health:
    """`checks` maps each service to "ok" or "down". Only the database is needed to answer people."""

    checks: dict[str, str]

    @property
    def status(self) -> str:
        if self.checks["database"] != "ok":
            return "down"
        return "ok" if set(self.checks.values()) == {"ok"} else "degraded"


def check() -> Health:
    return Health({name: _outcome(name, probe) for name, probe in PROBES.items()})


def _outcome(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except Exception:  # whatever a probe meets, its part is down; the answer itself must still come
        logger.exception("The %s does not answer", name)
        return "down"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _cache() -> None:
    cache.set("health", "ok", timeout=10)
    if cache.get("health") != "ok":
        raise ConnectionError("the cache forgets")


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT_SECONDS)


PROBES: dict[str, Callable[[], None]] = {"database": _database, "cache": _cache, "broker": _broker}
