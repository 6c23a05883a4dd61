"""A snapshot of the size that packets are measured with, made without a database."""

from __future__ import annotations

import datetime
import hashlib
import io
import uuid
from typing import Any

import pikepdf
from PIL import Image


def pdf_bytes(pages: int, text: str = "Certificate") -> bytes:
    """A small, real PDF of so many pages."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number in range(pages):
            pdf.add_blank_page(page_size=(612, 792))
            page = pdf.pages[-1]
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pikepdf.Stream(pdf, f"BT /F1 24 Tf 72 700 Td ({text}, page {number + 1}) Tj ET".encode())
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()


def png_bytes(width: int = 640, height: int = 480, mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (width, height), 200 if mode == "L" else (120, 60, 110, 128)[: len(mode)]).save(made, format="PNG")
    return made.getvalue()


def jpeg_bytes(width: int = 480, height: int = 640) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (120, 60, 110)).save(made, format="JPEG")
    return made.getvalue()


def file_row(
    content: bytes, *, entry: str, kind: str = "training", content_type: str = "application/pdf"
) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, entry)),
        "name": f"{entry}.pdf",
        "content_type": content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "entry_kind": kind,
        "entry": entry,
        "document_type": "certificate",
    }


def finding_row(key: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {
        "requirement": key,
        "kind": kind,
        "label": label,
        "stage": "submission",
        "required": True,
        "group": None,
        "met": True,
        "message": "Met",
        "have_minutes": None,
        "logged_minutes": None,
        "need_minutes": None,
        "short_minutes": None,
        "parts": [],
        "counted": [],
        "uncounted": [],
        "checks": [],
        **more,
    }


def training_rows(count: int) -> list[dict[str, Any]]:
    start = datetime.date(2019, 1, 7)
    return [
        {
            "key": f"t{number}",
            "on": (start + datetime.timedelta(days=7 * number)).isoformat(),
            "title": f"Reading the baby: observation in home visits, part {number}",
            "organiser": "Prairie Rivers training day",
            "minutes": 60 + 30 * (number % 4),
            "topics": ["core"],
            "topic_minutes": {"dei": 30} if number % 5 == 0 else {},
            "ages": ["0-36"],
            "competencies": ["TF.development", "WWO.relationships"],
        }
        for number in range(1, count + 1)
    ]


def session_rows(count: int) -> list[dict[str, Any]]:
    start = datetime.date(2024, 1, 8)
    return [
        {
            "key": f"s{number}",
            "on": (start + datetime.timedelta(days=14 * number)).isoformat(),
            "minutes": 60,
            "format": "group" if number % 2 else "individual",
            "group_size": 6 if number % 2 else None,
            "mode": "distance",
            "provider": "p1" if number % 7 else None,
            "about_own_provision": False,
            "ages": ["0-36"],
            "attested_on": "2026-05-01" if number % 7 else None,
        }
        for number in range(1, count + 1)
    ]


def snapshot(*, trainings: int = 12, sessions: int = 12, files: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """`endorsement-submission/1` with every part filled."""
    rows, talks = training_rows(trainings), session_rows(sessions)
    counted = [row for row in rows if int(row["key"][1:]) % 9]
    left = [row for row in rows if not int(row["key"][1:]) % 9]
    good = [row for row in talks if row["provider"]]
    return {
        "format": "endorsement-submission/1",
        "application": {
            "uuid": "6a0b1c1e-7a0e-4b8f-9a61-3f8f1f3f5a01",
            "reference_number": "PR-26S-0417",
            "number": 1,
            "asks_emerging": False,
            "holder_name": "Maren Oakhill",
        },
        "submitted_at": "2026-06-18T21:12:00+00:00",
        "category": {
            "code": "IFS",
            "name": "Infant Family Specialist",
            "license": "IMH-E",
            "license_name": "Infant Mental Health Endorsement",
            "ages": "Pregnancy and birth to 36 months",
        },
        "association": {"code": "XX-PR", "name": "Prairie Rivers Association", "time_zone": "America/Chicago"},
        "cohort": {
            "uuid": "0d8b4f10-6a6b-4a52-8f5c-7f4d3c8a9b02",
            "name": "Spring 2026",
            "season": "spring",
            "year": 2026,
            "deadline": "2026-06-26T22:00:00+00:00",
            "time_zone": "America/Chicago",
            "review_ends_on": "2026-09-18",
        },
        "edition": {"code": "iecmh-2025", "title": "IECMH rules 2025", "sha256": "e" * 64},
        "overlay": {"version": 2, "sha256": "f" * 64},
        "portfolio": {
            "format": "endorsement-portfolio/1",
            "member": {"email": "maren@example.org", "name": "Maren Oakhill", "residence": "US-MO"},
            "education": [
                {"key": "e1", "level": "master", "field": "Social work", "institution": "State University",
                 "awarded_on": "2015-05-20"}
            ],
            "licences": [
                {"key": "l1", "kind": "mental_health", "name": "LCSW", "region": "US-MO",
                 "from": "2016-01-01", "to": None}
            ],
            "work": [
                {"key": "w1", "title": "Home visitor", "employer": "Willow Creek Home Visiting", "from": "2019-01-01",
                 "to": None, "hours_per_week": 40, "paid": True, "supervised": True, "roles": ["direct_service"],
                 "families_served": 25, "ages": ["0-36"]}
            ],
            "training": rows,
            "providers": [{"key": "p1", "name": "Tobias Fernhollow", "email": "tobias@example.org", "standings": []}],
            "supervision": talks,
        },
        "left_out": {},
        "confirmations": [
            {"entry": row["key"], "state": "confirmed", "minutes": 60, "attested_on": row["attested_on"],
             "provider": "Tobias Fernhollow", "provenance": "confirmed_here", "accepted": True}
            for row in good
        ],
        "memberships": [
            {"association": "XX-PR", "association_name": "Prairie Rivers Association", "kind": "individual",
             "number": "1204", "from": "2026-01-01", "to": "2026-12-31", "provenance": "confirmed_here"}
        ],
        "signatures": [
            {"kind": "ethics", "title": "Code of ethics", "version": "2026-1", "sha256": "a" * 64,
             "typed_name": "Maren Oakhill", "signed_at": "2026-04-08T15:00:00+00:00", "not_sanctioned": True}
        ],
        "declaration": {"text": "I state that what I send is true and my own.", "typed_name": "Maren Oakhill"},
        "findings": [
            finding_row("education", "education", "Education", counted=[{"entry": "e1", "minutes": None}]),
            finding_row("work", "work", "Work experience", counted=[{"entry": "w1", "minutes": None}],
                        checks=["Confirm the range of families served"]),
            finding_row(
                "training", "training_hours", "Training", have_minutes=sum(row["minutes"] for row in counted),
                need_minutes=1800,
                parts=[{"key": "core", "have_minutes": 900, "need_minutes": 600, "met": True}],
                counted=[{"entry": row["key"], "minutes": row["minutes"]} for row in counted],
                uncounted=[
                    {"entry": row["key"], "minutes": row["minutes"], "reason": "outside_age_range", "detail": ""}
                    for row in left
                ],
            ),
            finding_row(
                "rsc", "rsc_hours", "Reflective supervision/consultation",
                have_minutes=60 * len(good), need_minutes=1440,
                met=False, message="Not enough hours yet",
                counted=[{"entry": row["key"], "minutes": 60} for row in good],
                uncounted=[
                    {"entry": row["key"], "minutes": 60, "reason": "no_named_provider", "detail": ""}
                    for row in talks if not row["provider"]
                ],
            ),
            finding_row("references", "reference_ratings", "Three reference ratings"),
            finding_row("exam", "exam", "Written exam", required=False, met=False, message="Not asked here"),
        ],
        "coverage": [
            {"code": "TF.development", "name": "Infant and young child development", "area": "TF",
             "area_name": "Theoretical Foundations", "shown": [{"way": "training", "entry": "t1"}]},
            {"code": "WWO.relationships", "name": "Building and maintaining relationships", "area": "WWO",
             "area_name": "Working With Others", "shown": []},
        ],
        "references": {"received": 3, "needed": 3},
        "files": files or [],
        "answers": [{"requirement": "work", "text": "Say more about your role", "answer": "Done", "asked": "change"}],
    }  # fmt: skip
