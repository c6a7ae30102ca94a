"""A probe asks at most twelve requests, changes nothing, and what it finds is kept and used."""

import pytest

from tests.conftest import DEMO_DAY, TOKENS
from timeweave.project.parameters import Parameters
from timeweave.project.undocumented_behaviour import MOST_REQUESTS, probe
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import ACCOUNT, WORKSPACE_ID
from timeweave.toggl.archive import find_files
from timeweave.toggl.connection import account
from timeweave.toggl.learned_limits import find_longest_walk, find_page_rows, read_facts


@pytest.fixture
def given(sandbox, monkeypatch):
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield Parameters.model_validate({
        "source": "live", "as_of": str(DEMO_DAY),
        "period": {"start": "2025-10-07", "end": "2025-10-13", "timezone": "UTC"},
        "toggl": {"url": sandbox.url, "workspace_id": WORKSPACE_ID, "requests_per_second": 1000},
        "fibery": {"url": sandbox.url, "account": ACCOUNT, "requests_per_second": 1000},
    })  # fmt: skip
    sandbox.behaviour.update(vars(Behaviour()))


def found(given):
    return {finding.about: finding.found for finding in probe(given)}


def facts(given):
    return read_facts(find_files(account("live", given.toggl)))


def test_a_well_behaved_pair_of_services_answers_in_few_requests(given, sandbox):
    told = found(given)
    assert told["toggl: rows of a page"] == "1000 asked for, 50 came; it says that a page holds 50"
    assert told["toggl: an empty list"] == "[]"
    assert told["toggl: days of a question"] == "362 are taken"
    assert told["toggl: the quota"].startswith("headers say it: ")
    assert told["fibery: a burst"] == "4 requests in a second are taken"
    assert told["fibery: an empty reference"] == "None"
    assert len(sandbox.requests) <= MOST_REQUESTS == 12
    assert facts(given).probed == told
    assert find_page_rows(given.toggl, facts(given)) == (50, 50)


def test_what_is_refused_is_known_from_then_on(given, sandbox):
    sandbox.behaviour.update({
        "page_refused_over": 50, "longest_span": 100, "null_lists": True, "null_as_object": True, "fibery_per_second": 0.001,
    })  # fmt: skip
    told = found(given)
    assert told["toggl: rows of a page"].startswith("50 asked for, 50 came; 1000 are refused: Toggl answered 400: ")
    assert told["toggl: an empty list"] == "null"
    assert told["toggl: days of a question"].startswith("93 are taken; 362 are refused: ")
    assert "requests at once are refused; it does not say how long to wait" in told["fibery: a burst"]
    assert len(sandbox.requests) <= MOST_REQUESTS
    assert (facts(given).refuses_large_pages, find_page_rows(given.toggl, facts(given))) == (True, (50, 50))
    assert find_longest_walk(facts(given)) == 91


def test_a_spent_quota_ends_the_questions_to_toggl_and_shows_how_it_is_refused(given, sandbox):
    sandbox.behaviour.update({"quota": 2})
    told = found(given)
    assert told["toggl: the quota"].startswith(
        "it is spent; refused with application/json; charset=utf-8: You have hit your"
    )
    assert "toggl: days of a question" not in told
    assert "fibery: a burst" in told


@pytest.mark.parametrize("fault", ["503", "html", "reset"])
def test_what_fails_is_not_asked_twice(given, sandbox, fault):
    sandbox.behaviour.update({"script": ["ok", fault] + ["ok"] * 4 + [fault] * 9})
    told = found(given)
    assert "could not be seen" in told["toggl: an empty list"]
    assert len(sandbox.requests) <= MOST_REQUESTS
