"""What counts as a number in a text."""

import pytest

from timeweave.llm.numerals import numbers


@pytest.mark.parametrize(("text", "found"), [
    ("Fix login", set()), ("one of the retries", set()), ("version 4.2 of 10:30", {"4.2", "10:30"}), ("1,000 or 1000", {"1,000", "1000"}),
    ("Twenty-one days", {"twenty"}), ("hundreds of users", {"hundreds"}), ("drei Stunden", {"drei"}), ("PIĘĆ dni", {"pięć"}),
    ("٣ days", {"٣"}), ("１２", {"12"}), ("½ done", {"½", "1", "2"}), ("三天", {"三"}), ("一些", set()), ("x²", {"2"}), ("Ⅻ", {"Ⅻ", "XII"}), ("Ⅴ", {"Ⅴ"}), ("MMXXV", {"MMXXV"}),
    ("CI and CD, vi", set()), ("MMMM", set()), ("100 % of 100", {"100%", "100"}), ("$ 4", {"$4"}), ("tenfold", {"tenfold"}), ("often, tents", set()),
    ("achtundvierzig", {"achtundvierzig"}), ("meta", set()), ("metà", {"metà"}), ("Mondays", set()), ("on Monday", {"monday"}),
    ("ten" * 5000, set()),
])  # fmt: skip
def test_numbers_are_found_in_digits_signs_and_words(text, found):
    assert numbers(text) == found
