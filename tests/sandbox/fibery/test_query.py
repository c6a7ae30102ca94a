"""Queries to the sandbox's Fibery: conditions, order, limits, and refusals by name."""

from decimal import Decimal

import pytest

from tests.sandbox.plain_client import ID, command, fibery, query, refused

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


@pytest.mark.parametrize("where", [["=", ID, "3634"], ["q/in", ID, ["3634"]], ["q/contains", ID, "3634"]])
def test_a_literal_counts_as_the_parameter_of_its_value(sandbox, where):
    """As Fibery's own remote tools write conditions; its documentation has parameters only."""
    name, path, value = where
    assert query(sandbox, "Scrum/Task", ID, where) == query(
        sandbox, "Scrum/Task", ID, [name, path, "$id"], {"$id": value}
    )
    assert {"fibery/public-id": "3634"} in query(sandbox, "Scrum/Task", ID, where)


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
        (["q/contains", ["Scrum/Name"], "$p"], {"$p": "office"}, lambda row: "office" in row["n"]),
        (["q/not-contains", ["Scrum/Name"], "$p"], {"$p": "office"}, lambda row: "office" not in row["n"]),
        (["q/contains-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "BOATERS"}, lambda row: "boaters" in row["n"].lower()),
        (["q/not-contains-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "BOATERS"}, lambda row: "boaters" not in row["n"].lower()),
        (["q/equals-ignoring-case?", PRIORITY, "$p"], {"$p": "HIGH"}, lambda row: row["p"] == "High"),
        (["q/starts-with-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "READY"}, lambda row: row["n"].startswith("Ready")),
        (["q/ends-with-ignoring-case?", ["Scrum/Name"], "$p"], {"$p": "5)"}, lambda row: row["n"].endswith("5)")),
        (["=", ["q/null?", ["Scrum/Planned End"]], "$p"], {"$p": True}, lambda row: row["end"] is None),
        (["=", ["q/null-or-empty?", PRIORITY], "$p"], {"$p": False}, lambda row: row["p"] is not None),
        (["<", ["Scrum/Planned End"], "$p"], {"$p": "2023-01-01"}, lambda row: (row["end"] or "9") < "2023-01-01"),
        ([">=", ["Scrum/Planned End"], "$p"], {"$p": "2023-01-01"}, lambda row: (row["end"] or "0") >= "2023-01-01"),
        (["=", ["q/count", ["comments/comments", "fibery/id"]], "$p"], {"$p": 0}, lambda row: row["c"] == 0),
        (
            ["q/and", ["=", PRIORITY, "$p"], ["q/or", ["q/contains", ["Scrum/Name"], "$a"], ["q/contains", ["Scrum/Name"], "$b"]]],
            {"$p": "High", "$a": "office", "$b": "audit"},
            lambda row: row["p"] == "High" and ("office" in row["n"] or "audit" in row["n"]),
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


TASKS = {"$ids": ["3634", "3625", "999999"]}
TASK = {"$id": "3634"}


def numbers(found):
    return sorted(row["fibery/public-id"] for row in found)


def test_many_ids_come_in_one_query_and_the_missing_are_just_absent(sandbox):
    assert numbers(query(sandbox, "Scrum/Task", ID, ["q/in", ID, "$ids"], TASKS)) == ["3625", "3634"]


def test_ids_are_text_and_no_numbers(sandbox):
    assert query(sandbox, "Scrum/Task", ID, ["q/in", ID, "$ids"], {"$ids": [3634]}) == []


def test_a_bare_string_is_a_path_too(sandbox):
    assert numbers(query(sandbox, "Scrum/Task", ID, ["q/in", "fibery/public-id", "$ids"], TASKS)) == ["3625", "3634"]


def test_public_ids_count_in_each_database_for_itself(sandbox):
    found = [
        query(sandbox, name, ["fibery/id"], ["=", ID, "$id"], {"$id": "7"}) for name in ("Scrum/Bug", "Scrum/Epic")
    ]
    assert [len(rows) for rows in found] == [1, 1]
    assert found[0] != found[1]


def test_an_id_of_fibery_leads_to_its_entity(sandbox):
    [row] = query(sandbox, "Scrum/Task", ["fibery/id"], ["=", ID, "$id"], TASK)
    where = ["q/in", ["fibery/id"], "$ids"]
    params = {"$ids": [row["fibery/id"], "00000000-0000-0000-0000-000000000000"]}
    assert query(sandbox, "Scrum/Task", ID, where, params) == [{"fibery/public-id": "3634"}]
    assert query(sandbox, "Scrum/Bug", ID, where, params) == []


def test_ids_that_are_said_to_be_missing_are_absent(sandbox):
    sandbox.behaviour.update({"missing": ["3634"]})
    assert numbers(query(sandbox, "Scrum/Task", ID, ["q/in", ID, "$ids"], TASKS)) == ["3625"]


def test_a_database_may_vanish_though_the_schema_has_it(sandbox):
    sandbox.behaviour.update({"vanished": ["Scrum/Task"]})
    assert refused(sandbox, "Scrum/Task", ID)["name"] == "entity.error/schema-type-not-found"
    assert query(sandbox, "Scrum/Bug", ID)
    names = {kind["fibery/name"] for kind in fibery(sandbox, "/api/schema").json()["fibery/types"]}
    assert "Scrum/Task" in names


NAME = {"name": "enum/name"}


@pytest.mark.parametrize(
    ("database", "select"),
    [
        ("Scrum/Task", ID),
        ("Scrum/Task", {"n": "Scrum/Name"}),
        ("Scrum/Feature", {"tasks": {"q/from": "Scrum/Tasks", "q/select": {"id": "fibery/id"}}}),
        ("Scrum/Feature", [{"Scrum/Tasks": {"q/select": ["fibery/id"]}}]),
        ("Scrum/Task", {"f": {"q/from": "Files/Files", "q/select": {"n": "fibery/name"}, "q/limit": "3"}}),
    ],
    ids=["vector", "map", "sub-query of a map", "sub-query of a vector", "text for a number"],
)
def test_a_limit_must_be_given_in_sub_queries_too(sandbox, database, select):
    limit = None if "q/select" not in str(select) else 10
    said = refused(sandbox, database, select, limit=limit)
    assert said["name"] == "entity.error/query-limit-expr-not-found"


def test_a_limit_cuts_and_no_limit_has_one_all_the_same(sandbox):
    assert len(query(sandbox, "Scrum/Task", ID, limit=7)) == 7
    every = query(sandbox, "Scrum/Task", ID, limit="q/no-limit")
    assert len(every) == len(query(sandbox, "Scrum/Task", ID, limit=9999)) == 3001


@pytest.mark.parametrize(
    ("database", "select", "name", "words"),
    [
        ("Scrum/Nonsense", ID, "schema-type-not-found", '"Scrum/Nonsense" database was not found.'),
        ("fibery/text", ID, "schema-type-not-found", '"fibery/text" database was not found.'),
        ("Scrum/Task", ["Scrum/Zzz"], "schema-field-not-found", '"Scrum/Zzz" field was not found in "Scrum/Task" database.'),
        ("Scrum/Task", ["Scrum/Nam"], "schema-field-not-found", 'database. Maybe you meant "Scrum/Name"'),
        ("Scrum/Task", ["workflow/state"], "query-primitive-field-expr-invalid", "workflow/state"),
        ("Scrum/Task", ["Scrum/Description"], "query-primitive-field-expr-invalid", "Scrum/Description"),
        ("Scrum/Task", {"b": ["comments/comments"]}, "query-primitive-field-expr-invalid", "comments/comments"),
        ("Scrum/Task", {"b": ["Scrum/Name", "enum/name"]}, "query-primitive-field-expr-invalid", "Scrum/Name"),
        ("Scrum/Task", [{"Files/Files": ["fibery/id"]}], "query-select-collection-field-vector-shape-invalid", "Files/Files"),
    ],
)  # fmt: skip
def test_errors_have_their_names_and_say_what_is_wrong(sandbox, database, select, name, words):
    said = refused(sandbox, database, select)
    assert said["name"] == f"entity.error/{name}"
    assert words in said["message"]


def test_what_is_no_primitive_is_told_by_its_path(sandbox):
    said = refused(sandbox, "Scrum/Task", {"b": ["Scrum/Feature", "Scrum/Epic"]})
    assert said["data"]["field"] == ["Scrum/Feature", "Scrum/Epic"]


def test_rows_come_oldest_first_unless_another_order_is_asked_for(sandbox):
    date = "fibery/creation-date"
    dates = [row[date] for row in query(sandbox, "Scrum/Bug", [date], limit=300)]
    assert dates == sorted(dates)
    newest = query(sandbox, "Scrum/Bug", [date], limit=300, order_by=[[[date], "q/desc"]])
    assert [row[date] for row in newest] == sorted((row[date] for row in newest), reverse=True)
    assert newest[0][date] > dates[0]


def test_ids_in_order_are_a_cursor_through_all_rows(sandbox):
    found, last = [], "00000000-0000-0000-0000-000000000000"
    while page := query(
        sandbox, "Scrum/Epic", ["fibery/id"], [">", ["fibery/id"], "$last"], {"$last": last},
        limit=40, order_by=[[["fibery/id"], "q/asc"]],
    ):  # fmt: skip
        found += [row["fibery/id"] for row in page]
        last = found[-1]
    assert found == sorted(row["fibery/id"] for row in query(sandbox, "Scrum/Epic", ["fibery/id"], limit=1000))


def test_an_offset_skips(sandbox):
    assert query(sandbox, "Scrum/Epic", ID, limit=3, offset=2) == query(sandbox, "Scrum/Epic", ID, limit=5)[2:]


def test_answers_and_collections_may_be_cut_without_a_word(sandbox):
    comments = {"c": {"q/from": "comments/comments", "q/select": {"id": "fibery/id"}, "q/limit": 100}}
    whole = query(sandbox, "Scrum/Bug", comments, limit=20)
    sandbox.behaviour.update({"short_lists": 2})
    cut = query(sandbox, "Scrum/Bug", comments, limit=20)
    assert cut == [{"c": row["c"][:2]} for row in whole[:2]]
    assert max(len(row["c"]) for row in whole[:2]) > 2


def test_the_same_question_in_an_array_has_the_same_answer(sandbox):
    asked = command("Scrum/Bug", ID, ["q/in", ID, "$ids"], {"$ids": ["7", "8"]})
    alone = fibery(sandbox, body=asked).json()
    assert fibery(sandbox, body=[asked, asked]).json() == [alone, alone]
    assert numbers(alone["result"]) == ["7", "8"]
