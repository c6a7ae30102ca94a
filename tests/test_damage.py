"""Every file that Timeweave and DVC keep, damaged one after the other: the sentence is right, and doing what it says loses nothing.

`--exhaustive` damages each file in each way; else each file is damaged once, and a few are mended by DVC itself.
"""

import json
import os
import re
import shutil
import subprocess
import warnings
from functools import partial
from pathlib import Path

import pytest
from dvc.cli import main

from tests.conftest import live, live_short
from tests.project import Project, call, file_size_limit
from timeweave.archive.files import LocalFiles
from timeweave.repository.cache import Cache
from timeweave.repository.git import Git
from timeweave.repository.run_workspace import Workspace
from timeweave.toggl import changes
from timeweave.toggl.changes import Change, ChangeKind

FETCH = ("fetch_time", "data/toggl/days", "data/toggl/directory.json")
ENRICH = ("enrich_entities", "data/entities.json", "config/enrichment_config.yaml", "data/enriched.json")
CHANGE = Change(
    day="2025-10-08", seen_as_of="2025-10-14", previously_as_of="2025-10-13", kind=ChangeKind.ADDED, user_id=9100001,
    entry_id=1, before=None, after=None,
)  # fmt: skip


def replace(path, content):
    """With a file of its own: in copies of the project, objects of git and of DVC are links to the same file."""
    path.unlink()
    path.write_bytes(content)


def put_folder(path):
    """Nobody can read a folder as a file; rights would not do, since for an administrator there are none."""
    path.unlink()
    path.mkdir()


DAMAGES = {
    "half": lambda path: replace(path, path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: replace(path, b""),
    "garbage": lambda path: replace(path, b"\xff\x00{garbage\n" * 9),
    "unreadable": put_folder,
}
WAYS = list(DAMAGES)


def files_below(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_below(folder)}


def restore(folder, healthy):
    shutil.rmtree(folder)
    shutil.copytree(healthy, folder, symlinks=True)


def follow(project, sentence):
    """Do what a sentence says, word by word: move away what it says is in the way, then each command in its marks, of several the first."""
    if found := re.search(r"(\S+): (?:Is a directory|Not a directory); move what is in its place away", sentence):
        shutil.move(project.folder / found[1], project.folder / f"{found[1]}.moved")
    commands = re.findall(r"`([^`]+)`", re.sub(r"` or `[^`]+`", "`", sentence))
    for command in commands:
        program, *words = command.split()
        run = {"timeweave": project.call, "dvc": partial(call_dvc, project)}.get(program, partial(project.run, program))
        done = run(*words)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return commands


def call_dvc(project, *words):
    """DVC itself, in this process, which is quicker; what its packages say of each other is not ours."""
    with warnings.catch_warnings(action="ignore"):
        return call(lambda: main(list(words)), words, project.folder, project.environ())


def make_run(project, run):
    """Which must end well."""
    done = project.call_run("--run-id", run, "--as-of", "2025-10-14")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def finished(request, tmp_path_factory, sandbox):
    """A small project that takes the sandbox for the real accounts, after a run and `dvc repro`: to be copied."""
    make = live if request.config.getoption("--exhaustive") else live_short
    project = make(tmp_path_factory.mktemp("finished"), sandbox)
    project.set_params(period__start="2025-10-08", period__end="2025-10-09")
    project.succeed("git", "commit", "-qam", "Two days")
    make_run(project, "one")
    project.call_dvc("repro", "-q")
    project.succeed("git", "add", "dvc.lock")
    project.succeed("git", "commit", "-qm", "Results")
    [account] = (project.folder / ".timeweave/archive/toggl").iterdir()
    changes.record(LocalFiles(account), [CHANGE])
    return project


@pytest.fixture
def project(finished, tmp_path):
    return finished.duplicate(tmp_path / "project")


def choose(paths, exhaustive):
    """Each file with each damage; or each once, the damages in turn."""
    if exhaustive:
        return [(path, way) for path in paths for way in WAYS]
    return [(path, WAYS[number % len(WAYS)]) for number, path in enumerate(paths)]


def call_stage(project, stage):
    done = project.call_stage(*stage)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


LOSSES = {
    "account.json": "rebuilt from the days",
    "directory.json": "The names are asked for again",
    "changes.json": "a copy of the file from a backup, put in its place, brings the rest back",
    "schema.json": "Fibery is asked for its schema again",
    "api.json": "What was learnt of the API is learnt again",
}


def test_a_file_of_the_archive_is_told_kept_and_asked_for_again_and_no_other_day_is(
    finished, project, sandbox, exhaustive
):
    archive, healthy = project.folder / ".timeweave/archive", finished.folder / ".timeweave/archive"
    expected = contents(finished.folder / "data/toggl") | {
        "enriched": (finished.folder / "data/enriched.json").read_bytes()
    }
    documents = [path for path in files_below(archive) if path.suffix == ".json"]
    assert len(documents) == 7
    for path, way in choose(documents, exhaustive):
        DAMAGES[way](path)
        damaged = path.read_bytes() if path.is_file() else None
        sandbox.reset()
        said = call_stage(project, FETCH) + call_stage(project, ENRICH)
        if path.name == "changes.json":
            said += project.call("changes").stderr
        assert (
            contents(project.folder / "data/toggl") | {"enriched": (project.folder / "data/enriched.json").read_bytes()}
            == expected
        )
        told = re.search(r"^archive: (\S+) is damaged \(.+\); it is kept as (\S+)\. (.+)$", said, re.MULTILINE)
        assert told and told[1] == str(path), said
        assert LOSSES.get(path.name, "The day is asked for again") in told[3]
        kept = Path(told[2])
        assert kept.is_dir() if damaged is None else kept.read_bytes() == damaged
        day = path.stem if path.parent.name == "days" else None
        fetched = re.findall(r"^fetch_time: fetching (\S+) to (\S+)$", said, re.MULTILINE)
        assert fetched == ([(day, day)] if day else [])
        pages = [request for request in sandbox.requests if request.path.endswith("search/time_entries")]
        assert bool(pages) == bool(day)
        restore(archive, healthy)


def test_changes_from_a_backup_are_there_again(finished, project):
    [path] = (project.folder / ".timeweave/archive/toggl").glob("*/changes.json")
    before = project.call("changes").stdout
    backup = path.read_bytes()
    replace(path, backup[:20])
    assert (lost := project.call("changes")).stdout == ""
    assert "put in its place, brings the rest back" in lost.stderr
    path.write_bytes(backup)
    assert project.call("changes").stdout == before != ""


def test_a_lock_that_is_none_is_moved_away_and_no_day_is_asked_for(project, sandbox):
    [path] = (project.folder / ".timeweave/archive/toggl").glob("*/.lock")
    for way in WAYS[:3]:
        DAMAGES[way](path)
        assert "no request needed" in call_stage(project, FETCH)
    put_folder(path)
    refused = project.call_stage(*FETCH)
    assert refused.returncode == 2
    follow(project, refused.stderr)
    sandbox.reset()
    assert "no request needed" in call_stage(project, FETCH)
    assert sandbox.requests == []


def find_sentence(done, path):
    """The sentence about a path, of what `timeweave doctor --json` says: each names a few paths, and lists all of them."""
    checks = json.loads(done.stdout)
    found = [one["text"] for one in checks if any(str(path) in part for part in (one["text"], *one["places"]))]
    assert found, f"nothing about {path} in:\n{done.stdout}"
    return found[0]


def test_a_file_of_a_run_is_brought_back_by_the_doctor(finished, project, exhaustive):
    run, healthy = project.folder / "runs/one", contents(finished.folder / "runs/one")
    listed = project.call("list-runs").stdout
    paths = [path for path in files_below(run) if "log" not in path.relative_to(run).parts]
    chosen = choose(paths, exhaustive)
    for several in [[one] for one in chosen] if exhaustive else [chosen]:
        for path, way in several:
            DAMAGES[way](path)
        shown = project.call("list-runs")
        if run / "manifest.json" in [path for path, _ in several]:
            assert re.search(r"one .*cannot be used: .*`timeweave doctor --repair` keeps it aside", shown.stdout), (
                shown.stdout
            )
        said = project.call("doctor", "--json")
        sentences = [find_sentence(said, path) for path, _ in several]
        assert follow(project, sentences[0]) == ["timeweave doctor --repair"]
        now = contents(run)
        assert now.keys() == healthy.keys()
        same = {name for name in now if now[name] == healthy[name]}
        assert healthy.keys() - same <= {"manifest.json", "log/lock"}
        assert project.call("list-runs").stdout == listed
        assert len(files_below(project.folder / ".timeweave/damaged")) + len(
            [
                path
                for path in (project.folder / ".timeweave/damaged").rglob("*")
                if path.is_dir() and not any(path.iterdir())
            ]
        ) >= len(several)


@pytest.mark.parametrize("way", WAYS)
def test_documents_of_a_run_that_are_read_say_so_and_a_log_is_not_needed(project, way):
    run = project.folder / "runs/one"
    DAMAGES[way](run / "metrics.json")
    done = project.call("summary", "one")
    assert done.returncode == 1
    assert follow(project, done.stderr) == ["timeweave doctor --repair"]
    assert project.call("summary", "one").returncode == 0
    before = project.call("show-run", "one").stdout
    for path in files_below(run / "log"):
        DAMAGES[way](path)
    assert (project.call("show-run", "one").stdout, project.call("list-runs").returncode) == (before, 0)


def damage_unseen(path):
    """As a disk does: DVC looks at age and size, which stay."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"\xff" * 20)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def list_damages(project):
    """What each output of the project is damaged by, for those that DVC mends in this test."""
    data = project.folder / "data"
    days = sorted((data / "toggl/days").iterdir())
    return [
        (data / "entities.json", damage_unseen), (days[0], DAMAGES["half"]), (days[1], DAMAGES["unreadable"]),
        (data / "toggl/directory.json", DAMAGES["garbage"]), (data / "enriched.json", DAMAGES["empty"]),
        (data / "site/index.html", DAMAGES["unreadable"]), (data / "reports/team_summary.md", DAMAGES["half"]),
    ]  # fmt: skip


def is_of_days(request):
    return request.path.endswith("search/time_entries")


def test_outputs_are_made_anew_by_what_the_sentence_says_and_ask_toggl_for_nothing(
    finished, project, sandbox, exhaustive
):
    healthy = contents(finished.folder / "data")
    call_dvc(project, "status", "-q")  # DVC has seen these files before they are damaged
    chosen = [[one] for one in list_damages(project)] if exhaustive else [list_damages(project)]
    if exhaustive:
        chosen += [[(path, DAMAGES[way])] for path, way in choose(files_below(project.folder / "data"), True)]
    for several in chosen:
        for path, damage in several:
            damage(path)
        refused = project.call_stage(*ENRICH)
        if not refused.returncode and contents(project.folder / "data") == healthy:
            continue  # What is damaged is this stage's own output: it has just been made again.
        said = refused.stderr if refused.returncode else find_sentence(project.call("doctor", "--json"), several[0][0])
        assert "Traceback" not in said
        sandbox.reset()
        commands = follow(project, said)
        if said.rstrip().endswith("then run again"):
            call_stage(project, ENRICH)
        elif commands[-1] == "timeweave doctor --repair":
            call_dvc(project, "repro")
        assert contents(project.folder / "data") == healthy, [str(path) for path, _ in several]
        assert not list(filter(is_of_days, sandbox.requests))


def test_a_damaged_cache_is_found_and_everything_is_made_again_without_asking_toggl(finished, project, sandbox):
    cache, healthy = project.folder / ".dvc/cache", contents(finished.folder / "data")
    paths = files_below(cache)
    for path, way in choose(paths, False):
        mode = path.stat().st_mode
        DAMAGES[way](path)
        if path.is_file():
            # DVC takes what nobody may write for what it wrote itself.
            path.chmod(mode)
    said = project.call("doctor", "--json")
    assert said.returncode == 1
    assert follow(project, find_sentence(said, paths[0])) == ["timeweave doctor --repair"]
    assert "cache" not in [line.split()[1] for line in project.call("doctor").stdout.splitlines()]
    shutil.rmtree(project.folder / "data")
    sandbox.reset()
    assert call_dvc(project, "repro").returncode == 0
    assert contents(project.folder / "data") == healthy
    assert not list(filter(is_of_days, sandbox.requests))


def test_each_file_of_the_cache_is_found_by_itself(project, exhaustive):
    for path in files_below(project.folder / ".dvc/cache")[:: 1 if exhaustive else 9]:
        before = path.read_bytes()
        for way in WAYS if before else WAYS[2:]:
            DAMAGES[way](path)
            found = [one for one, _ in Cache(project.folder).find_damaged()]
            # A note that was cut may name all outputs, and says the truth then.
            assert found == [path] or (way == "half" and "runs" in path.parts)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            path.write_bytes(before)


def test_dvc_s_configuration_and_lock_come_back_from_git(project):
    config, lock = project.folder / ".dvc/config", project.folder / "dvc.lock"
    for path, wanted in ((config, "git checkout .dvc/config"), (lock, "timeweave doctor --repair")):
        before = path.read_bytes()
        for way in WAYS:
            DAMAGES[way](path)
            said = project.call("doctor")
            lines = [line for line in said.stdout.splitlines() if line.startswith("wrong") and wanted in line]
            if lines:
                assert wanted in follow(project, lines[0])
                assert path.read_bytes() == before
            else:
                # What is left of it is in order, and says less.
                assert way in ("half", "empty")
                replace(path, before)
    assert call_dvc(project, "status").returncode == 0


def test_what_dvc_keeps_for_itself_is_taken_out_of_its_way(project):
    for number, name in enumerate(("lock", "rwlock", "rwlock.lock", "btime")):
        path = project.folder / ".dvc/tmp" / name
        if path.exists():
            DAMAGES["unreadable" if number != 1 else "garbage"](path)
    follow(project, find_sentence(project.call("doctor", "--json"), ".dvc/tmp/lock"))
    assert call_dvc(project, "status").returncode == 0


SOME = (
    ".git/HEAD", ".git/config", ".git/index", ".git/objects/info/alternates", ".git/packed-refs", ".dvc/config",
    ".dvc/config.local", "dvc.lock", "dvc.yaml", "params.yaml", "stages/fetch_time.py", "timeweave/__init__.py",
)  # fmt: skip


def test_a_damaged_workspace_is_laid_in_anew_and_the_project_above_it_is_never_touched(finished, project, exhaustive):
    folder = project.folder / ".timeweave/workspaces/01"
    healthy = finished.folder / ".timeweave/workspaces/01"
    template = project.folder / "config/templates/team_summary.md.j2"
    template.write_text("somebody's work that is not committed")
    before = project.snapshot()
    paths = [path for path in files_below(folder / "project") if "data" not in path.relative_to(folder).parts]
    names = [path.relative_to(folder / "project").as_posix() for path in paths]
    # Code is all alike to git: it is damaged all at once. Everything else is damaged one after the other.
    code = [name for name in names if name.startswith(("timeweave/", "tests/", "docs/", "bench/"))]
    rest = [name for name in names if name not in code] if exhaustive else [name for name in SOME if name in names]
    chosen = [([name], way) for name, way in choose(rest, exhaustive)] + [(code, way) for way in WAYS if code]
    for several, way in chosen:
        for name in several:
            DAMAGES[way](folder / "project" / name)
        workspace = Workspace(project.folder, folder)
        workspace.lay_in_project(lambda text: text)
        assert (workspace.folder / template.relative_to(project.folder)).read_text().startswith("somebody's work")
        changed = Git(workspace.folder, alone=True).list_changes()
        assert set(changed) <= {"config/templates/team_summary.md.j2", "dvc.lock"}, (several[:1], way)
        restore(folder, healthy)
    assert project.snapshot() == before


def test_a_run_in_a_damaged_workspace_ends_well_or_says_what_to_do_and_asks_toggl_for_nothing(project, sandbox):
    place = project.folder / ".timeweave/workspaces/01"
    DAMAGES["garbage"](place / "project/.git/HEAD")
    DAMAGES["half"](place / "project/data/aggregated.json")
    put_folder(place / "lock")
    sandbox.reset()
    refused = project.call("run", "--as-of", "2025-10-14")
    assert refused.returncode == 1
    assert follow(project, refused.stderr) == []
    make_run(project, "two")
    assert not list(filter(is_of_days, sandbox.requests))
    two, one = (contents(project.folder / "runs" / run) for run in ("two", "one"))
    assert two["aggregated.json"] == one["aggregated.json"]


@pytest.mark.parametrize("size", [0, 20_000, 38_500])
def test_a_disk_that_is_full_is_one_sentence_and_the_next_fetch_completes(finished, project, sandbox, size):
    archive = project.folder / ".timeweave/archive"
    expected = contents(project.folder / "data/toggl")
    shutil.rmtree(archive)
    with file_size_limit(size):
        refused = project.call_stage(*FETCH)
    assert refused.returncode in (1, 2)
    # Either a file of the archive or the one that keeps the pace of requests.
    assert re.search(r"/\S+(: File too large|, which keeps the pace .*); make room there, .*run again", refused.stderr)
    assert refused.stderr.count("\n") < 4
    call_stage(project, FETCH)
    assert contents(project.folder / "data/toggl") == expected


def test_a_place_that_cannot_be_written_is_one_sentence(project):
    refused = project.call_stage(*FETCH, TIMEWEAVE_ARCHIVE="/sys/timeweave")
    assert refused.returncode == 2
    assert re.fullmatch(
        r"fetch_time: the archive cannot be written: /sys/\S+: .+; give the user who runs Timeweave read and write access, then run again\n",
        refused.stderr,
    )


def test_a_run_whose_files_may_not_grow_fails_with_a_sentence_and_the_next_one_completes(project, sandbox):
    shutil.rmtree(project.folder / ".timeweave/workspaces")
    shutil.rmtree(project.folder / ".dvc/cache")
    command = ("sh", "-c", "ulimit -f 40; exec timeweave run --run-id full --as-of 2025-10-14")
    done = project.run(*command)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert re.search(r"^timeweave: .+", done.stderr, re.MULTILINE)
    sandbox.reset()
    make_run(project, "again")
    assert not list(filter(is_of_days, sandbox.requests))


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, and how to give it more room."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(*options):
        return subprocess.run(["mount", *options, str(place)], capture_output=True).returncode

    if mount("-t", "tmpfs", "-o", "size=64m", "tmpfs"):
        pytest.skip("no file system can be mounted here; the test before this one does without")
    yield place, lambda size: mount("-o", f"remount,size={size}")
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.exhaustive
def test_on_a_disk_that_is_full_every_command_says_so_and_the_next_run_completes(finished, small_disk):
    place, give = small_disk
    shutil.copytree(finished.folder, place / "project", symlinks=True)
    project = Project(place / "project", dict(finished.environment))
    expected = contents(project.folder / "runs/one")
    for kilobytes in (0, 4, 64, 256, 1024, 4096):
        shutil.rmtree(project.folder / ".timeweave", ignore_errors=True)
        shutil.rmtree(project.folder / ".dvc/cache", ignore_errors=True)
        give("512m")
        room = shutil.disk_usage(place).used // 1024 + kilobytes
        give(f"{room}k")
        for command in (
            ("timeweave", "run", "--run-id", f"full-{kilobytes}", "--as-of", "2025-10-14"),
            ("timeweave", "doctor"),
        ):
            done = project.run(*command, TMPDIR=str(place))
            said = done.stdout + done.stderr
            assert "Traceback" not in said, said
            assert done.returncode == 0 or re.search(r"No space left|disk is full|make room|I/O error", said), said
        give("512m")
        make_run(project, f"again-{kilobytes}")
        now = contents(project.folder / f"runs/again-{kilobytes}")
        assert {name for name in expected if now.get(name) != expected[name]} <= {
            "manifest.json", "log/dvc.log", "log/journal.jsonl",
        }  # fmt: skip
