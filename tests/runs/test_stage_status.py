"""What became of stages, and why a run ended, from what its stages noted and DVC said."""

import json
from types import SimpleNamespace

import pytest

from timeweave.runs import stage_status
from timeweave.runs.manifest import StageState
from timeweave.runs.stage_status import MEND, StageLog, Stopwatch

STAGES = ["fetch_time", "aggregate_time", "build_site"]


@pytest.fixture
def log(tmp_path):
    found = StageLog(tmp_path / "runs" / "r" / "log")
    found.folder.mkdir(parents=True)
    return found


def write(log, *notes, dvc=""):
    log.journal.write_text("".join(json.dumps(note) + "\n" for note in notes))
    log.dvc.write_text(dvc)


def test_stages_are_waiting_skipped_running_and_done(log):
    write(
        log, {"stage": "aggregate_time", "event": "begun"},
        {"stage": "aggregate_time", "event": "at", "done": 2, "total": 7, "unit": "days"},
        dvc="Stage 'fetch_time' didn't change, skipping\nRunning stage 'aggregate_time':\n",
    )  # fmt: skip
    fetch, aggregate, site = log.read_stages(STAGES, alive=True)
    assert (fetch.state, aggregate.state, site.state) == (StageState.unchanged, StageState.running, StageState.waiting)
    assert (aggregate.done, aggregate.total, aggregate.unit) == (2, 7, "days")
    assert log.read_stages(STAGES, alive=False)[1].state is StageState.stopped


def test_a_line_that_is_still_being_written_is_left_out(log):
    log.journal.write_text('{"stage": "fetch_time", "event": "begun"}\n{"stage": "fetch_time", "ev')
    assert len(log.read_notes()) == 1


def test_the_stage_s_own_sentence_and_code_are_why_a_run_failed(log):
    write(log, {"stage": "fetch_time", "event": "ended", "code": 4, "error": "spent", "resume_in": 9.0})
    fault = log.find_fault(log.read_stages(STAGES, alive=False), 255)
    assert (fault.stage, fault.exit_code, fault.sentence, fault.resume_in) == ("fetch_time", 4, "spent", 9.0)


def test_a_fault_of_the_program_names_the_file_with_the_traceback(log):
    write(log, {"stage": "fetch_time", "event": "ended", "code": 1, "error": "it met a fault", "fault": True})
    assert log.find_fault([], 1).sentence.endswith("the traceback is in runs/r/log/dvc.log")


@pytest.mark.parametrize(
    ("dvc", "code", "said"),
    [
        ("ERROR: failed to lock\nretry later\n\nmore", 255, f"DVC: failed to lock retry later; {MEND}"),
        ("", 7, "DVC ended with 7 and said nothing; run again"),
        ("Hm.\n'./dvc.lock' is invalid.\n", 255, "DVC ended with 255: './dvc.lock' is invalid.; run again"),
        ("", None, "ended from outside before it was done; run again"),
    ],
)
def test_without_a_stage_s_word_dvc_s_own_error_is_the_reason(log, dvc, code, said):
    write(log, dvc=dvc)
    assert log.find_fault(log.read_stages(STAGES, alive=False), code).sentence == said


def test_a_stage_that_was_killed_is_named(log):
    write(log, {"stage": "build_site", "event": "begun"})
    fault = log.find_fault(log.read_stages(STAGES, alive=False), None)
    assert fault.sentence == "ended from outside while build_site was running; what was fetched is kept, run again"


def test_a_stage_that_ran_twice_took_the_time_of_both_and_nothing_is_left_to_what_the_run_does_besides(
    log, monkeypatch
):
    clock = [100.0]
    monkeypatch.setattr(stage_status, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    watch = Stopwatch()
    clock[0] += 2.0
    watch.note("prepare_workspace")
    begun, ended = {"stage": "fetch_time", "event": "begun"}, {"stage": "fetch_time", "event": "ended", "code": 0}
    write(log, begun, ended | {"seconds": 3.25}, begun, ended | {"seconds": 1.5})
    stages = log.read_stages(STAGES, alive=True)
    assert [one.seconds for one in stages] == [4.75, None, None]
    clock[0] += 6.0
    watch.note("run_dvc", stages)
    clock[0] += 1.0
    watch.note("save_result")
    assert watch.seconds == {"prepare_workspace": 2.0, "run_dvc": 1.2, "save_result": 1.0}
