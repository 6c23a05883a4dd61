"""How often something may happen: a counter for a window of time in the shared cache."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache

logger = logging.getLogger(__name__)


def allow(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more `key` in the present window of `seconds`; False when `limit` was reached before.

    A cache that is away limits nothing: people's work goes on, and sign-in has its own limits.
    """
    window = f"limit:{key}:{int(time.time() // seconds)}"
    try:
        cache.add(window, 0, timeout=seconds * 2)
        return cache.incr(window) <= limit
    except ValueError:  # the entry fell out between the two calls
        return True
    except Exception:  # every cache has its own errors; one that is away limits nothing
        logger.exception("The cache did not count %s", key)
        return True
