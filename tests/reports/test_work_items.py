from hypothesis import given

from tests.reports import samples
from tests.reports.entries import ENTRIES, enriched
from tests.reports.samples import Entry
from timeweave.reports import work_items
from timeweave.reports.sections import breakdowns, feature_rows


def people(entries):
    return samples.aggregated(entries).people


@given(ENTRIES)
def test_every_cut_of_the_period_adds_up_to_all_of_it(entries):
    logged = people(entries)
    items = work_items.join_items(logged, enriched())
    total = sum(entry.seconds for entry in entries)
    matched = sum(entry.seconds for entry in entries if entry.item)
    assert sum(item.seconds for item in items) == matched
    assert sum(group.seconds for group in feature_rows.group_items(items)) == matched
    assert sum(activity.seconds for activity in work_items.sum_activities(logged)) == total - matched
    for parts in (
        breakdowns.split_by_project(logged),
        breakdowns.split_by_database(logged, items),
        breakdowns.split_by_state(logged, items),
    ):
        assert sum(part.seconds for part in parts) == total
        assert len({(part.name, part.kind) for part in parts}) == len(parts)


@given(ENTRIES)
def test_every_part_of_an_item_adds_up_to_it(entries):
    for item in work_items.join_items(people(entries), enriched()):
        assert sum(seconds for _, seconds in item.people) == sum(item.days.values()) == item.seconds
        assert len({person.user_id for person, _ in item.people}) == len(item.people)


@given(ENTRIES)
def test_an_item_is_in_exactly_one_group(entries):
    items = work_items.join_items(people(entries), enriched())
    grouped = [item.entity for group in feature_rows.group_items(items) for item in group.items]
    assert sorted(map(work_items.get_key, grouped), key=str) == sorted(
        (work_items.get_key(item.entity) for item in items), key=str
    )


def test_two_references_to_one_item_are_one():
    entries = [
        Entry(samples.MIRA, "2025-10-07", 100, "a", samples.TASK),
        Entry(samples.MIRA, "2025-10-08", 50, "b", (None, None, "12")),
    ]
    [item] = work_items.join_items(people(entries), enriched())
    assert (item.seconds, item.entries, item.title) == (150, 2, "Checkout form")
    assert item.days == {"2025-10-07": 100, "2025-10-08": 50}


def test_the_same_number_in_two_databases_is_two_items():
    entries = [
        Entry(samples.MIRA, "2025-10-07", 100, "a", ("Scrum", "Task", "12")),
        Entry(samples.MIRA, "2025-10-07", 50, "b", ("Scrum", "Bug", "12")),
    ]
    found = samples.enriched([samples.entity(("Scrum", "Task", "12")), samples.entity(("Scrum", "Bug", "12"))])
    assert [item.seconds for item in work_items.join_items(people(entries), found)] == [100, 50]


def test_an_item_that_was_not_found_is_called_what_was_logged_most():
    entries = [
        Entry(samples.MIRA, "2025-10-07", 100, "short", samples.LOST),
        Entry(samples.JONAS, "2025-10-07", 200, "long", samples.LOST),
    ]
    [item] = work_items.join_items(people(entries), enriched())
    assert (item.title, item.place, item.found) == ("long", "Scrum/Task", False)


def test_an_item_that_the_enrichment_was_never_asked_for_is_kept_and_said():
    [item] = work_items.join_items(
        people([Entry(samples.MIRA, "2025-10-07", 9, "x", samples.TASK)]), samples.enriched([])
    )
    assert item.entity.status == "unresolved"
    assert "run the enrichment again" in item.entity.reason


def test_parts_without_a_name_say_what_they_are_and_come_last():
    logged = people(samples.ENTRIES)
    parts = breakdowns.split_by_state(logged, work_items.join_items(logged, enriched()))
    assert [(part.name, part.kind) for part in parts] == [
        ("In Progress", "named"),
        ("Done", "named"),
        ("Open", "named"),
        (None, "no_item"),
        (None, "unknown_database"),
        (None, "not_found"),
    ]
