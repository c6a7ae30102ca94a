"""The sentences that a manager reads first: those about most time, with what they rest on."""

from dataclasses import replace

import msgspec
import pytest

from tests.analysis import documents
from tests.analysis.documents import TASK
from tests.reports import analyses, rendered, story
from tests.reports.analyses import HOUR, finding
from timeweave.models.entities import EntityKey
from timeweave.models.work_items import FeatureStatus
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.highlights import choose_highlights
from timeweave.reports.sections.sentences import Sentences


def tell(**changes):
    data = ReportData(analyses.build(replace(story.SCENE, **changes)))
    return choose_highlights(data, Sentences(data, rendered.HTML))


def texts(**changes):
    return [one.text.replace("\u00a0", " ") for one in tell(**changes)]


def test_they_are_at_most_seven_and_those_about_most_time_come_first():
    *others, corrections = tell()
    assert len(others) == 6
    assert [one.seconds for one in others] == sorted((one.seconds for one in others), reverse=True)
    assert corrections.text.startswith("4 corrections to make on people’s own pages, ")
    assert corrections.seconds > others[-1].seconds


def test_they_say_what_changed_and_by_how_much():
    said = texts()
    assert "Support took 21.0 h, 18.0 h more than the week before." in said
    assert "Faster checkout is at 57.0 h of 40.0 h estimated; 3 of 8 items are done." in said
    assert "Offline mode took 20.0 h in the period before and nothing in this one; it is still open." in said


def test_a_change_names_the_item_that_it_came_from_also_one_without_time_now():
    key = EntityKey(space="Scrum", database="Bug", public_id="7")
    entities = [documents.item(), documents.item(key, name="Login loops")]
    rules = [{"key": "tasks", "name": "Tasks", "database": "Task"}, {"key": "bugs", "name": "Bugs", "database": "Bug"}]
    past = [documents.Log("2025-10-01T09:00:00", 8 * HOUR, item=key), documents.Log("2025-10-02T09:00:00", item=TASK)]
    scene = documents.Scene(logs=documents.work("07", item=TASK), past=[past], entities=entities, categories=rules)
    data = ReportData(scene.analyze())
    said = [one.text.replace("\u00a0", " ") for one in choose_highlights(data, Sentences(data, rendered.HTML))]
    assert "Bugs took 0.0 h, 8.0 h less than the period before; mostly less on Login loops." in said
    assert "Tasks took 8.0 h, 7.0 h more than the period before; the most came from Checkout form." in said


def test_a_long_entry_is_told_carefully_with_its_person_and_day():
    assert "One entry of 14.2 h (Hana Moriyabe (user 104), Wed 8 Oct) looks like a forgotten timer." in texts()


def test_people_without_any_time_are_named_and_more_than_one_are_told_together():
    together = "Noor Vantongeren and Ruben Askeland logged nothing on days when 56.0 h were expected of them."
    assert together in texts()
    alone = [finding("missing_day", "problem", 16 * HOUR, ["102"], days=["2025-10-10", "2025-10-13"])]
    assert "Ruben Askeland logged nothing on Fri 10 and Mon 13 Oct, when 16.0 h were expected." in texts(findings=alone)


def test_of_a_kind_the_greatest_is_told_and_how_many_more_there_are():
    long = [
        finding("long_entry", "problem", hours * HOUR, ["104"], days=["2025-10-08"], entry_ids=[hours])
        for hours in (11, 14, 12)
    ]
    said = texts(findings=long, compared=False)
    assert said == [
        "One entry of 14.0 h (Hana Moriyabe (user 104), Wed 8 Oct) looks like a forgotten timer. 2 more such entries: 23.0 h."
    ]


def test_of_what_is_over_its_estimate_the_others_are_told_with_the_hours_over():
    feature = {"feature": story.FEATURE_KEY}
    over = [
        finding(
            "estimate_exceeded",
            "problem",
            hours * HOUR,
            **about,
            whole_seconds=50 * HOUR,
            estimate_seconds=40 * HOUR,
        )
        for hours, about in ((10, feature), (9, feature), (3, {"item": story.TASK}))
    ]
    assert texts(findings=over, compared=False) == [
        "Faster checkout is at 50.0 h of 40.0 h estimated; 3 of 8 items are done. 2 more items and features, 12.0 h over."
    ]


@pytest.mark.parametrize(
    ("status", "hours", "said"),
    [
        ("finished", (3, 9, 2), "took 9.0 h in this period. 2 more features were finished (5.0 h)."),
        ("finished", (0, 9), "took 9.0 h in this period. 1 more feature was finished (0.0 h)."),
        ("finished", (9,), "F0 was finished and took 9.0 h in this period."),
        ("new", (9, 3, 2), "F0 is new and took 9.0 h. 2 more features are new (5.0 h)."),
        ("new", (3, 2), "F0 is new and took 3.0 h. 1 more feature is new (2.0 h)."),
    ],
)
def test_of_features_that_are_new_or_finished_the_greatest_is_told_and_how_many_more_there_are(status, hours, said):
    features = [
        msgspec.structs.replace(
            story.STALLED,
            key=f"F#{n}",
            name=f"F{n}",
            public_id=str(n),
            status=FeatureStatus(status),
            seconds=one * HOUR,
        )
        for n, one in enumerate(hours)
    ]
    (told,) = [one for one in texts(findings=(), stalled=features) if "F0" in one or "F1" in one]
    assert told.endswith(said)


def test_an_empty_period_comes_before_everything():
    empty = finding("empty_period", "problem", 9 * HOUR, expected_seconds=9 * HOUR)
    said = texts(findings=[*story.FINDINGS, empty])
    assert said[0] == "Nobody logged any time in this period, though 9.0 h were expected."
    none = finding("empty_period", "problem", 0, expected_seconds=0)
    assert texts(findings=[none], compared=False) == ["Nobody logged any time in this period."]


def test_a_quiet_week_without_comparison_has_nothing_to_tell():
    assert tell(findings=(), compared=False) == []


def test_each_sentence_leads_to_its_rows():
    anchors = {part.anchor for one in tell() for part in one.parts if part.anchor}
    page = rendered.team_page(story.report_data())
    assert {"c-support", "f-product-feature-5", "findings"} <= anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in page


def test_what_an_item_is_over_its_estimate_is_not_added_to_what_its_feature_is_over():
    over = {"whole_seconds": 9 * HOUR, "estimate_seconds": HOUR}
    findings = [
        finding("estimate_exceeded", "problem", 8 * HOUR, item=story.BUG, **over),
        finding("estimate_exceeded", "problem", 5 * HOUR, item=story.BUG, part_of_feature="Product/Feature#5", **over),
    ]
    assert [one.seconds for one in tell(findings=findings, previous=story.PREVIOUS) if "estimate" in one.text] == [
        8 * HOUR
    ]
