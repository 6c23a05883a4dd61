"""Fit for headers, fit for text, how long to wait, and a context's way into JSON and back."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.outbox import retry, twin, values
from endorsement_portal.outbox.plain import defused, one_line, printable

# --- headers


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Maren Oakhill", "Maren Oakhill"),
        ("Maren\r\nBcc: all@example.org", "Maren Bcc: all@example.org"),
        ("a\x85b\u2028c\u2029d\x0be\x00f", "a b c d ef"),
        ("=?utf-8?q?a=0Ab?=", "= ?utf-8?q?a=0Ab?="),
        ("\u202etxt.exe\u2066", "txt.exe"),
        ("a\ud800b", "ab"),
        ("  spaced \t out ", "spaced out"),
        ("Ñandú, José", "Ñandú, José"),
    ],
)
def test_a_header_is_one_harmless_line(typed, line):
    assert one_line(typed) == line


def test_a_long_line_is_cut_with_an_ellipsis():
    assert one_line("x" * 30, limit=10) == "x" * 9 + "…"
    assert one_line("x" * 10, limit=10) == "x" * 10


@given(st.text())
def test_no_text_breaks_a_header(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 200
    assert "=?" not in line
    assert one_line(line) == line


# --- text that must not become a link

J = "\u2060"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Visit evil.com now", f"Visit evil.{J}com now"),
        ("http://evil.com/a?b", f"http:{J}/{J}/evil.{J}com/a?b"),
        ("(www.evil.com)", f"(www.{J}evil.{J}com)"),
        ("see evil.com.", f"see evil.{J}com."),
        ("click [here](https://evil.io)", f"click [here](https:{J}/{J}/evil.{J}io)"),
        ("write to linnea@example.org, please", "write to linnea@example.org, please"),
        ("a@b.com/https://evil.com", f"a@b.{J}com/https:{J}/{J}/evil.{J}com"),
        ("пример.рф", f"пример.{J}рф"),
        ("Ph.D. in 2015. Next", "Ph.D. in 2015. Next"),
        ("18 h 30 min, 3.5 h", "18 h 30 min, 3.5 h"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_looks_like_an_address_is_no_link(typed, shown):
    assert defused(typed) == shown


def test_defusing_is_quick_on_hostile_text():
    for hostile in ("a-" * 50_000, "a." * 50_000, "www." * 20_000, "x" * 100_000):
        defused(hostile)


def test_line_ends_are_unified_and_controls_dropped():
    assert printable("a\r\nb\rc\x07\td") == "a\nb\nc\td"


# --- waiting


def test_the_wait_doubles_up_to_six_hours_plus_a_share():
    plain = [timedelta(seconds=30) * 2**step for step in range(9)]
    for attempts, base in enumerate(plain, start=1):
        assert base <= retry.wait_after(attempts, "key") <= base * 1.2
    assert timedelta(hours=6) <= retry.wait_after(40, "key") <= timedelta(hours=7.2)
    assert retry.wait_after(0, "key") == retry.wait_after(1, "key")


def test_messages_that_failed_together_do_not_return_together():
    assert len({retry.wait_after(1, f"key-{number}") for number in range(50)}) > 10


def test_attempts_are_spent_at_eight():
    assert (retry.spent(7), retry.spent(8), retry.spent(9)) == (False, True, True)


# --- contexts

SHOWING = values.Showing("http://testserver", str.upper, lambda placeholder: f"link:{placeholder['url_name']}")


def test_instants_dates_and_links_survive_the_journey():
    at, day = datetime(2026, 6, 26, 22, 0, tzinfo=UTC), date(2026, 6, 26)
    link = {"private_link": str(uuid.uuid4()), "url_name": "rating:landing"}
    stored = values.stored(
        {"at": at, "days": [day], "nested": {"at": at}, "link": link, "n": 3, "yes": True, "no": None}
    )
    assert stored["at"] == {"$instant": at.isoformat()}
    assert values.shown(stored, SHOWING) == {
        "at": at, "days": [day], "nested": {"at": at}, "link": "link:rating:landing", "n": 3, "yes": True, "no": None,
    }  # fmt: skip
    assert values.links_in(stored) == [link]
    assert values.links_in({"links": [link, {"more": link}], "n": 1}) == [link, link]


def test_uuids_and_lazy_texts_are_stored_as_text_and_nul_not_at_all():
    one = uuid.uuid4()
    assert values.stored({"id": one, "text": "a\x00b"}) == {"id": str(one), "text": "ab"}


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError):
        values.stored({"thing": object()})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://testserver/messages/", "http://testserver/messages/"),
        ("http://testserver", "http://testserver"),
        ("http://testserver.evil.com/", "HTTP://TESTSERVER.EVIL.COM/"),
        ("http://testserver/ http://evil.com", "HTTP://TESTSERVER/ HTTP://EVIL.COM"),
        ("words", "WORDS"),
    ],
)
def test_only_our_own_addresses_stay_addresses(value, shown):
    assert values.shown(value, SHOWING) == shown


# --- the plain-text twin

MAIL = """<html><head><title>A &amp; B</title></head><body><p class="preheader" data-text="skip">no</p><table>
<tr><td class="mail__head"><p>Brand</p></td></tr>
<tr><td class="mail__body"><h1>Head</h1><p>One <strong>bold</strong><br>
two <span data-text="skip">hidden</span>.</p><!-- remark --><div><p>Deep</p></div>
<table class="mail__facts"><tr><th>By</th><td>Friday</td></tr><tr><td>Alone</td></tr></table><ol><li>first</li></ol>
<p class="mail__act"><a class="mail__button" href="http://x/">Go</a></p><p> </p>
<p><a href="http://y/">http://y/</a> <a>dead</a>
<a href="http://z/">Z</a></p></td></tr><tr><td class="mail__foot"><p>Foot</p></td></tr></table></body></html>"""


def test_the_text_twin_says_what_the_html_says():
    parts = twin.parts_of(MAIL)
    assert parts.subject == "A & B"
    assert parts.link == "http://x/"
    assert parts.text == (
        "Brand\n\nHead\n\nOne bold\ntwo .\n\nDeep\n\nBy: Friday\nAlone\n\n- first\n\nGo:\nhttp://x/\n\n"
        "http://y/ dead Z (http://z/)\n\n--\nFoot\n"
    )
    assert parts.body == "One bold\ntwo .\n\nDeep\n\nBy: Friday\nAlone\n\n- first\n\nhttp://y/ dead Z (http://z/)"


def test_a_mail_without_a_button_has_no_link():
    assert twin.parts_of(MAIL.replace("mail__button", "plain")).link == ""
