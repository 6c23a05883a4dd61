"""A category that asks for an endorsed rater says so while there is time to find one."""

import pytest
from django.urls import reverse

from applications.rating_rules import ReferenceRule, SlotRule
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db

SAID = {"references": "one rater holds an endorsement", "reference_add": "has to hold an endorsement"}


@pytest.mark.parametrize(("endorsed_only", "wanted"), [(True, True), (False, False)])
def test_a_rule_wants_an_endorsed_rater(endorsed_only, wanted):
    slots = (SlotRule(frozenset({"colleague"}), False), SlotRule(frozenset({"teacher"}), endorsed_only))
    assert ReferenceRule(2, slots).wants_endorsed is wanted


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("wanted", [True, False])
def test_the_pages_say_it(client, applicant, monkeypatch, name, wanted):
    monkeypatch.setattr(ReferenceRule, "wants_endorsed", wanted)
    application = ApplicationFactory(enrolment__person=applicant)
    client.force_login(applicant.user)
    page = client.get(reverse(f"applications:{name}", args=[application.uuid])).content.decode()
    assert (SAID[name] in page) is wanted
