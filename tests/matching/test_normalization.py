"""The text of a description, freed of what cannot be seen."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.matching.normalization import clean_description, narrow_signs, normalize_text

ANYTHING = st.text(st.characters(exclude_categories=()))
MARKS = st.text(st.sampled_from("\u0301\u0323\u0344\u0f73\u0f71\u0345a가é"), min_size=300, max_size=400)


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("  a \t\u00a0\u3000\n b ", "a b"),
        ("a\x00b\x85c", "a b c"),
        ("\u202ea\u202c\u2066b\u2069\u200fc\u061c", "abc"),
        ("a\u200bb\ufeffc\u2060d\u00ade\u200df\u200cg", "abcdefg"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("👩\u200d💻 ❤️\u200d🔥 x\u200d👩", "👩\u200d💻 ❤️\u200d🔥 x👩"),
        ("e\u0301 ﬁ ①", "é ﬁ ①"),
        ("e\u200b\u0301", "é"),
        ("\ud83d\ude00 \ud83d x \ude00", "😀 \ufffd x \ufffd"),
        ("Tom&#39;s &lt;b&gt; &quot;R&amp;D&quot; &#x1F600;", 'Tom\'s <b> "R&D" 😀'),
        ("&amp;#39;", "&#39;"),
        ("AT&T &copy &nosuch; &#" + "9" * 5000 + ";", "AT&T &copy &nosuch; &#" + "9" * 5000 + ";"),
        ("&#8203;&#xD800;&#0;", "\ufffd\ufffd"),
    ],
)
def test_is_what_a_person_sees(description, text):
    assert clean_description(description) == text


def test_narrow_signs_stand_where_the_full_width_ones_stood():
    assert narrow_signs("ａ＃１２３［４５６７８９０］é") == "ａ#123[4567890]é"


@given(ANYTHING)
def test_can_be_written_and_does_not_change_when_read_again(anything):
    text = normalize_text(anything)
    assert text.encode() == normalize_text(text).encode()
    assert text == normalize("NFC", text) == " ".join(text.split())
    assert len(narrow_signs(text)) == len(text)


@given(MARKS)
def test_is_exactly_nfc_however_many_marks_there_are(marks):
    assert normalize_text(marks) == normalize("NFC", marks)
