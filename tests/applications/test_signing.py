"""A signature is the person's own name, loosely."""

import pytest

from applications.signing import same_name


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("Maren Oakhill", "Maren Oakhill", True),
        ("  maren   OAKHILL ", "Maren Oakhill", True),
        ("Oakhill, Maren", "Maren Oakhill", True),
        ("Maren J. Oakhill", "Maren Oakhill", True),
        ("Maren Oakhill", "Maren Jane Oakhill", True),
        ("José Núñez", "Jose Nunez", True),
        ("Maren", "Maren Oakhill", False),
        ("Maren Jane", "Maren Jane Oakhill", False),
        ("Samir Birchwell", "Maren Oakhill", False),
        ("", "Maren Oakhill", False),
        ("...", "Maren Oakhill", False),
        ("Maren Oakhill", "", False),
        ("X", "X", True),
        ("Li Y", "Li Y", True),
        ("Anne-Marie Hill", "Anne Marie Hill", True),
    ],
)
def test_same_name(typed, name, same):
    assert same_name(typed, name) is same
