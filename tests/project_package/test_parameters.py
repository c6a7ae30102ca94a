"""Values of params.yaml change; comments, order and all the rest do not."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.project import ROOT
from timeweave.project.parameters import edit_parameters
from timeweave.runtime.errors import ConfigurationError

PARAMS = (ROOT / "params.yaml").read_text(encoding="utf-8")


def test_nothing_to_change_changes_nothing():
    assert edit_parameters(PARAMS, {}) == PARAMS


def test_a_change_leaves_every_other_line_of_the_project_s_params_as_it_is():
    changed = edit_parameters(PARAMS, {"period.start": "2025-09-01", "users": ["a@team.example"]})
    ours, theirs = PARAMS.splitlines(), changed.splitlines()
    assert [line for line in ours if line not in theirs] == [
        line for line in ours if line.strip().startswith("start:") or line.startswith("users:")
    ]
    assert '  start: "2025-09-01"' in theirs
    assert "# e-mails; empty: everyone" in changed


def test_a_key_that_is_not_there_is_added_to_its_section():
    changed = edit_parameters("t: {a: 1}\nq:\n  x: 1\n", {"t.b": 2, "q.y": None, "n.m": True, "top": []})
    assert yaml.safe_load(changed) == {"t": {"a": 1, "b": 2}, "q": {"x": 1, "y": None}, "n": {"m": True}, "top": []}


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\na: 2\n"])
def test_a_file_that_cannot_be_read_is_a_sentence(text):
    with pytest.raises(ConfigurationError, match=r"^params\.yaml cannot be read: "):
        edit_parameters(text, {"a": 1})


def test_a_section_that_holds_a_value_is_not_written_over():
    with pytest.raises(ConfigurationError, match="period holds no settings"):
        edit_parameters("period: 3\n", {"period.start": "2025-10-07"})


WORDS = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=30)


@settings(deadline=None, max_examples=30)
@given(st.lists(WORDS, max_size=4), st.dates(), WORDS)
def test_the_project_s_own_params_take_any_value_and_keep_the_rest(users, day, account):
    changed = edit_parameters(PARAMS, {"users": users, "period.start": str(day), "fibery.account": account})
    held, before = yaml.safe_load(changed), yaml.safe_load(PARAMS)
    assert (held["users"], held["period"]["start"], held["fibery"]["account"]) == (users, str(day), account)
    before["users"], before["period"]["start"], before["fibery"]["account"] = users, str(day), account
    assert held == before
    assert changed.count("#") >= PARAMS.count("#")
