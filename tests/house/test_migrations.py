"""The migrations say what the models say, and can be run from nothing."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_models_and_migrations_agree():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    assert "No changes detected" in out.getvalue()


def test_psycopg_2_is_the_driver_everywhere():
    """Django prefers psycopg 3 whenever it is importable; production and tests must share one driver."""
    pytest.importorskip("psycopg2")
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert is_psycopg3 is False
