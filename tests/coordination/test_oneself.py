"""Nobody acts for themself on the desk: each act whose subject could be the coordinator is refused, and not offered."""

import datetime

import pytest

from applications.models import Reference
from competencies.models import Standing
from credentials.models import Endorsement
from members.models import Membership, Person
from tests.coordination.conftest import errors_of
from tests.factories.members import MembershipFactory


@pytest.fixture
def me(house) -> Person:
    return house.coordinator.person


def own_row(page: str) -> str:
    return page.partition(f">{NAME}</a></th>")[2].partition("</tr>")[0]


NAME = "Linnea Rivermoss"
FORM = {"kind": "endorsed", "code": "IMHS", "starts_on": "2024-01-01", "ends_on": "", "source": "I know myself."}


def test_ones_own_membership_is_not_confirmed(desk, house, me):
    row = MembershipFactory(person=me, association=house.home, pending=True)
    words = ["error: Another coordinator of the association decides on this one."]
    assert desk.done("membership_confirm", row.uuid) == words
    refused = desk.post("membership_refuse", row.uuid, data={"reason": "No."})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["__all__"])
    assert Membership.objects.get(pk=row.pk).state == "pending"
    shown = own_row(desk.get("memberships", search=NAME))
    assert ("Another coordinator decides on yours" in shown, "<button" in shown) == (True, False)
    assert f"Confirm the membership of {NAME}" not in desk.get("today")


def test_ones_own_standing_is_not_recorded_nor_ended(desk, house, me):
    provider = house.stage.raters.mentor
    Person.objects.filter(pk=provider.pk).update(user=None)
    Person.objects.filter(pk=me.pk).update(user=None)
    Person.objects.filter(pk=provider.pk).update(user=house.coordinator)
    before = set(Standing.objects.values_list("pk", "ends_on"))
    assert "Another coordinator records and ends it." in desk.get("provider", provider.uuid)
    response = desk.post("provider", provider.uuid, data=FORM)
    assert (response.status_code, errors_of(response)) == (
        422, {"__all__": ["Nobody changes their own standing. Ask another coordinator to do it."]}
    )  # fmt: skip
    row = provider.standings.first()
    ended = desk.post("standing_end", provider.uuid, row.uuid, data={"ends_on": "2030-01-01"})
    assert (ended.status_code, list(errors_of(ended))) == (422, ["__all__"])
    assert set(Standing.objects.values_list("pk", "ends_on")) == before


def test_nobody_vets_themself_as_a_rater(desk, house, me):
    Reference.objects.filter(pk=house.asked.pk).update(rater=me)
    assert desk.done("reference_vet", house.asked.uuid) == [
        "error: Nobody vets themself as a rater. Ask another coordinator to do it."
    ]
    assert Reference.objects.get(pk=house.asked.pk).vetted_at is None
    assert "Another coordinator vets you" in desk.get("references", search=NAME)


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("lapse", {"reason": "Mine."}),
        ("remove", {"reason": "Mine."}),
        ("reinstate", {"reason": "Mine.", "valid_until": "2099-01-01"}),
    ],
)
def test_ones_own_endorsement_is_not_changed(desk, house, me, act, data):
    Endorsement.objects.filter(pk=house.endorsement.pk).update(person=me)
    response = desk.post("endorsement_act", house.endorsement.uuid, act, data=data)
    assert (response.status_code, errors_of(response)) == (
        422, {"__all__": ["Nobody changes their own endorsement. Ask another coordinator to do it."]}
    )  # fmt: skip
    assert house.endorsement.events.count() == 1
    page = desk.get("endorsement", house.endorsement.uuid)
    assert "Another coordinator changes it." in page
    assert "Let it lapse" not in page


def test_a_colleague_does_all_of_it(desk, house):
    """The same acts on somebody else are done."""
    assert house.coordinator.person.pk != house.membership.person.pk
    desk.done("membership_confirm", house.membership.uuid)
    desk.done("reference_vet", house.asked.uuid)
    desk.done("provider", house.stage.raters.mentor.uuid, data=FORM | {"code": "IFS"})
    assert Standing.objects.filter(source="I know myself.", starts_on=datetime.date(2024, 1, 1)).count() == 1
