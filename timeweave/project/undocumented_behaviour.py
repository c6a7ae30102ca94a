"""Asks the real services what nobody documents and this client depends on: reading only, a dozen requests at most."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import stamina

from timeweave.fibery.client import FiberyClient, Outcome, Refusal
from timeweave.fibery.connection import connect as connect_fibery
from timeweave.fibery.connection import find_account
from timeweave.fibery.database import Database, Workspace
from timeweave.fibery.schema import Field, TypeKind, fetch_schema
from timeweave.project import undocumented_toggl_behaviour
from timeweave.project.parameters import Parameters
from timeweave.project.undocumented_toggl_behaviour import UNSEEN, Finding, TogglProbe
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl.archive import find_files
from timeweave.toggl.connection import account, connect
from timeweave.toggl.learned_limits import learn, read_facts
from timeweave.web.client import TransientError

FIBERY_CAP = 3500
"""Rows asked for at once: more than Fibery was ever seen to give."""
BURST = 3
"""Requests that follow one at once: one more in a second than Fibery says that it takes."""
MOST_REQUESTS = undocumented_toggl_behaviour.MOST_REQUESTS + 1 + BURST
ANNOUNCEMENT = (
    f"asking Toggl and Fibery at most {MOST_REQUESTS} requests, which change nothing, about what nobody documents"
)


def probe(given: Parameters) -> Iterator[Finding]:
    """Each finding as soon as it is known; all are kept in the account's archive, and what can be used is used."""
    files = find_files(account(given.source, given.toggl))
    found, facts = dict(read_facts(files).probed), dict[str, object]()
    # A request that fails is a finding, and is not sent again.
    stamina.set_active(False)
    try:
        with connect(given.source, given.toggl, given.as_of, lambda _: None) as toggl:
            of_toggl = TogglProbe(toggl, given, facts)
            for finding in of_toggl.ask():
                found[finding.about] = finding.found
                yield finding
        at_once = given.fibery.model_copy(update={"requests_per_second": 1000})
        with connect_fibery(given.source, at_once, given.as_of) as fibery:
            for finding in _ask_fibery(fibery, given):
                found[finding.about] = finding.found
                yield finding
    finally:
        stamina.set_active(True)
        learn(files, probed=dict(sorted(found.items())), **facts)


def _ask_fibery(client: FiberyClient, given: Parameters) -> Iterator[Finding]:
    """About the items of the first database that has references."""
    try:
        databases = list(Workspace(fetch_schema(client, find_account(given.source, given.fibery))).databases)
        database, field = next(
            (one, field) for one in databases for field in one.shape.fields if _is_reference(one, field)
        )
        select = ["fibery/id", {field.name: ["fibery/id"]}]
        queries = [{"query": {"q/from": database.name, "q/select": select, "q/limit": FIBERY_CAP}}]
        # Two more beside it, at once: with the schema that makes four.
        with ThreadPoolExecutor(BURST) as pool:
            asked = [
                pool.submit(client.query, queries),
                *(pool.submit(client.query, [_one(database)]) for _ in range(BURST - 1)),
            ]
        errors = [error for one in asked if (error := one.exception())]
        yield _judge_burst(errors)
        [outcome] = asked[0].result()
        yield from _judge_items(outcome, field.name)
    except StopIteration:
        yield Finding(
            "fibery: items", f"{UNSEEN}: no database has a reference to another", "takes null and an object of nulls"
        )
    except TimeweaveError as error:
        yield Finding("fibery: items", f"{UNSEEN}: {error}", "says so when a run needs them")


def _one(database: Database) -> dict[str, object]:
    return {"query": {"q/from": database.name, "q/select": {"id": ["fibery/id"]}, "q/limit": 1}}


def _is_reference(database: Database, field: Field) -> bool:
    target = database.workspace.get_type(field.type)
    return (
        not field.many and target is not None and target.shape.kind is TypeKind.DATABASE and database.is_readable(field)
    )


def _judge_burst(errors: list[BaseException]) -> Finding:
    about, client = "fibery: a burst", "spaces requests as fibery.requests_per_second says, and waits after a 429"
    if not errors:
        return Finding(about, f"{BURST + 1} requests in a second are taken", client)
    waits = [error.wait for error in errors if isinstance(error, TransientError)]
    told = f"says to wait {waits[0]:.0f} s" if waits and waits[0] is not None else "does not say how long to wait"
    return Finding(about, f"{len(errors)} of {BURST} requests at once are refused; it {told}", client)


def _judge_items(outcome: Outcome, field: str) -> Iterator[Finding]:
    about, client = (
        "fibery: rows past a limit",
        "asks for fibery.batch_size items by their ids, and looks again for those that are missing",
    )
    if isinstance(outcome, Refusal):
        yield Finding(about, f"{FIBERY_CAP} are refused: {outcome}", client)
        return
    cut = f"{len(outcome)} came of {FIBERY_CAP} asked: " + (
        "none is left out" if len(outcome) == FIBERY_CAP else "there are no more, or it cuts"
    )
    yield Finding(about, cut, client)
    shapes = {str(row.get(field)) for row in outcome if not (row.get(field) or {}).get("fibery/id")}
    told = " or ".join(sorted(shapes)) if shapes else f"{UNSEEN}: none is empty"
    yield Finding("fibery: an empty reference", told, "takes null and an object of nulls")
