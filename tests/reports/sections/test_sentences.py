"""Every kind of finding has its sentence, and what is missing leaves no hole in it."""

import re

import pytest

from tests.reports import rendered, story
from tests.reports.analyses import HOUR, finding
from timeweave.models.findings import FindingKind
from timeweave.reports.sections.sentences import Sentences

DATA = story.report_data()
SENTENCES = Sentences(DATA, rendered.HTML)
VALUES = {
    "text": "fix 7", "title": "Login loops", "started": "2025-10-12", "completed": "2025-10-06", "state": "Done",
    "planned_start": "2025-10-12", "planned_end": "2025-10-06", "overdue_days": 1, "whole_seconds": HOUR,
    "estimate_seconds": HOUR, "assignees": ["Ada"], "reasons": ["vacation"], "field": "Sprnt", "database": "Scrum/Task",
    "suggestion": "Sprint", "parts": ["comments"], "median_seconds": HOUR, "expected_seconds": HOUR,
}  # fmt: skip
NEEDED = {
    name: VALUES[name]
    for name in ("planned_start", "planned_end", "overdue_days", "whole_seconds", "estimate_seconds", "field", "text")
}


@pytest.mark.parametrize("kind", FindingKind)
@pytest.mark.parametrize("values", [VALUES, NEEDED], ids=["all known", "as little as there can be"])
def test_every_kind_is_said_in_a_sentence_without_a_hole(kind, values):
    feature = story.FEATURE_KEY if kind is FindingKind.STALLED_FEATURE else None
    item = None if feature else story.BUG
    said = SENTENCES.describe(
        finding(
            kind, "warning", HOUR, ["101"], days=["2025-10-07"], entry_ids=[1], item=item, feature=feature, **values
        )
    ).text
    assert re.fullmatch(r"[A-Z0-9“].*[.]", said, re.S)
    assert not re.search(r"\(\)|\[|\]|\{|\}|  | [,.;)]|None", said)


def test_several_people_and_days_are_counted_beyond_a_few():
    many = finding("short_day", "warning", HOUR, ["101", "102", "103", "104", "105"], days=list(story.WEEK))
    assert SENTENCES.describe(many).text.startswith("Anouk Delisse, Ruben Askeland, Priya Raghunden and 2 more logged")
    assert SENTENCES.describe(many).text.endswith("than expected on 5 days.")


def test_a_person_s_name_leads_to_the_day_that_is_meant():
    one = finding("long_entry", "problem", HOUR, ["101"], days=["2025-10-07"])
    assert [(part.person.slug, part.day) for part in SENTENCES.describe(one).parts if part.person] == [
        ("anouk-delisse", "2025-10-07")
    ]


def test_on_somebody_s_own_page_their_name_is_not_repeated():
    one = finding("long_entry", "problem", HOUR, ["101"], days=["2025-10-07"])
    own = SENTENCES.describe(one, DATA.people["101"]).text
    assert own == "One entry of 1.0 h (Tue 7 Oct) looks like a forgotten timer."
    assert "(Anouk Delisse, Tue 7 Oct)" in SENTENCES.describe(one, DATA.people["102"]).text
