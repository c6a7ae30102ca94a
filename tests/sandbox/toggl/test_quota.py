"""Toggl's quota of requests: by a clock of the test, and as headers and refusals over HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.plain_client import WEEK, fibery, report, v9
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.toggl.api import Quota

LEFT, RESETS = "X-Toggl-Quota-Remaining", "X-Toggl-Quota-Resets-In"


class Clock:
    """Stands still until it is set."""

    def __init__(self):
        self.now = 5000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_window_opens_with_the_first_request_and_not_before(clock):
    quota = Quota(Behaviour(quota=2, quota_window=60.0), clock=clock)
    assert quota.state == {"remaining": 2, "total": 2, "resets_in_secs": 60}
    clock.now += 1000
    assert quota.spend()
    clock.now += 45
    assert quota.state == {"remaining": 1, "total": 2, "resets_in_secs": 15}


def test_a_spent_quota_comes_back_when_its_window_is_over_and_not_before(clock):
    quota = Quota(Behaviour(quota=1, quota_window=60.0), clock=clock)
    assert [quota.spend(), quota.spend()] == [True, False]
    clock.now += 59.9
    assert not quota.spend()
    clock.now += 0.1
    assert quota.spend()
    assert quota.state["resets_in_secs"] == 60


def test_a_reset_gives_back_what_was_spent(clock):
    quota = Quota(Behaviour(quota=1), clock=clock)
    quota.spend()
    quota.reset()
    assert quota.state["remaining"] == 1


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_each_window_grants_the_quota_and_no_more(gaps, granted):
    clock, opened, used = Clock(), None, 0
    quota = Quota(Behaviour(quota=granted, quota_window=60.0), clock=clock)
    for gap in gaps:
        clock.now += gap
        if opened is None or clock.now - opened >= 60:
            opened, used = clock.now, 0
        assert quota.spend() == (used < granted)
        used += 1


def test_the_quota_counts_down_and_says_when_it_is_renewed(sandbox):
    answers = [report(sandbox, **WEEK), v9(sandbox, "users"), v9(sandbox, "nonsense")]
    assert [answer.headers[LEFT] for answer in answers] == ["599", "598", "597"]
    assert all(0 < int(answer.headers[RESETS]) <= 3600 for answer in answers)


def test_a_spent_quota_is_a_402_that_names_the_seconds(sandbox):
    sandbox.behaviour.update({"quota": 2})
    assert [v9(sandbox, "users").status_code for _ in range(2)] == [200, 200]
    spent = report(sandbox, **WEEK)
    assert (spent.status_code, spent.headers[LEFT]) == (402, "0")
    assert spent.json() == (
        f"You have hit your hourly limit for API calls. Your quota will reset in {spent.headers[RESETS]} seconds."
    )


def test_the_clock_may_be_set_ahead(sandbox):
    sandbox.behaviour.update({"quota": 1, "quota_window": 1e6})
    assert [v9(sandbox, "users").status_code for _ in range(2)] == [200, 402]
    sandbox.behaviour.update({"clock_offset": 1e6})
    late = v9(sandbox, "users")
    assert (late.status_code, late.headers[LEFT], late.headers[RESETS]) == (200, "0", "1000000")


def test_requests_of_the_user_alone_have_a_quota_of_their_own(sandbox):
    assert v9(sandbox, "users").headers[LEFT] == "599"
    assert v9(sandbox, "/me").headers[LEFT] == "29"
    quotas = {one["organization_id"]: one for one in v9(sandbox, "/me/quota").json()}
    assert {organization: (one["total"], one["remaining"]) for organization, one in quotas.items()} == {
        None: (30, 28), 8001001: (600, 599),
    }  # fmt: skip
    assert 0 < quotas[8001001]["resets_in_secs"] <= 3600
    sandbox.behaviour.update({"own_quota": 2})
    assert (v9(sandbox, "/me").status_code, v9(sandbox, "users").status_code) == (402, 200)


def test_a_refusal_for_want_of_credentials_costs_nothing(sandbox):
    v9(sandbox, "users", token="wrong")
    assert v9(sandbox, "users").headers[LEFT] == "599"


def test_without_a_quota_there_are_no_quota_headers(sandbox):
    sandbox.behaviour.update({"quota": None})
    for answer in (report(sandbox, **WEEK), v9(sandbox, "/me")):
        assert not [name for name in answer.headers if "quota" in name.lower()]


def test_fibery_has_no_quota(sandbox):
    assert not [name for name in fibery(sandbox, "/api/schema").headers if "quota" in name.lower()]
