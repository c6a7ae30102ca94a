"""What options and params.yaml mean together."""

from datetime import date

import pytest

from tests.runs.empty_project import make_register
from timeweave.runs.request import RunOptions, make_request
from timeweave.runtime.errors import ConfigurationError

TODAY = date(2026, 11, 24)
LIVE = {"source": "live", "toggl__workspace_id": 7, "fibery__account": "team"}


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
