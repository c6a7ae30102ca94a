"""The stage as a process: killed at any time or started twice at once, it loses nothing and pays for nothing twice."""

import random
import signal
import subprocess
import time
from datetime import date, timedelta

import pytest

from tests.archive.bucket import SECRET, Bucket
from tests.conftest import live
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox

ARGUMENTS = ("data/toggl/days", "data/toggl/directory.json")
COMMAND = ("./python", "stages/fetch_time.py", *ARGUMENTS)
NOTHING = "fetch_time: every day of the period is in the archive, no request needed\n"


def outputs(project):
    """Whatever lies in the outputs, hidden or not."""
    found = [project.folder / "data/toggl/directory.json", *(project.folder / "data/toggl/days").rglob("*")]
    return {path.relative_to(project.folder).as_posix(): path.read_bytes() for path in found}


def start(project, **environment):
    return subprocess.Popen(
        COMMAND, cwd=project.folder, env=project.environ(**environment), stderr=subprocess.PIPE, text=True
    )


def fetch(project, **environment):
    """Fetch in this process; what the stage said."""
    done = project.call_stage("fetch_time", *ARGUMENTS, **environment)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


def ended(process):
    """What a process said that must end well."""
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 0, said
    return said


@pytest.fixture(autouse=True)
def calm(sandbox):
    """A sandbox that behaves, with nothing counted yet."""
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield
    sandbox.behaviour.update(vars(Behaviour()))


@pytest.fixture(scope="module")
def projects(tmp_path_factory, sandbox):
    """Two clones of one project."""
    return live(tmp_path_factory.mktemp("one"), sandbox), live(tmp_path_factory.mktemp("other"), sandbox)


@pytest.fixture
def project(projects):
    return projects[0]


@pytest.fixture(scope="module")
def clean(projects, tmp_path_factory, sandbox):
    """What a fetch without trouble writes, and how many requests it takes."""
    sandbox.reset()
    fetch(projects[0], TIMEWEAVE_ARCHIVE=str(tmp_path_factory.mktemp("clean")))
    return outputs(projects[0]), len(sandbox.requests)


def test_a_fetch_that_is_killed_again_and_again_ends_with_the_same_outputs(
    project, clean, sandbox, tmp_path, exhaustive
):
    expected, requests = clean
    sandbox.behaviour.update({"latency": 0.03})
    chance, times = random.Random(3), 20 if exhaustive else 3
    for _ in range(times):
        process = start(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
        time.sleep(chance.uniform(0.3, 1.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    sandbox.behaviour.update(vars(Behaviour()))
    fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert outputs(project) == expected
    # A killed process loses the pages of the days that it had not finished: about three, and what it had just asked.
    assert len(sandbox.requests) <= requests + times * 7
    sandbox.reset()
    assert fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path)) == NOTHING
    assert sandbox.requests == []


def test_what_the_archive_holds_besides_and_when_it_was_looked_at_changes_no_output(project, clean, tmp_path):
    expected, _ = clean
    other = {"period__start": "2025-08-20", "period__end": "2025-10-06"}
    before = (project.folder / "params.yaml").read_bytes()
    project.set_params(**other)
    fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert "data/toggl/days/2025-10-07.json" not in outputs(project)
    (project.folder / "params.yaml").write_bytes(before)
    fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert outputs(project) == expected


def test_a_look_that_finds_nothing_new_changes_no_output(tmp_path_factory):
    """Days on which nobody corrects anything any more, though they are not settled at the first look."""
    first, second = date(2025, 10, 10), date(2025, 10, 20)
    days = {"period__start": "2025-09-30", "period__end": "2025-10-01"}
    with Sandbox(first) as then:
        port = int(then.url.rpartition(":")[2])
        project = live(tmp_path_factory.mktemp("looks"), then)
        project.set_params(as_of=str(first), **days)
        fetch(project)
        before = outputs(project)
    with Sandbox(second, port=port) as now:
        project.set_params(as_of=str(second))
        fetch(project)
        assert now.requests
    assert outputs(project) == before


def test_days_of_an_earlier_period_are_removed(project, tmp_path):
    (project.folder / "data/toggl/days").mkdir(parents=True, exist_ok=True)
    (project.folder / "data/toggl/days/2024-01-01.json").write_text("{}")
    fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    names = [path.name for path in sorted((project.folder / "data/toggl/days").iterdir())]
    assert names == [f"{date(2025, 10, 7) + timedelta(days=n)}.json" for n in range(7)]


def test_the_weeks_before_come_in_the_same_walk_and_are_paid_for_once(project, sandbox, tmp_path):
    before = (project.folder / "params.yaml").read_bytes()
    project.set_params(analysis__compare_periods=2)
    said = fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert said.count("fetching") == 1
    assert "fetching 2025-09-23 to 2025-10-13" in said
    names = [path.name for path in sorted((project.folder / "data/toggl/days").iterdir())]
    assert names == [f"{date(2025, 9, 23) + timedelta(days=n)}.json" for n in range(21)]
    project.set_params(period__start="2025-09-30", period__end="2025-10-06", analysis__compare_periods=1)
    assert fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path)) == NOTHING
    project.set_params(analysis__compare_periods=0, analysis__since="2025-09-24")
    assert fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path)) == NOTHING
    assert (project.folder / "data/toggl/days/2025-09-24.json").exists()
    (project.folder / "params.yaml").write_bytes(before)


def test_two_clones_that_fetch_at_once_into_one_archive_pay_once(projects, clean, sandbox, tmp_path):
    expected, requests = clean
    sandbox.behaviour.update({"latency": 0.05})
    processes = [start(project, TIMEWEAVE_ARCHIVE=str(tmp_path)) for project in projects]
    said = [ended(process) for process in processes]
    assert [outputs(project) for project in projects] == [expected, expected]
    assert len(sandbox.requests) == requests
    assert sorted(NOTHING in one for one in said) == [False, True]


@pytest.fixture(scope="module")
def bucket():
    with Bucket() as running:
        yield running


def test_an_archive_on_s3_serves_another_clone_and_is_paid_for_once(projects, clean, sandbox, bucket):
    expected, requests = clean
    where = bucket.environment | {"TIMEWEAVE_ARCHIVE": "s3://timeweave/shared"}
    fetch(projects[0], **where)
    assert len(sandbox.requests) == requests
    assert fetch(projects[1], **where) == NOTHING
    assert [outputs(project) for project in projects] == [expected, expected]
    assert len(sandbox.requests) == requests
    names = [name for name in bucket.names() if name.startswith("shared/")]
    kept = [name.removeprefix("shared/toggl/live-").partition("/")[2] for name in names]
    assert sorted(kept) == [
        "account.json",
        "api.json",
        *(f"days/2025-10-{day:02}.json" for day in range(7, 14)),
        "directory.json",
    ]


def test_a_process_that_is_killed_while_it_writes_to_s3_leaves_whole_objects(
    project, clean, sandbox, bucket, exhaustive
):
    expected, _ = clean
    where = bucket.environment | {"TIMEWEAVE_ARCHIVE": "s3://timeweave/killed"}
    sandbox.behaviour.update({"latency": 0.05})
    for pause in (1.6, 2.2) if exhaustive else (1.9,):
        process = start(project, **where)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    sandbox.behaviour.update(vars(Behaviour()))
    fetch(project, **where)
    assert outputs(project) == expected
    assert not [name for name in bucket.names() if "killed" in name and "/walks/" in name]


def test_an_archive_that_cannot_be_reached_is_a_sentence_before_anything_is_paid_for(project, sandbox, bucket):
    where = bucket.environment | {"TIMEWEAVE_ARCHIVE": "s3://elsewhere/timeweave"}
    done = project.call_stage("fetch_time", *ARGUMENTS, **where)
    assert (done.returncode, sandbox.requests) == (1, [])
    assert "cannot be written: The specified bucket does not exist; check TIMEWEAVE_ARCHIVE" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr


def test_what_was_asked_is_said_at_the_end(project, tmp_path):
    said = fetch(project, TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert "requests, " in said
    assert "left of the quota" in said


def test_help_names_the_stage_and_its_paths(project):
    done = project.succeed("./python", "stages/fetch_time.py", "--help")
    assert "every time entry of the period" in " ".join(done.stdout.split())
    assert "DIRECTORY" in done.stdout.upper()
