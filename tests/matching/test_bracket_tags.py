"""The run of tags after an id, read as a person would read it."""

import pytest

from timeweave.matching.bracket_tags import Brackets, read_tags, skip_separators


def read(text):
    return read_tags(text, text, Brackets.pair(text), 0)


@pytest.mark.parametrize(
    ("text", "names", "rest"),
    [
        pytest.param("[S] [T] [P]", ["S", "T", "P"], "", id="as Fibery writes them"),
        pytest.param("[S][T][P]", ["S", "T", "P"], "", id="nothing between"),
        pytest.param(" - [S], [T] — [P], x", ["S", "T", "P"], ", x", id="commas and dashes between"),
        pytest.param("[ S ] [ My Task ]", ["S", "My Task"], "", id="blanks inside"),
        pytest.param("[] [T] [ ]", ["", "T", ""], "", id="empty tags keep their place"),
        pytest.param("[S] x [T]", ["S"], " x [T]", id="a word ends the run"),
        pytest.param("[S] (T)", ["S"], " (T)", id="other brackets end the run"),
        pytest.param("x [S]", [], "x [S]", id="a word before the run"),
        pytest.param("- x", [], "- x", id="separators and no tag"),
        pytest.param("[S [T] [P]", ["S", "T", "P"], "", id="first not closed"),
        pytest.param("[S] [T [P]", ["S", "T", "P"], "", id="second not closed"),
        pytest.param("[S] [T] [P x", ["S", "T", "P x"], "", id="last not closed"),
        pytest.param("[S] [P #34 [T]", ["S", "P"], "#34 [T]", id="not closed before an id"),
        pytest.param("[S] [P, [T]", ["S", "P", "T"], "", id="not closed before a comma"),
        pytest.param("[S] [", ["S"], " [", id="opened in vain"),
        pytest.param("[", [], "[", id="only opened"),
        pytest.param("[S] [T] [P [EU]]", ["S", "T", "P [EU]"], "", id="nested at the end"),
        pytest.param("[S] [T] [[EU] P] x", ["S", "T", "[EU] P"], " x", id="nested at the start"),
        pytest.param("[[S]] [[T]] [[[P]]] x", ["S", "T", "P"], " x", id="each doubled"),
        pytest.param("[[S] [T] [P]] x", ["S", "T", "P"], " x", id="doubled around all"),
        pytest.param("[[S] [T] [P] x", ["S", "T", "P"], " x", id="opened twice"),
        pytest.param("[S]] [T]] ] x", ["S", "T"], " x", id="closed twice"),
        pytest.param("[[]]", [""], "", id="doubled and empty"),
    ],
)
def test_reads_the_run_and_stops_behind_it(text, names, rest):
    run = read(text)
    assert (run.names, text[run.end :]) == (names, rest)


def test_a_closing_bracket_that_belongs_to_the_text_stays_there():
    text = "[see [S] [T]]"
    run = read_tags(text, text, Brackets.pair(text), 4)
    assert (run.names, text[run.end :]) == (["S", "T"], "]")


def test_brackets_pair_with_the_nearest():
    assert Brackets.pair("]a[[b]c[d").closing == {3: 5}


def test_separators_are_blanks_commas_and_dashes():
    assert skip_separators("x -,– [", 1) == 6
    assert skip_separators("x: [", 1) == 1
