import msgspec

from tests.reports import samples
from tests.reports.samples import EPIC, FEATURE, MIRA, Entry
from timeweave.models.enriched import Completion, Parent
from timeweave.reports import work_items
from timeweave.reports.sections import feature_rows

STORY = Parent(relation="Story", space="Scrum", database="Story", public_id="1", name="As a buyer")


def groups(*entities):
    entries = [
        Entry(MIRA, "2025-10-07", 100 - at, "x", (entity.space, entity.database, entity.public_id))
        for at, entity in enumerate(entities)
    ]
    return feature_rows.group_items(
        work_items.join_items(samples.aggregated(entries).people, samples.enriched(entities))
    )


def item(number, *parents, database="Task", **known):
    return samples.entity(("Scrum", database, number), name=f"item {number}", parents=list(parents), **known)


def test_an_item_is_under_its_nearest_feature():
    [group] = groups(item("1", STORY, FEATURE, EPIC), item("2", FEATURE, EPIC))
    assert (group.head.name, len(group.items), group.seconds) == ("Faster checkout", 2, 199)
    assert group.head.progress == Completion(items=8, final=3, seconds=360_000)


def test_an_item_without_a_feature_is_under_its_topmost_parent():
    assert [group.head.name for group in groups(item("1", STORY, EPIC))] == ["Growth"]


def test_an_item_without_parents_stands_for_itself():
    [group] = groups(item("1"))
    assert (group.head.name, group.head.place, group.alone) == ("item 1", "Scrum/Task", True)


def test_time_on_a_feature_itself_is_with_the_time_on_its_items():
    feature = samples.entity(("Product", "Feature", "5"), name="Faster checkout", parents=[EPIC])
    [group] = groups(item("1", FEATURE), feature)
    assert (group.head.name, group.alone, len(group.items)) == ("Faster checkout", False, 2)


def test_what_one_item_knows_of_a_feature_is_kept_for_all():
    bare = msgspec.structs.replace(FEATURE, progress=None)
    [group] = groups(item("1", bare), item("2", FEATURE), item("3", bare))
    assert group.head.progress == FEATURE.progress


def test_items_that_were_not_found_are_never_taken_for_one():
    lost = [samples.entity(("Scrum", "Task", number), status="not_found") for number in ("1", "2")]
    assert len(groups(*lost)) == 2
