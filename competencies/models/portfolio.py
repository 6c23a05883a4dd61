"""The portfolio: what a person has done, entered once and used by every application and renewal."""

from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from django.db import models
from django.db.models import F, Q

from competencies.enums import (
    EducationLevel,
    EntryKind,
    ProfessionalLicenseKind,
    SessionFormat,
    SessionMode,
    SessionState,
)
from competencies.models.library import CourseVersion
from endorsement_portal.models import PublicId, Timestamped
from members.enums import Provenance
from members.models import Person

if TYPE_CHECKING:
    from members.models import User


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """A portfolio is its owner's alone. Staff see copies of it through an application."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()

    def current(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Entry(PublicId, Timestamped):
    """What every kind of entry has. `key` is the stable name in the portable portfolio, unique per person and kind."""

    kind: ClassVar[EntryKind]

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    """Rises with each change; a save from a page that saw an older version is answered with a choice."""
    provenance = models.CharField(max_length=20, choices=Provenance, default=Provenance.STATED)
    accepted = models.BooleanField(default=True)
    """False for a member's own import of confirmations until a coordinator accepts it (decision 14)."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True


class Education(Entry):
    kind = EntryKind.EDUCATION

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="education")
    level = models.CharField(max_length=20, choices=EducationLevel)
    field = models.CharField(max_length=200, blank=True)
    institution = models.CharField(max_length=200, blank=True)
    awarded_on = models.DateField(null=True, blank=True)
    competencies = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-awarded_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="education_key_once")]


class ProfessionalLicense(Entry):
    """A state's license to practice: never to be confused with the two licenses of the credential."""

    kind = EntryKind.LICENSE

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="professional_licenses")
    license_kind = models.CharField(max_length=20, choices=ProfessionalLicenseKind)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="professional_license_key_once")]


class Work(Entry):
    kind = EntryKind.WORK

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="work")
    title = models.CharField(max_length=200)
    employer = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Last day included; null: still there."""
    hours_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    paid = models.BooleanField(default=True)
    supervised = models.BooleanField(default=False)
    roles = models.JSONField(default=list)
    families_served = models.PositiveIntegerField(default=0)
    ages = models.JSONField(default=list)
    competencies = models.JSONField(default=list, blank=True)
    description = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="work_key_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="work_ends_after_start"
            ),
        ]


class Training(Entry):
    kind = EntryKind.TRAINING

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="training")
    on = models.DateField()
    title = models.CharField(max_length=200)
    organizer = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveIntegerField()
    topics = models.JSONField(default=list)
    """Topics that the whole length is about."""
    topic_minutes = models.JSONField(default=dict, blank=True)
    """Topic -> minutes, where only a part of the length is on a topic."""
    ages = models.JSONField(default=list)
    competencies = models.JSONField(default=list, blank=True)
    course_version = models.ForeignKey(
        CourseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    """The version of the library's course that this entry was made from; null: typed freely. The entry has copies of
    all of it: what the person edits stays theirs, and a newer version changes nothing."""

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["person", "-on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="training_key_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="training_has_minutes"),
        ]


class Supervision(Entry):
    """One RSC session received. There is no field for what was talked about, and there will be none."""

    kind = EntryKind.SUPERVISION

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="supervision")
    on = models.DateField()
    minutes = models.PositiveIntegerField()
    """Current minutes: what the provider confirmed, once confirmed (decision 7)."""
    format = models.CharField(max_length=12, choices=SessionFormat)
    group_size = models.PositiveSmallIntegerField(null=True, blank=True)
    mode = models.CharField(max_length=12, choices=SessionMode, default=SessionMode.IN_PERSON)
    provider = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="supervision_given"
    )
    about_own_provision = models.BooleanField(default=False)
    """About the RSC the person gives to others."""
    ages = models.JSONField(default=list)
    competencies = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=SessionState, default=SessionState.LOGGED)
    asked_at = models.DateTimeField(null=True, blank=True)
    """When the member last asked the provider to confirm this session."""
    attested_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["person", "-on", "-id"]),
            models.Index(fields=["provider", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="supervision_key_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="supervision_has_minutes"),
            models.CheckConstraint(
                condition=Q(attested_on__isnull=False, state__in=["confirmed", "corrected"])
                | Q(attested_on__isnull=True, state__in=["logged", "sent", "declined"]),
                name="supervision_attested_when_confirmed",
            ),
        ]


AnyEntry: TypeAlias = Education | ProfessionalLicense | Work | Training | Supervision
"""What the pages and actions of the portfolio work on."""


class Evidence(PublicId, Timestamped):
    """A file that proves an entry. Exactly one of the five owners is set."""

    OWNERS: ClassVar[tuple[str, ...]] = ("education", "professional_license", "work", "training", "supervision")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    education = models.ForeignKey(
        Education, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_files"
    )
    professional_license = models.ForeignKey(
        ProfessionalLicense, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_files"
    )
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_files")
    training = models.ForeignKey(
        Training, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_files"
    )
    supervision = models.ForeignKey(
        Supervision, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence_files"
    )
    document_type = models.CharField(max_length=20, blank=True)
    """transcript, license, certificate, or empty: what a document rule asks for."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    @property
    def owner(self) -> "AnyEntry":
        """The entry that the file proves."""
        return next(entry for name in self.OWNERS if (entry := getattr(self, name)) is not None)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(education__isnull=False, professional_license__isnull=True, work__isnull=True)
                    & Q(training__isnull=True, supervision__isnull=True)
                )
                | (
                    Q(education__isnull=True, professional_license__isnull=False, work__isnull=True)
                    & Q(training__isnull=True, supervision__isnull=True)
                )
                | (
                    Q(education__isnull=True, professional_license__isnull=True, work__isnull=False)
                    & Q(training__isnull=True, supervision__isnull=True)
                )
                | (
                    Q(education__isnull=True, professional_license__isnull=True, work__isnull=True)
                    & Q(training__isnull=False, supervision__isnull=True)
                )
                | (
                    Q(education__isnull=True, professional_license__isnull=True, work__isnull=True)
                    & Q(training__isnull=True, supervision__isnull=False)
                ),
                name="evidence_has_one_owner",
            )
        ]
