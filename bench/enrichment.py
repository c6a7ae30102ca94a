"""10,000 work items of 8 databases with their descriptions, at the pace that Fibery allows: 3 requests a second.

    python bench/enrichment.py            # about a minute, and a minute for the client to compare with
    python bench/enrichment.py --quick    # a tenth of it

The bound: items/batch_size requests for items + items/100 for descriptions + 10. The other client asks the same server
for one item a request and its description in another, at the same pace, for a sample; its time for all is extrapolated.
"""

import argparse
import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import accumulate
from pathlib import Path

from timeweave.enrichment import config_file
from timeweave.enrichment.enrichment import Enrichment
from timeweave.enrichment.schema_check import match_entries
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.database import Workspace
from timeweave.fibery.query import PUBLIC_ID, select_by_values
from timeweave.fibery.schema import fetch_schema
from timeweave.models.entities import Entities, EntityKey
from timeweave.sandbox.company import ACCOUNT, FIBERY_TOKEN
from timeweave.sandbox.http_server import ServedRequest
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import World
from timeweave.web.limits import Pace

AS_OF = date(2025, 10, 14)
PER_SECOND, BATCH, DOCUMENTS, SPARE = 3, 200, 100, 10
SHARES = {
    "Scrum/Task": 0.30, "Scrum/Sub-task": 0.24, "Scrum/Bug": 0.17, "Scrum/Sub-bug": 0.12,
    "Product Management/Request": 0.06, "Scrum/Chore": 0.05, "Scrum/Feature": 0.04, "Design/Design Feature": 0.02,
}  # fmt: skip
CONFIG = "enrichment_activities:\n  default: {activity: default_enrich_entity, max_concurrent: 5}\n"
DEMO_ACCOUNT = FiberyAccount("demo", ACCOUNT, f"https://{ACCOUNT}.fibery.io")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 items")
    parser.add_argument("--latency", type=float, default=0.8, help="seconds before each answer")
    options = parser.parse_args()
    references, world = invented(1_000 if options.quick else 10_000)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, answers after {options.latency} s")
    with Sandbox(AS_OF, world=world) as sandbox:
        sandbox.behaviour.update({"latency": options.latency})
        with client(sandbox) as (ours, pace):
            kept = batched(ours, pace, sandbox, references)
        with client(sandbox) as (theirs, _):
            one_by_one(theirs, references[:: len(references) // 30][:30], len(references))
    sys.exit(0 if kept else "a bound was passed")


class NotedPace(Pace):
    """A pace that notes when requests were sent; when they are read also depends on how busy the server is."""

    def __init__(self) -> None:
        super().__init__(f"bench {os.getpid()} {time.monotonic_ns()}", PER_SECOND)
        self.starts: list[float] = []

    @contextmanager
    def take_turn(self) -> Iterator[None]:
        """Send one request inside."""
        with super().take_turn():
            yield
            self.starts.append(time.monotonic())

    @property
    def most_in_a_second(self) -> int:
        """The most starts within any one second."""
        return max(sum(begin <= start < begin + 1 for start in self.starts) for begin in self.starts)


def count_most_at_once(requests: list[ServedRequest]) -> int:
    """The most requests that were being answered at one moment."""
    events = [(r.arrived, 1) for r in requests] + [(r.answered, -1) for r in requests if r.answered is not None]
    return max(accumulate(change for _, change in sorted(events)), default=0)


def batched(ours: FiberyClient, pace: NotedPace, sandbox: Sandbox, references: list[EntityKey]) -> bool:
    """Enrich them all; whether every bound was kept."""
    begin = time.perf_counter()
    run = enrichment(ours)
    document = run.run(Entities(entities=references)).document
    wall = time.perf_counter() - begin
    requests = list(sandbox.requests)
    bound = math.ceil(len(references) / BATCH) + math.ceil(len(references) / DOCUMENTS) + SPARE
    least = (len(requests) - 1) / PER_SECOND
    found = sum(entity.status == "found" for entity in document.entities)
    described = sum(entity.description is not None for entity in document.entities)
    print(f"{len(references):,} references, {found:,} found, {described:,} with a description")
    print(f"    requests           {len(requests):6}   bound {bound}")
    print(f"    started in 1 s     {pace.most_in_a_second:6}   bound {PER_SECOND}")
    print(
        f"    wall               {wall:6.1f} s {wall / least:.2f} times what the pace takes ({least:.1f} s); bound 1.2"
    )
    print(
        f"    threads in flight  {count_most_at_once(requests):6}   bound {max(run.limit.limits.values())} (max_concurrent)"
    )
    return (
        len(requests) <= bound
        and pace.most_in_a_second <= PER_SECOND
        and wall <= 1.2 * least
        and all(peak <= run.limit.limits[name] for name, peak in run.limit.peaks.items())
        and count_most_at_once(requests) <= max(run.limit.limits.values())
    )


def one_by_one(theirs: FiberyClient, sample: list[EntityKey], total: int) -> None:
    """One request for each item and one for its description."""
    workspace = Workspace(fetch_schema(theirs, DEMO_ACCOUNT))
    begin = time.perf_counter()
    before = theirs.requests
    for reference in sample:
        database = workspace.find_database(str(reference.space), str(reference.database))
        assert database is not None
        field = database.find_field("Description")
        assert field is not None
        select = {"id": ["fibery/id"], "secret": [field.name, "Collaboration~Documents/secret"]}
        [rows] = theirs.query([select_by_values(database.name, PUBLIC_ID, select, (reference.public_id,), 1)])
        assert isinstance(rows, list)
        theirs.fetch_documents([row["secret"] for row in rows])
    wall, requests = time.perf_counter() - begin, theirs.requests - before
    times = total / len(sample)
    print(f"one request per item: {requests} requests and {wall:.1f} s for a sample of {len(sample)};")
    print(f"    extrapolated to all {total:,}: {requests * times:,.0f} requests, {wall * times / 60:,.0f} min")


def enrichment(ours: FiberyClient) -> Enrichment:
    """The run as the stage makes it."""
    workspace = Workspace(fetch_schema(ours, DEMO_ACCOUNT))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_text(CONFIG)
        entries = match_entries(config_file.load(path), workspace)
    return Enrichment(ours, entries, DEMO_ACCOUNT, AS_OF, BATCH)


def invented(count: int) -> tuple[list[EntityKey], World]:
    """References to items that exist, and a world where nobody comments, so that documents are descriptions."""
    workspace = World(AS_OF).workspace
    references = []
    for name, share in SHARES.items():
        wanted = round(count * share)
        numbers = [item.number for item in workspace.rows(workspace.types[name])][-wanted:]
        assert len(numbers) == wanted, f"{name} has {len(numbers)} items only"
        space, _, label = name.partition("/")
        references += [EntityKey(space=space, database=label, public_id=str(number)) for number in numbers]
    silent = {(f"{one.space}/{one.database}", int(one.public_id)): {"comments/comments": []} for one in references}
    return references, World(AS_OF, items=silent)


@contextmanager
def client(sandbox: Sandbox) -> Iterator[tuple[FiberyClient, NotedPace]]:
    """A client at Fibery's pace."""
    pace = NotedPace()
    found = FiberyClient(sandbox.url, "fibery.url", FIBERY_TOKEN, pace)
    try:
        yield found, pace
    finally:
        found.close()


if __name__ == "__main__":
    main()
