"""A run in the background: a process of its own that outlives the terminal."""

import subprocess
import sys

from timeweave.runs.execution import create_run
from timeweave.runs.register import Register
from timeweave.runs.request import RunRequest

_COMMAND = (sys.executable, "-c", "from timeweave.cli import main; main()")
BETWEEN = ":"
"""Between the id of a run and the number of its lock's open file, as the process is given them."""


def start_in_background(register: Register, request: RunRequest) -> None:
    """Start it. What the process says is in `detached.log` beside the log of its stages."""
    folder = register.open(request.id)
    with folder.take() as lock:
        create_run(register, request)
        with (folder.log.folder / "detached.log").open("ab") as output:
            subprocess.Popen(
                [*_COMMAND, "run", *_write_options(request, lock.handle)], cwd=register.project.folder,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=(lock.handle,), start_new_session=True,
            )  # fmt: skip


def _write_options(request: RunRequest, lock: int) -> list[str]:
    """The request, written so that it means the same on another day."""
    asked = request.parameters
    options = ["--as-run", f"{request.id}{BETWEEN}{lock}", "--as-of", asked.as_of]
    if request.base:
        options += ["--start-from", "fibery", "--run-id", request.base.id]
    else:
        options += ["--start-date", asked.start, "--end-date", asked.end]
    options += ["--users", ",".join(asked.users) or "all"]
    return options + (["--refresh", request.refresh] if request.refresh else [])
