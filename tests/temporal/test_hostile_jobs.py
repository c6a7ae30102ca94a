"""Whoever reaches Temporal's port can start workflows with any content. What is no job is refused before anything is done."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import ActivityFailureError, WorkflowFailureError
from temporalio.common import ActivityIDReusePolicy, RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from timeweave.temporal.messages import TASK_QUEUE

DAYS = {"as_of": "2025-10-14", "start": "2025-10-07", "end": "2025-10-13"}
JOBS = {
    "an address": DAYS | {"edits": {"toggl.url": "http://thief.example"}},
    "stages of its own": DAYS | {"stages": ["fetch_time; rm -rf ."]},
    "a parameter": DAYS | {"period.timezone": "UTC"},
    "a program in place of a commit": DAYS | {"commit": "--upload-pack=touch hacked"},
    "the name of a branch": DAYS | {"commit": "main"},
    "a commit with a newline": DAYS | {"commit": "a" * 40 + "\n"},
    "a user with a newline": DAYS | {"users": ["a@team.example\nsource: live"]},
    "a user with a NUL": DAYS | {"users": ["a\0@team.example"]},
    "a user that is an option": DAYS | {"users": ["--help"]},
    "a user of 400 letters": DAYS | {"users": ["a@" + "b" * 400]},
    "too many users": DAYS | {"users": [f"{n}@team.example" for n in range(1001)]},
    "users that are no list": DAYS | {"users": "a@team.example"},
    "a day that is none": DAYS | {"start": "2025-02-30"},
    "a day in another style": DAYS | {"start": "20251007"},
    "a day with a path": DAYS | {"end": "2025-10-13/../.."},
    "a number for a day": DAYS | {"start": 20251007},
    "a span of 8,000 years": DAYS | {"start": "0001-01-01", "end": "8000-01-01"},
    "an end before the start": DAYS | {"end": "2025-10-01"},
    "a period that is none": {"period": "last-week; rm -rf ."},
    "a period of 300 letters": {"period": "w" * 300},
    "nothing": {},
    "no object": [1, 2],
    "null": None,
}
SPAN = {"as_of": "2025-10-14", "users": [], "commit": "", "periods": [["2025-10-07", "2025-10-13"]], "parallel": 1}
SPANS = {
    "an address": SPAN | {"edits": {"toggl.url": "http://thief.example"}},
    "a user with a newline": SPAN | {"users": ["a@team.example\nsource: live"]},
    "no periods": SPAN | {"periods": []},
    "a period that is none": SPAN | {"periods": [["../..", "2025-10-13"]]},
    "none at a time": SPAN | {"parallel": 0},
    "too many periods": SPAN | {"periods": [["2025-10-07", "2025-10-07"]] * 5001},
}
IDS = [
    "toggl-fibery-../../victim", "toggl-fibery-..", "toggl-fibery--rf", "toggl-fibery-a/b", "toggl-fibery-a\nb",
    "toggl-fibery-a\0b", "toggl-fibery-" + "a" * 300, "toggl-fibery-", "toggl-fibery-run.lock", "toggl-fibery-latest",
    "victim",
]  # fmt: skip


@pytest.fixture(scope="module")
def fleet(make_fleet, sandbox):
    found = make_fleet(sandbox, is_quick=True)
    found.start()
    return found


def refuse(watch, kind, id_, content):
    """The sentence with which the workflow fails, or with which the server refuses to start it."""

    async def start():
        handle = await watch.client.start_workflow(kind, content, id=id_, task_queue=TASK_QUEUE)
        return await asyncio.wait_for(handle.result(), 30)

    with pytest.raises((WorkflowFailureError, RPCError)) as caught:
        watch.do(start())
    cause = caught.value.cause if isinstance(caught.value, WorkflowFailureError) else caught.value
    assert not isinstance(cause, ApplicationError) or cause.non_retryable
    return cause.message if isinstance(cause, ApplicationError) else str(cause)


@pytest.fixture
def untouched(fleet, sandbox):
    """Nothing was sent, made, removed or run."""
    sandbox.reset()
    victim = fleet.folder / "victim"
    victim.mkdir(exist_ok=True)
    (victim / "dear").touch()

    def look():
        own = [path for clone in fleet.clones for path in (clone.folder / ".timeweave").rglob("*")]
        return sorted(map(str, [*fleet.folder.iterdir(), *victim.iterdir(), *own])), fleet.list_refs("refs")

    before = look()
    yield
    assert sandbox.requests == []
    assert look() == before
    assert not list(fleet.folder.rglob("hacked"))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", JOBS)
def test_a_job_with_anything_but_days_people_and_a_commit_is_refused(watch, name):
    said = refuse(watch, "TogglFiberyPipeline", "toggl-fibery-hostile", JOBS[name])
    assert any(words in said for words in SENTENCES), said
    assert "\n" not in said and len(said) < 500


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", SPANS)
def test_so_is_a_backfill(watch, name):
    assert any(words in refuse(watch, "Backfill", "toggl-fibery-hostile", SPANS[name]) for words in SENTENCES)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("id_", IDS)
@pytest.mark.parametrize("kind", ["TogglFiberyPipeline", "Backfill"])
def test_a_run_whose_id_is_no_name_for_a_folder_is_refused(watch, kind, id_):
    said = refuse(watch, kind, id_, SPAN if kind == "Backfill" else DAYS)
    assert any(words in said for words in ("cannot be the id of a run", "begins with toggl-fibery-", "exceeds")), said


def test_a_commit_that_nobody_pushed_is_refused_before_any_stage_runs(fleet, sandbox, watch):
    sandbox.reset()
    said = refuse(watch, "TogglFiberyPipeline", "toggl-fibery-hostile", DAYS | {"commit": "d" * 40})
    assert said == ("commit dddddddddd is not in the workers' branch at its origin, and no `timeweave run` offered it")
    assert sandbox.requests == []
    assert fleet.list_refs("refs/exps") == []


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("activity", "arguments"),
    [("hold_session", ["../../victim", 1]), ("hold_session", ["--help", 1]), ("hold_session", ["a\nb", 1])],
)
def test_an_activity_that_is_started_without_a_workflow_is_refused_as_well(watch, activity, arguments):
    async def start():
        await watch.client.execute_activity(
            activity, args=arguments, id="hostile", task_queue=TASK_QUEUE, retry_policy=RetryPolicy(maximum_attempts=1),
            start_to_close_timeout=timedelta(seconds=20), id_reuse_policy=ActivityIDReusePolicy.ALLOW_DUPLICATE,
        )  # fmt: skip

    with pytest.raises(ActivityFailureError) as caught:
        watch.do(start())
    assert "cannot be the id of a run" in str(caught.value.cause)


SENTENCES = (
    "and nothing else", "is not a commit", "users must be", "is not a day", "is before the start", "is not known",
    "cannot be read", "at least one",
)  # fmt: skip
