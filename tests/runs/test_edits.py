"""Values of a YAML file change; comments, blanks and all the rest do not."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.project import ROOT
from timeweave.runs.edits import edited
from timeweave.runtime.errors import ConfigurationError

PARAMS = (ROOT / "params.yaml").read_text(encoding="utf-8")


def test_only_the_value_s_own_letters_change():
    text = 'a: 1 # one\np: {start: "x", end: y} # both\nlist:   # of people\n- one\n- two # second\n\n# next\nz: null # none\n'
    changed = edited(text, {"a": 2, "p.end": "w", "list": ["q"], "z": "set"})
    assert (
        changed
        == 'a: 2 # one\np: {start: "x", end: "w"} # both\nlist: ["q"] # of people # second\n\n# next\nz: "set" # none\n'
    )


@pytest.mark.parametrize("text", ["z:\n", "z: # none\n", "z: ~\n", "z: 'q'", "z: [1,\n  2]\n", "z:\n  - 1\n"])
def test_every_way_to_write_a_value_is_replaced(text):
    changed = edited(text, {"z": "2025-10-07"})
    assert yaml.safe_load(changed) == {"z": "2025-10-07"}
    assert ("# none" in changed) == ("# none" in text)


def test_a_key_that_is_not_there_is_added_to_its_section():
    assert yaml.safe_load(edited("t: {a: 1}\nq:\n  x: 1\n", {"t.b": 2, "q.y": None, "n.m": True, "top": []})) == {
        "t": {"a": 1, "b": 2}, "q": {"x": 1, "y": None}, "n": {"m": True}, "top": [],
    }  # fmt: skip


def test_a_file_that_is_no_mapping_is_refused():
    with pytest.raises(ConfigurationError):
        edited("- 1\n", {"a": 1})


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=4), st.dates(), st.text(max_size=30))
def test_the_project_s_own_params_take_any_value_and_keep_the_rest(users, day, account):
    changed = edited(PARAMS, {"users": users, "period.start": str(day), "fibery.account": account})
    held, before = yaml.safe_load(changed), yaml.safe_load(PARAMS)
    assert (held["users"], held["period"]["start"], held["fibery"]["account"]) == (users, str(day), account)
    before["users"], before["period"]["start"], before["fibery"]["account"] = users, str(day), account
    assert held == before
    assert changed.count("#") >= PARAMS.count("#")
