"""What is unusual: by median and MAD over the periods before, with both limits exactly where they are said to be."""

import statistics
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.documents import HOUR, TASK, Log, Scene, full_time, item, kinds, member
from timeweave.analysis.comparison import judge
from timeweave.models.enriched import Parent
from timeweave.runtime.analysis_params import Thresholds

BELOW = [Parent(relation="Feature", space="Product", database="Feature", public_id="5", name="Faster checkout")]
BEFORE = [10 * HOUR, 12 * HOUR, 8 * HOUR, 10 * HOUR, 14 * HOUR, 6 * HOUR]
"""Median 10 hours, MAD 2."""
LIMIT = round(3 * 1.4826 * 2 * HOUR)
ANY = Thresholds(unusual_hours=0)


def is_unusual(seconds, before=BEFORE, thresholds=ANY):
    return bool(judge(seconds, before, thresholds))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_limit_is_three_deviations_and_one_second_more_is_beyond_it(sign):
    assert not is_unusual(10 * HOUR + sign * (LIMIT - 1))
    assert is_unusual(10 * HOUR + sign * (LIMIT + 1))


def test_it_takes_so_many_hours_even_where_every_period_was_the_same():
    same = [10 * HOUR] * 6
    assert not is_unusual(14 * HOUR - 1, same, Thresholds())
    assert is_unusual(14 * HOUR, same, Thresholds())
    assert is_unusual(10 * HOUR + 1, same)


def test_it_takes_so_many_periods_and_those_before_the_first_time_do_not_count():
    assert not is_unusual(90 * HOUR, BEFORE[:5])
    assert not is_unusual(90 * HOUR, [*BEFORE[:5], 0, 0, 0])
    assert is_unusual(90 * HOUR, [*BEFORE[:4], 0, 10 * HOUR])
    assert not is_unusual(90 * HOUR, [0] * 9)
    assert is_unusual(90 * HOUR, BEFORE[:2], Thresholds(unusual_periods=2))


@given(st.lists(st.integers(0, 200_000), min_size=6, max_size=9), st.integers(0, 400_000))
def test_it_is_what_the_formula_says(before, seconds):
    before = [*before, 1]
    middle = statistics.median(before)
    deviation = 1.4826 * statistics.median([abs(one - middle) for one in before])
    expected = abs(seconds - middle) > 3 * deviation and abs(seconds - middle) >= 4 * HOUR
    assert is_unusual(seconds, before, Thresholds()) == expected


def analyze(seconds, **scene):
    past = [[Log("2025-10-01T09:00:00", amount, text="Call")] for amount in BEFORE]
    found = Scene(logs=[Log(seconds=seconds, text="Call")] if seconds else (), past=past, **scene).analyze()
    return [(one.people, one.values.get("category"), one.seconds) for one in found.findings if one.kind == "unusual"]


def test_people_and_categories_are_compared_with_themselves():
    assert analyze(90 * HOUR) == [([], "no_item", 80 * HOUR), (["1"], None, 80 * HOUR)]


def test_somebody_who_changes_to_another_account_works_as_always():
    team = full_time({"email": "p1@b.example", "aliases": ["p2@b.example"]})
    past = [[Log("2025-10-01T09:00:00", amount, text="Call")] for amount in BEFORE]
    scene = Scene(
        logs=[Log(seconds=10 * HOUR, text="Call", who=2)], past=past, team=team, accounts=[member(1), member(2)]
    )
    assert [one for one in scene.analyze().findings if one.kind == "unusual"] == []
    more = replace(scene, logs=[Log(seconds=90 * HOUR, text="Call", who=2)]).analyze()
    assert [one.people for one in more.findings if one.kind == "unusual"] == [[], ["1"]]


def test_somebody_who_was_to_be_away_all_week_is_no_surprise():
    away = full_time({"email": "p1@b.example", "absences": [{"from": "2025-10-06", "to": "2025-10-10"}]})
    assert analyze(0, team=away, thresholds={"unusual_factor": 2}) == [([], "no_item", 10 * HOUR)]
    assert (["1"], None, 10 * HOUR) in analyze(0, team=full_time(), thresholds={"unusual_factor": 2})


def test_a_period_in_progress_is_compared_with_nothing_and_from_the_day_after_it_on_with_all():
    assert analyze(90 * HOUR, as_of="2025-10-10") == []
    past = [[Log("2025-10-01T09:00:00", HOUR, item=TASK)]]
    scene = Scene(logs=[Log(text="Call")], past=past, entities=[item(parents=BELOW)], as_of="2025-10-10")
    found, later = scene.analyze(), replace(scene, as_of="2025-10-11").analyze()
    assert (found.past, found.features, kinds(found)) == ([], [], ["no_item"])
    parts = [*found.people, *found.categories, *found.breakdowns.databases, *found.items, found.totals]
    assert {one.previous_seconds for one in parts} == {None}
    assert (later.totals.previous_seconds, kinds(later)) == (HOUR, ["stalled_feature", "no_item"])


def test_earlier_periods_are_listed_newest_first_with_what_was_expected_then():
    team = full_time({"email": "p1@b.example", "from": "2025-10-02"})
    past = [[Log("2025-10-02T09:00:00", HOUR)], [Log("2025-09-26T09:00:00", 2 * HOUR)]]
    found = Scene(past=past, team=team, accounts=[member(1)]).analyze()
    assert [(one.start, one.end, one.seconds, one.expected_seconds, one.people) for one in found.past] == [
        ("2025-10-01", "2025-10-05", HOUR, 16 * HOUR, {"1": HOUR}),
        ("2025-09-26", "2025-09-30", 2 * HOUR, 0, {"1": 2 * HOUR}),
    ]
