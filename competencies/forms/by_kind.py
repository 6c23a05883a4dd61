"""Which form writes which kind of entry."""

from competencies.enums import EntryKind
from competencies.forms.background import EducationForm, ProfessionalLicenseForm, WorkForm
from competencies.forms.entries import EntryForm
from competencies.forms.hours import SupervisionForm, TrainingForm

FORMS: dict[EntryKind, type[EntryForm]] = {
    form.kind: form for form in (EducationForm, ProfessionalLicenseForm, WorkForm, TrainingForm, SupervisionForm)
}
