"""A run in the background: a process of its own, which waits for its turn, and outlives the terminal."""

import subprocess
import sys

from timeweave.runs.launch import asked
from timeweave.runs.order import Order
from timeweave.runs.register import Register

_COMMAND = (sys.executable, "-c", "from timeweave.cli import main; main()")


def detached(register: Register, order: Order) -> str:
    """Start it; its id. What it says is in `detached.log` of its folder."""
    home = register.home
    with home.waiting(order.id) as waiting:
        waiting.acquire(order.id, wait=True, say=lambda _: None)
        asked(register, order, "copy" if order.base else "workspace")
        with (home.runs / order.id / "detached.log").open("ab") as output:
            subprocess.Popen(
                [*_COMMAND, "run", *_options(order)], cwd=home.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, pass_fds=(waiting.handle,), start_new_session=True,
            )  # fmt: skip
    return order.id


def _options(order: Order) -> list[str]:
    """The order, written so that it means the same on another day."""
    asked_for = order.parameters
    options = ["--as-run", order.id, "--as-of", asked_for.as_of]
    if order.base:
        options += ["--start-from", "fibery", "--run-id", order.base.id]
    else:
        options += ["--start-date", asked_for.start, "--end-date", asked_for.end]
    options += ["--users", ",".join(asked_for.users) or "all"]
    return options + (["--refresh", order.refresh] if order.refresh else [])
