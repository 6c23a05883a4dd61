"""Django's record pages in a real browser: our content security policy does not stand in their way."""

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import reverse

from competencies.models import Requirement
from members.models import Association
from tests.factories.members import AssociationFactory


def test_record_pages_are_quiet(open_page, sign_in, operator):
    TOTP.activate(operator, generate_totp_secret())
    association = AssociationFactory(code="XX-PR", name="Prairie Rivers Association", portal=True)
    cookies = sign_in(operator)
    paths = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"{name}_changelist"))
    paths += [
        reverse("admin:members_association_change", args=[association.pk]),
        reverse("admin:competencies_requirement_change", args=[Requirement.objects.first().pk]),
        reverse("admin:members_staffrole_add"),
        reverse("admin:applications_legaltext_add"),
    ]
    assert Association in admin.site._registry
    found = []
    for path in paths:
        visit = open_page(path, cookies=cookies)
        found += [f"{path}: {line}" for line in visit.problems()]
        open_page.close()
    assert found == []
