"""A manager's questions, each answered on the team's page of a week whose answers are known."""

import dataclasses
import functools

import msgspec
import pytest

from tests.reports import analyses, reading, rendered, story
from tests.reports.analyses import HOUR, Scene
from timeweave.models.person_work import PersonStatus
from timeweave.models.work_items import FeatureStatus
from timeweave.reports.sections.plan import build_estimate
from timeweave.reports.sections.sentences import Sentences
from timeweave.reports.team_report import build_team_report


@functools.cache
def read_page():
    return reading.page(rendered.team_page(story.report_data()))


def read_text():
    return " ".join(read_page().text.replace("\u00a0", " ").split())


def row(title, name):
    """The cells of the row that begins with `name`, in the table called `title`."""
    table = next(table for table in read_page().tables if table.caption.startswith(title))
    return next([" ".join(cell.split()) for cell in cells] for cells in table.rows if cells[0].startswith(name))


QUESTIONS = {
    "is the data complete": "Complete: 123:42:27 in Toggl and here, looked at on 14 Oct 2025 · 27 entries · 1 timer still running",
    "who forgot to log": "Ruben Askeland nothing on Fri 10 and Mon 13 Oct 21.0 of 40.0",
    "who logged nothing at all": "Noor Vantongeren nothing on 5 days 0.0 of 40.0",
    "how many logged anything": "5 of 6 people logged time.",
    "who is over": "Hana Moriyabe (user 104) 6.2 h over 46.2 of 40.0",
    "what changed, and by how much": "Support took 21.0 h, 18.0 h more than the week before.",
    "how much in all, against the week before": "123.7 h −36.3 h from the week before",
    "which feature stands still": "Offline mode took 20.0 h in the period before and nothing in this one; it is still open.",
    "plan against actual": "Faster checkout is at 57.0 h of 40.0 h estimated; 3 of 8 items are done.",
    "time on cancelled work": "Dashboard tiles was cancelled on Mon 6 Oct and took 6.0 h since (Priya Raghunden).",
    "time on work not started": "Version 2 of the design took 8.0 h and looks not started: its state is Backlog.",
    "impossible entries": "One entry of 14.2 h (Hana Moriyabe (user 104), Wed 8 Oct) looks like a forgotten timer.",
    "how much is to be corrected": "problems, 4 corrections in 6 entries;",
    "time without an item that should have one": "No work item 3 entries · 21.0 h Ruben Askeland 3 entries · 21.0 h",
}


@pytest.mark.parametrize("answer", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_page_says(answer):
    assert answer in read_text()


def test_where_the_time_went_stands_beside_the_week_before_and_the_target():
    assert row("Share of all time", "Features") == ["Features 49.2 h", "40 %", "68 %", "50–70 % under▾"]
    assert row("Share of all time", "Bugs") == ["Bugs 38.2 h", "31 %", "25 %", "10–25 % over▴"]
    assert row("Share of all time", "Meetings") == ["Meetings 5.0 h", "4 %", "4 %", ""]


def build_with_idle_feature():
    """The same week, in which the feature that took no time is late as well."""
    late = msgspec.structs.replace(story.STALLED, overdue_days=11)
    return story.report_data(analyses.build(analyses.replaced(story.SCENE, stalled=[late])))


def test_what_is_late_without_time_is_in_no_list_and_told_to_be_marked_in_the_table():
    data = build_with_idle_feature()
    page, text = rendered.team_page(data), rendered.team_summary(data)
    said = "1 more without time in this period is marked late in the table of"
    assert said in text
    assert said in " ".join(reading.page(page).text.split())
    items = page.partition('<section id="items"')[2].partition("</section>")[0]
    assert items.count('<strong class="late">') == len(reading.markdown(text).table("Late").rows) + 1
    assert "marked late" not in read_page().text


def test_late_work_without_time_is_told_of_where_nothing_else_is_late():
    idle = build_with_idle_feature().analysis
    others = [one for one in idle.findings if one.kind != "overdue"]
    data = story.report_data(msgspec.structs.replace(idle, findings=others))
    for text in (rendered.team_summary(data), " ".join(reading.page(rendered.team_page(data)).text.split())):
        assert "1 without time in this period is marked late in the table of" in text


def test_what_is_late_is_said_to_have_a_list_of_its_own_where_it_is_counted_among_the_problems():
    for text in (read_text(), rendered.team_summary(story.report_data())):
        assert "What is late (1) has a list of its own" in text


def test_of_an_item_on_which_several_people_made_a_mistake_each_has_their_own_entries_and_hours():
    found = analyses.finding("not_found", "warning", 3 * HOUR, ["102", "104"], item=story.LOST, entry_ids=[19, 26])
    data = story.report_data(analyses.build(analyses.replaced(story.SCENE, findings=[found])))
    text = rendered.team_summary(data)
    assert "**Items that Fibery does not have** (2 entries, 3.0 h)" in text
    assert "Hana Moriyabe (user 104): 1 entry, 8.0 h" in text
    assert "Ruben Askeland: 1 entry, 7.0 h" in text


def test_beside_the_name_of_somebody_without_time_whom_toggl_does_not_list_it_says_so():
    noor = dataclasses.replace(story.NOOR, status=PersonStatus.NOT_LISTED)
    scene = analyses.replaced(story.SCENE, members=[*story.MEMBERS[:-1], noor])
    data = story.report_data(analyses.build(scene))
    pages = [rendered.team_page(data), rendered.team_summary(data), *rendered.digests(data)]
    together = "were expected of them; not listed in Toggl: Noor Vantongeren."
    assert [together in " ".join(reading.page(text).text.split()) for text in pages] == [True] * 4
    assert ["nothing on 5 days, not listed in Toggl" in text for text in pages] == [True] * 4
    assert [text for text in pages if "nothing on Fri 10 and Mon 13 Oct, not listed" in text] == []
    said = "when 40.0 h were expected; Toggl does not list this person."
    own = [rendered.individuals(data)[-1], rendered.people_pages(data)[-1]]
    assert [said in reading.page(text).text.replace("\u00a0", " ") for text in (pages[0], *own)] == [True] * 3
    assert "\nNot listed in Toggl.\n" in own[0]


def test_what_is_late_stands_with_since_when_and_what_it_took():
    assert row("Items past", "Checkout form") == [
        "Checkout form", "4 days", "9 Oct", "20.2", "40.3", "12.0", "Anouk Delisse"
    ]  # fmt: skip


def test_features_stand_with_their_hours_change_progress_and_whole_of_estimate():
    cells = row("Work items", "Faster checkout")
    assert cells[0] == "Faster checkout Product/Feature #5 3 of 8 done over estimate"
    assert cells[1:3] == ["35.19", "+5.19"]
    assert cells[3] == "In Progress"
    assert cells[6] == "57.00 of 40.00 (143 %)"


def test_cancelled_is_not_done_and_what_was_inferred_is_marked():
    assert 'class="state cancelled"' in rendered.team_page(story.report_data())
    assert "≈ 8.00 h on 1 item were put there by a number or a title alone" in read_text()
    assert "≈ 8.00 h inferred" in row("Work items", "Version 2 of the design")[0]


def test_time_on_finished_work_is_told_with_when_it_was_finished():
    found = analyses.finding(
        "after_completion",
        "warning",
        6 * HOUR,
        ["101"],
        item=story.DONE_TASK,
        days=["2025-10-13"],
        completed="2025-10-09",
    )
    scene = analyses.replaced(story.SCENE, findings=[*story.FINDINGS, found])
    text = " ".join(reading.page(rendered.team_page(story.report_data(analyses.build(scene)))).text.split())
    said = "Address validation was completed on Thu 9 Oct, and 6.0 h were logged after that (Anouk Delisse)."
    assert said in text


def test_who_logged_something_every_day_and_yet_too_little_is_short():
    member = analyses.Member(1, "Ada")
    logs = [analyses.Log(member, day, "09:00", 6 * HOUR) for day in story.WEEK]
    page = reading.page(
        rendered.team_page(story.report_data(analyses.build(Scene(members=[member], logs=logs, compared=False))))
    )
    assert "Ada 10.0 h short 30.0 of 40.0" in " ".join(page.text.split())


def test_an_incomplete_week_is_said_to_be_so():
    scene = story.SCENE
    page = rendered.team_page(story.report_data(analyses.build(analyses.replaced(scene, toggl_seconds=500 * HOUR))))
    assert "<b>Not complete:</b>" in page
    page = rendered.team_page(story.report_data(analyses.build(analyses.replaced(scene, toggl_seconds=None))))
    assert "<b>not compared</b>" in page


def test_a_week_in_progress_is_said_to_be_so_and_not_complete_in_every_report():
    document = msgspec.structs.replace(story.report_data().analysis, as_of="2025-10-12", past=[])
    data = story.report_data(document)
    said = "5 of 7 days are over; not compared with earlier periods until all are."
    everything = [rendered.team_summary(data), rendered.team_page(data), *rendered.digests(data)]
    for text in (*everything, *rendered.individuals(data), *rendered.people_pages(data)):
        assert said in text
        assert "In progress" in text
        assert "Complete" not in text
    assert "nothing to compare with" not in everything[1]
    assert "123:42:27</span> in Toggl and here" in everything[1]


def test_an_empty_week_and_a_team_without_hours_say_so():
    found = analyses.finding("empty_period", "problem", 0)
    members = [analyses.Member(1, "Ada", hours=None)]
    page = rendered.team_page(
        story.report_data(analyses.build(Scene(members=members, compared=False, findings=[found])))
    )
    text = " ".join(reading.page(page).text.split())
    assert "Nobody logged any time in this period." in text
    assert "No working hours are set in config/team.yaml" in text
    assert "No time was logged." in text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((None, None), "No working hours are set in config/team.yaml. 1 person logged time."),
        ((8, None), "Nobody: 1 person logged about what was expected of them."),
        ((0, None), "Nobody: no hours were expected of anybody."),
    ],
    ids=["nobody's hours", "one person's hours", "no hours"],
)
def test_only_those_are_counted_of_whom_it_is_said(hours, said):
    members = [
        analyses.Member(at, name, hours=each) for at, (name, each) in enumerate(zip(("Ada", "Bo"), hours, strict=True))
    ]
    logs = [analyses.Log(members[0], day, "09:00", 8 * HOUR) for day in story.WEEK]
    data = story.report_data(analyses.build(Scene(members=members, logs=logs, compared=False)))
    for page in (reading.page(rendered.team_page(data)), reading.markdown(rendered.team_summary(data))):
        assert said in " ".join(page.text.split())


def test_what_is_as_of_when_is_said():
    said = "What is open, done or late is so on 13 Oct 2025; whole time and completion are as of 14 Oct 2025."
    assert said in read_text()
    assert said in rendered.team_summary(story.report_data())


def looked_at_late():
    """The same week with whole times on record of too late a day, of its new feature finished too."""
    known = story.report_data().analysis
    finished, *others = known.features
    return story.report_data(
        msgspec.structs.replace(
            known,
            whole_is_later=True,
            features=[msgspec.structs.replace(finished, status=FeatureStatus.FINISHED), *others],
            items=[msgspec.structs.replace(one, whole_source="fibery") for one in known.items],
        )
    )


def team_reports(data):
    return rendered.team_page(data), rendered.team_summary(data), *rendered.digests(data)


def test_whole_times_of_too_late_a_day_stand_neither_beside_the_estimate_of_what_is_late_nor_in_a_highlight():
    late = looked_at_late()
    report = build_team_report(late, Sentences(late, rendered.MARKDOWN), 150)
    assert [(row.whole, row.estimate) for row in report.late] == [(None, "12.0")]
    assert any("was finished and took" in one.text for one in report.highlights)
    assert [one.text for one in report.highlights if one.text.endswith("h in all.")] == []
    assert [text for text in rendered.digests(late) if "12.0 h estimated" not in text or "of 12.0 h" in text] == []


def test_that_whole_times_are_of_too_late_a_day_is_said_where_they_stand():
    said = "Fibery’s whole times are of 14 Oct 2025, too long after this period"
    late = looked_at_late()
    found = [text.count(said) for data in (story.report_data(), late) for text in team_reports(data)]
    assert found == [0, 0, 0, 0, 2, 2, 1, 1]
    percent = [build_estimate(late, 2 * HOUR, source, None, HOUR, None).percent for source in ("fibery", "logged")]
    assert percent == [None, 200]
    assert [text for text in rendered.individuals(late) if (said in text) != ("## Items" in text)] == []


@pytest.mark.parametrize("said", ["Without a feature", "Without a work item", "No database", "No project"])
def test_what_has_no_name_is_called_the_same_on_the_page_and_in_markdown(said):
    assert said in rendered.team_page(story.report_data())
    assert said in rendered.team_summary(story.report_data())
