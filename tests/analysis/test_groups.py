"""Categories, teams and breakdowns: shares of the whole, and whose time counts where."""

import pytest

from tests.analysis.documents import HOUR, TASK, WAITING, Log, Scene, find, full_time, item, kinds, member, work
from timeweave.models.enriched import Match, MatchedBy, Parent
from timeweave.models.entities import EntityKey

RULES = [{"key": "calls", "name": "Calls", "text": "call", "target": [0.1, 0.2]}, {"key": "tasks", "database": "Task"}]
TEAMS = {"teams": {"all": {"name": "All"}, "web": {"parent": "all", "lead": "second@b.example"}, "empty": {}}}


def test_without_categories_databases_are_the_categories_and_nothing_is_uncategorized():
    logs = [Log(item=TASK), Log("2025-10-08T09:00:00", 3 * HOUR, text="Call")]
    found = Scene(logs=logs, entities=[item()]).analyze()
    assert [(one.key, one.name, one.share) for one in found.categories] == [
        ("no_item", "No work item", 0.75), ("database:Scrum/Task", "Scrum/Task", 0.25),
    ]  # fmt: skip
    assert kinds(found) == ["no_item"]


def test_categories_of_the_file_are_listed_without_time_too_and_so_are_those_of_the_period_before():
    past = [[Log("2025-10-01T09:00:00", HOUR, text="Call")]]
    found = Scene(logs=[Log(item=TASK)], entities=[item()], categories=RULES, past=past).analyze()
    assert [
        (one.key, one.seconds, one.share, one.target, one.previous_seconds, one.previous_share)
        for one in found.categories
    ] == [
        ("tasks", HOUR, 1.0, None, 0, 0.0),
        ("calls", 0, 0.0, [0.1, 0.2], HOUR, 1.0),
        ("uncategorized", 0, 0.0, None, 0, 0.0),
    ]


@pytest.mark.parametrize(("seconds", "found"), [(360, []), (361, ["uncategorized"])])
def test_a_tenth_without_a_category_is_just_not_too_much(seconds, found):
    logs = [
        Log(seconds=3240 if seconds == 360 else 3239, text="Call"),
        Log("2025-10-08T09:00:00", seconds, text="Lunch"),
    ]
    named = Scene(logs=logs, categories=[rule | {"item_needed": False} for rule in RULES], team={}).analyze()
    assert [kind for kind in kinds(named) if kind != "no_item"] == found


def test_a_category_names_the_items_that_gained_and_lost_most_in_it_also_those_without_time_now():
    gone = EntityKey(space="Scrum", database="Task", public_id="13")
    past = [Log("2025-10-01T09:00:00", 3 * HOUR, item=gone), Log("2025-10-02T09:00:00", HOUR, text="Call", item=TASK)]
    scene = Scene(
        logs=[Log(seconds=2 * HOUR, item=TASK)],
        past=[past],
        entities=[item(), item(gone, name="Old form")],
        categories=RULES,
    )
    tasks, calls = scene.analyze().categories[:2]
    assert (tasks.most_gained.item, tasks.most_gained.title, tasks.most_gained.seconds) == (
        TASK,
        "Checkout form",
        2 * HOUR,
    )
    assert (tasks.most_lost.item, tasks.most_lost.title, tasks.most_lost.seconds) == (gone, "Old form", -3 * HOUR)
    assert (calls.most_gained, calls.most_lost.item) == (None, TASK)
    assert Scene(logs=[Log(item=TASK)], entities=[item()]).analyze().categories[0].most_gained is None


def test_a_team_has_the_people_of_those_below_it():
    people = [
        {"email": "p1@b.example", "team": "all"},
        {"email": "p2@b.example", "team": "web", "aliases": ["second@b.example"]},
        {"email": "p3@b.example"},
    ]
    logs = [*work(item=TASK), *work("06", item=TASK, who=2), *work("07", item=TASK, who=3)]
    found = Scene(
        logs=logs, entities=[item()], team=full_time(*people) | TEAMS, accounts=[member(n) for n in (1, 2, 3)]
    ).analyze()
    assert [(one.key, one.name, one.lead, one.people, one.coverage, one.expected_seconds) for one in found.teams] == [
        ("all", "All", None, ["1", "2"], 0.6, 80 * HOUR),
        ("empty", "empty", None, [], None, None),
        ("web", "web", "2", ["2"], 0.2, 40 * HOUR),
    ]


def test_coverage_is_of_those_alone_of_whom_something_is_expected():
    logs = [*work(item=TASK), *work("06", item=TASK, who=2, hours=20)]
    found = Scene(logs=logs, entities=[item()], team=full_time(), accounts=[member(1), member(2)]).analyze()
    assert (found.totals.coverage, found.totals.worked_seconds) == (1.0, 60 * HOUR)
    assert (found.totals.expected_worked_seconds, found.totals.expected_seconds) == (40 * HOUR, 40 * HOUR)


def test_what_was_worked_of_the_expected_before_counts_the_same_people_on_all_their_accounts():
    team = full_time({"email": "p1@b.example", "aliases": ["p3@b.example"]})
    past = [Log("2025-10-01T09:00:00", hours * HOUR, who=who) for who, hours in ((1, 8), (2, 9), (3, 4))]
    found = Scene(past=[past], team=team, accounts=[member(n) for n in (1, 2, 3)]).analyze()
    assert (found.past[0].expected_worked_seconds, found.past[0].worked_seconds) == (12 * HOUR, 21 * HOUR)


def test_time_is_cut_by_project_database_and_state():
    lost = EntityKey(space="Garden", database="Tree", public_id="1")
    logs = [
        Log(item=TASK, project="Apollo", billable=True),
        Log("2025-10-08T09:00:00", 2 * HOUR, item=lost),
        Log("2025-10-09T09:00:00", 3 * HOUR),
    ]
    entities = [item(state=WAITING), item(lost, status="unknown_database", name=None, state=None)]
    cut = Scene(logs=logs, entities=entities, categories=RULES).analyze().breakdowns
    assert [(one.name, one.seconds, one.billable_seconds) for one in cut.projects] == [
        ("", 5 * HOUR, 0),
        ("Apollo", HOUR, HOUR),
    ]
    assert [one.name for one in cut.databases] == ["", "Garden/Tree", "Scrum/Task"]
    assert [(one.name, one.seconds) for one in cut.states] == [("", 5 * HOUR), ("To Do", HOUR)]


def test_how_time_came_to_its_item_is_told_and_what_could_not_be_told_is_nobody_s():
    bare = EntityKey(space=None, database=None, public_id="12")
    rows = [
        Match(
            space=None,
            database=None,
            public_id="12",
            text="Checkout form",
            matched_by=MatchedBy.ID_AND_TITLE,
            item=TASK,
        ),
        Match(
            space=None, database=None, public_id=None, text="Checkout form again", matched_by=MatchedBy.TITLE, item=TASK
        ),
    ]
    logs = [
        Log(item=TASK),
        Log("2025-10-08T09:00:00", item=bare),
        Log("2025-10-09T09:00:00", text="Checkout form again"),
        Log("2025-10-10T09:00:00", text="Other", item=bare),
    ]
    entities = [item(), item(bare, status="unresolved", name=None, state=None)]
    found = Scene(logs=logs, entities=entities, enriched={"matches": rows}).analyze()
    by_key = {one.key: one.matched_by for one in found.items}
    assert by_key == {TASK: {"id_and_title": HOUR, "reference": HOUR, "title": HOUR}, bare: {"unresolved": HOUR}}
    assert find(found, "unresolved").entry_ids == [4]


def test_two_items_that_are_each_other_s_parent_each_have_the_other_above_them():
    bug = EntityKey(space="Scrum", database="Bug", public_id="7")
    entities = [
        item(TASK, fields={"Area": "Cart"}, parents=[above(bug), above(TASK)]),
        item(bug, fields={"Area": "Search"}, parents=[above(TASK), above(bug)]),
    ]
    rules = [{"key": "cart", "database": "Bug", "field": {"Area": "Cart"}}, {"key": "bugs", "ancestor": "Bug"}]
    logs = [Log(item=TASK), Log("2025-10-08T09:00:00", item=bug)]
    found = Scene(logs=logs, entities=entities, categories=rules).analyze()
    assert {one.key: list(one.categories) for one in found.items} == {TASK: ["bugs"], bug: ["cart"]}


def above(key):
    return Parent(relation="Parent", space=key.space, database=key.database, public_id=key.public_id, name="")


def test_a_reference_that_was_never_looked_up_is_a_gap_that_shows():
    found = Scene(logs=[Log(item=TASK)]).analyze()
    assert find(found, "unresolved").values["reason"] == "data/enriched.json does not know it; run the enrichment again"
