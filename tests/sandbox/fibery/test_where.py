"""Conditions of queries to the sandbox's Fibery: every operator, and those that nobody knows."""

from decimal import Decimal

import pytest

from tests.sandbox.plain_client import ID, query, refused

TASK = {"$id": "3634"}


@pytest.mark.parametrize(
    "where",
    [
        ["and", ["=", ID, "$id"], ["=", ID, "$id"]],
        ["q/does_not_contain", ID, "$id"],
        ["=", ["q/nonsense?", ID], "$id"],
        ["=", ID],
        "fibery/public-id",
    ],
)
def test_a_condition_that_cannot_be_read_is_an_error(sandbox, where):
    assert refused(sandbox, "Scrum/Task", ID, where, TASK)["name"] == "entity.error/query-where-expr-invalid"


def test_a_parameter_that_is_not_given_is_an_error(sandbox):
    assert "$id" in refused(sandbox, "Scrum/Task", ID, ["=", ID, "$id"])["message"]


def everything(sandbox, select):
    return query(sandbox, "Scrum/Epic", select, limit=1000)


PRIORITY = ["Scrum/Priority", "enum/name"]


@pytest.mark.parametrize(
    ("where", "params", "fits"),
    [
        (["=", PRIORITY, "$p"], {"$p": "High"}, lambda row: row["p"] == "High"),
        (["!=", PRIORITY, "$p"], {"$p": "High"}, lambda row: row["p"] != "High"),
        (["=", PRIORITY, "$p"], {"$p": None}, lambda row: row["p"] is None),
        (["q/not-in", PRIORITY, "$p"], {"$p": ["High", "Low"]}, lambda row: row["p"] not in ("High", "Low")),
        (["q/contains", ["Scrum/Name"], "$p"], {"$p": "data"}, lambda row: "data" in row["n"]),
        (["q/not-contains", ["Scrum/Name"], "$p"], {"$p": "data"}, lambda row: "data" not in row["n"]),
        (["q/contains-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "OPEN"}, lambda row: "open" in row["n"].lower()),
        (["q/not-contains-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "OPEN"}, lambda row: "open" not in row["n"].lower()),
        (["q/equals-ignoring-case?", PRIORITY, "$p"], {"$p": "HIGH"}, lambda row: row["p"] == "High"),
        (["q/starts-with-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "OPEN"}, lambda row: row["n"].startswith("Open")),
        (["q/ends-with-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "5"}, lambda row: row["n"].endswith("5")),
        (["=", ["q/null?", ["Scrum/Planned End"]], "$p"], {"$p": True}, lambda row: row["end"] is None),
        (["=", ["q/null-or-empty?", PRIORITY], "$p"], {"$p": False}, lambda row: row["p"] is not None),
        (["<", ["Scrum/Planned End"], "$p"], {"$p": "2023-01-01"}, lambda row: (row["end"] or "9") < "2023-01-01"),
        ([">=", ["Scrum/Planned End"], "$p"], {"$p": "2023-01-01"}, lambda row: (row["end"] or "0") >= "2023-01-01"),
        (["=", ["q/count", ["comments/comments", "fibery/id"]], "$p"], {"$p": 0}, lambda row: row["c"] == 0),
        (
            ["q/and", ["=", PRIORITY, "$p"], ["q/or", ["q/contains", ["Scrum/Name"], "$a"], ["q/contains", ["Scrum/Name"], "$b"]]],
            {"$p": "High", "$a": "search", "$b": "data"},
            lambda row: row["p"] == "High" and ("search" in row["n"] or "data" in row["n"]),
        ),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_condition_gives_just_the_rows_that_fulfil_it(sandbox, where, params, fits):
    select = {
        "id": "fibery/public-id", "n": "Scrum/Name", "p": PRIORITY, "end": "Scrum/Planned End",
        "c": ["q/count", ["comments/comments", "fibery/id"]],
    }  # fmt: skip
    rows = everything(sandbox, select)
    found = query(sandbox, "Scrum/Epic", select, where, params, limit=1000)
    assert found == [row for row in rows if fits(row)]
    assert 0 < len(found) < len(rows)


def test_a_list_is_matched_by_any_item_at_the_end_of_a_path(sandbox):
    [task] = query(sandbox, "Scrum/Task", {"n": "Scrum/Name", "f": ["Scrum/Feature", "fibery/public-id"]},
                   ["=", ID, "$id"], TASK)  # fmt: skip
    where = ["q/in", ["Scrum/Tasks", "Scrum/Name"], "$names"]
    found = query(sandbox, "Scrum/Feature", ID, where, {"$names": [task["n"]]}, limit=1000)
    assert {"fibery/public-id": task["f"]} in found
    assert len(found) < len(query(sandbox, "Scrum/Feature", ID, limit=1000))


def test_decimals_are_ordered_and_compared_as_numbers(sandbox):
    points, budget = "Scrum/Story Points", "Scrum/Budget"
    ordered = query(sandbox, "Scrum/Feature", [budget], limit=500, order_by=[[[budget], "q/asc"]])
    amounts = [Decimal(row[budget]) for row in ordered if row[budget] is not None]
    assert amounts == sorted(amounts)
    assert {len(str(amount)) for amount in amounts} >= {3, 4}
    for threshold in (5, "5", "5.00"):
        above = query(sandbox, "Scrum/Task", [points], [">", [points], "$n"], {"$n": threshold}, limit=50)
        assert len(above) == 50
        assert all(Decimal(row[points]) > 5 for row in above)
        same = query(sandbox, "Scrum/Task", [points], ["=", [points], "$n"], {"$n": threshold}, limit=5)
        assert [Decimal(row[points]) for row in same] == [5] * 5
    listed = query(sandbox, "Scrum/Task", [points], ["q/in", [points], "$n"], {"$n": ["5", 6]}, limit=50)
    assert {Decimal(row[points]) for row in listed} == {5, 6}
