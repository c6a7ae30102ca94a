"""Weeks in which something is missing: each says the right thing, and an empty one is a problem that comes first."""

from dataclasses import replace

import pytest

from tests.analysis.documents import (
    DONE,
    HOUR,
    OPEN,
    TASK,
    Log,
    Scene,
    find,
    full_time,
    item,
    kinds,
    member,
    work,
)  # fmt: skip
from timeweave.models.aggregated import Finding, FindingKind
from timeweave.models.enriched import Assignee, LikelyItem, Match
from timeweave.models.entities import EntityKey

ABSENCE = {"key": "absence", "absence": True, "project": "Time off"}


def test_an_empty_week_is_a_problem_that_comes_first_and_names_what_was_expected():
    found = Scene(team=full_time(1, 2), accounts=[member(1), member(2)]).analyze()
    assert kinds(found) == ["empty_period", "missing_day", "missing_day"]
    assert (found.findings[0].severity, found.findings[0].seconds) == ("problem", 80 * HOUR)
    assert (found.totals.coverage, found.totals.utilization) == (0.0, 0.0)
    assert [one.coverage for one in found.people] == [0.0, 0.0]


def test_an_empty_week_without_a_team_is_a_problem_too_and_nobody_is_missing():
    found = Scene().analyze()
    assert kinds(found) == ["empty_period"]
    assert (found.findings[0].seconds, found.totals.expected_seconds, found.totals.coverage) == (0, None, None)


def test_a_period_that_is_still_to_come_expects_nothing():
    found = Scene(team=full_time(), as_of="2025-10-01").analyze()
    assert kinds(found) == ["empty_period"]
    assert {day.kind for day in found.people[0].days.values()} == {"not_due"}


def test_nothing_is_missing_yet_on_the_day_on_which_the_data_is_fetched():
    scene = Scene(logs=work("06 07", item=TASK), entities=[item()], team=full_time(), as_of="2025-10-08")
    found = scene.analyze()
    assert (kinds(found), found.people[0].expected_seconds, found.totals.coverage) == ([], 16 * HOUR, 1.0)
    assert [day.kind for day in found.people[0].days.values()] == [
        "workday",
        "workday",
        "not_due",
        "not_due",
        "not_due",
    ]
    assert find(replace(scene, as_of="2025-10-09").analyze(), "missing_day").days == ["2025-10-08"]


def test_what_is_logged_on_a_day_that_is_not_over_counts_and_asks_for_no_more():
    found = Scene(logs=work("06 07 08", item=TASK), entities=[item()], team=full_time(), as_of="2025-10-08").analyze()
    assert (kinds(found), found.totals.worked_seconds, found.totals.expected_seconds) == ([], 24 * HOUR, 16 * HOUR)
    assert (found.totals.expected_worked_seconds, found.totals.coverage) == (16 * HOUR, 1.0)


def test_without_a_team_only_what_was_logged_is_said():
    found = Scene(logs=work(item=TASK), entities=[item()]).analyze()
    assert kinds(found) == []
    assert {day.expected for day in found.people[0].days.values()} == {None}


def test_a_team_of_one_is_complete_by_themselves():
    found = Scene(logs=work(item=TASK), entities=[item()], team=full_time()).analyze()
    assert kinds(found) == []
    assert found.totals.coverage == found.people[0].coverage == 1.0


def test_of_somebody_who_joined_on_the_third_day_nothing_is_missing_before():
    team = full_time({"email": "p1@b.example", "from": "2025-10-08"})
    found = Scene(logs=work("08 09", item=TASK), entities=[item()], team=team).analyze()
    assert find(found, "missing_day").days == ["2025-10-10"]
    assert found.people[0].expected_seconds == 24 * HOUR
    assert found.people[0].coverage == 0.6667


def test_somebody_whom_toggl_knows_by_another_address_is_not_missing_and_is_no_stranger_to_their_item():
    team = full_time({"email": "ada@b.example", "aliases": ["a.lovelace@old.example"]})
    entity = item(assignees=[Assignee(name="A. L.", email="Ada@B.example")])
    accounts = [member(1, "A.Lovelace@OLD.example", name="Countess")]
    found = Scene(logs=work(item=TASK), entities=[entity], team=team, accounts=accounts).analyze()
    assert kinds(found) == []
    assert [(one.key, one.coverage) for one in found.people] == [("1", 1.0)]


def test_somebody_whom_toggl_does_not_list_is_missing_under_their_name():
    found = Scene(
        logs=work(item=TASK), entities=[item()], team=full_time(1, {"email": "new@b.example", "name": "Nia"})
    ).analyze()
    assert find(found, "missing_day").people == ["new@b.example"]
    assert [(one.name, one.status) for one in found.people] == [("Person 1", "member"), ("Nia", "not_listed")]


ONE_PERSON = full_time({"email": "p1@b.example", "aliases": ["p2@b.example"], "team": "all"}) | {"teams": {"all": {}}}
TWO_ACCOUNTS = [member(1), member(2)]


def test_several_accounts_of_one_person_have_one_week():
    logs = [*work("06 07 08", item=TASK), *work("09 10", item=TASK, who=2)]
    found = Scene(logs=logs, entities=[item()], team=ONE_PERSON, accounts=TWO_ACCOUNTS).analyze()
    assert kinds(found) == []
    assert [(one.key, one.account_of, one.coverage) for one in found.people] == [("1", None, 1.0), ("2", "1", None)]
    assert (found.totals.coverage, found.teams[0].coverage) == (1.0, 1.0)
    assert [one.expected_worked_seconds for one in (*found.people, found.totals)] == [40 * HOUR, None, 40 * HOUR]
    main, further = (list(one.days.values()) for one in found.people)
    assert [(day.worked, day.worked_elsewhere, day.joint_worked) for day in main] == [(8 * HOUR, 0, 8 * HOUR)] * 3 + [
        (0, 8 * HOUR, 8 * HOUR)
    ] * 2
    assert [day.worked_elsewhere for day in further] == [0] * 5


def test_time_on_two_accounts_of_one_person_overlaps_and_makes_days_long_and_free_ones_worked():
    logs = [
        *work("06 07 08 09 10", item=TASK),
        Log("2025-10-07T16:00:00", 2 * HOUR, who=2, item=TASK),
        Log("2025-10-11T10:00:00", HOUR, who=2, item=TASK),
    ]
    found = Scene(logs=logs, entities=[item()], team=ONE_PERSON, accounts=TWO_ACCOUNTS, end="2025-10-12").analyze()
    assert sorted(kinds(found)) == ["free_day_work", "long_day", "overlap"]
    assert (find(found, "overlap").seconds, find(found, "overlap").people) == (HOUR, ["1", "2"])
    assert (find(found, "long_day").seconds, find(found, "long_day").people) == (2 * HOUR, ["1"])
    apart = Scene(logs=logs, entities=[item()], accounts=TWO_ACCOUNTS, end="2025-10-12").analyze()
    assert kinds(apart) == []


def test_absence_logged_on_another_account_counts_once():
    logs = [*work("06 07 08 09", item=TASK), *work("10", who=2, text="", project="Time off")]
    found = Scene(
        logs=logs,
        entities=[item()],
        team=ONE_PERSON,
        accounts=TWO_ACCOUNTS,
        categories=[ABSENCE, {"key": "rest", "database": "Task"}],
    ).analyze()
    assert kinds(found) == []
    assert (found.totals.absent_seconds, found.totals.expected_seconds, found.totals.coverage) == (
        8 * HOUR,
        32 * HOUR,
        1.0,
    )


def test_absence_that_was_logged_before_lowers_what_was_expected_before():
    past = [Log("2025-09-29T09:00:00", 8 * HOUR, project="Time off")]
    found = Scene(team=full_time(), categories=[ABSENCE], past=[past], end="2025-10-12").analyze()
    assert (found.past[0].expected_seconds, found.people[0].previous_expected_seconds) == (32 * HOUR, 32 * HOUR)
    assert (found.past[0].worked_seconds, found.totals.previous_worked_seconds) == (0, 0)


def test_the_period_before_counts_those_who_left_since():
    team = full_time(1, {"email": "p2@b.example", "until": "2025-10-03"})
    past = [Log("2025-09-30T09:00:00", HOUR, who=2)]
    found = Scene(team=team, accounts=[member(1), member(2, active=False)], past=[past], end="2025-10-12").analyze()
    assert [one.key for one in found.people] == ["1"]
    assert (found.totals.previous_seconds, found.totals.previous_expected_seconds) == (HOUR, 80 * HOUR)


def test_a_filter_of_people_says_nothing_about_toggl_s_total():
    scene = Scene(logs=work("07"), users=["p1@b.example"])
    assert scene.analyze().proof.toggl_seconds is None
    assert Scene(logs=work("07")).analyze().proof.toggl_seconds == 8 * HOUR
    assert Scene(logs=work("07"), verified=False).analyze().proof.toggl_seconds is None


@pytest.mark.parametrize(("start", "seconds"), [("2025-10-10T22:00:00", 4 * HOUR), ("2025-10-10T23:59:59", 2)])
def test_an_entry_that_ends_after_the_period_counts_as_a_whole_on_its_day(start, seconds):
    found = Scene(logs=[Log(start, seconds)]).analyze()
    assert found.people[0].days["2025-10-10"].seconds == found.proof.seconds == seconds


def test_a_person_s_account_that_is_not_chosen_by_its_address_is_chosen_by_the_person_s():
    logs = [*work("06 07 08", item=TASK), *work("09 10", item=TASK, who=2)]
    found = Scene(
        logs=logs, entities=[item()], team=ONE_PERSON, accounts=[*TWO_ACCOUNTS, member(3)], users=["p1@b.example"]
    ).analyze()
    assert ([one.key for one in found.people], found.totals.coverage, kinds(found)) == (["1", "2"], 1.0, [])


def test_of_somebody_whose_other_account_is_left_out_by_users_no_day_is_missing():
    scene = Scene(logs=work("06", item=TASK), entities=[item()], team=ONE_PERSON, accounts=TWO_ACCOUNTS)
    found = replace(scene, users=["p1@b.example"]).analyze()
    assert ([one.key for one in found.people], found.totals.expected_seconds, kinds(found)) == (["1"], None, [])
    assert kinds(scene.analyze()) == ["missing_day"]


def test_an_empty_period_of_chosen_people_names_them():
    scene = Scene(team=full_time(1, 2), accounts=[member(1), member(2)])
    everyone, chosen = (find(one.analyze(), "empty_period") for one in (scene, replace(scene, users=["p2@b.example"])))
    assert (everyone.people, everyone.values["chosen"]) == ([], False)
    assert (chosen.people, chosen.values["chosen"], chosen.seconds) == (["2"], True, 40 * HOUR)


def test_a_week_in_which_nothing_was_expected_is_empty_as_it_should_be():
    away = {"email": "p1@b.example", "absences": [{"from": "2025-10-06", "to": "2025-10-10"}]}
    found = Scene(team=full_time(away)).analyze()
    assert [(one.kind, one.severity) for one in found.findings] == [("empty_period", "notice")]


def test_a_repeated_entry_is_no_overlap_as_well():
    logs = [Log(), Log(), Log("2025-10-07T09:30:00", text="Call")]
    found = Scene(logs=logs).analyze()
    assert (find(found, "duplicate").entry_ids, find(found, "duplicate").seconds) == ([2], HOUR)
    assert (find(found, "overlap").entry_ids, find(found, "overlap").seconds) == ([1, 3], HOUR // 2)


@pytest.mark.parametrize(
    ("rest", "severities"),
    [pytest.param(1, ["notice"], id="the long entry alone"), pytest.param(15, ["problem"], id="long without it too")],
)
def test_a_day_that_is_long_because_of_a_long_entry_is_one_problem(rest, severities):
    logs = [Log("2025-10-07T00:00:00", 16 * HOUR, item=TASK)]
    logs += [Log(f"2025-10-07T{16 + at % 8:02}:00:00", HOUR, text=str(at)) for at in range(rest)]
    found = Scene(logs=logs, entities=[item()], team=full_time()).analyze()
    assert [one.severity for one in found.findings if one.kind == "long_day"] == severities
    assert find(found, "long_entry").severity == "problem"


@pytest.mark.parametrize(
    ("absences", "logged", "planned"),
    [
        pytest.param([{"from": "2025-10-07", "reason": "vacation"}], 0, True, id="planned"),
        pytest.param([{"from": "2025-10-07", "reason": "vacation"}], 8, True, id="planned and logged"),
        pytest.param([], 8, False, id="logged alone"),
    ],
)
def test_work_on_a_day_of_absence_says_whether_the_absence_was_planned(absences, logged, planned):
    team = full_time({"email": "p1@b.example", "absences": absences})
    logs = [*work("07", item=TASK, hours=1), Log("2025-10-07T12:00:00", logged * HOUR, text="Away", project="Time off")]
    found = Scene(
        logs=logs, entities=[item()], team=team, categories=[ABSENCE, {"key": "rest", "database": "Task"}]
    ).analyze()
    assert find(found, "absent_but_worked").values == {"planned": planned, "reasons": ["vacation"] if planned else []}


def test_where_clocks_go_back_entries_an_hour_apart_do_not_overlap():
    # 26 October 2025: after 1:59 in Lisbon comes 1:00 once more.
    logs = [Log("2025-10-26T00:30:00", 2 * HOUR), Log("2025-10-26T02:00:00", HOUR)]
    week = {"start": "2025-10-20", "end": "2025-10-26", "as_of": "2025-10-27"}
    assert find(Scene(logs=logs, **week).analyze(), "overlap").seconds == HOUR // 2
    assert kinds(Scene(logs=logs, timezone="Europe/Lisbon", **week).analyze()) == ["no_item"]


def test_notes_of_the_matching_become_findings_once_for_each_text():
    logs = [
        Log(text="fix 12 [Scrum] [Task]"),
        Log("2025-10-08T09:00:00", text="fix 12 [Scrum] [Task]"),
        Log("2025-10-09T09:00:00", text=""),
    ]
    notes = [
        Finding(kind=FindingKind.NEAR_MISS, user_id=1, entry_id=1, text=""),
        Finding(kind=FindingKind.UNCLOSED_TAG, user_id=1, entry_id=2, text=""),
        Finding(kind=FindingKind.NO_DESCRIPTION, user_id=1, entry_id=3, text=""),
        Finding(kind=FindingKind.RUNNING, user_id=1, entry_id=9, text="Call", start="2025-10-10T09:00:00+00:00"),
    ]
    found = Scene(logs=logs, notes=notes).analyze()
    assert kinds(found) == ["near_miss", "no_description", "running_timer"]
    assert find(found, "near_miss").values["flag"] == "near_miss"
    assert (found.people[0].running, found.proof.running) == (1, 1)


def test_a_reference_that_several_items_could_mean_names_the_likely_ones():
    bare = EntityKey(space=None, database=None, public_id="12")
    likely = {"space": "Scrum", "database": "Task", "public_id": "12", "name": "Checkout form"}
    match = {
        "space": None,
        "database": None,
        "public_id": "12",
        "text": "Checkout",
        "matched_by": None,
        "item": None,
        "likely": [likely],
    }
    rows = [Match(**match | {"likely": [LikelyItem(**likely)]})]
    entity = item(bare, status="unresolved", name=None, state=None, reason="Two have it")
    found = Scene(logs=[Log(text="Checkout", item=bare)], entities=[entity], enriched={"matches": rows}).analyze()
    assert find(found, "unresolved").values == {"reason": "Two have it", "likely": [likely], "title": "Checkout"}


def test_what_fibery_did_not_answer_is_a_problem():
    found = Scene(logs=work("07"), enriched={"unanswered": ["Scrum/Task was not asked"]}).analyze()
    assert find(found, "part_missing").values == {"sentence": "Scrum/Task was not asked"}


def test_of_several_findings_problems_come_first_and_then_those_with_most_time():
    logs = [
        Log(seconds=11 * HOUR),
        Log("2025-10-08T09:00:00", 12 * HOUR),
        Log("2025-10-09T09:00:00", 0, item=TASK),
        Log("2025-10-09T09:00:00", 9, item=TASK),
    ]
    found = Scene(logs=logs, entities=[item(state=DONE, completed="2025-10-01")]).analyze()
    assert [(str(one.severity), str(one.kind), one.seconds) for one in found.findings] == [
        ("problem", "long_entry", 12 * HOUR),
        ("problem", "long_entry", 11 * HOUR),
        ("warning", "no_item", 23 * HOUR),
        ("warning", "after_completion", 9),
        ("notice", "zero_entry", 0),
    ]


def test_nothing_is_said_of_work_that_fits():
    entity = item(
        state=OPEN,
        started="2025-10-01",
        planned_start="2025-10-01",
        planned_end="2025-10-10",
        estimate_seconds=90 * HOUR,
        spent_seconds=HOUR,
    )
    assert kinds(Scene(logs=work(item=TASK), entities=[entity], team=full_time()).analyze()) == []
