"""What the tests of files share: a storage of their own, and a scanner."""

import pytest

from tests.ground.scanner import Scanner


@pytest.fixture
def folder(settings, tmp_path):
    """A storage of its own, so that a test can see everything that was ever stored."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None, "file_permissions_mode": 0o600},
        },
    }
    return tmp_path / "files"


@pytest.fixture
def scanner(settings):
    made = Scanner()
    settings.CLAMAV_ADDRESS = made.address
    yield made
    made.close()
