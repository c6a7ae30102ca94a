"""A large company's two months through `stages/analyze_work.py` as a whole process, against a tenth of it.

    python bench/analysis.py

500 people log 125,000 entries on 10,000 work items, and as much in the period before, which is compared. A fifth of the
time names no item, under 5,000 texts of which some are much like an item's title. Everybody is in config/team.yaml, and
categories have rules of every sort. It fails where the sums are not those that were generated, above 10 s of the processor
or 400 MB, or where the company takes more than twelve times what a tenth of it takes.
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
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

STAGE = Path(__file__).parents[1] / "stages" / "analyze_work.py"
INPUTS = ("aggregated.json", "history.json", "enriched.json", "directory.json", "team.yaml", "categories.yaml")
OUTPUTS = ("analysis.json", "metrics.json", "plots")
FIRST, DAYS = date(2025, 9, 1), 56
ENTRIES, ITEMS = 250, 20
"""Of each person."""
MOST_SECONDS, MOST_MEGABYTES, MOST_TIMES = 10, 400, 12
DATABASES = (("Scrum", "Task"), ("Scrum", "Sub-task"), ("Scrum", "Bug"), ("Design", "Work Version"))
WORDS = [first + second + third for first in ("bor", "ka", "lum", "ne", "tri") for second in ("da", "fi", "gon", "lu", "mes", "vo")
         for third in ("", "k", "ra", "sil", "te", "x", "ung", "mo", "pan", "qui")]  # fmt: skip
"""300, as the titles of a workspace have some hundreds that come again and again."""
STATES = (("In Progress", "Started", False), ("Done", "Finished", True), ("To Do", "Not started", False))
CATEGORIES = r"""
categories:
  - {key: absence, absence: true, any: [{project: Time off}, {text: 'vacation|dentist'}]}
  - {key: meetings, item_needed: false, any: [{text: 'stand-?up|retro|planning'}, {tag: meeting}]}
  - {key: urgent, field: {Priority: Urgent}, database: Scrum/Bug}
  - {key: bugs, database: Scrum/Bug, target: [0.1, 0.3]}
  - {key: features, any: [{ancestor: Feature}, {database: Scrum/Task}]}
"""


class Run(NamedTuple):
    """Wall and processor seconds, which are the same on an idle machine: the stage is one thread; and peak megabytes."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {options.runs} interleaved runs")
    with tempfile.TemporaryDirectory() as folder:
        homes = {people: Path(folder) / str(people) for people in (50, 500)}
        for people, home in homes.items():
            home.mkdir()
            # In a process of its own: the peak that the system tells of a process begins with its parent's size.
            with ProcessPoolExecutor(1) as pool:
                pool.submit(generate, home, people).result()
        taken: dict[int, list[Run]] = defaultdict(list)
        for _ in range(options.runs):
            for people, home in homes.items():
                taken[people].append(run(home))
        medians = {people: statistics.median(one.cpu for one in runs) for people, runs in taken.items()}
        for people, runs in taken.items():
            peak = statistics.median(one.peak for one in runs)
            wall = statistics.median(one.wall for one in runs)
            print(
                f"{people} people, {people * ENTRIES:,} entries: {wall:.2f} s, cpu {medians[people]:.2f} s, peak {peak:.0f} MB"
            )
            check(homes[people], people)
    times = statistics.median(large.cpu / small.cpu for small, large in zip(taken[50], taken[500], strict=True))
    print(f"ten times the company takes {times:.1f} times as long")
    peak = statistics.median(one.peak for one in taken[500])
    if medians[500] > MOST_SECONDS or peak > MOST_MEGABYTES or times > MOST_TIMES:
        raise SystemExit(f"more than {MOST_SECONDS} s, {MOST_MEGABYTES} MB or {MOST_TIMES} times as long")


def run(home: Path) -> Run:
    """One process from start to end, with what the system says it took."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(STAGE), *INPUTS, *OUTPUTS], cwd=home)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("stages/analyze_work.py failed")
    return Run(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def check(home: Path, people: int) -> None:
    """The sums are those of what was generated."""
    found = json.loads((home / "analysis.json").read_text(encoding="utf-8"))
    seconds = json.loads((home / "aggregated.json").read_text(encoding="utf-8"))["totals"]["seconds"]
    assert found["proof"]["seconds"] == sum(one["seconds"] for one in found["people"]) == seconds
    assert found["proof"]["entries"] == people * ENTRIES
    size = (home / "analysis.json").stat().st_size / 1e6
    print(f"    {len(found['items']):,} items, {len(found['findings']):,} findings, analysis.json has {size:.0f} MB")


def generate(home: Path, people: int) -> None:
    """The same documents on every machine."""
    chance = random.Random(17)  # noqa: S311 - a bench that anyone can repeat
    items = [make_item(chance, number) for number in range(1, people * ITEMS + 1)]
    account = {"source": "live", "url": "https://toggl.example", "workspace_id": 1}
    last = FIRST + timedelta(days=DAYS - 1)
    period = {"start": str(FIRST), "end": str(last), "timezone": "Europe/Lisbon"}
    persons = [
        make_person(chance, 9_000_000 + n, items[n * ITEMS : (n + 1) * ITEMS], n * ENTRIES) for n in range(people)
    ]
    documents: dict[str, Any] = {
        "aggregated.json": {
            "schema": 2, "account": account, "as_of": str(last), "period": period, "people": persons, "warnings": [],
            "totals": sum_up(persons, people),
        },
        "history.json": {
            "schema": 1, "account": account, "as_of": str(last), "timezone": "Europe/Lisbon", "since": None,
            "periods": [make_past(persons)],
        },
        "enriched.json": {"schema": 2, "as_of": str(last), "account": "bench", "entities": items},
        "directory.json": {
            "schema": 1, "account": account, "workspace": "Bench", "projects": [], "clients": [], "tags": [], "tasks": [],
            "people": [{"user_id": one["user_id"], "name": one["name"], "email": one["email"]} for one in persons],
        },
        "team.yaml": {
            "defaults": {"hours": {"weekly": 40}, "holidays": "PT"},
            "teams": {f"t{n}": {} for n in range(10)},
            "people": [{"email": one["email"], "team": f"t{at % 10}"} for at, one in enumerate(persons)],
        },
        "params.yaml": {"as_of": str(last), "period": period, "analysis": {"compare_periods": 1}},
    }  # fmt: skip
    for name, content in documents.items():
        (home / name).write_text(json.dumps(content), encoding="utf-8")
    (home / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")


def make_item(chance: random.Random, number: int) -> dict[str, Any]:
    space, database = DATABASES[number % len(DATABASES)]
    name, kind, final = chance.choice(STATES)
    feature = number // 50 + 1
    day = FIRST + timedelta(days=chance.randrange(-20, DAYS))
    return {
        "space": space, "database": database, "public_id": str(number), "status": "found", "found_as": f"{space}/{database}",
        "id": f"id-{number}", "name": " ".join(chance.sample(WORDS, 5)), "state": {"name": name, "type": kind, "final": final},
        "started": f"{day}T08:00:00Z", "planned_start": str(day), "planned_end": str(day + timedelta(days=20)),
        "completed": f"{day + timedelta(days=10)}T08:00:00Z" if final else None,
        "assignees": [{"name": f"Person Number {number // ITEMS}"}], "fields": {"Priority": chance.choice(("Urgent", "Low"))},
        "estimate_seconds": chance.choice((None, 36_000)), "spent_seconds": chance.randrange(72_000),
        "description": "What is to be done. " * 20,
        "parents": [
            {"relation": "Feature", "space": "Product", "database": "Feature", "public_id": str(feature), "name": f"Feature {feature}"}
        ],
    }  # fmt: skip


def make_person(chance: random.Random, user_id: int, items: list[dict[str, Any]], first: int) -> dict[str, Any]:
    """Some work items, some texts of their own, a stand-up, a holiday."""
    texts = [" ".join([*one["name"].split()[:3], chance.choice(WORDS)]) for one in items[:5]]
    texts += [" ".join(chance.sample(WORDS, 3)) for _ in range(4)] + ["Daily stand-up"]
    groups: dict[tuple[int | None, str], list[dict[str, Any]]] = defaultdict(list)
    for n in range(ENTRIES):
        at = chance.randrange(len(items)) if chance.random() < 0.8 else None
        text = chance.choice(texts) if at is None else items[at]["name"]
        day = FIRST + timedelta(days=n * DAYS // ENTRIES)
        start = f"{day}T{9 + n % 5 * 2:02}:{chance.randrange(60):02}:00+01:00"
        groups[at, text].append(
            {"id": first + n + 1, "start": start, "seconds": chance.choice((900, 3600, chance.randrange(60, 9000)))}
        )
    entities, activities = [], []
    for (at, text), entries in groups.items():
        seconds = sum(one["seconds"] for one in entries)
        part = {
            "text": text,
            "project": "Apollo",
            "client": None,
            "tags": [],
            "billable": True,
            "seconds": seconds,
            "entries": entries,
        }
        sums = {"seconds": seconds, "entries": len(entries), "billable_seconds": seconds, "descriptions": [part]}
        if at is None:
            activities.append({"text": text} | sums)
        else:
            key = {name: items[at][name] for name in ("space", "database", "public_id")}
            entities.append(key | sums | {"projects": ["Apollo"], "days": {}, "texts": []})
    seconds = sum(one["seconds"] for one in (*entities, *activities))
    return {
        "user_id": user_id, "email": f"{user_id}@team.example", "name": f"Person Number {user_id}", "seconds": seconds,
        "entries": ENTRIES, "matched_seconds": 0, "unmatched_seconds": 0, "billable_seconds": seconds, "days": {}, "projects": [],
        "entities": entities, "activities": activities,
    }  # fmt: skip


def make_past(persons: list[dict[str, Any]]) -> dict[str, Any]:
    """The same again, eight weeks earlier."""
    rows = [
        {
            "user_id": person["user_id"], "space": one.get("space"), "database": one.get("database"), "public_id": one.get("public_id"),
            "text": part["text"], "project": part["project"], "client": None, "tags": [], "billable": True, "seconds": part["seconds"],
            "days": {str(FIRST - timedelta(days=9)): part["seconds"]},
        }
        for person in persons
        for one in (*person["entities"], *person["activities"])
        for part in one["descriptions"]
    ]  # fmt: skip
    people = [{name: one[name] for name in ("user_id", "email", "name", "seconds")} for one in persons]
    return {
        "start": str(FIRST - timedelta(days=DAYS)), "end": str(FIRST - timedelta(days=1)), "people": people, "rows": rows,
        "seconds": sum(one["seconds"] for one in persons),
    }  # fmt: skip


def sum_up(persons: list[dict[str, Any]], people: int) -> dict[str, int]:
    seconds = sum(one["seconds"] for one in persons)
    names = (
        "matched_seconds",
        "matched_entries",
        "unmatched_seconds",
        "unmatched_entries",
        "billable_seconds",
        "entities",
        "running",
    )
    return dict.fromkeys(names, 0) | {"seconds": seconds, "entries": people * ENTRIES, "people": people}


if __name__ == "__main__":
    main()
