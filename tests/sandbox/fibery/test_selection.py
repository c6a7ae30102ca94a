"""What the sandbox's Fibery shows of a row: vector and map form, kinds of values, aggregates, secured fields."""

import re
from decimal import Decimal

import pytest

from tests.sandbox.plain_client import ID, query, refused
from timeweave.sandbox.company import FIBERY_LIMITED_TOKEN

IS = ["=", ID, "$id"]
TASK = {"$id": "3634"}
COUNT = ["q/count", ["comments/comments", "fibery/id"]]


def one(sandbox, database, select, public_id="3634", **options):
    [row] = query(sandbox, database, select, IS, {"$id": public_id}, **options)
    return row


def test_vector_and_map_selects_say_the_same(sandbox):
    comments = {"q/select": ["fibery/id"], "q/limit": 9}
    vector = one(sandbox, "Scrum/Task", [
        "Scrum/Name", {"workflow/state": ["enum/name", "workflow/Final"], "comments/comments": comments}, {"count": COUNT},
    ])  # fmt: skip
    mapped = one(sandbox, "Scrum/Task", {
        "name": "Scrum/Name", "alone": ["Scrum/Name"], "group": {"state": ["workflow/state", "enum/name"]},
        "final": ["workflow/state", "workflow/Final"], "count": COUNT,
        "comments": {"q/from": "comments/comments", "q/select": {"fibery/id": "fibery/id"}, "q/limit": 9},
        "again": {"q/from": ["comments/comments"], "q/select": {"fibery/id": "fibery/id"}, "q/limit": 9},
    })  # fmt: skip
    assert vector == {
        "Scrum/Name": mapped["name"],
        "workflow/state": {"enum/name": mapped["group"]["state"], "workflow/Final": mapped["final"]},
        "comments/comments": mapped["comments"],
        "count": mapped["count"],
    }
    assert (mapped["alone"], mapped["again"]) == (mapped["name"], mapped["comments"])
    assert mapped["count"] == len(mapped["comments"])


def test_a_path_may_go_through_several_relations(sandbox):
    row = one(sandbox, "Scrum/Task", {
        "epic": ["Scrum/Feature", "Scrum/Epic", "Scrum/Name"], "feature": ["Scrum/Feature", "fibery/public-id"],
    })  # fmt: skip
    feature = one(sandbox, "Scrum/Feature", {"epic": ["Scrum/Epic", "Scrum/Name"]}, row["feature"])
    assert row["epic"] == feature["epic"] is not None


def test_both_ends_of_a_relation_know_each_other(sandbox):
    row = one(sandbox, "Scrum/Task", {"feature": ["Scrum/Feature", "fibery/public-id"]})
    tasks = {"q/from": "Scrum/Tasks", "q/select": {"id": "fibery/public-id"}, "q/limit": 100}
    assert {"id": "3634"} in one(sandbox, "Scrum/Feature", {"tasks": tasks}, row["feature"])["tasks"]


def test_a_sub_query_filters_orders_and_cuts(sandbox):
    def comments(**options):
        select = {"at": "fibery/creation-date", "author": ["comment/author", "user/name"]}
        ask = {"q/from": "comments/comments", "q/select": select, "q/limit": 100} | options
        return [row["c"] for row in query(sandbox, "Scrum/Bug", {"c": ask}, limit=20)]

    whole = comments(**{"q/order-by": [[["fibery/creation-date"], "q/asc"]]})
    assert max(map(len, whole)) > 2
    assert all(found == sorted(found, key=lambda comment: comment["at"]) for found in whole)
    newest = comments(**{"q/order-by": [[["fibery/creation-date"], "q/desc"]], "q/limit": 1})
    assert newest == [found[-1:] for found in whole]
    author = next(comment["author"] for found in whole for comment in found)
    where = ["=", ["comment/author", "user/name"], author]
    assert comments(**{"q/where": where}) == [[c for c in found if c["author"] == author] for found in whole]


VALUES = {
    "fibery/decimal": ("Scrum/Story Points", lambda value: isinstance(value, str) and Decimal(value) > 0),
    "fibery/int": ("Scrum/Estimate (D)", lambda value: type(value) is int),
    "fibery/bool": ("Scrum/Skip test", lambda value: type(value) is bool),
    "fibery/text": ("fibery/public-id", lambda value: isinstance(value, str) and value.isdigit()),
    "fibery/rank": ("fibery/rank", lambda value: type(value) is int),
    "fibery/date": ("Scrum/Planned End", lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", value)),
    "fibery/date-time": (
        "fibery/creation-date", lambda value: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value),
    ),
    "fibery/uuid": ("fibery/id", lambda value: re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)),
}  # fmt: skip


@pytest.mark.parametrize("kind", VALUES)
def test_values_are_written_as_their_kind_is(sandbox, kind):
    field, fits = VALUES[kind]
    found = [row[field] for row in query(sandbox, "Scrum/Task", [field], limit=60)]
    filled = [value for value in found if value is not None]
    assert len(filled) > 20
    assert all(fits(value) for value in filled)


def test_a_range_has_a_start_and_an_end(sandbox):
    [sprint] = query(sandbox, "Scrum/Sprint", ["Scrum/Planned dates", "Scrum/#"], IS, {"$id": "3"})
    assert sprint["Scrum/#"] == 3
    assert set(sprint["Scrum/Planned dates"]) == {"start", "end"}


def test_an_empty_reference_is_null_or_an_object_of_nulls(sandbox):
    def priorities():
        return [
            row["Scrum/Priority"] for row in query(sandbox, "Scrum/Task", [{"Scrum/Priority": ["enum/name"]}], limit=80)
        ]

    plain = priorities()
    assert None in plain
    assert {"enum/name": "High"} in plain
    sandbox.behaviour.update({"null_as_object": True})
    assert priorities() == [value or {"enum/name": None} for value in plain]


def test_an_empty_collection_is_a_list_or_null(sandbox):
    def files():
        ask = {"q/select": ["fibery/name", "fibery/secret", "fibery/content-type"], "q/limit": 5}
        return [row["Files/Files"] for row in query(sandbox, "Scrum/Task", [{"Files/Files": ask}], limit=80)]

    plain = files()
    assert [] in plain
    assert any(plain)
    sandbox.behaviour.update({"null_collections": True})
    assert files() == [value or None for value in plain]


def test_aggregates_add_up_a_collection(sandbox):
    tasks = {"points": "Scrum/Story Points", "days": "Scrum/Estimate (D)"}
    paths = {"points": ["Scrum/Tasks", "Scrum/Story Points"], "days": ["Scrum/Tasks", "Scrum/Estimate (D)"]}
    asked = {
        f"{name} {call}": [f"q/{call}", path] for name, path in paths.items() for call in ("sum", "min", "max", "count")
    }
    select = {"tasks": {"q/from": "Scrum/Tasks", "q/select": tasks, "q/limit": 100}, **asked}
    rows = [row for row in query(sandbox, "Scrum/Feature", select, limit=40) if len(row["tasks"]) > 4]
    assert len(rows) > 5
    for row in rows:
        points = [Decimal(task["points"]) for task in row["tasks"] if task["points"] is not None]
        days = [task["days"] for task in row["tasks"] if task["days"] is not None]
        for name, call in (("sum", sum), ("min", min), ("max", max)):
            assert isinstance(row[f"points {name}"], str)
            assert (Decimal(row[f"points {name}"]), row[f"days {name}"]) == (call(points), call(days))
        assert (row["points count"], row["days count"]) == (len(points), len(days))


def test_aggregates_add_up_all_rows(sandbox):
    every = query(sandbox, "Scrum/Epic", ID, limit=1000)
    assert query(sandbox, "Scrum/Epic", {"n": ["q/count", "fibery/id"]}) == [{"n": len(every)}]
    high = ["=", ["Scrum/Priority", "enum/name"], "$p"]
    assert query(sandbox, "Scrum/Epic", {"n": ["q/count", "fibery/id"]}, high, {"$p": "High"}) == [
        {"n": len(query(sandbox, "Scrum/Epic", ID, high, {"$p": "High"}, limit=1000))}
    ]


@pytest.mark.parametrize(
    "select", [{"n": ["q/count", "fibery/id"]}, {"n": COUNT}, [{"n": COUNT}]], ids=["root", "map", "vector"]
)
def test_aggregates_are_refused_to_the_limited_key(sandbox, select):
    assert query(sandbox, "Scrum/Bug", select)
    said = refused(sandbox, "Scrum/Bug", select, token=FIBERY_LIMITED_TOKEN)
    assert said["name"] == "entity.error/query-with-permissions-expr-not-supported"


SECURED = ["Scrum/Feature", "Scrum/Budget"]


@pytest.mark.parametrize(
    ("database", "select"),
    [
        ("Scrum/Task", {"b": SECURED}),
        ("Scrum/Task", [{"Scrum/Feature": ["Scrum/Budget"]}]),
        ("Scrum/Epic", [{"Scrum/Features": {"q/select": ["Scrum/Budget"], "q/limit": 5}}]),
        ("Scrum/Feature", ["Scrum/Budget"]),
    ],
    ids=["a path", "a reference", "a collection", "the row itself"],
)
def test_a_secured_field_is_closed_to_the_limited_key(sandbox, database, select):
    assert query(sandbox, database, select)
    said = refused(sandbox, database, select, token=FIBERY_LIMITED_TOKEN)
    assert said["name"] == "entity.error/query-with-permissions-field-expression-invalid"
    assert "secured field" in said["message"]
    assert "sub query expression" in said["message"]
    assert query(sandbox, database, ID, token=FIBERY_LIMITED_TOKEN)


def test_any_field_may_be_secured_on_demand(sandbox):
    sandbox.behaviour.update({"secured": ["Scrum/Severity"]})
    said = refused(sandbox, "Scrum/Bug", [{"Scrum/Severity": ["enum/name"]}])
    assert said["name"] == "entity.error/query-with-permissions-field-expression-invalid"
    assert query(sandbox, "Scrum/Bug", [{"Scrum/Priority": ["enum/name"]}])
