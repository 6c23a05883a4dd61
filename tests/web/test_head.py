"""HEAD is answered like GET: link previews and watchers ask so."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["landing", "help", "privacy", "accessibility", "finder:start", "web:live"])
def test_head_is_answered(client, name):
    address = reverse(name)
    asked, head = client.get(address), client.head(address)
    assert head.status_code == asked.status_code
    assert head.content == b""
