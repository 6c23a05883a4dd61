"""Pure: what the child may use, and its way of saying no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int
    cpu_seconds: int
    output_bytes: int
    pixels: int
    pages: int


class Unfit(Exception):
    """A file that is not taken, by the code of its reason. `params` fill the sentence of `refusals.MESSAGES`."""

    def __init__(self, code: str, **params: int | str) -> None:
        self.code = code
        self.params = params
        super().__init__(code)
