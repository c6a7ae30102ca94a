"""What holds for every description."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from timeweave.matching.bracket_tags import SEPARATORS, Flag
from timeweave.matching.normalization import clean_description, narrow_signs
from timeweave.matching.parsed_description import match
from timeweave.matching.reference import Reference

ANYTHING = st.text(st.characters(exclude_categories=()))
PIECES = st.sampled_from(
    [*"#[]()<>-,./ 01ab&é＃［１＿\u0301\u200b\n", "#12", " #3 [", "[S] ", "[S/T] ", "# 4 ", "[[", "]] ", "Σ"]
)
NOISE = st.lists(PIECES, max_size=40).map("".join)
QUIET = NOISE.map(lambda text: text.replace("#", "").replace("＃", ""))
SYNTAX = set("#[]()<>/0" + SEPARATORS)
NAME = st.text(st.characters(exclude_characters="[]［］&"), min_size=1).map(clean_description).filter(bool)
ID = st.integers(1, 10**12 - 1).map(str)
TITLE = st.text(st.characters(exclude_characters="#＃[］［]&.")).map(clean_description)


def said(read):
    references = [reference for reference in (read.reference, *read.others) if reference]
    names = [name for each in references for name in (each.public_id, each.space, each.database, each.project)]
    return "".join([read.text, *filter(None, names), *(tag for each in references for tag in each.extra)])


def letters(text):
    return narrow_signs(text).replace(" ", "").casefold()


@given(ANYTHING | NOISE)
def test_every_description_can_be_read_and_the_result_written(description):
    read = match(description)
    assert said(read).encode().decode() == said(read)
    assert read.text == " ".join(read.text.split())
    assert read.flags == tuple(sorted(set(read.flags)))
    assert set(read.flags) <= set(Flag)
    assert read.reference is not None or read.text == clean_description(description)


@given(NOISE)
def test_no_letter_is_lost(description):
    assert set(letters(clean_description(description))) <= set(letters(said(match(description)))) | SYNTAX


@given(QUIET, QUIET)
def test_nothing_is_lost_around_one_reference(before, after):
    description = f"{before}#{after}"
    lost = Counter(letters(clean_description(description))) - Counter(letters(said(match(description))))
    assert set(lost) <= SYNTAX


@given(QUIET, QUIET)
def test_nothing_is_made_up(before, after):
    description = f"{before}#{after}"
    assert not Counter(letters(said(match(description)))) - Counter(letters(clean_description(description)))


@given(TITLE, ID, NAME, NAME, NAME)
def test_what_fibery_writes_is_read_back(title, public_id, space, database, project):
    read = match(f"{title} #{public_id} [{space}] [{database}] [{project}]")
    assert read.reference == Reference(public_id, space, database, project, ())
    assert (read.text, read.others) == (title, ())


@given(NOISE, ID, NAME, NAME, NAME)
def test_ids_and_brackets_in_the_title_do_not_confuse(title, public_id, space, database, project):
    read = match(f"{title} #{public_id} [{space}] [{database}] [{project}]")
    assert read.reference == Reference(public_id, space, database, project, ())
