"""All time as one table, everybody's and one person's."""

import re
from dataclasses import replace

from tests.reports import analyses, rendered, story
from tests.reports.analyses import HOUR, Log, finding
from tests.reports.crowd import crowd_data
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


def test_where_rows_are_cut_features_that_stand_still_are_late_or_flagged_stay_and_the_others_are_named():
    data = crowd_data(14, 300)
    late, flagged = data.analysis.features[-1].key, data.analysis.features[-2].key
    groups = [
        replace(group, flags=["no_estimate"]) if group.anchor == data.feature_anchors[flagged]
        else replace(group, dates=replace(group.dates, overdue_days=2)) if group.anchor == data.feature_anchors[late]
        else group
        for group in [*item_groups.group_everything(data), *item_groups.group_everything(data_of())]
    ]  # fmt: skip
    linked = data.feature_anchors[data.analysis.features[-3].key]
    shown, left_out = item_groups.cut_rows(data, groups, 12, {linked})
    anchors = [group.anchor for group in shown]
    assert {data.feature_anchors[late], data.feature_anchors[flagged], linked, "f-product-feature-9"} <= set(anchors)
    assert anchors[-1] == "rest"
    assert shown[-1].more == len(groups) - len(shown) + 1
    assert sum(group.seconds for group in shown) == sum(group.seconds for group in groups)
    assert sum(len(group.rows) for group in shown) == sum(len(group.rows) for group in groups) - len(left_out)


def test_the_rest_stands_with_its_hours_in_markdown_and_on_the_page():
    data = crowd_data(30, 1800, days=5)
    for source in (rendered.team_summary(data), rendered.team_page(data)):
        assert re.search(r"\d+ more features\b.*\d\.\d\d", source)
