"""What options and params.yaml mean together."""

from datetime import date

import pytest
import yaml

from tests.runs.empty_project import make_register
from timeweave.project.parameters import edit_parameters
from timeweave.runs.request import RunOptions, make_request
from timeweave.runtime.errors import ConfigurationError

TODAY = date(2026, 11, 24)
LIVE = {
    "source": "live", "toggl__workspace_id": 7, "fibery__account": "team", "analysis__team": "config/team.yaml",
    "analysis__categories": "config/categories.yaml", "enrichment__config": "config/enrichment_config.yaml",
}  # fmt: skip


def request(register, **options):
    return make_request(register, RunOptions(**options), TODAY, "run").parameters


@pytest.mark.parametrize(("written", "users"), [(None, ["a@team.example"]), ("ALL", []), ("all", [])])
def test_users_are_those_of_params_until_everyone_is_asked_for(tmp_path, written, users):
    register = make_register(tmp_path, users=["a@team.example"])
    assert request(register, users=written).users == users


@pytest.mark.parametrize("written", ["", " , "])
def test_an_empty_list_of_users_is_no_way_to_say_everyone(tmp_path, written):
    with pytest.raises(ConfigurationError, match=r"--users names nobody; .*all for everyone"):
        request(make_register(tmp_path), users=written)


def test_real_accounts_are_not_looked_at_on_a_day_to_come(tmp_path):
    register = make_register(tmp_path, **LIVE)
    assert request(register, as_of="2026-11-25").as_of == "2026-11-25"
    with pytest.raises(
        ConfigurationError, match=r"--as-of 2026-11-26 is in the future: .* write 2026-11-24 or an earlier"
    ):
        request(register, as_of="2026-11-26")


def test_the_demo_may_be_looked_at_on_any_day(tmp_path):
    assert request(make_register(tmp_path), as_of="2031-01-01").as_of == "2031-01-01"


def test_a_run_is_what_was_asked_for_whatever_params_say_when_it_begins(tmp_path):
    register = make_register(tmp_path, users=["a@team.example"])
    asked = make_request(register, RunOptions(start_date="2025-09-01", end_date="2025-09-07"), TODAY, "run")
    text = edit_parameters(
        register.project.params.read_text(), {"source": "live", "as_of": "2025-10-20", "users": ["b@team.example"]}
    )
    held = yaml.safe_load(edit_parameters(text, asked.edits))
    assert (held["source"], held["as_of"], held["users"]) == ("demo", "2025-10-14", ["a@team.example"])
    assert held["period"]["start"] == "2025-09-01"


def test_two_runs_never_have_one_id(tmp_path):
    register = make_register(tmp_path)
    with register.open("twin").take():
        pass
    with pytest.raises(ConfigurationError, match="there is a run twin already"):
        register.open("twin").take()
