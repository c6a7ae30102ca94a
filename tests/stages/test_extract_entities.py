import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from timeweave.models.entities import Entities
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError

STAGE = Path(__file__).parents[2] / "stages" / "extract_entities.py"
spec = importlib.util.spec_from_file_location("extract_entities", STAGE)
stage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage)

NUMBERS = ("seconds", "entries", "matched_seconds", "matched_entries", "unmatched_seconds", "unmatched_entries")
TOTALS = dict.fromkeys([*NUMBERS, "billable_seconds", "people", "entities", "running"], 0)


def person(user_id, *items, seconds=60, texts=(), activities=()):
    numbers = {"seconds": seconds, "entries": 1, "billable_seconds": 0}
    entities = [
        {"space": space, "database": database, "public_id": public_id, "projects": [], "days": {}}
        | numbers
        | {"texts": [{"text": text, "seconds": seconds, "entries": 1} for text in texts]}
        for space, database, public_id in items
    ]
    return numbers | {
        "user_id": user_id,
        "email": None,
        "name": "Someone",
        "matched_seconds": 0,
        "unmatched_seconds": 0,
        "days": {},
        "projects": [],
        "entities": entities,
        "activities": [{"text": text} | numbers for text in activities],
    }


def aggregated(folder, *people):
    account = {"source": "demo", "url": None, "workspace_id": 1}
    period = {"start": "2025-10-07", "end": "2025-10-13", "timezone": "UTC"}
    content = {"account": account, "as_of": "2025-10-14", "period": period, "totals": TOTALS, "warnings": []}
    (folder / "aggregated.json").write_text(json.dumps(content | {"people": people}))
    return folder / "aggregated.json"


def past_row(space, database, public_id, **more):
    return {"space": space, "database": database, "public_id": public_id, "text": "text", "seconds": 60} | more


def history(folder, compared=(), since=None):
    account = {"source": "demo", "url": None, "workspace_id": 1}
    more = {"user_id": 1, "project": None, "client": None, "tags": [], "billable": False, "days": {}}
    rows = [past_row(*item, **more) for item in compared]
    periods = [{"start": "2025-09-30", "end": "2025-10-06", "seconds": 60, "people": [], "rows": rows}]
    if since is not None:
        rows = [past_row(*item, people={"1": 60}) for item in since]
        since = {"start": "2025-01-01", "end": "2025-10-13", "rows": rows}
    content = {"account": account, "as_of": "2025-10-14", "timezone": "UTC", "periods": periods, "since": since}
    (folder / "history.json").write_text(json.dumps(content))
    return folder / "history.json"


def extracted(folder, *people, **past):
    stage.main(aggregated(folder, *people), history(folder, **past), folder / "entities.json")
    found = document.read(folder / "entities.json", Entities).entities
    return [(entity.space, entity.database, entity.public_id) for entity in found]


def test_lists_every_item_once_unknown_parts_first_and_numbers_as_numbers(tmp_path):
    one = person(1, ("Scrum", "Task", "10"), ("Scrum", "Task", "9"), (None, None, "9"))
    two = person(2, ("Scrum", "Bug", "9"), ("Scrum", None, "9"), ("Scrum", "Task", "10"))
    assert extracted(tmp_path, one, two) == [
        (None, None, "9"),
        ("Scrum", None, "9"),
        ("Scrum", "Bug", "9"),
        ("Scrum", "Task", "9"),
        ("Scrum", "Task", "10"),
    ]


def test_lists_what_was_named_before_the_period_too(tmp_path):
    compared, since = [("Scrum", "Task", "3"), (None, None, None)], [("Scrum", "Bug", "1"), ("Scrum", "Task", "10")]
    found = extracted(tmp_path, person(1, ("Scrum", "Task", "10")), compared=compared, since=since)
    assert found == [("Scrum", "Bug", "1"), ("Scrum", "Task", "3"), ("Scrum", "Task", "10")]


def test_more_hours_on_the_same_items_change_no_byte(tmp_path):
    past = history(tmp_path)
    stage.main(aggregated(tmp_path, person(1, ("Scrum", "Task", "10"))), past, tmp_path / "before.json")
    more = [person(2, ("Scrum", "Task", "10"), seconds=7200), person(3, ("Scrum", "Task", "10"))]
    stage.main(aggregated(tmp_path, *more), past, tmp_path / "after.json")
    assert (tmp_path / "before.json").read_bytes() == (tmp_path / "after.json").read_bytes()


def test_incomplete_references_come_with_every_text_that_they_stand_in(tmp_path):
    people = [
        person(1, (None, None, "9"), texts=["Fix login", "Fix it"], seconds=7),
        person(2, (None, None, "9"), ("Scrum", None, "9"), texts=["Fix login", ""]),
        person(3, ("Scrum", "Task", "10"), texts=["Add search"]),
    ]
    stage.main(aggregated(tmp_path, *people), history(tmp_path), tmp_path / "entities.json")
    found = document.read(tmp_path / "entities.json", Entities)
    assert [(one.space, one.public_id, one.texts) for one in found.incomplete] == [
        (None, "9", ["", "Fix it", "Fix login"]),
        ("Scrum", "9", ["", "Fix login"]),
    ]
    assert [one.key for one in found.incomplete] == [key for key in found.entities if not key.is_complete]


@pytest.mark.parametrize(("setting", "expected"), [("exact", ["Fix the login"]), ('"off"', []), ("off", [])])
def test_texts_of_three_words_or_more_may_be_titles_unless_the_parameters_say_otherwise(
    tmp_path, monkeypatch, setting, expected
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(f"matching: {{titles: {setting}}}\n")
    people = [
        person(1, activities=["Fix the login", "Daily stand-up", "", "x y " * 400]),
        person(2, activities=["Fix the login"]),
    ]
    stage.main(aggregated(tmp_path, *people), history(tmp_path), tmp_path / "entities.json")
    assert document.read(tmp_path / "entities.json", Entities).titles == expected


def test_no_items_are_an_empty_list(tmp_path):
    assert extracted(tmp_path, person(1)) == []


def test_runs_as_a_script(tmp_path):
    path = aggregated(tmp_path, person(1, ("Scrum", "Task", "10")))
    command = [sys.executable, str(STAGE), str(path), str(history(tmp_path)), str(tmp_path / "out.json")]
    subprocess.run(command, check=True)
    assert [entity.public_id for entity in document.read(tmp_path / "out.json", Entities).entities] == ["10"]


def test_a_document_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(TimeweaveError, match=r"aggregated\.json does not exist"):
        stage.main(tmp_path / "aggregated.json", history(tmp_path), tmp_path / "entities.json")
