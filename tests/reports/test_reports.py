"""What the reports say, in every state that a period can be in."""

import pytest

from tests.reports import reading, rendered, samples
from tests.reports.samples import JONAS, MIRA, Entry, Person
from timeweave.models.enriched import State
from timeweave.models.summaries import MissingSummary, Summaries

ALL_FINE = "Nothing: every entry names a work item"
DONE = samples.entity(samples.TASK, name="Checkout form", state=State(name="Done", type="Finished", final=True))


def fine_edition():
    entry = Entry(MIRA, "2025-10-07", 3600, "x", samples.TASK)
    return samples.report_data(samples.aggregated([entry], []), samples.enriched([DONE]))


def test_what_needs_attention_comes_before_everything_else():
    for text in [rendered.team_summary(samples.report_data()), *rendered.individuals(samples.report_data())]:
        headings = [line for line in text.splitlines() if line.startswith("## ")]
        assert headings[0] == "## Needs attention"


@pytest.mark.parametrize(
    "said",
    [
        "- **Timer running**, Jonas Ferrowell: Login loops #7 \\[Scrum\\] \\[Bug\\]. It counts once it is stopped.",
        "- **Not found**: Scrum/Task #999, 1.51 h (Jonas Ferrowell). Logged as: Ghost. Scrum/Task has no item 999.",
        "- **Unknown database**: Garden/Tree #3, 2.40 h (Anouk Delisse). Logged as: Old oak. Fibery has no database Garden/Tree.",
        "- **4 days overdue**: [Checkout form](https://heliotrope.fibery.io/Scrum/Task/12), In Progress, planned 1 Oct – 10 Oct 2025, 5.01 h (Mira Castellane).",
        "- **Nearly an item**, Anouk Delisse: fix 7 \\[Scrum\\] \\[Bug\\] (1 entry). Perhaps [Login loops](https://heliotrope.fibery.io/Scrum/Bug/7) (Scrum/Bug #7)?",
        "- **No description**: 1 entry, Mira Castellane 0.50 h.",
        "  - checkout form redesign, 0.31 h (Jonas Ferrowell): much like an item of this period. Perhaps [Checkout form](https://heliotrope.fibery.io/Scrum/Task/12) (Scrum/Task #12)?",
        "- **A second number follows the id; perhaps one id typed with a blank** (1 entry), for example Mira Castellane: Checkout form #1 2 \\[Scrum\\] \\[Task\\].",
        "- **No e-mail**: Toggl shows none for Anouk Delisse.",
    ],
)
def test_the_team_reads_each_kind_of_exception(said):
    assert said in rendered.team_summary(samples.report_data()).splitlines()


def test_a_person_reads_only_their_own_exceptions():
    mira, jonas, anouk = rendered.individuals(samples.report_data())
    assert "Timer running" in jonas
    assert "Timer running" not in mira + anouk
    assert "overdue" in mira
    assert "overdue" not in jonas + anouk


@pytest.mark.parametrize(
    "said",
    [
        "# Mira Castellane: 7–13 October 2025",
        "### [Faster checkout](https://heliotrope.fibery.io/Product/Feature/Faster-checkout-5): 5.00 h",
        "Product/Feature #5 · Doing · 3 of 8 items done (38 %) · 100.00 h on record in all",
        "| [Checkout form](https://heliotrope.fibery.io/Scrum/Task/12), Scrum/Task #12 | In Progress | 1 Oct – 10 Oct 2025 | since 2 Oct 2025, **4 days overdue** | 2 | 5.00 |",
        "- **Checkout form**: Why The form loses what people typed, see the notes.",
        "  - Part of [Faster checkout](https://heliotrope.fibery.io/Product/Feature/Faster-checkout-5) › Growth",
        "  - Dates: 2025-10-01 – …; Sprint: Sprint 41; Story Points: 5",
        "| Weekly planning | 1 | 1.03 | names no item |",
        "[Entries in Toggl](https://track.toggl.com/reports/detailed/7001001/from/2025-10-07/to/2025-10-13/users/101)",
    ],
)
def test_a_person_reads_their_items_under_their_features(said):
    assert said in rendered.individuals(samples.report_data())[0].splitlines()


def test_an_item_that_was_done_late_says_so():
    jonas = rendered.individuals(samples.report_data())[1]
    assert "| Done | by 7 Oct 2025 | 6 Oct – 9 Oct 2025, 2 days late |" in jonas


def test_the_team_links_to_each_report():
    text = rendered.team_summary(samples.report_data())
    for slug in ("mira-castellane", "jonas-ferrowell", "anouk-delisse"):
        assert f"](individual/{slug}.md)" in text


def test_prose_is_shown_where_it_was_written():
    data = samples.report_data(samples.aggregated(), samples.enriched(), summaries=samples.PROSE)
    assert "> A calm week." in rendered.team_summary(data)
    mira = rendered.individuals(data)[0]
    assert "> A week of forms." in mira
    assert "- **Checkout form**: Built the \\*form\\*." in mira
    assert "A calm week." in rendered.team_page(data)


def test_where_all_is_well_the_reports_say_so():
    data = fine_edition()
    for text in (rendered.team_summary(data), *rendered.individuals(data), rendered.team_page(data)):
        assert ALL_FINE in text


def test_a_period_without_entries_is_a_report_that_says_so():
    data = samples.report_data(samples.aggregated([], []), samples.enriched([]))
    for text in (rendered.team_summary(data), rendered.toggl_summary(data), rendered.team_page(data)):
        assert "No time was logged" in text
    assert rendered.individuals(data) == []


def test_a_person_without_time_has_a_report_that_says_so():
    data = samples.report_data(samples.aggregated([], [], people=[MIRA]), samples.enriched([]))
    [text], [page] = rendered.individuals(data), rendered.people_pages(data)
    assert "**No time was logged** in this period." in text
    assert "No time was logged" in page


def test_a_team_of_one_is_a_person_not_people():
    assert "by 1 person on 1 day:" in rendered.team_summary(fine_edition())


def test_where_nothing_is_found_every_item_is_named_with_its_reason():
    lost = [samples.entity(key, status="not_found", reason=f"No {key[2]}.") for key in (samples.TASK, samples.BUG)]
    entries = [Entry(JONAS, "2025-10-07", 3600, "a", samples.TASK), Entry(JONAS, "2025-10-07", 60, "b", samples.BUG)]
    data = samples.report_data(samples.aggregated(entries, []), samples.enriched(lost))
    for text in (rendered.team_summary(data), *rendered.individuals(data), rendered.team_page(data)):
        assert "No 12." in text
        assert "No 7." in text
    assert reading.markdown(rendered.team_summary(data)).table("States").column("State") == ["Not found", "Total"]


def test_people_of_the_same_name_have_reports_of_their_own():
    twins = [Person(1, "Anna Vail", "anna@a.example"), Person(2, "Anna Vail", "ANNA@b.example")]
    data = samples.report_data(samples.aggregated([], [], people=twins), samples.enriched([]))
    assert [byline.slug for byline in data.people.values()] == ["anna", "anna_2"]


def test_time_before_any_item_is_looked_up_is_told_as_it_was_written():
    text = rendered.toggl_summary(samples.report_data())
    for said in (
        "1 timer is still running and not counted.",
        "| Scrum/Task #12 | Checkout form | 1 | 2 | 5.01 |",
        "| Garden/Tree #3 | Old oak | 1 | 1 | 2.40 |",
        "| (no description) | 1 | 1 | 0.50 |",
    ):
        assert said in text.splitlines()
    assert "fibery.io" not in text


def test_a_summary_that_is_missing_and_a_sentence_that_was_dropped_are_told():
    missing = [MissingSummary(what="Checkout form", reason="the language model did not answer in time")]
    summaries = Summaries(enabled=True, model="any", dropped_sentences=1, missing=missing)
    data = samples.report_data(summaries=summaries)
    for report in (rendered.team_summary(data), rendered.individuals(data)[0], rendered.team_page(data)):
        assert "1 sentence in another form than agreed was left out" in report
        assert (
            "1 summary could not be had (the language model did not answer in time); plain text stands instead"
            in report
        )
