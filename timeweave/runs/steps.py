"""The DVC commands that carry an order out, one after the other."""

from pathlib import Path

from timeweave.runs import copy
from timeweave.runs.order import Order
from timeweave.runs.unsaved import FETCH, is_unsaved

ENRICH, BEFORE = "enrich_entities", "extract_entities"


def steps(order: Order, folder: Path) -> list[list[str]]:
    """One, as a rule; a stage that must run though nothing has changed is run by itself before the experiment."""
    experiment = ["exp", "run", "-n", order.id]
    if order.base:
        # The stage that asks Toggl is never run here: its data is the other run's, whatever has changed since.
        return [
            ["checkout", *copy.outputs(folder)],
            ["repro", "-s", "aggregate_time", BEFORE],
            ["repro", "-f", "-s", ENRICH],
            [*experiment, "--downstream", "aggregate_time"],
        ]
    if order.refresh == "fibery":
        return [["repro", BEFORE], ["repro", "-f", "-s", ENRICH], experiment]
    if order.refresh == "toggl":
        return [["repro", "-f", "-s", FETCH], experiment]
    return [["repro", FETCH], experiment] if is_unsaved(folder) else [experiment]
