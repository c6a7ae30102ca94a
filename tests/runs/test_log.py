"""Why a run ended, from what its stages noted."""

import json

from timeweave.runs.log import DVC_LOG, Log
from timeweave.runtime import journal


def test_a_fault_of_the_program_names_the_file_with_the_traceback(tmp_path):
    folder = tmp_path / journal.RUNS / "r"
    folder.mkdir(parents=True)
    note = {"stage": "fetch_time", "event": "ended", "code": 1, "error": "it met a fault", "fault": True}
    (folder / journal.FILE).write_text(json.dumps(note) + "\n")
    fault = Log(folder).fault([], 1)
    assert fault.sentence.endswith(f"the traceback is in .dvc/timeweave/runs/r/{DVC_LOG}")
