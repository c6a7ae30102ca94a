"""All time as one table, everybody's and one person's."""

from dataclasses import replace

from tests.reports import analyses, story
from tests.reports.analyses import HOUR, Log, finding
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import item_groups


def data_of(**changes):
    return ReportData(analyses.build(replace(story.SCENE, **changes)))


def rows_of(groups):
    return {row.anchor: row for group in groups for row in group.rows}


def test_a_person_s_row_has_their_own_marks_and_projects_alone():
    logs = [
        Log(story.ANOUK, "2025-10-07", "09:00", HOUR, "Login", story.BUG, "bugs", "Apollo"),
        Log(story.RUBEN, "2025-10-07", "09:00", 2 * HOUR, "Login", story.BUG, "bugs", "Borealis"),
    ]
    findings = [
        finding("title_differs", people=["102"], item=story.BUG),
        finding("no_estimate", people=["101", "102"], item=story.BUG),
    ]
    data = data_of(logs=logs, findings=findings)
    [everybody] = rows_of(item_groups.group_everything(data)).values()
    assert (everybody.flags, list(everybody.projects)) == (["title_differs", "no_estimate"], ["Borealis", "Apollo"])
    [own] = rows_of(item_groups.group_for_person(data, data.people["101"])).values()
    assert (own.flags, list(own.projects)) == (["no_estimate"], ["Apollo"])


def test_so_has_their_row_of_a_feature():
    findings = [finding("estimate_near", people=["102"], feature=story.FEATURE_KEY)]
    data = data_of(findings=findings)
    assert [group.flags for group in item_groups.group_everything(data) if group.flags] == [["estimate_near"]]
    assert [group.flags for group in item_groups.group_for_person(data, data.people["101"]) if group.flags] == []
