"""A year of logged time of 250 people: `stages/aggregate_time.py` against DuckDB, each as a whole process.

    pip install duckdb && python bench/aggregation.py

The year has a million entries: the last eighth of it is the period, three eighths before that are compared, and all of it
is the whole time of items. DuckDB reads the same day files with `read_json` and sums seconds by person, project, billing,
description and local day, with all cores: the part of the stage that a query engine can do. It matches no descriptions,
names nobody, lists no entry and writes nothing.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

STAGE = Path(__file__).parents[1] / "stages" / "aggregate_time.py"
FIRST_DAY = date(2024, 9, 2)
PATHS = ("days", "directory.json", "aggregated.json", "history.json")
COMPARED = 3
"""Periods before, each as long as the period."""
PEOPLE, DESCRIPTIONS = 250, 20_000
OFFSETS = (timedelta(hours=-8), timedelta(0), timedelta(hours=1), timedelta(hours=2), timedelta(hours=5, minutes=30))
DATABASES = ("[Scrum] [Task]", "[Scrum] [Sub-task]", "[Scrum] [Bug]", "[Product] [Feature]", "[scrum] [task]")
WORDS = ("fix", "login", "review", "import of", "customer", "tests for", "export", "plan", "sprint", "slow", "query")

DUCKDB = """
import sys, pathlib, duckdb
folder, first, last = sys.argv[1:]
duckdb.execute("SET enable_progress_bar = false")
files = [str(path) for path in sorted(pathlib.Path(folder).glob("*.json"))]
entry = 'STRUCT(id BIGINT, seconds BIGINT, "start" VARCHAR, "stop" VARCHAR)[]'
row = f"STRUCT(user_id BIGINT, project_id BIGINT, billable BOOLEAN, description VARCHAR, time_entries {entry})[]"
print(*duckdb.execute(f'''
    SELECT sum(seconds), count(*) FROM (
        SELECT row.user_id, row.project_id, row.billable, row.description,
               CAST(CAST(entry."start" AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Lisbon' AS DATE) AS day,
               sum(entry.seconds) AS seconds
        FROM (SELECT row, unnest(row.time_entries) AS entry
              FROM (SELECT unnest(rows) AS row FROM read_json({files}, columns = {{rows: '{row}'}})))
        WHERE entry."stop" IS NOT NULL AND entry.seconds >= 0 GROUP BY ALL)
    WHERE day BETWEEN '{first}' AND '{last}'
''').fetchone()[:1])
"""


class Run(NamedTuple):
    """Wall and processor seconds, peak megabytes, and what the process printed."""

    wall: float
    cpu: float
    peak: float
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=400, help="length of the year: 2,500 entries a day")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    few, per_day = options.days // 10 // 8 * 8, 2_500
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {options.runs} interleaved runs")
    with tempfile.TemporaryDirectory() as folder:
        compare("a tenth of the year", Path(folder) / "tenth", few, options.days, per_day, options.runs)
        compare("the year", Path(folder) / "year", options.days, options.days, per_day, options.runs)
        compare("as many in a tenth of it", Path(folder) / "dense", few, options.days, per_day * 10, options.runs)
        compare("the year as one period", Path(folder) / "whole", options.days, options.days, per_day, 1, parts=1)
        # The items stay as many here, so this is what entries alone cost in memory.
        small = compare(
            "a team of 25", Path(folder) / "small", options.days, options.days, per_day // 10, options.runs, 25
        )
        large = compare("the same team, ten times the entries", Path(folder) / "large", options.days, options.days, per_day,
                        options.runs, 25)  # fmt: skip
        print(f"peak memory with ten times the entries in the same report: {large / small:.2f} times as much")


def compare(
    title: str, home: Path, days: int, year: int, per_day: int, runs: int, team: int = PEOPLE, parts: int = 8
) -> float:
    """Both on the first days of a year, the last of so many parts being the period, in turns; our peak memory."""
    apart(generate, home, days, year, per_day, team, parts)
    compared = min(COMPARED, parts - 1)
    theirs = duckdb(home, days - days // parts * (1 + compared), days)
    pairs = [(timed([sys.executable, str(STAGE), *PATHS], home), timed(theirs, home)) for _ in range(runs)]
    totals, before = apart(sums, home)
    assert {their.said for _, their in pairs} == {f"{totals['seconds'] + before}\n"}, "not the same sums"
    sizes = " and ".join(f"{name} has {(home / name).stat().st_size / 1e6:.1f} MB" for name in PATHS[-2:])
    print(f"{title}: {totals['entries']:,} of {days * per_day:,} entries on {days} days are the period's; {sizes}")
    for name, took in (("timeweave", [ours for ours, _ in pairs]), ("duckdb", [their for _, their in pairs])):
        wall = statistics.median(run.wall for run in took)
        cpu, peak = statistics.median(run.cpu for run in took), statistics.median(run.peak for run in took)
        rate = days * per_day / wall
        print(f"    {name:10} {wall:6.2f} s  {rate:10,.0f} entries/s  cpu {cpu:6.2f} s  peak {peak:5.0f} MB")
    ratio = statistics.median(their.wall / ours.wall for ours, their in pairs)
    print(f"    timeweave is {ratio:.2f} times as fast as duckdb", flush=True)
    return statistics.median(ours.peak for ours, _ in pairs)


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call it in a process of its own: the peak that the system tells of a process begins with its parent's size."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def sums(home: Path) -> tuple[dict[str, int], int]:
    """The totals of the period, and the seconds of all compared ones."""
    totals: dict[str, int] = json.loads((home / PATHS[-2]).read_text())["totals"]
    return totals, sum(one["seconds"] for one in json.loads((home / PATHS[-1]).read_text())["periods"])


def duckdb(home: Path, start: int, end: int) -> list[str]:
    first, last = FIRST_DAY + timedelta(days=start), FIRST_DAY + timedelta(days=end - 1)
    return [sys.executable, "-c", DUCKDB, str(home / "days"), str(first), str(last)]


def timed(command: list[str], folder: Path) -> Run:
    """One process from start to end, with what the system says it took."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.stdout.close()
    if status:
        raise SystemExit(f"{command[1]} failed")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def generate(home: Path, days: int, year: int, per_day: int, team: int, parts: int) -> None:
    """The same files on every machine: people who move on from item to item, and a daily meeting."""
    chance = random.Random(11)  # noqa: S311 - a bench that anyone can repeat
    people = [(9_000_000 + n, f"Person Number {n}", chance.choice(OFFSETS)) for n in range(team)]
    plans = deal(chance, team)
    (home / "days").mkdir(parents=True)
    for n in range(-1, days):
        day = FIRST_DAY + timedelta(days=n)
        rows = ",".join("\n" + row for row in day_rows(chance, n, max(0, n) / year, per_day, people, plans))
        head = f'{{"day":"{day}","rows":['
        (home / "days" / f"{day}.json").write_text(f'{head}{rows}\n],"schema":1}}\n')
    account = {"source": "live", "url": "https://toggl.example", "workspace_id": 1}
    members = [{"user_id": user_id, "name": name, "email": f"{user_id}@team.example"} for user_id, name, _ in people]
    projects = [{"id": 200_000_000 + n, "name": f"Project {n}"} for n in range(40)]
    directory: dict[str, Any] = {"account": account, "workspace": "Bench"}
    directory |= {"people": members, "projects": projects, "clients": [], "tags": [], "tasks": []}
    (home / "directory.json").write_text(json.dumps(directory))
    last = FIRST_DAY + timedelta(days=days - 1)
    start = last - timedelta(days=days // parts - 1)
    period = f'{{start: "{start}", end: "{last}", timezone: Europe/Lisbon}}'
    since = f'"{FIRST_DAY}"' if parts > 1 else "null"
    back = f"{{compare_periods: {min(COMPARED, parts - 1)}, since: {since}}}"
    (home / "params.yaml").write_text(f'as_of: "{last}"\nperiod: {period}\nanalysis: {back}\n')


def deal(chance: random.Random, team: int) -> list[list[str]]:
    """To each person, in the order they will be worked on, their share of the descriptions."""
    plans: list[list[str]] = [[] for _ in range(team)]
    for n in range(DESCRIPTIONS * team // PEOPLE):
        text = " ".join(chance.choices(WORDS, k=chance.randint(3, 8)))
        if n % 50:
            text += f" #{n // 2 + 1} {chance.choice(DATABASES)} [Apollo {n % 30}]"
        for person in chance.sample(range(team), chance.choice((1, 1, 2, 3))):
            plans[person].append(text)
    return plans


def day_rows(
    chance: random.Random,
    n: int,
    progress: float,
    per_day: int,
    people: list[tuple[int, str, timedelta]],
    plans: list[list[str]],
) -> Iterator[str]:
    """Rows as the archive writes them, by start; `progress` is the part of everyone's plan that is behind them."""
    midnight = datetime.combine(FIRST_DAY + timedelta(days=n), datetime.min.time(), UTC)
    for k, second in enumerate(sorted(chance.choices(range(86_400), k=per_day))):
        person = chance.randrange(len(people))
        user_id, name, offset = people[person]
        at = int(progress * (len(plans[person]) - 5))
        plan = plans[person][at : at + 5]
        description = chance.choice(plan) if chance.random() < 0.85 else "Daily stand-up"
        seconds = chance.choice((900, 1800, 3600, chance.randrange(60, 7200)))
        start = (midnight + timedelta(seconds=second)).astimezone(timezone(offset))
        entry = {
            "at": start.isoformat(),
            "id": 4_000_000_000 + n * per_day + k,
            "seconds": seconds,
            "start": start.isoformat(),
            "stop": (start + timedelta(seconds=seconds)).isoformat(),
        }
        row = {
            "billable": len(description) % 3 == 0,
            "billable_amount_in_cents": None,
            "currency": "EUR",
            "description": description,
            "email": f"{user_id}@team.example",
            "hourly_rate_in_cents": None,
            "project_id": 200_000_000 + len(description) % 40,
            "project_name": f"Project {len(description) % 40}",
            "tag_ids": [],
            "task_id": None,
            "time_entries": [entry],
            "user_id": user_id,
            "username": name,
        }
        yield json.dumps(row, separators=(",", ":"))


if __name__ == "__main__":
    main()
