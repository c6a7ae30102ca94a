"""All sums of the document hold, in integers, whatever is logged by whom; and none of it depends on an order."""

import random
from collections import defaultdict
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.documents import CANCELLED, DONE, OPEN, TASK, WAITING, Log, Scene, item, member, total
from timeweave.models.enriched import Parent
from timeweave.models.entities import EntityKey
from timeweave.runtime import document

BUG = EntityKey(space="Scrum", database="Bug", public_id="7")
SAME_BUG = EntityKey(space="scrum", database="bug", public_id="7")
LOST = EntityKey(space="Scrum", database="Task", public_id="99")
BARE = EntityKey(space=None, database=None, public_id="5")
FEATURE = EntityKey(space="Product", database="Feature", public_id="5")
BELOW = [Parent(relation="Feature", space="Product", database="Feature", public_id="5", name="Faster checkout")]
CATEGORIES = [
    {"key": "absence", "absence": True, "project": "Time off"},
    {"key": "meetings", "item_needed": False, "text": "call|planning"},
    {"key": "bugs", "target": [0.1, 0.3], "database": "Scrum/Bug"},
]

instants = st.builds(
    lambda day, second: f"2025-10-{day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}",
    st.integers(20, 30),
    st.integers(0, 86_399),
)
logs = st.builds(
    Log,
    start=instants,
    seconds=st.one_of(st.integers(0, 5), st.integers(0, 100_000)),
    text=st.sampled_from(["Checkout form", "Call", "planning", "", "fix 12 [Scrum] [Task]", "see"]),
    who=st.integers(1, 4),
    item=st.sampled_from([None, TASK, BUG, SAME_BUG, LOST, BARE, FEATURE]),
    project=st.sampled_from([None, "Apollo", "Time off"]),
    billable=st.booleans(),
)
hours = st.sampled_from([{"weekly": 40}, {"mon": 7.5, "sat": 4}, {}])
people = st.fixed_dictionaries(
    {"hours": hours},
    optional={
        "from": st.just("2025-10-22"),
        "until": st.sampled_from(["2025-10-23", "2025-10-25"]),
        "absences": st.lists(
            st.sampled_from([{"from": "2025-10-21", "to": "2025-10-23"}, {"from": "2025-10-24", "part": 0.3}]),
            max_size=2,
        ),
        "aliases": st.just(["p4@b.example"]),
        "team": st.just("product"),
    },
)


@st.composite
def scenes(draw):
    listed = draw(st.lists(people, max_size=2))
    for at, person in enumerate(listed, 1):
        person["email"] = f"p{at}@b.example"
        if at > 1:
            person.pop("aliases", None)
    found = Scene(
        logs=draw(st.lists(logs, max_size=12)),
        start="2025-10-20",
        end="2025-10-30",
        # Clocks go back on 26 October.
        timezone=draw(st.sampled_from(["UTC", "Europe/Lisbon", "Pacific/Auckland"])),
        as_of=draw(st.sampled_from(["2025-10-25", "2025-11-03"])),
        accounts=[member(1), member(2), member(3, None), member(4, active=False)],
        team={"people": listed, "teams": {"product": {}, "all": {}}},
        categories=draw(st.sampled_from([CATEGORIES, []])),
        entities=[
            item(estimate_seconds=7200, planned_end="2025-10-22", parents=BELOW),
            item(BUG, id="bug", name="Call", state=draw(st.sampled_from([OPEN, DONE, WAITING, CANCELLED]))),
            item(SAME_BUG, id="bug", name="Call"),
            item(LOST, status="not_found", name=None, state=None),
            item(FEATURE, name="Faster checkout"),
        ],
        past=draw(st.lists(st.lists(logs, max_size=4), max_size=2)),
    )
    for past in found.past:
        for at, log in enumerate(past):
            past[at] = replace(log, start="2025-10-15" + log.start[10:])
    return found


@settings(max_examples=30, deadline=None)
@given(scenes())
def test_every_breakdown_adds_up_to_all_seconds(scene):
    found = scene.analyze()
    seconds = total(scene.logs)
    assert (found.proof.seconds, found.totals.seconds, found.proof.entries) == (seconds, seconds, len(scene.logs))
    for parts in (
        found.people,
        found.categories,
        found.breakdowns.projects,
        found.breakdowns.databases,
        found.breakdowns.states,
    ):
        assert sum(one.seconds for one in parts) == seconds
    activities = sum(one.seconds for person in found.people for one in person.activities)
    assert sum(one.seconds for one in found.items) + activities == seconds
    assert sum(person.item_seconds for person in found.people) == sum(one.seconds for one in found.items)
    assert sum(one.billable_seconds for one in found.people) == total(log for log in scene.logs if log.billable)
    for part in (found.breakdowns.projects, found.breakdowns.databases):
        assert sum(one.billable_seconds for one in part) == found.totals.billable_seconds


@settings(max_examples=30, deadline=None)
@given(scenes())
def test_all_that_is_said_of_a_person_and_of_an_item_adds_up(scene):
    found = scene.analyze()
    for one in found.people:
        assert one.seconds == total(log for log in scene.logs if log.who == one.user_id)
        parts = [*one.items, *one.activities]
        ids = sorted(entry.id for part in parts for entry in part.entries)
        assert ids == [at for at, log in enumerate(scene.logs, 1) if log.who == one.user_id]
        assert one.entries == len(ids)
        for part in parts:
            assert part.seconds == sum(entry.seconds for entry in part.entries)
        assert all(len(part.entry_texts) == len(part.entries) for part in one.items)
        for by in (one.categories, one.projects):
            assert sum(by.values()) == one.seconds
        assert sum(day.seconds for day in one.days.values()) == one.seconds
        assert sum(day.worked for day in one.days.values()) == one.worked_seconds
        known = [day.expected for day in one.days.values() if day.expected is not None]
        assert one.expected_seconds == (sum(known) if known else None)
        assert (one.expected_worked_seconds is None) == (one.expected_seconds is None)
        assert (one.expected_worked_seconds or 0) <= one.joint_worked_seconds
    for one in found.items:
        shares = [
            sum(person.seconds for person in one.people),
            *(sum(by.values()) for by in (one.categories, one.projects, one.matched_by)),
        ]
        assert shares == [one.seconds] * 4
        assert one.seconds == sum(
            part.seconds
            for person in found.people
            for part in person.items
            if (part.space, part.database, part.public_id) == (one.key.space, one.key.database, one.key.public_id)
        )


@settings(max_examples=30, deadline=None)
@given(scenes())
def test_the_period_before_is_the_same_wherever_it_is_said(scene):
    found = scene.analyze()
    assert len(found.past) == len(scene.past) * (scene.as_of > scene.end)
    if not scene.past or scene.as_of <= scene.end:
        assert found.totals.previous_seconds is None
        assert {one.previous_seconds for one in (*found.categories, *found.items, *found.people)} <= {None}
        return
    seconds = total(scene.past[0])
    assert found.totals.previous_seconds == found.past[0].seconds == seconds
    for parts in (found.categories, found.breakdowns.projects, found.breakdowns.databases, found.breakdowns.states):
        assert sum(one.previous_seconds for one in parts) == seconds
    for past, given_logs in zip(found.past, scene.past, strict=True):
        assert sum(past.people.values()) == sum(past.categories.values()) == total(given_logs)


@settings(max_examples=30, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_in_which_entries_and_items_came(scene, chance):
    numbered = [replace(log, id=at) for at, log in enumerate(scene.logs, 1)]
    shuffled, entities, accounts = list(numbered), list(scene.entities), list(scene.accounts)
    for one in (shuffled, entities, accounts):
        chance.shuffle(one)
    another = replace(
        scene,
        logs=shuffled,
        entities=entities,
        accounts=accounts,
        past=[random.Random(1).sample(one, len(one)) for one in scene.past],
    )
    assert document.encode(another.analyze()) == document.encode(replace(scene, logs=numbered).analyze())


@settings(max_examples=30, deadline=None)
@given(scenes())
def test_a_finding_s_seconds_are_those_of_its_entries(scene):
    entries = dict(enumerate(scene.logs, 1))
    for one in scene.analyze().findings:
        concerned = [entries[at] for at in one.entry_ids]
        if concerned:
            assert one.people == sorted({str(log.who) for log in concerned})
            assert one.days == sorted({log.start[:10] for log in concerned})
        if concerned and one.kind != "overlap":
            assert one.seconds == total(concerned)


def count_by_the_second(logs):
    """All seconds of somebody's entries that are somebody's second time or later."""
    taken = defaultdict(int)
    for log in logs:
        begin = int(log.start[8:10]) * 86_400 + sum(
            int(log.start[at : at + 2]) * size for at, size in ((11, 3600), (14, 60), (17, 1))
        )
        for second in range(begin, begin + log.seconds):
            taken[second] += 1
    twice = {second for second, times in taken.items() if times > 1}
    return sum(taken[second] - 1 for second in twice)


close = st.lists(
    st.builds(Log, st.integers(0, 59).map(lambda second: f"2025-10-07T09:00:{second:02}"), st.integers(0, 40)),
    max_size=7,
)


@given(close)
def test_overlap_is_what_a_count_by_the_second_finds(own):
    # Of entries that read the same and begin together only one counts.
    own = [replace(log, text=f"Call {at}") for at, log in enumerate(own)]
    found = [one for one in Scene(logs=own).analyze().findings if one.kind == "overlap"]
    assert sum(one.seconds for one in found) == count_by_the_second(own)
    for one in found:
        concerned = [own[at - 1] for at in one.entry_ids]
        assert count_by_the_second(concerned) == one.seconds
        assert all(
            count_by_the_second([log for log in concerned if log is not left]) < one.seconds for left in concerned
        )
