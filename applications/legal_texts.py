"""The default texts that are signed: our own short summaries. An association loads its licensed wording over them.

A text that was published never changes: a new wording is a new version with its own day.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from applications.enums import TextKind


@dataclass(frozen=True, slots=True)
class DefaultText:
    kind: TextKind
    version: str
    effective_from: datetime.date
    title: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


def digest(title: str, body: str) -> str:
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


ETHICS = """
I keep the relationship between a young child and the people who care for the child at the center of my work.

I respect each family: its culture, its language, its history and its own goals. I look at my own values and at what I
do not know, and I keep learning.

I protect what families tell me. I share it only with their consent, or where the law asks me to.

I work within what I have learned to do. I seek reflective supervision or consultation, and I send a family to somebody
else when another person can help better.

I am honest about my training, my hours and my Endorsement, and I keep to the law and to the rules of my profession.
"""

AGREEMENT = """
What I send is true and complete, and it is my own. If I find a mistake later, I say so.

The association may check what I send, and it may ask the people and places I name.

References are given in confidence. I do not see what raters write; the association decides what it may tell me.

Endorsement describes what I have shown in my work and study. It is not a professional license, and it does not allow
me to practice beyond one.

While I hold it I keep my membership, I renew it when it is due, and I use its letters only for the category I hold.
If it ends, I stop using them.

My name, category and status stand in the public registry.
"""


def paragraphs(text: str) -> tuple[str, ...]:
    """Each paragraph on one line."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


DEFAULTS: tuple[DefaultText, ...] = (
    DefaultText(
        kind=TextKind.ETHICS,
        version="2025-1",
        effective_from=datetime.date(2025, 1, 1),
        title="Code of Ethics, in short",
        paragraphs=paragraphs(ETHICS),
    ),
    DefaultText(
        kind=TextKind.AGREEMENT,
        version="2025-1",
        effective_from=datetime.date(2025, 1, 1),
        title="Endorsement Agreement, in short",
        paragraphs=paragraphs(AGREEMENT),
    ),
)
