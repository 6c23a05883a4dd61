"""The components say what their parameters mean: state in words, figures beside bars, names on acts."""

import datetime
import re
import uuid
from html.parser import HTMLParser
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from endorsement_portal.web.paging import page_of
from endorsement_portal.web.templatetags import figures, icons, portal
from endorsement_portal.workflow import Finding
from tests.house.tree import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CLOSING = datetime.datetime(2026, 6, 26, 22, 0, tzinfo=datetime.UTC)
VOID = {"input", "rect", "line", "path", "circle", "img", "br", "hr", "meta", "link"}


class Balance(HTMLParser):
    """Raises where a tag closes what is not open."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def component(name, /, **context):
    html = render_to_string(f"components/{name}.html", context)
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    return html.strip()


def tag(source, **context):
    return Template(source).render(Context(context))


# --- figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (210, "3 h 30 min"),
        (1440, "24 h"),
        (60_000_060, "1,000,001 h"),
        (-90, "−1 h 30 min"),
        (None, ""),
        ("90", ""),
        (True, ""),
    ],
)
def test_hours_are_said_in_hours_and_minutes(minutes, text):
    assert figures.hours(minutes) == text


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (1110, 1440, "77.1"),
        (0, 10, "0.0"),
        (20, 10, "100.0"),
        (-5, 10, "0.0"),
        (5, 0, "100.0"),
        (None, 10, "0.0"),
        (5, "x", "0.0"),
    ],
)
def test_shares_are_clamped(part, whole, share):
    assert figures.percent(part, whole) == share


@pytest.mark.parametrize(
    ("name", "text"),
    [("Maren Oakhill", "MO"), ("Wren Fernhollow-Diaz", "WD"), ("Cher", "C"), ("", "?"), ("12 34", "?"), ("é b", "ÉB")],
)
def test_initials(name, text):
    assert figures.initials(name) == text


def test_a_person_keeps_one_tone():
    person = uuid.UUID("535d0740-d049-4455-a768-d31dfa582cb1")
    assert portal.tone(person) == figures.tone(str(person))
    assert {figures.tone(str(number)) for number in range(200)} == set(figures.TONES)


# --- dates --------------------------------------------------------------------------------------


def test_when_names_weekday_date_time_and_zone():
    html = tag("{% when at zone %}", at=CLOSING, zone="America/Chicago")
    assert html == '<time datetime="2026-06-26T17:00-05:00">Fri, June 26, 2026, 5:00 pm CDT</time>'
    assert tag("{% when at %}", at=None) == ""
    assert "10:00 pm UTC" in tag("{% when at %}", at=CLOSING)


def test_day_of_a_date_and_of_nothing():
    assert tag("{{ on|day }}", on=datetime.date(2026, 6, 26)) == "Fri, June 26, 2026"
    assert tag("{{ on|day }}", on=None) == ""


@pytest.mark.parametrize(("name", "words"), [("day", "Mon, November 23, 2026"), ("short_day", "Nov 23, 2026")])
def test_an_instant_falls_on_a_day_of_the_readers_clocks_or_of_the_zone_it_was_put_on(name, words):
    late = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=datetime.UTC)
    with timezone.override("America/Chicago"):
        assert tag(f"{{{{ at|{name} }}}}", at=late) == words
    with timezone.override("Europe/Berlin"):
        assert tag(f"{{{{ at|{name} }}}}", at=late.astimezone(ZoneInfo("America/Chicago"))) == words


@pytest.mark.parametrize(
    ("now", "left", "tone"),
    [
        (CLOSING - datetime.timedelta(days=45), "45 days left", ""),
        (CLOSING - datetime.timedelta(days=14), "14 days left", "soon"),
        (CLOSING - datetime.timedelta(days=1), "1 day left", "soon"),
        (CLOSING, "closes today", "soon"),
        (CLOSING + datetime.timedelta(seconds=1), "closed", "late"),
        (CLOSING + datetime.timedelta(days=1), "closed 1 day ago", "late"),
        (CLOSING + datetime.timedelta(days=3), "closed 3 days ago", "late"),
    ],
)
def test_deadline_says_how_many_days_are_left(now, left, tone):
    html = tag('{% deadline at "America/Chicago" %}', at=CLOSING, now=now)
    assert portal.time_left(CLOSING, now, "America/Chicago") == (left, tone)
    assert words(html) == f"Fri, June 26, 2026, 5:00 pm CDT {left}"
    assert (f"deadline--{tone}" in html) is bool(tone)


@pytest.mark.parametrize(
    ("days", "left"), [(3, "3 days left"), (1, "1 day left"), (0, "today"), (-1, "1 day late"), (-12, "12 days late")]
)
def test_a_due_day_says_how_many_days_are_left(days, left):
    """Counted in its own zone: two hours before midnight UTC it is still the same day in Chicago."""
    day = datetime.date(2026, 6, 26)
    now = datetime.datetime(2026, 6, 27, 3, 0, tzinfo=datetime.UTC) - datetime.timedelta(days=days)
    html = tag('{% due on "America/Chicago" %}', on=day, now=now)
    assert html == f'<time datetime="2026-06-26">Fri, June 26, 2026</time>, {left}'


def test_no_due_day_is_nothing():
    assert tag("{% due on %}", on=None) == ""


# --- icons --------------------------------------------------------------------------------------


def test_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in tag('{% icon "check-lg" %}')
    labeled = tag('{% icon "check-lg" label=label css="icon-lg" %}', label='"<b>')
    assert 'role="img" aria-label="&quot;&lt;b&gt;"' in labeled
    assert 'class="icon icon-lg"' in labeled


@pytest.mark.parametrize("name", ["no-such-icon", "../LICENSE", "a\x00b"])
def test_unknown_icon_is_an_error(name):
    with pytest.raises(icons.UnknownIcon):
        icons.svg(name)


def test_every_icon_a_template_names_is_in_the_set():
    known = {path.stem for path in (ROOT / "templates" / "components" / "icons").glob("*.svg")}
    pattern = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']|\bicon=["']([^"']+)["']""")
    unknown = {
        f"{path.relative_to(ROOT)}: {first or second}"
        for path in TEMPLATES
        for first, second in pattern.findall(path.read_text())
        if (first or second) not in known
    }
    assert unknown == set()
    assert set(icons.OF_STATE.values()) <= known


# --- components ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["met", "waiting", "short", "danger", "progress", "idle"])
def test_state_is_a_word_and_an_icon(kind):
    html = component("state", kind=kind, text="In progress")
    assert words(html) == "In progress"
    assert f"state--{kind}" in html
    assert "<svg" in html


def test_meter_puts_shares_in_attributes_and_the_figure_in_words():
    html = component(
        "meter",
        name="RSC",
        counted=1110,
        logged=150,
        needed=1440,
        text="18 h 30 min of 24 h",
        kind="waiting",
        badge="Open",
    )
    assert 'width="77.1%"' in html
    assert 'x="77.1%" width="10.4%"' in html
    assert "18 h 30 min of 24 h" in words(html)
    large = component("meter", name="RSC", counted=0, needed=0, text="Nothing asked", kind="met", large=True)
    assert words(large) == "RSC Nothing asked"


def test_finding_shows_reason_and_remedy():
    finding = Finding(
        requirement="rsc", kind="rsc_hours", met=False, message="5 h 30 min short", label="Supervision", fix="Log it"
    )
    html = component("finding", finding=finding, href="/portfolio/supervision/")
    assert words(html) == "Supervision 5 h 30 min short Log it"
    assert 'href="/portfolio/supervision/"' in html
    plain = component("finding", kind="waiting", what="Two ratings", why="One was opened", fix="Open", href="/x/")
    assert words(plain) == "Two ratings One was opened Open"
    assert "finding--waiting" in plain


@pytest.mark.parametrize(
    ("met", "blocking", "name"),
    [(True, True, "check-circle-fill"), (False, True, "circle-half"), (False, False, "info-circle")],
)
def test_finding_icon_tells_a_warning_from_a_lack(met, blocking, name):
    finding = Finding(requirement="x", kind="y", met=met, message="z", blocking=blocking)
    assert portal.finding_icon(finding) == name


def test_task_joins_its_state_to_the_link():
    html = component("tasklist_row", name="Work", href="/w/", hint="3 years", kind="met", text="Complete", id="work")
    assert 'aria-describedby="work-state"' in html
    assert 'id="work-state"' in html


def test_acts_in_rows_name_their_object():
    request = RequestFactory().get("/")
    html = render_to_string(
        "components/queue_row.html",
        {
            "kind": "waiting",
            "icon": "person-check",
            "what": "Vet a rater",
            "why": "Named yesterday",
            "due": "Due today",
            "primary": {"label": "Vet", "action": "/vet/", "fields": {"id": "7"}},
            "secondary": {"label": "Later", "href": "/later/"},
        },
        request=request,
    )
    assert words(html) == "Vet a rater Due today Named yesterday Vet : Vet a rater Later : Vet a rater"
    assert "csrfmiddlewaretoken" in html
    assert '<input type="hidden" name="id" value="7">' in html


def test_table_labels_its_cells_for_phones_and_keeps_its_roles():
    html = component(
        "table",
        label="Trainings",
        stack=True,
        columns=["Training", {"label": "Hours", "r": True, "sort": "?sort=hours", "sorted": "ascending"}, "Counts"],
        rows=[[{"text": "Reading the baby", "href": "/t/"}, "6 h", {"text": "Counted", "kind": "met", "sub": "today"}]],
        foot=["All", "6 h", ""],
    )
    assert 'role="region" aria-label="Trainings" tabindex="0"' in html
    assert '<td role="cell" data-label="Hours" class="r">6 h' in html
    assert 'aria-sort="ascending"' in html
    assert words(html) == "Training Hours Counts Reading the baby 6 h Counted today All 6 h"


def test_people_bars_tiles_and_timeline():
    assert words(component("person", name="Maren Oakhill", note="You", tone="b")) == "MO Maren Oakhill You"
    rows = [{"label": "Seated", "value": 11, "usual": 11}, {"label": "Sent", "value": 2, "usual": 1}]
    bars = component("bars", caption="Funnel", rows=rows)
    assert words(bars) == "Funnel Step Chart Now Usual Seated 11 11 Sent 2 1"
    assert 'width="18.2%"' in bars
    assert words(component("tile", value=3, label="Waiting", unit="mails", note="one held", href="/o/")) == (
        "3 mails Waiting one held"
    )
    done = component("timeline_item", kind="done", what="Sent", at=CLOSING, zone="America/Chicago")
    assert words(done) == "Sent , done Fri, June 26, 2026, 5:00 pm CDT"
    assert 'aria-current="step"' in component("timeline_item", kind="now", what="Review", when="Since Monday")


def test_quarter_marks_light_one_quarter():
    assert 'class="autumn"' in component("quarter_mark", season="fall")
    assert 'aria-label="Spring"' in component("quarter_mark", season="spring", label="Spring")
    line = component("quarter_line", today=44, stops=[{"percent": 0, "done": True}, {"percent": 100, "done": False}])
    assert 'cx="44.0%"' in line
    assert line.count("stop--done") == 1


def test_matrix_cell_says_what_its_icon_shows():
    cells = [
        {"name": "Advocacy", "count": 1, "kind": "thin", "href": "/a/"},
        {"name": "Safety", "count": 3, "kind": "covered", "href": "/s/"},
        {"name": "Policy", "count": 0, "kind": "none", "href": "/p/"},
        {"name": "Listening", "count": 0, "kind": "rated", "href": "/l/"},
    ]
    html = component("matrix_domain", domain="Direct service", id="d1", count="3 of 4", cells=cells)
    assert words(html) == (
        "Direct service 3 of 4 Advocacy thin 1 entry Safety 3 entries Policy Add evidence "
        "Listening shown later by your ratings, nothing for you to enter"
    )


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        ("note", {"kind": "danger", "title": "Wait", "text": "Look", "href": "/x/", "link": "Why"}, "Wait Look Why"),
        ("empty", {"title": "Empty", "text": "None", "action_text": "Add", "action_href": "/a/"}, "Empty None Add"),
        ("empty", {"title": "T", "text": "X", "art": "talk", "example": "6 h", "level": 3}, "T X For example: 6 h"),
        ("evidence", {"kind": "PDF", "name": "c.pdf", "meta": "1 page", "open_href": "/f/"}, "PDF c.pdf 1 page"),
        ("audience", {"sentence": "Seen by you.", "icon": "lock"}, "Seen by you."),
        ("rule", {"text": "24 hours", "version": "Edition 2025", "checks": ["Fits"]},
         "The exact rule 24 hours Reviewers also look at: Fits Edition 2025"),
        ("check_row", {"label": "Name", "value": "Maren", "href": "/n/"}, "Name Maren Change Name"),
        ("check_row", {"label": "Name", "error": "Type it", "href": "/n/", "link": "Add"}, "Name Type it Add Name"),
        ("confirmation", {"title": "On its way", "reference": "PR-1", "text": "Keep it.",
                          "actions": [{"label": "Packet", "href": "/p/", "primary": True}]},
         "On its way Reference PR-1 Keep it. Packet"),
        ("flash", {"kind": "warning", "text": "Saved"}, "Saved"),
        ("stepper", {"text": "Question 3 of 6", "value": 3, "max": 6}, "Question 3 of 6 3 / 6"),
        ("board_cell", {"kind": "short", "value": "24 / 30", "percent": 80, "title": "training", "href": "/b/"},
         "24 / 30 , training"),
        ("thread_row", {"title": "Carpool?", "href": "/t/", "replies": 1, "last": "Friday", "pinned": True},
         "Carpool? 1 reply Pinned Friday"),
        ("meter_key", {}, "Confirmed and counted Logged, waiting for sign-off Still to go"),
        ("command_bar", {"count": 2, "actions": [{"label": "Nudge", "value": "nudge", "primary": True}]},
         "2 selected Nudge"),
        ("radar_row", {"person": {"name": "Tomas", "uuid": "1"}, "summary": "Late", "reasons": ["No visit"],
                       "remedy": {"label": "Write", "href": "/w/"}}, "T Tomas Late No visit Write : Tomas"),
        ("mail_day", {"on": datetime.date(2026, 5, 13), "what": "Welcome", "count": 1, "held": True},
         "Wed 13 Welcome 1 person, held for you"),
        ("back", {"href": "/", "text": "Home"}, "Home"),
        ("saved", {"at": CLOSING, "zone": "UTC"}, "Last saved Fri, June 26, 2026, 10:00 pm UTC"),
    ],
)  # fmt: skip
def test_component_reads_in_order(name, context, expected):
    assert words(component(name, **context)) == expected


def test_post_shows_its_body_or_why_it_is_hidden():
    author = SimpleNamespace(name="Ilse Quarry", uuid=uuid.uuid4())
    shown = component(
        "post", author=author, when="Today", body="Hello", role="Coordinator", official=True, report_href="/r/"
    )
    assert words(shown) == "IQ Ilse Quarry Coordinator Today Official answer Hello Report : Ilse Quarry"
    assert words(component("post", author=author, when="Today", body="x", hidden_why="Hidden")).endswith("Today Hidden")


def test_rating_item_is_a_fieldset_with_its_answer():
    html = component(
        "rating_item", number=9, text="Listens", name="q9", choices=[(1, "Rarely"), (4, "Reliably")], value="4"
    )
    assert words(html) == "9. Listens Rarely Reliably"
    assert html.count("checked") == 1
    assert 'value="4" id="q9-4" checked' in html


# --- forms --------------------------------------------------------------------------------------


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As in your membership")
    kind = forms.ChoiceField(choices=[("g", "Group"), ("i", "Individual")], widget=forms.RadioSelect)
    level = forms.ChoiceField(choices=[("a", "A")], required=False)
    agree = forms.BooleanField(label="I agree")
    secret = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].hints = {"g": "Two or more"}

    def clean(self):
        raise forms.ValidationError("The two do not fit together")


def test_field_puts_label_help_error_and_control_in_that_order():
    form = SampleForm({})
    html = component("field", field=form["name"], form_show_labels=True)
    order = [html.index(part) for part in ("<label", "form-text", "field__error", "<input")]
    assert order == sorted(order)
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_choices_carry_hints_and_their_group_a_legend():
    html = component("field", field=SampleForm()["kind"], row=True)
    assert words(html) == "Kind Group Two or more Individual"
    assert "<fieldset" in html
    assert 'aria-describedby="id_kind_0-hint"' in html


def test_optional_fields_say_so_and_hidden_ones_say_nothing():
    assert "(optional)" in component("field", field=SampleForm()["level"], form_show_labels=True)
    assert words(component("field", field=SampleForm()["secret"])) == ""
    assert words(component("field", field=SampleForm()["agree"])) == "I agree"


def test_error_summary_links_to_each_field():
    html = component("error_summary", form=SampleForm({}))
    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_kind_0", "id_agree"]
    assert "The two do not fit together" in html
    assert 'role="alert" tabindex="-1"' in html
    assert component("error_summary", form=SampleForm()) == ""


def test_crispy_uses_our_field():
    html = tag("{% load crispy_forms_filters %}{{ form|crispy }}", form=SampleForm({}))
    assert html.count("field__error") == 3
    assert "The two do not fit together" in html
    assert "asteriskField" not in html


def test_filter_bar_is_a_get_form():
    request = RequestFactory().get("/portfolio/training/?level=a")
    html = render_to_string(
        "components/filter_bar.html", {"form": SampleForm(), "count": "7 of 9", "target": "list"}, request=request
    )
    assert 'method="get"' in html
    assert 'hx-get="/portfolio/training/"' in html
    assert "7 of 9" in words(html)


# --- pages of a list ----------------------------------------------------------------------------


def test_pagination_keeps_the_filters():
    page = page_of(list(range(200)), RequestFactory().get("/x/?q=law&page=4"))
    html = component("pagination", page=page)
    assert words(html).startswith("76 to 100 of 200")
    assert 'href="?q=law&amp;page=3"' in html
    assert '<span aria-current="page">' in html
    assert component("pagination", page=page_of([1], RequestFactory().get("/x/"))) == ""


@pytest.mark.parametrize(("items", "index", "found"), [([1, 2], 1, 2), ([1], 5, ""), (None, 0, "")])
def test_nth_answers_nothing_beyond_the_end(items, index, found):
    assert portal.nth(items, index) == found


# --- shells -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["public", "member", "guest", "staff", "review"])
def test_shell_has_one_main_a_skip_link_and_the_live_region(shell, db, coordinator, association):
    request = RequestFactory().get("/here/?a=1")
    request.user = coordinator
    html = render_to_string(f"base_{shell}.html", {"association": association, "nav": "today"}, request=request)
    assert html.count("<main ") == 1
    assert 'class="skip" href="#main"' in html
    assert 'id="live" role="status" aria-live="polite"' in html
    assert html.count('id="hatch"') == 1


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("auto", "light"), ("'>x", "light")]
)
def test_theme_is_set_on_the_server(client, db, cookie, theme):
    client.cookies["theme"] = cookie
    html = client.get("/help/").content.decode()
    assert f'data-bs-theme="{theme}"' in html
    assert ("data-theme-auto" in html) is (cookie not in {"dark", "light"})


def test_title_of_a_page_with_errors_says_so():
    html = render_to_string("base_public.html", {"form": SampleForm({})})
    assert "<title>Error: " in html


def test_rail_leaves_out_places_that_do_not_exist():
    context = Context({"nav": "nowhere"})
    assert tag('{% rail_link "coordination:nowhere" "sunrise" "Nowhere" %}').strip() == ""
    shown = portal.rail_link(context, "help", "sunrise", "Help")
    assert (shown["href"], shown["current"], shown["waiting"]) == ("/help/", False, None)


def test_server_error_page_needs_nothing():
    html = render_to_string("errors/500.html", {"request_id": "abc-1"})
    assert "abc-1" in html
    assert "{%" not in html


def test_autosave_names_the_address_and_the_version():
    html = tag('<form {% autosave "training:new" draft %}>', draft=None)
    assert 'data-autosave="/drafts/training:new/"' in html
    assert 'data-autosave-version="0"' in html
