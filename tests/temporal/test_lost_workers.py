"""Workers that die in the middle of work: another goes on where the run stood, and nothing is paid for twice."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from tests.temporal.fleet import RUN, until
from tests.temporal.watching import Watch

STAGES = [
    "fetch_time", "aggregate_time", "extract_entities", "enrich_entities", "summarize_work", "report_time",
    "report_people", "report_team", "build_site",
]  # fmt: skip
MONTHS = {"june": (date(2025, 6, 1), date(2025, 6, 30)), "july": (date(2025, 7, 1), date(2025, 7, 31)),
          "august": (date(2025, 8, 1), date(2025, 8, 31))}  # fmt: skip
DAY = timedelta(days=1)


def test_of_three_workers_one_is_killed_in_each_stage_in_turn(fleet, sandbox, temporal):
    sandbox.behaviour.update({"latency": 0.1})
    found = fleet(sandbox)
    found.start(3)
    for run, (first, last) in MONTHS.items():
        found.project.succeed(*RUN, "--detach", "--run-id", run, "--start-date", str(first), "--end-date", str(last))

    fetched = []

    def kill_in(run, stages):
        """Each time the run comes to one of these stages, the worker that has it dies, and a new one is started."""
        with contextlib.closing(Watch(temporal.address)) as watch:
            for stage in stages:
                watch.until(run, stage)
                if stage == "fetch_time":
                    until(lambda: found.in_flight(run) > 8, every=0.03)
                    fetched.append((found.in_flight(run), len(sandbox.requests)))
                found.kill(run)
                found.start(1)

    with ThreadPoolExecutor() as threads:
        list(threads.map(kill_in, MONTHS, (STAGES[0::3], STAGES[1::3], STAGES[2::3])))
    runs = {run: found.until_over(run) for run in MONTHS}
    assert {run: one["status"] for run, one in runs.items()} == dict.fromkeys(MONTHS, "completed")
    with contextlib.closing(Watch(temporal.address)) as watch:
        for run in MONTHS:
            assert watch.finished_stages(run) == dict.fromkeys(STAGES, 1), run
    assert sorted(ref.rpartition("/")[2] for ref in found.refs("refs/exps")) == sorted(MONTHS)
    assert found.refs("refs/timeweave/runs") == []
    # Each finished day of June was saved, the last of them perhaps not yet; none is asked for again.
    [(days, spent)] = fetched
    june = runs["june"]["stages"][0]
    assert june["items"] <= 30 - days + 1
    first, last = MONTHS["june"]
    pages = -(-len(sandbox.world.timesheet.entries(first - DAY, last + DAY)) // 50)
    # Besides: the names once more, the totals, and the days whose last entries had not come yet, with the one before.
    assert spent + june["requests"] <= pages + 2 * 8 + 1 + 6
    assert {run: one["stages"][0]["items"] for run, one in runs.items() if run != "june"} == {"july": 31, "august": 31}
