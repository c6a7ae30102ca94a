"""Whoever reaches Temporal's port can start workflows with any content. What is no job is refused before anything is done."""

import asyncio
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import ActivityFailureError, WorkflowFailureError
from temporalio.common import ActivityIDReusePolicy, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError
from temporalio.worker import Worker

from timeweave.cli.run_text import MARK
from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.messages import TASK_QUEUE, Job, Span, parse_workflow_id, read_payload
from timeweave.temporal.worker import RUNNER

DAYS = {"as_of": "2025-10-14", "start": "2025-10-07", "end": "2025-10-13"}
ODD = {
    "an option": "--upload-pack=touch hacked", "a short option": "-x", "a path": "../../victim", "a NUL": "main\0",
    "a newline": "main\n--help", "300 letters": "m" * 300, "a full name": "refs/heads/main", "a range": "main..other",
}  # fmt: skip
"""Names of branches, periods and people as an attacker writes them."""
JOBS = {
    **{f"a branch, {what}": DAYS | {"commit": name} for what, name in ODD.items()},
    **{f"a period, {what}": {"period": name} for what, name in ODD.items()},
    **{f"a person, {what}": DAYS | {"users": [name]} for what, name in ODD.items()},
    **{f"a person's address with {what}": DAYS | {"users": [f"{name}@team.example"]} for what, name in ODD.items()},
    "an account": DAYS | {"toggl": {"workspace_id": 1}},
    "people by another name": DAYS | {"people": ["a@team.example"]},
    "a period that no calendar has": {"period": "9999-12"},
    "an address": DAYS | {"edits": {"toggl.url": "http://thief.example"}},
    "stages of its own": DAYS | {"stages": ["fetch_time; rm -rf ."]},
    "a parameter": DAYS | {"period.timezone": "UTC"},
    "the name of a branch": DAYS | {"commit": "main"},
    "a commit with a newline": DAYS | {"commit": "a" * 40 + "\n"},
    "a user with a newline": DAYS | {"users": ["a@team.example\nsource: live"]},
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
SENTENCES = (
    "and nothing else", "is not a commit", "users must be", "is not a day", "is before the start", "is not known",
    "cannot be read", "at least one", "no such period",
)  # fmt: skip
"""That refuse a job."""
SENT = (
    "a branch, an option", "a period, a NUL", "a person, a newline", "a person's address with 300 letters",
    "a parameter", "the name of a branch", "too many users", "a day with a path", "an end before the start",
    "a number for a day", "a period that is none", "no object", "null", "no periods", "too many periods",
)  # fmt: skip
"""Of those that are refused, what is sent to a worker: one for each sentence, and what other code reads before it does."""
IDS = [
    "toggl-fibery-../../victim", "toggl-fibery-..", "toggl-fibery--rf", "toggl-fibery---help", "toggl-fibery-a..b", "toggl-fibery-a/b", "toggl-fibery-a\nb",
    "toggl-fibery-a\0b", "toggl-fibery-" + "a" * 300, "toggl-fibery-", "toggl-fibery-run.lock", "toggl-fibery-latest",
    "victim",
]  # fmt: skip
SENT_IDS = {"toggl-fibery-../../victim", "toggl-fibery--rf", "toggl-fibery-a\nb", "toggl-fibery-" + "a" * 300, "victim"}
NAMES = ("cannot be the id of a run", "begins with toggl-fibery-")


@pytest.fixture(scope="module")
def fleet(make_fleet, sandbox):
    found = make_fleet(sandbox, is_quick=True)
    found.start()
    return found


def read(function, *given):
    """What it says when it refuses."""
    with pytest.raises(ConfigurationError) as caught:
        function(*given)
    return str(caught.value)


@pytest.mark.parametrize(("shape", "contents"), [(Job, JOBS), (Span, SPANS)])
def test_what_is_no_job_is_not_read(shape, contents):
    assert find_other({name: read(read_payload, shape, content) for name, content in contents.items()}, SENTENCES) == {}


def test_an_id_that_is_no_name_for_a_folder_is_not_read():
    assert find_other({id_: read(parse_workflow_id, id_) for id_ in IDS}, NAMES) == {}


def refuse(watch, kind, asked):
    """By name: the sentence with which a workflow of that (id, content) fails, or the server refuses to start it."""

    async def start(id_, content):
        try:
            handle = await watch.client.start_workflow(kind, content, id=id_, task_queue=TASK_QUEUE)
            await asyncio.wait_for(handle.result(), 50)
        except WorkflowFailureError as error:
            assert isinstance(error.cause, ApplicationError) and error.cause.non_retryable
            return error.cause.message
        except RPCError as error:
            return error.message
        return "not refused"

    async def start_all():
        return await asyncio.gather(*(start(*one) for one in asked.values()))

    return dict(zip(asked, watch.do(start_all()), strict=True))


def find_other(said, sentences):
    """What was answered that is none of these sentences, or more than one."""
    return {
        name: one
        for name, one in said.items()
        if not any(words in one for words in sentences) or len(one) > 500 or "\n" in one
    }


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
@pytest.mark.parametrize(("kind", "contents"), [("TogglFiberyPipeline", JOBS), ("Backfill", SPANS)])
def test_a_job_with_anything_but_days_people_and_a_commit_is_refused(watch, kind, contents):
    asked = {
        name: (f"toggl-fibery-hostile-{n}", content)
        for n, (name, content) in enumerate(contents.items())
        if name in SENT
    }
    assert len(asked) > 1
    assert find_other(refuse(watch, kind, asked), SENTENCES) == {}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("kind", "content"), [("TogglFiberyPipeline", DAYS), ("Backfill", SPAN)])
def test_a_run_whose_id_is_no_name_for_a_folder_is_refused(watch, kind, content):
    said = refuse(watch, kind, {id_: (id_, content) for id_ in IDS if id_ in SENT_IDS})
    assert find_other(said, (*NAMES, "WorkflowId")) == {}


def test_a_commit_that_nobody_pushed_is_refused_before_any_stage_runs(fleet, sandbox, watch):
    sandbox.reset()
    said = refuse(watch, "TogglFiberyPipeline", {"it": ("toggl-fibery-hostile", DAYS | {"commit": "d" * 40})})
    assert said["it"] == (
        "commit dddddddddd is not in the workers' branch at its origin, and no `timeweave run` offered it"
    )
    assert sandbox.requests == []
    assert fleet.list_refs("refs/exps") == []


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("run", ["../../victim", "--help", "a\nb", "quiet"])
def test_an_activity_that_is_started_without_the_workflow_of_its_run_is_refused(watch, run):
    async def start():
        await watch.client.execute_activity(
            "hold_session", args=[run, 1], id="hostile", task_queue=TASK_QUEUE,
            retry_policy=RetryPolicy(maximum_attempts=1), start_to_close_timeout=timedelta(seconds=20),
            id_reuse_policy=ActivityIDReusePolicy.ALLOW_DUPLICATE,
        )  # fmt: skip

    with pytest.raises(ActivityFailureError) as caught:
        watch.do(start())
    assert "the id of a run's workflow begins with toggl-fibery-" in str(caught.value.cause)


@pytest.mark.usefixtures("untouched")
def test_a_lock_that_no_run_started_is_refused(watch):
    async def start():
        await watch.client.execute_workflow(
            "ServiceLock", args=["quiet", "fetch_time", TASK_QUEUE], id="timeweave-toggl-hostile", task_queue=TASK_QUEUE
        )

    with pytest.raises(WorkflowFailureError) as caught:
        watch.do(start())
    assert "the id of a run's workflow begins with toggl-fibery-" in caught.value.cause.message


ASKED = [
    *(("prepare", JOBS[name]) for name in ("an address", "a branch, an option", "a period, a path", "a person, a NUL")),
    ("prepare", {"period": "last-week"}), ("prepare", DAYS | {"commit": "d" * 40}), ("prepare", DAYS),
    *((activity, name) for activity in ("run_stage", "save_stage") for name in ("fetch_time; touch hacked", "-x", "../a")),
]  # fmt: skip
"""What an attacker's workflow asks for; all but the seventh are refused, which makes those after it possible."""


@workflow.defn(name="TogglFiberyPipeline")
class Impostor:
    """On a worker of the attacker's, with the id of a run: an honest worker gives it a workspace, as to any run."""

    def __init__(self):
        self._queue = None

    @workflow.signal
    def hosted(self, session, queue):
        self._queue = queue

    @workflow.run
    async def run(self, run):
        """What the honest worker answered."""
        session = workflow.start_activity("hold_session", args=[run, 1], task_queue=TASK_QUEUE, **ONCE)
        await workflow.wait_condition(lambda: self._queue is not None)
        said = [await self._ask(activity, run, about) for activity, about in ASKED]
        said.append(await self._ask("prepare", "another", DAYS))
        session.cancel()
        await asyncio.gather(session, return_exceptions=True)
        return said

    async def _ask(self, activity, *about):
        try:
            await workflow.execute_activity(activity, args=about, task_queue=self._queue, **ONCE)
        except ActivityError as error:
            return error.cause.message
        return "done"


ONCE = {
    "retry_policy": RetryPolicy(maximum_attempts=1), "start_to_close_timeout": timedelta(seconds=60),
    "heartbeat_timeout": timedelta(seconds=30),
    "cancellation_type": workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}  # fmt: skip


def test_a_worker_does_no_more_for_an_attacker_s_own_workflow(fleet, sandbox, watch):
    sandbox.reset()

    async def ask():
        async with Worker(watch.client, task_queue="evil", workflows=[Impostor], workflow_runner=RUNNER):
            return await watch.client.execute_workflow(
                "TogglFiberyPipeline", "impostor", id="toggl-fibery-impostor", task_queue="evil"
            )

    said = watch.do(ask())
    allowed = ASKED.index(("prepare", DAYS))
    assert said.pop(allowed) == "done"
    reasons = [*SENTENCES, "has no days yet", "is not in the workers' branch", "is not a stage", "of another workflow"]
    assert [one for one in said if not any(reason in one for reason in reasons)] == []
    assert sandbox.requests == []
    assert not list(fleet.folder.rglob("hacked"))
    assert fleet.list_refs("refs/timeweave/runs") == []


HOSTILE_TEXT = "\x1b]0;mine\x07\nAll is well" + "!" * 5000


@workflow.defn(name="TogglFiberyPipeline")
class Liar:
    """A run of the attacker's whose end is nothing that a run ends with."""

    @workflow.run
    async def run(self, how):
        workflow.upsert_memo({"as_of": HOSTILE_TEXT, "period.start": ["--help"]})
        if how == "fails":
            raise ApplicationError(HOSTILE_TEXT, {"sentence": 3}, type="Failed", non_retryable=True)
        return {"commit": "--upload-pack=touch hacked", "experiment": HOSTILE_TEXT, "numbers": {"hours": HOSTILE_TEXT}}


def test_runs_that_were_made_up_are_shown_as_what_they_are(fleet, watch):
    async def make():
        async with Worker(watch.client, task_queue="evil", workflows=[Liar], workflow_runner=RUNNER):
            for how in ("fails", "lies"):
                handle = await watch.client.start_workflow(
                    "TogglFiberyPipeline", how, id=f"toggl-fibery-{how}", task_queue="evil"
                )
                await asyncio.gather(handle.result(), return_exceptions=True)

    watch.do(make())
    (fleet.project.folder / ".timeweave").mkdir(exist_ok=True)
    (fleet.project.folder / ".timeweave" / MARK).touch()
    listed = fleet.project.call("list-runs")
    assert listed.returncode == 0
    shown = [fleet.project.call("show-run", how) for how in ("fails", "lies")]
    assert "what Temporal holds of the run cannot be read" in shown[1].stdout
    for done in (listed, *shown):
        assert "\x1b" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert not list(fleet.folder.rglob("hacked"))
