"""Loading the standard: idempotent, validated, published once and never changed."""

import copy
import datetime
import json
import re
import shutil

import pytest
from django.core.management import CommandError, call_command

from competencies import specs
from competencies.actions import standards
from competencies.enums import CategoryStatus, EditionStatus, Stage
from competencies.models import (
    Area,
    Category,
    CategoryCompetency,
    Competency,
    Edition,
    FeeItem,
    FeeTable,
    Overlay,
    RenewalModel,
    Requirement,
)
from competencies.queries import standards as queries
from competencies.standards_files import FILES, STANDARDS, Standards, StandardsFault, digest, read
from endorsement_portal.audit.models import AuditEvent
from members.models import Association
from tests.competencies.standard import CODES
from tests.competencies.standard import specs as read_specs

pytestmark = pytest.mark.django_db


@pytest.fixture
def files() -> Standards:
    return read()


def differing(files: Standards, code: str | None = None) -> Standards:
    """The same standard with one figure changed."""
    categories = copy.deepcopy(files.categories)
    categories["categories"][0]["requirements"][2]["params"]["min"]["value"] = 31
    if code:
        categories["ruleset"] |= {"id": code, "effective_from": "2027-01-01"}
    return Standards(categories, files.competencies, files.associations, files.renewal, files.fees)


def test_what_is_loaded():
    edition = Edition.objects.get()
    assert (edition.code, edition.status, edition.effective_from) == (
        "iecmh-2025",
        EditionStatus.PUBLISHED,
        datetime.date(2025, 1, 1),
    )
    assert Category.objects.count() == 16
    assert Category.objects.filter(is_add_on=True).count() == 2
    assert Category.objects.filter(status=CategoryStatus.SUPERSEDED).count() == 2
    assert Category.objects.open_to_applications().count() == 14
    assert (Area.objects.count(), Competency.objects.count()) == (11, 62)
    assert Association.objects.filter(code__in=["US-MO", "IE", "AU-WA"]).count() == 3
    assert Association.objects.get(code="US-MO").slug == "us-mo"
    assert RenewalModel.objects.get(is_default=True).code == "three_year_fixed"
    assert FeeTable.objects.get(association__code="US-MO").items.count() == 0
    assert FeeItem.objects.filter(table__association__code="US-CT").count() == 10


def test_evidence_flags_are_kept():
    flags = set(Requirement.objects.values_list("evidence", flat=True))
    assert flags == {"confirmed", "partly_confirmed", "inferred"}
    rsc = Requirement.objects.get(category__code="IFS", key="rsc")
    assert rsc.params["qualifying_providers"][0]["evidence"] == "unconfirmed"
    assert Competency.objects.filter(evidence="unconfirmed").exists()


def test_every_rule_has_its_stage_and_its_source():
    assert set(Requirement.objects.exclude(kind="exam").values_list("stage", flat=True)) == {Stage.SUBMISSION}
    assert set(Requirement.objects.filter(kind="exam").values_list("stage", flat=True)) == {Stage.AWARD}
    assert not Requirement.objects.filter(source_url="").exists()


def test_superseded_categories_name_what_replaced_them():
    replaced = Category.objects.get(code="IFRS")
    assert (replaced.superseded_by, replaced.superseded_on, replaced.holders_moved_to) == (
        "ERS-IMH",
        "2024",
        ["IFS", "ERS-IMH"],
    )


def test_add_ons_take_their_ages_from_the_license():
    add_on = Category.objects.get(code="ERS-ECMH")
    assert (add_on.age_min_months, add_on.age_max_months, add_on.emerging_max_months) == (37, 71, 24)
    assert add_on.base_any_of == ["ECFS", "ECMHS"]


def test_loading_again_changes_nothing(files):
    before = (Edition.objects.get().pk, Requirement.objects.count(), CategoryCompetency.objects.count())
    loaded = standards.load(standards=files)
    assert loaded.published is False
    assert (Edition.objects.get().pk, Requirement.objects.count(), CategoryCompetency.objects.count()) == before


def test_a_published_edition_never_changes(files):
    Association.objects.filter(code="US-MO").update(note="ours")
    with pytest.raises(StandardsFault, match="The published edition iecmh-2025 never changes"):
        standards.load(standards=differing(files))
    assert Requirement.objects.get(category__code="IFA", key="training").params["min"]["value"] == 30
    assert Association.objects.get(code="US-MO").note == "ours", "a refused load writes nothing"


def test_a_new_edition_stands_beside_the_old_one(files):
    old = Edition.objects.get()
    loaded = standards.load(standards=differing(files, "iecmh-2027"))
    assert loaded.published is True
    assert AuditEvent.objects.filter(verb="standards.published", data__edition="iecmh-2027").count() == 1
    assert queries.edition_for(datetime.date(2026, 12, 31)) == old
    assert queries.edition_for(datetime.date(2027, 1, 1)) == loaded.edition
    assert queries.edition_for(datetime.date(2020, 1, 1)) == old, "the earliest, for days before any"
    need = {
        edition.code: queries.category_spec("IFA", edition).requirement("training").rule.minutes
        for edition in (old, loaded.edition)
    }
    assert need == {"iecmh-2025": 1800, "iecmh-2027": 1860}


def test_a_draft_is_replaced(files):
    Edition.objects.create(
        code="iecmh-2027", title="Draft", effective_from=datetime.date(2027, 1, 1), sha256=digest("draft")
    )
    standards.load(standards=differing(files, "iecmh-2027"))
    assert Edition.objects.get(code="iecmh-2027").status == EditionStatus.PUBLISHED


def test_no_edition_is_said_plainly():
    Edition.objects.all().delete()
    with pytest.raises(queries.NoStandards, match="Run load_standards first"):
        queries.edition_for(datetime.date(2026, 1, 1))


def test_the_digest_is_that_of_the_canonical_rules(files):
    assert Edition.objects.get().sha256 == files.sha256()
    shuffled = json.loads(json.dumps(files.categories, sort_keys=True))
    assert Standards(shuffled, *(getattr(files, name) for name in FILES[1:])).sha256() == files.sha256()


# --- The command ----------------------------------------------------------------------------------------


def test_check_writes_nothing(capsys):
    Edition.objects.all().delete()
    call_command("load_standards", check=True)
    assert capsys.readouterr().out == "iecmh-2025: 16 categories, valid\n"
    assert not Edition.objects.exists()
    call_command("load_standards")
    assert "iecmh-2025: published, sha256" in capsys.readouterr().out
    call_command("load_standards")
    assert "already published, unchanged" in capsys.readouterr().out


def test_a_fault_is_one_line(monkeypatch):
    def faulty() -> Standards:
        raise StandardsFault(["fees.json: broken", "renewal.json: broken"])

    monkeypatch.setattr("competencies.management.commands.load_standards.read", faulty)
    with pytest.raises(CommandError, match=r"^fees\.json: broken \(and 1 more\)$"):
        call_command("load_standards")


# --- Faults of the files --------------------------------------------------------------------------------


def broken(tmp_path, name: str, change) -> list[str]:
    for file in FILES:
        shutil.copy(STANDARDS / f"{file}.json", tmp_path / f"{file}.json")
    path = tmp_path / f"{name}.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(StandardsFault) as caught:
        read(tmp_path)
    return caught.value.faults


def rule(data: dict, code: str, key: str) -> dict:
    category = next(row for row in [*data["categories"], *data["add_ons"]] if row["code"] == code)
    return next(row for row in category["requirements"] if row["key"] == key)


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("categories", lambda data: data.update(extra=1), r"categories\.json \$: .*'extra' was unexpected"),
        (
            "categories",
            lambda data: rule(data, "IFS", "work")["params"].update(paid="sometimes"),
            r"categories\.json \$\.categories\[1\]\.requirements\[1\]\.params",
        ),
        (
            "categories",
            lambda data: rule(data, "IFS", "training")["params"]["min"].update(value=0.333),
            "IFS training: 0.333 clock_hours is not a whole number of minutes",
        ),
        (
            "categories",
            lambda data: rule(data, "IFS", "work").update(key="rsc"),
            "categories.json IFS: a requirement key stands twice",
        ),
        (
            "categories",
            lambda data: data["categories"][1].update(code="IFA"),
            "categories.json: a category code stands twice",
        ),
        (
            "categories",
            lambda data: rule(data, "IMHM-C", "work.clinical")["params"].update(meets_category_work="IFA"),
            "IMHM-C work.clinical: IFA has no work rule to run",
        ),
        (
            "categories",
            lambda data: rule(data, "IFA", "education_or_experience.education").update(required=True),
            "a rule of an any-of group is not required by itself",
        ),
        (
            "categories",
            lambda data: rule(data, "IFS", "rsc")["params"]["qualifying_providers"][0].update(codes=["NOPE"]),
            "categories.json IFS: unknown category NOPE",
        ),
        (
            "categories",
            lambda data: rule(data, "ERS-IMH", "base_endorsement")["params"].update(any_of=["NOPE"]),
            "categories.json ERS-IMH: unknown category NOPE",
        ),
        (
            "competencies",
            lambda data: data["competencies"][0].update(area="XX"),
            "competencies.json TF.pregnancy: unknown area XX",
        ),
        (
            "competencies",
            lambda data: data["matrix"][0]["competencies"].update({"TF.nothing": ["work"]}),
            "competencies.json matrix IFA: unknown competency TF.nothing",
        ),
        (
            "competencies",
            lambda data: data["add_on_matrix"][0].update(add_on="NOPE"),
            "competencies.json matrix: unknown category NOPE",
        ),
        ("fees", lambda data: data["tables"][0].update(association="US-ZZ"), "fees.json: unknown association US-ZZ"),
        ("renewal", lambda data: data.update(default_model="none"), r"renewal\.json \$\.default_model: no such model"),
    ],
)
def test_faults_name_their_place(tmp_path, name, change, fault):
    faults = broken(tmp_path, name, change)
    assert any(re.search(fault, line) for line in faults), faults


def test_files_that_cannot_be_read(tmp_path):
    for file in FILES[1:]:
        shutil.copy(STANDARDS / f"{file}.json", tmp_path / f"{file}.json")
    (tmp_path / "fees.json").write_text("{")
    with pytest.raises(StandardsFault) as caught:
        read(tmp_path)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["categories.json", "fees.json"]


# --- Words ------------------------------------------------------------------------------------------------

BRITISH = re.compile(
    r"licence|programme|(?:special|organ|recogn|util|summar|emphas)is(?:e|ing|ation)|behaviour|centre|paediatr|neighbour"
    r"|favour|labour|colour|counsell|judgement|practise|enrolment|fulfil\b|whilst",
    re.IGNORECASE,
)


def display_texts(value, key: str = ""):
    """Every text that people may read: not keys, not addresses, not codes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from display_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from display_texts(inner, key)
    elif isinstance(value, str) and key not in {"key", "code", "slug"} and not value.startswith("http"):
        yield re.sub(r"https?://\S+", "", value)


@pytest.mark.parametrize("name", FILES)
def test_display_text_is_american_english(name):
    data = json.loads((STANDARDS / f"{name}.json").read_text())
    assert [text for text in display_texts(data) if BRITISH.search(text)] == []


# --- Reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_rows_give_the_same_rules_as_the_files(code):
    spec = queries.category_spec(code, Edition.objects.get())
    assert spec.requirements == read_specs()[code].requirements
    assert spec.ages == read_specs()[code].ages
    assert (spec.edition, spec.edition_sha256) == ("iecmh-2025", read().sha256())


def test_specs_are_kept_in_the_process(django_assert_num_queries):
    edition = Edition.objects.get()
    queries.category_spec("IFS", edition)
    with django_assert_num_queries(0):
        queries.category_spec("IMHM-R/F", edition)
        assert set(queries.category_specs(edition)) == set(CODES)


def test_an_overlay_is_laid_over_and_named(association):
    edition = Edition.objects.get()
    assert queries.current_overlay(association, edition) is None
    for version, size in ((1, 8), (2, 6), (3, 4)):
        Overlay.objects.create(
            association=association,
            edition=edition,
            version=version,
            data={"max_group_size": size},
            sha256=digest(size),
            published_at=None if version == 3 else edition.published_at,
        )
    overlay = queries.current_overlay(association, edition)
    spec = queries.category_spec("IFS", edition, overlay)
    assert (spec.overlay, spec.requirement("rsc").rule.max_group_size) == ("XX-PR/2", 6)
    assert queries.category_spec("IFS", edition).overlay is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("IFS", "IFS"), ("ifs", "IFS"), (" imhm-rf ", "IMHM-R/F"), ("IMHM-R/F", "IMHM-R/F"), ("imhm-r/f", "IMHM-R/F")],
)
def test_a_category_by_code_or_slug(text, code):
    assert queries.find_category(text).code == code
    assert queries.find_category("nope") is None


@pytest.mark.parametrize("code", [code for code in CODES if not code.startswith("ERS")])
def test_fifteen_to_nineteen_competencies_are_rated(code):
    rated = queries.rating_competencies(code, Edition.objects.get())
    assert {item.area for item in rated} == {"WWO", "THK", "REF"}
    assert 15 <= len(rated) <= 19


def test_fees_and_renewal():
    connecticut = Association.objects.get(code="US-CT")
    fees = {fee.kind: (fee.amount, fee.currency) for fee in queries.fees_of(connecticut, "IFS", None)}
    assert fees == {"registration": (15, "USD"), "processing": (100, "USD")}
    assert queries.fees_of(Association.objects.get(code="US-AL"), "IFS", None) == ()
    settings = Overlay(data={"fees": [{"fee": "processing", "amount": 75, "currency": "USD", "category_codes": None}]})
    own = {fee.kind: (fee.amount, fee.currency) for fee in queries.fees_of(connecticut, "IFS", settings)}
    assert own == {"registration": (15, "USD"), "processing": (75, "USD")}
    FeeTable.objects.update(evidence="inferred")
    assert queries.fees_of(connecticut, "IFS", None) == ()
    assert queries.default_renewal_model().name == "Fixed three-year cycle with attestation and audit"


def test_specs_read_only_the_kinds_they_know():
    assert (
        specs.requirement_from(
            {"key": "ethics", "kind": "ethics", "label": "Ethics", "required": True, "params": {}}
        ).rule
        is None
    )
