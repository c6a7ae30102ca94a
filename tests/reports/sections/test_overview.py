from timeweave.reports.sections.overview import NeedsAttention

from tests.reports import samples
from timeweave.models.aggregated import Finding, FindingKind
from timeweave.reports.team_report import build_team_report


def attention(findings=samples.FINDINGS) -> NeedsAttention:
    return build_team_report(samples.report_data(samples.aggregated(findings=findings), samples.enriched())).attention


def test_each_kind_of_finding_has_its_own_place():
    found = attention()
    assert [remark.person.name for remark in found.running] == ["Jonas Ferrowell"]
    assert [row.reference for row in found.missing] == ["Garden/Tree #3", "Scrum/Task #999"]
    assert [(row.title, row.days_late) for row in found.overdue] == [("Checkout form", 4)]
    assert [remark.suggestion.reference for remark in found.near_misses] == ["Scrum/Bug #7"]
    assert [(who.person.name, who.hours) for who in found.undescribed] == [("Mira Castellane", "0.50")]
    assert [(row.text, row.reason) for row in found.unmatched] == [
        ("Weekly planning", "other"),
        ("checkout form redesign", "similar"),
    ]
    assert [(doubt.kind, doubt.entries) for doubt in found.doubts] == [("split_id", 1)]
    assert [byline.name for byline in found.without_email] == ["Anouk Delisse"]


def test_all_unmatched_time_counts_as_one_thing_to_look_at():
    assert attention().count == 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1


def test_a_remark_made_of_many_entries_is_told_once():
    [remark] = attention([replace_id(samples.FINDINGS[0], entry) for entry in range(5)]).near_misses
    assert remark.entries == 5


def test_findings_about_people_who_are_not_shown_are_left_out():
    assert attention([Finding(kind=FindingKind.RUNNING, user_id=999, entry_id=1, text="x")]).running == []


def replace_id(finding, entry):
    return Finding(kind=finding.kind, user_id=finding.user_id, entry_id=entry, text=finding.text)
