import pytest

from members.names import has_control, tidy


@pytest.mark.parametrize("name", ["Ada Meadow", "Zoë O’Hara-Núñez", "王小明", "محمد", "क्‍ष", "J. R. (Bob) Smith, III"])
def test_names_of_any_script_are_names(name):
    assert (has_control(name), tidy(name)) == (False, name)


@pytest.mark.parametrize(
    "name",
    [
        "Ada\r\nBcc: x@example.org",
        "Ada\nMeadow",
        "Ada\x00",
        "Ada\u0085",
        "Ada\u2028Meadow",
        "Ada\u2029",
        "\u202eadA",
        "A\u2066b",
    ],
)
def test_lines_and_hidden_characters_are_not(name):
    assert has_control(name) is True
    assert has_control(tidy(name)) is False


def test_tidy_makes_one_line_of_at_most_200():
    assert tidy("  Ada \t Meadow\n") == "Ada Meadow"
    assert len(tidy("x" * 500)) == 200
