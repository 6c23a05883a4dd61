"""Permissions by name, asked as the rest of the house asks them."""

from cohorts.rules import Permission as CohortPermission
from credentials.rules import Permission
from endorsement_portal.web.permissions import can
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.credentials import EndorsementFactory


def test_permissions_are_registered(association, applicant, other_applicant, coordinator, other_coordinator):
    endorsement = EndorsementFactory(association=association, person=applicant)
    cohort = CohortFactory(association=association)
    EnrolmentFactory(cohort=cohort, person=applicant)
    users = (applicant.user, other_applicant.user, coordinator, other_coordinator)

    def who(name, obj):
        return [can(user, name, obj) for user in users]

    assert who(Permission.DOWNLOAD, endorsement) == [True, False, True, False]
    assert who(Permission.MANAGE, endorsement) == [False, False, True, False]
    assert who(CohortPermission.READ, cohort) == [True, False, True, False]
    assert who(CohortPermission.RUN, association) == [False, False, True, False]
