"""Toggl's quota of requests in the sandbox, and the rates that both services allow."""

import time

import pytest

from tests.sandbox.asking import WEEK, fibery, report, v9
from timeweave.sandbox.faults import Rate

LEFT, RESETS = "X-Toggl-Quota-Remaining", "X-Toggl-Quota-Resets-In"


def test_the_quota_counts_down_and_says_when_it_is_renewed(sandbox):
    answers = [report(sandbox, **WEEK), v9(sandbox, "users"), v9(sandbox, "nonsense")]
    assert [answer.headers[LEFT] for answer in answers] == ["599", "598", "597"]
    assert all(3590 <= int(answer.headers[RESETS]) <= 3600 for answer in answers)


def test_a_spent_quota_is_a_402_that_names_the_seconds(sandbox):
    sandbox.behaviour.update({"quota": 2})
    assert [v9(sandbox, "users").status_code for _ in range(2)] == [200, 200]
    spent = report(sandbox, **WEEK)
    assert (spent.status_code, spent.headers[LEFT]) == (402, "0")
    assert spent.json() == (
        f"You have hit your hourly limit for API calls. Your quota will reset in {spent.headers[RESETS]} seconds."
    )


def test_a_quota_comes_back_when_its_window_is_over_and_not_before(sandbox):
    sandbox.behaviour.update({"quota": 1, "quota_window": 1800.0})
    assert v9(sandbox, "users").status_code == 200
    sandbox.behaviour.update({"clock_offset": 1700.0})
    early = v9(sandbox, "users")
    assert (early.status_code, int(early.headers[RESETS]) <= 100) == (402, True)
    sandbox.behaviour.update({"clock_offset": 1800.0})
    late = v9(sandbox, "users")
    assert (late.status_code, late.headers[LEFT], late.headers[RESETS]) == (200, "0", "1800")


def test_requests_of_the_user_alone_have_a_quota_of_their_own(sandbox):
    assert v9(sandbox, "users").headers[LEFT] == "599"
    assert v9(sandbox, "/me").headers[LEFT] == "29"
    quotas = {one["organization_id"]: one for one in v9(sandbox, "/me/quota").json()}
    assert {organization: (one["total"], one["remaining"]) for organization, one in quotas.items()} == {
        None: (30, 28), 8001001: (600, 599),
    }  # fmt: skip
    assert 3590 <= quotas[8001001]["resets_in_secs"] <= 3600
    sandbox.behaviour.update({"own_quota": 2})
    assert (v9(sandbox, "/me").status_code, v9(sandbox, "users").status_code) == (402, 200)


def test_a_refusal_for_want_of_credentials_costs_nothing(sandbox):
    v9(sandbox, "users", token="wrong")
    assert v9(sandbox, "users").headers[LEFT] == "599"


def test_without_a_quota_there_are_no_quota_headers(sandbox):
    sandbox.behaviour.update({"quota": None})
    for answer in (report(sandbox, **WEEK), v9(sandbox, "/me")):
        assert not [name for name in answer.headers if "quota" in name.lower()]


def test_asking_toggl_too_fast_is_a_429_in_html(sandbox):
    sandbox.behaviour.update({"toggl_per_second": 1.0})
    answers = [v9(sandbox, "users") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Content-Type"].startswith("text/html")
    assert fibery(sandbox, "/api/schema").status_code == 200


def test_asking_fibery_too_fast_is_a_429_in_plain_text(sandbox):
    sandbox.behaviour.update({"fibery_per_second": 1.0})
    answers = [fibery(sandbox, "/api/documents/x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert (answers[-1].text, answers[-1].headers["Content-Type"].partition(";")[0]) == (
        "Too Many Requests", "text/plain",
    )  # fmt: skip
    assert v9(sandbox, "users").status_code == 200


@pytest.mark.parametrize(("gap", "excess"), [(0.004, True), (0.0, True), (0.012, False)])
def test_a_rate_lets_a_burst_through_but_no_steady_excess(gap, excess):
    rate, allowed, begun = Rate(), [], time.monotonic()
    for _ in range(40):
        allowed.append(rate.allows(100))
        time.sleep(gap)
    assert sum(allowed) <= Rate.BURST + (time.monotonic() - begun) * 100
    if excess:
        assert allowed[: Rate.BURST] == [True] * Rate.BURST
        assert gap or not all(allowed)
    else:
        assert all(allowed)
