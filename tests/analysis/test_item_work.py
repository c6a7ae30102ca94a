"""Items and features at the period's end: open, done or late as of the day looked at, and what the whole took."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.analysis.documents import CANCELLED, DONE, HOUR, OPEN, TASK, WAITING, Log, Scene, find, item, kinds, work
from timeweave.analysis.features import forecast
from timeweave.analysis.item_work import find_day, judge_progress
from timeweave.models.enriched import Completion, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.states import State
from timeweave.runtime.analysis_params import Thresholds

LISBON, AUCKLAND = ZoneInfo("Europe/Lisbon"), ZoneInfo("Pacific/Auckland")
LOOKED_AT = date(2025, 10, 10)
FEATURE = EntityKey(space="Product", database="Feature", public_id="5")
OTHER = EntityKey(space="Scrum", database="Task", public_id="13")
BELOW = [Parent(relation="Feature", space="Product", database="Feature", public_id="5", name="Faster checkout")]


@pytest.mark.parametrize(
    ("state", "completed", "progress", "later"),
    [
        pytest.param(OPEN, None, "started", False, id="open"),
        pytest.param(WAITING, None, "waiting", False, id="not started"),
        pytest.param(DONE, "2025-10-10", "done", False, id="completed on the day looked at"),
        pytest.param(DONE, "2025-10-11", "started", True, id="completed later"),
        pytest.param(DONE, None, "done", False, id="done without a day"),
        pytest.param(OPEN, "2025-10-09", "started", False, id="completed, and taken up again"),
        pytest.param(WAITING, "2025-10-11", "waiting", False, id="completed later, and taken up again"),
        pytest.param(State(name="Changes asked"), "2025-10-09", "unknown", False, id="a plain select, and a day"),
        pytest.param(CANCELLED, "2025-10-09", "cancelled", False, id="cancelled"),
        pytest.param(CANCELLED, "2025-10-11", "started", True, id="cancelled later"),
        pytest.param(State(name="Doing"), None, "unknown", False, id="a plain select"),
        pytest.param(None, None, "unknown", False, id="no state"),
        pytest.param(None, "2025-10-09", "done", False, id="no state, and completed"),
    ],
)
def test_an_item_is_as_far_as_it_was_on_the_day_looked_at(state, completed, progress, later):
    assert judge_progress(state, completed and date.fromisoformat(completed), LOOKED_AT) == (progress, later)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2025-10-07", AUCKLAND, "2025-10-07"),
        ("2025-10-07T23:30:00Z", LISBON, "2025-10-08"),
        ("2025-10-07T23:30:00.000Z", AUCKLAND, "2025-10-08"),
        ("2025-10-07T23:30:00", AUCKLAND, "2025-10-07"),
        (None, LISBON, None),
        ("", LISBON, None),
        ("2025-13-07", LISBON, None),
        ("soon", LISBON, None),
    ],
)
def test_the_day_of_an_instant_is_the_period_s_own(at, zone, day):
    assert find_day(at, zone) == (day and date.fromisoformat(day))


def test_what_was_completed_after_the_day_looked_at_was_open_and_late_then():
    entity = item(state=DONE, completed="2025-10-12", planned_end="2025-10-08")
    found = Scene(logs=work("07", item=TASK), entities=[entity]).analyze()
    [one] = found.items
    assert (one.progress, one.completed_later, one.overdue_days) == ("started", True, 2)
    assert kinds(found) == ["overdue"]


def test_a_period_that_is_not_over_is_looked_at_on_as_of():
    scene = Scene(logs=work("07", item=TASK), entities=[item(planned_end="2025-10-08")], as_of="2025-10-08")
    found = scene.analyze()
    assert (found.looked_at, kinds(found)) == ("2025-10-08", [])


@pytest.mark.parametrize("state", [DONE, CANCELLED])
def test_what_is_closed_is_not_late(state):
    entity = item(state=state, completed="2025-10-08", planned_end="2025-10-01")
    found = Scene(logs=work("07", item=TASK), entities=[entity]).analyze()
    assert (found.items[0].overdue_days, kinds(found)) == (0, [])


def test_a_design_that_was_handed_back_is_open_late_and_took_no_time_after_completion():
    design = EntityKey(space="Design", database="Version", public_id="4")
    entity = item(
        design, state=State(name="Changes asked"), completed="2025-10-06", planned_end="2025-10-08", overdue=True
    )
    found = Scene(logs=work("07", item=design), entities=[entity]).analyze()
    assert (found.items[0].progress, found.items[0].completed_later, kinds(found)) == ("unknown", False, ["overdue"])


def test_an_item_without_a_state_is_late_only_if_fibery_says_that_it_can_be_done():
    known = {"state": None, "planned_end": "2025-10-08"}
    days = [
        Scene(logs=work("07", item=TASK), entities=[item(overdue=overdue, **known)]).analyze().items[0].overdue_days
        for overdue in (True, False)
    ]
    assert days == [2, 0]


def analyze_whole(**known):
    """An item that took an hour now and two before, in the period before and earlier."""
    earlier = [Log("2025-10-01T09:00:00", HOUR, item=TASK), Log("2025-09-01T09:00:00", HOUR, item=TASK)]
    return Scene(
        logs=[Log(item=TASK)], entities=[item(**known)], since=known.pop("since", None) or ("2025-09-01", earlier), past=[earlier[:1]]
    ).analyze()  # fmt: skip


def test_the_whole_is_fibery_s_field_where_one_is_named():
    [one] = analyze_whole(spent_seconds=9 * HOUR).items
    assert (one.whole_seconds, one.whole_source, one.whole_since) == (9 * HOUR, "fibery", None)


def test_a_field_that_says_nothing_was_spent_says_so():
    assert analyze_whole(spent_seconds=0).items[0].whole_seconds == 0


def test_else_it_is_what_was_logged_since_the_day():
    [one] = analyze_whole().items
    assert (one.whole_seconds, one.whole_source, one.whole_since) == (3 * HOUR, "logged", "2025-09-01")
    assert (one.seconds, one.previous_seconds) == (HOUR, HOUR)


def test_without_either_the_whole_is_not_known_and_no_estimate_is_compared():
    found = Scene(logs=[Log(item=TASK)], entities=[item(estimate_seconds=1)]).analyze()
    assert (found.items[0].whole_seconds, found.items[0].previous_seconds, kinds(found)) == (None, None, [])


def test_an_estimate_in_points_is_compared_with_nothing_and_is_an_estimate():
    entities = [item(estimate_points=3, spent_seconds=HOUR), item(OTHER)]
    found = Scene(logs=[Log(item=TASK), Log("2025-10-08T09:00:00", item=OTHER)], entities=entities).analyze()
    assert kinds(found) == ["no_estimate"]
    assert find(found, "no_estimate").item == OTHER


def test_two_spellings_of_one_item_are_one():
    spelt = EntityKey(space="scrum", database="task", public_id="12")
    logs = [Log(item=TASK), Log("2025-10-08T09:00:00", item=spelt)]
    found = Scene(logs=logs, entities=[item(id="x"), item(spelt, id="x")]).analyze()
    assert [(one.key, one.seconds) for one in found.items] == [(TASK, 2 * HOUR)]


def analyze_feature(logs=(), past=((),), items=None, since=None, **known):
    entities = items or [item(parents=BELOW), item(OTHER, parents=BELOW)]
    ancestor = item(FEATURE, **{"name": "Faster checkout"} | known)
    return Scene(logs=logs, past=past, since=since, entities=entities, ancestors=[ancestor]).analyze()


NOW, BEFORE = [Log(item=TASK)], [Log("2025-10-02T09:00:00", item=TASK)]


@pytest.mark.parametrize(
    ("logs", "past", "known", "status"),
    [
        pytest.param(NOW, [BEFORE], {}, "active", id="time now and before"),
        pytest.param(NOW, [[]], {}, "new", id="none before"),
        pytest.param(NOW, [[], BEFORE], {}, "active", id="none just before, and some earlier"),
        pytest.param(NOW, [], {}, "active", id="nothing to compare with"),
        pytest.param([], [BEFORE], {}, "stalled", id="none now"),
        pytest.param(
            NOW, [BEFORE], {"state": DONE, "completed": "2025-10-06"}, "finished", id="completed on the first day"
        ),
        pytest.param(
            [], [BEFORE], {"state": DONE, "completed": "2025-10-10"}, "finished", id="completed without time now"
        ),
        pytest.param(
            NOW, [BEFORE], {"state": DONE, "completed": "2025-10-05"}, "active", id="completed before, and time now"
        ),
        pytest.param([], [BEFORE], {"state": DONE, "completed": "2025-10-05"}, None, id="completed before"),
        pytest.param([], [BEFORE], {"state": DONE, "completed": "2025-10-11"}, "stalled", id="completed later"),
        pytest.param([], [BEFORE], {"state": CANCELLED, "completed": "2025-10-07"}, None, id="cancelled"),
        pytest.param([], [[], BEFORE], {}, None, id="time long ago"),
    ],
)
def test_what_became_of_a_feature(logs, past, known, status):
    found = analyze_feature(logs, past, **known)
    assert [one.status for one in found.features] == ([status] if status else [])
    assert ("stalled_feature" in kinds(found)) == (status == "stalled")


def test_a_feature_whose_time_is_all_on_features_below_it_does_not_stand_still():
    above = Parent(relation="Parent", space="Product", database="Feature", public_id="9", name="Shop")
    entities = [item(parents=[*BELOW, above]), item(OTHER, parents=[above])]
    past = [Log("2025-10-02T09:00:00", item=OTHER)]
    found = Scene(logs=NOW, past=[past], entities=entities).analyze()
    assert {one.name: str(one.status) for one in found.features} == {"Faster checkout": "new", "Shop": "active"}
    assert kinds(found) == []


@pytest.mark.parametrize(
    ("whole", "status"),
    [(HOUR, "new"), (HOUR + 900, "new"), (HOUR + 901, "active")],
    ids=["all of it now", "about all of it", "some before"],
)
def test_a_feature_is_new_only_if_its_whole_time_knows_of_none_before(whole, status):
    assert analyze_feature(NOW, [[]], spent_seconds=whole).features[0].status == status
    since = ("2025-09-01", [Log("2025-09-01T09:00:00", whole - HOUR, item=TASK)])
    assert analyze_feature(NOW, [[]], since=since).features[0].status == status


def test_of_some_people_s_time_nothing_is_new_nothing_stands_still_and_there_is_no_whole():
    scene = Scene(
        logs=NOW, past=[[Log("2025-10-02T09:00:00", item=OTHER)]], since=("2025-09-01", ()), users=["p1@b.example"],
        entities=[item(parents=BELOW, estimate_seconds=1), item(OTHER, parents=[Parent(
            relation="Feature", space="Product", database="Feature", public_id="9", name="Shop"
        )])],
    )  # fmt: skip
    found = scene.analyze()
    assert [(one.name, one.status, one.whole_seconds) for one in found.features] == [
        ("Faster checkout", "active", None), ("Shop", None, None),
    ]  # fmt: skip
    assert (found.items[0].whole_seconds, kinds(found)) == (None, [])
    everyone = replace(scene, users=()).analyze()
    assert [one.status for one in everyone.features] == ["new", "stalled"]


@pytest.mark.parametrize(("as_of", "judged"), [("2025-11-10", True), ("2025-11-11", False)])
def test_what_fibery_has_on_record_says_nothing_of_a_period_long_ago(as_of, judged):
    known = {"estimate_seconds": HOUR, "spent_seconds": 2 * HOUR}
    progress = Completion(items=5, final=5, seconds=2 * HOUR)
    scene = Scene(
        logs=[Log(item=TASK)], entities=[item(parents=BELOW, **known)], as_of=as_of,
        ancestors=[item(FEATURE, name="Faster checkout", estimate_seconds=HOUR, progress=progress)],
    )  # fmt: skip
    found = scene.analyze()
    assert kinds(found) == ["estimate_exceeded"] * 2 * judged
    assert found.whole_is_later is not judged
    assert found.features[0].forecast_seconds == (2 * HOUR if judged else None)
    assert (found.items[0].whole_seconds, found.features[0].whole_seconds) == (2 * HOUR, 2 * HOUR)
    logged = replace(
        scene, since=("2025-09-01", [Log("2025-09-02T09:00:00", item=TASK)]), entities=[item(estimate_seconds=HOUR)]
    )
    assert kinds(logged.analyze()) == ["estimate_exceeded"]


def test_what_an_item_is_over_its_estimate_is_marked_as_part_of_what_its_feature_is_over():
    known = {"estimate_seconds": HOUR, "spent_seconds": 2 * HOUR}
    parts = [
        find(
            Scene(
                logs=[Log(item=TASK)], entities=[item(parents=BELOW, **known)], ancestors=[item(FEATURE, **above)]
            ).analyze(),
            "estimate_exceeded",
            TASK,
        )
        for above in (known, {})
    ]
    assert [one.values["part_of_feature"] for one in parts] == ["Product/Feature#5", None]


@pytest.mark.parametrize(
    ("known", "near"),
    [
        pytest.param({"state": OPEN}, True, id="open"),
        pytest.param({"state": None}, True, id="without a state"),
        pytest.param({"state": DONE, "completed": "2025-10-11"}, True, id="done after the period"),
        pytest.param({"state": DONE, "completed": "2025-10-10"}, False, id="done in the period"),
        pytest.param({"state": CANCELLED, "completed": "2025-10-10"}, False, id="cancelled"),
    ],
)
def test_near_the_estimate_is_only_what_is_still_open(known, near):
    on_record = {"estimate_seconds": 2 * HOUR, "spent_seconds": 2 * HOUR}
    alone = Scene(logs=NOW, entities=[item(**known | on_record)]).analyze()
    assert kinds(alone) == ["estimate_near"] * near
    above = analyze_feature(NOW, **known | on_record)
    assert [one.feature for one in above.findings if one.kind == "estimate_near"] == ["Product/Feature#5"] * near


def test_over_the_estimate_is_what_is_done_too():
    entity = item(state=DONE, completed="2025-10-07", estimate_seconds=HOUR, spent_seconds=2 * HOUR)
    assert kinds(Scene(logs=NOW, entities=[entity]).analyze()) == ["estimate_exceeded"]


def test_of_a_cancelled_item_without_a_day_nobody_knows_whether_the_time_was_logged_before():
    days = [find(Scene(logs=[Log(item=TASK)], entities=[item(state=CANCELLED, completed=day)]).analyze(), "on_cancelled")
            for day in ("2025-10-06", None)]  # fmt: skip
    assert [(one.severity, one.values["completed"]) for one in days] == [("problem", "2025-10-06"), ("warning", None)]


CLOSED_FEATURE = {"state": DONE, "completed": "2025-10-07"}
DAYS = [Log(f"2025-10-{day}T09:00:00", HOUR, item=TASK) for day in ("07", "08", "09")]


def list_when_over(found):
    """What is said of time on closed work: of the item or the feature, and which entries."""
    return sorted((one.feature or one.item.public_id, str(one.kind), one.entry_ids) for one in found.findings)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        pytest.param({}, [("Product/Feature#5", "after_completion", [2, 3])], id="an open item"),
        pytest.param(
            CLOSED_FEATURE | {"completed": "2025-10-08"},
            [("12", "after_completion", [3]), ("Product/Feature#5", "after_completion", [2])],
            id="an item that was done later",
        ),
        pytest.param(
            CLOSED_FEATURE | {"completed": "2025-10-06"},
            [("12", "after_completion", [1, 2, 3])],
            id="an item that was done before",
        ),
        pytest.param(
            {"state": CANCELLED, "completed": "2025-10-08"},
            [("12", "on_cancelled", [3]), ("Product/Feature#5", "after_completion", [2])],
            id="an item that was cancelled later",
        ),
    ],
)
def test_time_after_a_feature_was_closed_is_the_feature_s_unless_it_is_the_item_s(known, said):
    assert list_when_over(analyze_feature(DAYS, items=[item(parents=BELOW, **known)], **CLOSED_FEATURE)) == said


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"state": OPEN, "completed": "2025-10-06"}, id="taken up again"),
        pytest.param({"state": DONE, "completed": "2025-10-11"}, id="completed after the period"),
        pytest.param({"state": DONE}, id="nobody knows since when"),
    ],
)
def test_a_feature_that_was_open_may_take_time(known):
    assert kinds(analyze_feature(DAYS, **known)) == []


def test_of_a_cancelled_feature_without_a_day_nobody_knows_whether_the_time_was_logged_before():
    found = find(analyze_feature(DAYS, state=CANCELLED), "on_cancelled")
    assert (found.severity, found.feature, found.seconds) == ("warning", "Product/Feature#5", 3 * HOUR)


def test_time_on_a_closed_feature_itself_and_on_items_below_it_is_one_finding():
    logs = [*DAYS[:2], Log("2025-10-09T09:00:00", HOUR, item=FEATURE)]
    entities = [item(parents=BELOW), item(FEATURE, name="Checkout form", **CLOSED_FEATURE)]
    assert list_when_over(Scene(logs=logs, entities=entities).analyze()) == [
        ("Product/Feature#5", "after_completion", [2, 3])
    ]


def test_a_feature_has_the_time_of_all_items_below_it():
    logs = [
        Log(item=TASK),
        Log("2025-10-08T09:00:00", 2 * HOUR, item=OTHER, who=2),
        Log("2025-10-09T09:00:00", text="Call"),
    ]
    [one] = analyze_feature(logs, [BEFORE]).features
    assert (one.key, one.seconds, one.previous_seconds, one.items) == (
        "Product/Feature#5",
        3 * HOUR,
        HOUR,
        [OTHER, TASK],
    )
    assert [(person.key, person.seconds) for person in one.people] == [("2", 2 * HOUR), ("1", HOUR)]


def test_the_whole_of_a_feature_is_its_own_field_else_fibery_s_sum_else_what_was_logged_below_it():
    counted = Completion(items=2, final=0, seconds=7 * HOUR)
    since = ("2025-09-01", [Log("2025-09-01T09:00:00", item=OTHER)])
    wholes = [
        analyze_feature(NOW, since=since, **known).features[0]
        for known in ({"spent_seconds": 9 * HOUR, "progress": counted}, {"progress": counted}, {})
    ]
    assert [(one.whole_seconds, one.whole_source) for one in wholes] == [
        (9 * HOUR, "fibery"), (7 * HOUR, "fibery"), (2 * HOUR, "logged"),
    ]  # fmt: skip


def test_time_on_the_feature_itself_is_its_own_and_is_judged_once():
    entity = item(
        FEATURE, name="Faster checkout", estimate_seconds=HOUR, spent_seconds=2 * HOUR, planned_end="2025-10-09"
    )
    found = Scene(logs=[Log(text="Faster checkout", item=FEATURE)], entities=[entity]).analyze()
    assert [(one.seconds, one.items) for one in found.features] == [(HOUR, [FEATURE])]
    assert kinds(found) == ["estimate_exceeded", "overdue"]
    assert {one.feature for one in found.findings} == {"Product/Feature#5"}


def test_a_feature_that_was_not_read_is_known_by_what_its_items_say_of_it():
    found = Scene(logs=NOW, entities=[item(parents=BELOW)]).analyze()
    assert [(one.name, one.place, one.seconds) for one in found.features] == [
        ("Faster checkout", "Product/Feature", HOUR)
    ]


@pytest.mark.parametrize(
    ("whole", "items", "final", "seconds"),
    [
        (10 * HOUR, 10, 3, 120_000),
        (10 * HOUR, 10, 2, None),
        (10 * HOUR, 5, 5, 10 * HOUR),
        (10 * HOUR, 4, 4, None),
        (1, 7, 3, 2),
        (0, 10, 10, None),
        (None, 10, 10, None),
        (10 * HOUR, 0, 0, None),
    ],
)  # fmt: skip
def test_the_forecast_is_the_whole_by_the_share_that_is_done(whole, items, final, seconds):
    assert forecast(whole, Completion(items=items, final=final), Thresholds()) == seconds


def test_the_forecast_needs_exactly_the_share_of_its_threshold():
    thresholds = Thresholds(forecast_completion=0.7)
    assert forecast(HOUR, Completion(items=10, final=7), thresholds) == round(HOUR / 0.7)
