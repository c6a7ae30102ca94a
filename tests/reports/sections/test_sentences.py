"""Every kind of finding has its sentence, and what is missing leaves no hole in it."""

import re

import msgspec
import pytest

from tests.docs.test_analysis import EXAMPLES, build, get_kind
from tests.reports import analyses, rendered, story
from tests.reports.analyses import HOUR, finding
from timeweave.models.entities import EntityKey
from timeweave.models.findings import FindingKind
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import first_screen
from timeweave.reports.sections.finding_rows import OWN
from timeweave.reports.sections.sentence_patterns import fill_patterns
from timeweave.reports.sections.sentences import Sentences

DATA = story.report_data()
SENTENCES = Sentences(DATA, rendered.HTML)
VALUES = {
    "text": "fix 7", "title": "Login loops", "started": "2025-10-12", "completed": "2025-10-06", "state": "Done",
    "planned_start": "2025-10-12", "planned_end": "2025-10-06", "overdue_days": 1, "whole_seconds": HOUR,
    "estimate_seconds": HOUR, "assignees": ["Ada"], "reasons": ["vacation"], "field": "Sprnt", "database": "Scrum/Task",
    "suggestion": "Sprint", "parts": ["comments"], "median_seconds": HOUR, "expected_seconds": HOUR,
    "now_seconds": 2 * HOUR,
}  # fmt: skip
NEEDED = {
    name: VALUES[name]
    for name in (
        "now_seconds",
        "planned_start",
        "planned_end",
        "overdue_days",
        "whole_seconds",
        "estimate_seconds",
        "field",
        "text",
    )
}


def is_whole(said):
    """It begins and ends as a sentence, and no word or name is missing between."""
    hole = r"\(\)|\(,|\[|\]|\{|\}|  | [,.;:)]|: \.|\.\.|“”|None|\b(?:of|on|and|by|than|for) (?:\.|,|;|of|on|and)"
    ours = re.sub("“.+?”", "x", said)
    return bool(re.fullmatch(r"[A-Z0-9“].*[.]", said, re.S)) and not re.search(hole, ours)


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_that_the_analysis_finds_is_said_in_a_sentence(name):
    data = ReportData(build(EXAMPLES[name]).analyze())
    sentences = Sentences(data, rendered.HTML)
    found = [(finding.kind, sentences.describe(finding).text) for finding in data.analysis.findings]
    assert get_kind(name) in dict(found)
    assert [said for _, said in found if not is_whole(said)] == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"category": "bugs", "now_seconds": 3 * HOUR, "median_seconds": 2 * HOUR},
         "Bugs took 3.0 h, 1.0 h more than usual (the median is 2.0 h)."),
        ({"category": "bugs", "now_seconds": 0, "median_seconds": HOUR},
         "Bugs took 0.0 h, 1.0 h less than usual (the median is 1.0 h)."),
        ({"now_seconds": HOUR, "median_seconds": 2 * HOUR},
         "Anouk Delisse logged 1.0 h, 1.0 h less than usual (the median is 2.0 h)."),
    ],
    ids=["a category with more", "a category with less", "a person"],
)  # fmt: skip
def test_what_is_unusual_is_said_to_be_more_or_less(values, said):
    people = [] if "category" in values else ["101"]
    assert SENTENCES.describe(finding("unusual", "notice", HOUR, people, **values)).text == said


def test_a_field_that_nobody_asks_for_is_told_apart_from_one_that_is_not_there():
    said = [
        SENTENCES.describe(finding("unknown_field", field="Sprnt", **values)).text
        for values in (
            {"file": "config/categories.yaml"},
            {"database": "Scrum/Task", "suggestion": "Sprint"},
            {"database": "default", "suggestion": None},
        )
    ]
    assert said == [
        "A rule of config/categories.yaml looks at the field Sprnt, which config/enrichment_config.yaml does not ask Fibery"
        " for: the rule never matches.",
        "The configuration asks for the field Sprnt of Scrum/Task, which is not there; perhaps Sprint is meant.",
        "The configuration asks for the field Sprnt, which is not there.",
    ]


def test_what_fibery_did_not_answer_is_no_item():
    one = finding("part_missing", "problem", sentence="Scrum/Task: comments of 3 items did not come: too slow.")
    assert SENTENCES.describe(one).text == (
        "Not all of it came from Fibery: Scrum/Task: comments of 3 items did not come: too slow."
    )
    scene = analyses.replaced(story.SCENE, findings=[one])
    proof = first_screen.build_proof(ReportData(analyses.build(scene)))
    assert (proof.missing_parts, proof.unanswered) == (0, 1)


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
    assert is_whole(said)


def test_a_reference_that_leads_nowhere_is_named_beside_what_was_written():
    key = EntityKey(space="Scrum", database="Task", public_id="99000036")
    found = finding("not_found", "warning", HOUR, ["101"], item=key, title="Arrival")
    assert (
        SENTENCES.describe(found, DATA.people["101"]).text
        == "Scrum/Task #99000036 (“Arrival”) is not in Fibery (1.0 h)."
    )


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


@pytest.mark.parametrize("kind", OWN)
def test_what_somebody_is_to_put_right_never_repeats_their_name(kind):
    one = finding(kind, "warning", HOUR, ["101"], days=["2025-10-07"], entry_ids=[1], item=story.BUG, **VALUES)
    own = SENTENCES.describe(one, DATA.people["101"]).text
    assert story.ANOUK.name not in own
    assert re.fullmatch(r"[A-Z0-9“].*[.]", own, re.S)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("on_cancelled", {"completed": None}, " is cancelled now; 1.0 h were logged on it in this period (Anouk Delisse)."),
        ("on_cancelled", {"completed": "2025-10-06"}, " was cancelled on Mon 6 Oct and took 1.0 h since (Anouk Delisse)."),
        ("absent_but_worked", {"planned": True, "reasons": ["vacation"]}, "when an absence is planned (vacation)."),
        ("absent_but_worked", {"planned": False, "reasons": []}, "when an absence is logged."),
        ("empty_period", {"expected_seconds": HOUR, "chosen": True},
         "Anouk Delisse logged no time in this period, though 1.0 h were expected."),
    ],
)  # fmt: skip
def test_the_words_say_no_more_than_is_known(kind, values, said):
    item = story.BUG if kind == "on_cancelled" else None
    found = SENTENCES.describe(finding(kind, "problem", HOUR, ["101"], item=item, days=["2025-10-09"], **values)).text
    assert found.endswith(said) and is_whole(found)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Checkout " + "form " * 20, "Checkout form form form form form form form form form form…"),
        ("Checkout form", "Checkout form."),
    ],
)
def test_no_full_stop_follows_the_ellipsis_of_what_was_shortened(name, said):
    entities = story.ENTITIES | {story.TASK: msgspec.structs.replace(story.ENTITIES[story.TASK], name=name)}
    data = ReportData(analyses.build(analyses.replaced(story.SCENE, entities=entities)))
    found = finding("part_missing", "problem", 0, item=story.TASK)
    patterns = Sentences(data, rendered.HTML)
    (part,) = patterns.name_item(found.item)
    assert "".join(one.text for one in fill_patterns(["{item}."], {"item": [part]}.__getitem__, None)) == said
