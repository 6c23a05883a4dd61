"""Pure: the largest matching of raters and slots, so that one person fills one slot only and a rating that fits two is
put where it is needed."""

from __future__ import annotations

from collections.abc import Sequence


def best_match(fits: Sequence[Sequence[bool]], slots: int) -> dict[int, int]:
    """Slot -> row, as many as can be (augmenting paths). `fits[row][slot]` says whether a row may fill a slot."""
    filled: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for slot in range(slots):
            if fits[row][slot] and slot not in seen:
                seen.add(slot)
                if slot not in filled or place(filled[slot], seen):
                    filled[slot] = row
                    return True
        return False

    for row in range(len(fits)):
        place(row, set())
    return filled
