"""Someone on the way: every step through the HTTP client, mail read as a person would read it."""

import re
from dataclasses import dataclass, field

from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.models import Application, RatingItem, Reference
from cohorts.models import Cohort
from coordination.seeding.stories import Stage, user_of
from endorsement_portal.outbox.actions.delivery import deliver_due
from members.models import Person


def read_mail(to: str, purpose: str) -> str:
    """The private link in the newest mail to this address: deliver what is due, then look."""
    deliver_due()
    found = [
        link
        for message in mail.outbox
        if any(to in address for address in message.to)
        for link in re.findall(rf"http://testserver(/{purpose}/[\w-]+/)", str(message.body))
    ]
    assert found, f"no /{purpose}/ link was mailed to {to}: {[message.subject for message in mail.outbox]}"
    return found[-1]


@dataclass
class Traveler:
    person: Person
    stage: Stage
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(user_of(self.person))

    def go(self, name: str, *args: object, status: int = 200) -> str:
        response = self.client.get(reverse(name, args=args))
        assert response.status_code == status, (name, response.status_code)
        return response.content.decode()

    def act(self, name: str, *args: object, data: dict[str, object] | None = None) -> str:
        """POST; the answer has to be a redirect, which says where one stands now."""
        response = self.client.post(reverse(name, args=args), data or {})
        assert response.status_code == 302, (name, response.status_code, _words(response.content.decode()))
        return str(response["Location"])

    def reserve(self, cohort: Cohort, category: str) -> None:
        self.act("cohorts:reserve", cohort.uuid, data={"intended_category": category})

    def start(self, category: str, *, emerging: bool = False) -> Application:
        enrolment = self.person.enrolments.get()
        data: dict[str, object] = {"category": category}
        if emerging:
            data["asks_emerging"] = "on"
        self.act("applications:start", enrolment.uuid, data=data)
        return Application.objects.get(person=self.person, category_id=category)

    def ask_raters(self, application: Application) -> list[Reference]:
        from applications.queries.references import rule_of

        rule = rule_of(application)
        assert rule is not None
        for role, rater in self.stage.raters.choose(rule):
            self.act(
                "applications:reference_add", application.uuid,
                data={
                    "rater_name": rater.name, "email": rater.email, "slot": role.value, "known_since": "2015-03-01",
                    "waived": "yes",
                },
            )  # fmt: skip
        return list(application.references.select_related("rater").order_by("id"))

    def sign(self, application: Application) -> None:
        for kind in ("ethics", "agreement"):
            self.act(
                "applications:sign", application.uuid, kind,
                data={"typed_name": self.person.name, "not_sanctioned": "on"},
            )  # fmt: skip

    def submit(self, application: Application) -> str:
        self.go("applications:check", application.uuid)
        return self.act("applications:submit", application.uuid, data={"declaration": self.person.name})


def rate(reference: Reference, comment: str = "Steady, kind and clear.") -> None:
    """The rater, in a browser of their own and without an account."""
    client = Client()
    link = read_mail(reference.rater.email, "r")
    assert client.get(link).status_code == 200
    response = client.post(link, {"go": "form"})
    assert response.status_code == 302
    form = response["Location"]
    assert client.get(form).status_code == 200
    items = RatingItem.objects.filter(
        edition=reference.application.edition, category=reference.application.category
    ).values_list("competency_code", flat=True)
    answers = {f"q-{code}": "3" for code in items}
    data = {**answers, "recommendation": "yes", "comment": comment, "typed_name": reference.rater.name}
    sent = client.post(form, data)
    assert sent.status_code == 302, _words(sent.content.decode())
    assert client.get(sent["Location"]).status_code == 200


def _words(html: str) -> str:
    """What a page says, for a failed assertion."""
    found = re.findall(r"<(?:li|p|h2)[^>]*(?:error|finding|errors)[^>]*>(.*?)</(?:li|p|h2)>", html, re.DOTALL)
    return " | ".join(re.sub(r"<[^>]+>", " ", text).strip() for text in found)[:1500]
