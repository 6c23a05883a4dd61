"""The desk accepts sessions that a member brought along; other associations and one's own are out of reach."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.actions.bringing import bring
from competencies.models import Supervision
from coordination.queries import imported
from coordination.queries.today import work
from members.models import Membership
from tests.competencies.own_data.zips import PORTFOLIO, zipped
from tests.factories.members import StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(applicant, association):
    Membership.objects.create(
        person=applicant, association=association, desk=association, starts_on="2026-01-01", ends_on="2026-12-31"
    )
    return applicant


@pytest.fixture
def waiting(member):
    sessions = [{**PORTFOLIO["supervision"][0], "key": f"s{number}"} for number in range(3)]
    bring(person=member, by=member.user, file=zipped({"portfolio.json": {**PORTFOLIO, "supervision": sessions}}))
    return member


@pytest.fixture
def desk(client, coordinator):
    from tests.house.world import second_factor

    second_factor(coordinator)
    client.force_login(coordinator)
    return client


def address(association, person) -> str:
    return reverse("coordination:imported", args=[association.slug, person.uuid])


def uuids(*numbers) -> list[str]:
    rows = list(Supervision.objects.order_by("key"))
    return [str(rows[number].uuid) for number in numbers]


def test_what_is_ticked_is_accepted(desk, association, waiting):
    page = desk.get(address(association, waiting)).content.decode()
    assert (page.count('name="session"'), " checked" in page) == (3, False)
    about = {"session": [*uuids(0, 2), uuids(0)[0], "nonsense"], "source": "Letter"}
    response = desk.post(address(association, waiting), about, follow=True)
    assert "2 sessions count from now on." in response.content.decode()
    assert list(Supervision.objects.order_by("key").values_list("accepted", flat=True)) == [True, False, True]


def test_nothing_ticked_and_no_source(desk, association, waiting):
    response = desk.post(address(association, waiting), {"source": "Letter"})
    assert (response.status_code, "Tick the sessions that you accept." in response.content.decode()) == (422, True)
    response = desk.post(address(association, waiting), {"session": uuids(1)})
    assert (response.status_code, response.content.decode().count(" checked")) == (422, 1)
    assert not Supervision.objects.filter(accepted=True).exists()


def test_an_empty_place_teaches(desk, association, member):
    assert "Nothing waits here" in desk.get(address(association, member)).content.decode()


def test_somebody_who_has_nothing_to_do_with_this_association(desk, association, other_applicant):
    assert desk.get(address(association, other_applicant)).status_code == 404


def test_it_stands_among_what_waits_today(association, coordinator, waiting):
    found = [row for row in work(association, coordinator, timezone.now()) if "brought along" in row.what]
    assert [(row.what, row.why, row.href) for row in found] == [
        (
            "Accept the sessions that Maren Oakhill brought along",
            "3 sessions. Since today.",
            address(association, waiting),
        )
    ]


def test_ones_own_sessions_are_others_work(association, other_association, coordinator, waiting):
    assert [row.sessions for row in imported.waiting_people(association, coordinator, 5)] == [3]
    assert imported.waiting_people(association, waiting.user, 5) == []
    assert imported.waiting_people(other_association, coordinator, 5) == []


def test_nobody_accepts_their_own(client, association, waiting):
    from tests.house.world import second_factor

    StaffRoleFactory(user=waiting.user, association=association, role="coordinator")
    second_factor(waiting.user)
    client.force_login(waiting.user)
    response = client.post(address(association, waiting), {"session": uuids(0), "source": "Me"})
    assert (response.status_code, "Nobody accepts their own" in response.content.decode()) == (422, True)


def test_the_list_costs_the_same_with_many(desk, association, waiting):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address(association, waiting)).status_code == 200
        return len(asked)

    desk.get(address(association, waiting))
    few = cost()
    row = Supervision.objects.first()
    Supervision.objects.bulk_create(
        Supervision(
            person=waiting, key=f"x{number}", on=row.on, minutes=60, format="individual", provider=row.provider,
            state="confirmed", attested_on=row.attested_on, accepted=False,
        )
        for number in range(40)
    )  # fmt: skip
    assert cost() == few
    assert desk.get(address(association, waiting)).content.decode().count('name="session"') == 25
