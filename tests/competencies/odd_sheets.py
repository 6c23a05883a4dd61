"""Spreadsheets as hypothesis writes them: good ones, odd ones, and bytes that are none."""

import datetime

from hypothesis import strategies as st

from endorsement_portal.sheets.writing import csv_bytes

odd = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2025-03-04", "3/4/2025", "1.5", "90", "1:30", "=1+1", "core", "group", "online", "x" * 300, "\x00", "'=a",
         "a@b.org", "99999999999", "0", "-1", "\ud7ff", "both", "\u202e", "1e9", "NaN"]
    ),
)  # fmt: skip
headings = st.lists(
    st.one_of(
        st.sampled_from(
            ["Date", "Course", "Hours", "Length", "Email", "Provider", "Kind", "Where", "Group size", "About", ""]
        ),
        st.text(max_size=8),
    ),
    max_size=8,
)
good = st.tuples(
    st.dates(datetime.date(2000, 1, 1), datetime.date(2025, 1, 1)).map(str),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9),
    st.sampled_from(["1.5", "90 min", "2:15"]),
    st.just("t@example.org"),
    st.just("individual"),
    st.just("online"),
)
GOOD_HEADINGS = ["Date", "Course", "Length", "Email", "Kind", "Where"]
files = st.one_of(
    st.binary(max_size=300),
    st.builds(csv_bytes, st.just(GOOD_HEADINGS), st.lists(good, min_size=1, max_size=6)),
    st.builds(lambda heads, rows: csv_bytes(heads, rows), headings, st.lists(st.lists(odd, max_size=9), max_size=6)),
    st.builds(
        lambda heads, rows, sep, codec: (
            sep.join(heads).encode(codec, "replace")
            + b"\n"
            + b"\n".join(sep.join(row).encode(codec, "replace") for row in rows)
        ),
        headings,
        st.lists(st.lists(odd, max_size=9), max_size=6),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig"]),
    ),
)
