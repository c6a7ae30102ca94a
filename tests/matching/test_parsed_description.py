"""What a description refers to: the examples people gave, and the rules one by one."""

import json
from pathlib import Path

import pytest

from timeweave.matching.bracket_tags import Flag
from timeweave.matching.parsed_description import Match, match
from timeweave.matching.reference import Reference

EXAMPLES = [json.loads(line) for line in Path(__file__).with_name("examples.jsonl").read_text("utf-8").splitlines()]
FLAGGED = [
    ("#12 [Scrum/Task]", {"combined_tag"}),
    ("#12 [A/B] [C] [D]", {"combined_tag"}),
    ("fix #12 see [Scrum] [Task]", {"detached_tags", "no_tags"}),
    ("fix #12 [[Scrum]] [Task]", {"doubled_brackets"}),
    ("https://acme.fibery.io/Scrum/Task/x-12", {"link"}),
    ("fix 12 [Scrum] [Task]", {"near_miss"}),
    ("Some work [Backend] [Task]", {"near_miss"}),
    ("fix#12 [Scrum]", {"near_miss"}),
    ("fix #0 [Scrum]", {"near_miss"}),
    ("see https://example.com/a-#12 [Scrum]", {"near_miss"}),
    ("#12 [Scrum] [Task] [Apollo [EU]]", {"nested_tags"}),
    ("fix #12 [", {"no_tags"}),
    ("#12 [Scrum]", {"partial_tags"}),
    ("#12 [] [Task]", {"partial_tags"}),
    ("#11 and #12 [Scrum] [Task]", {"several_ids"}),
    ("#11 and #12", {"no_tags", "several_ids"}),
    ("#12 [Scrum] [Task] #34 [Scrum] [Bug]", {"several_references"}),
    ("#12 [Scrum] [Task] https://acme.fibery.io/Scrum/Bug/12", {"link", "several_references"}),
    ("#12 34 [Scrum] [Task]", {"split_id"}),
    ("#12 [Scrum [Task]", {"unclosed_tag"}),
    ("see https://acme.fibery.io/Scrum", {"unknown_link"}),
    ("#12 [Scrum] [Task] in HTTPS://Acme.Fibery.io/", {"unknown_link"}),
    ("#12 [Scrum] [Task] of [draft] and C#", set()),
    ("#12 and #12 [Scrum] [Task]", set()),
    ("a [WIP] meeting, C# 8, GH-7, # 12", set()),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["description"][-40:] or "empty" for example in EXAMPLES])
def test_reads_the_examples_as_their_authors_do(example):
    read, names = match(example["description"]), ("public_id", "space", "database", "project")
    assert read.text == example["text"]
    assert [getattr(read.reference, name, None) for name in names] == [example[name] for name in names]


@pytest.mark.parametrize(("description", "flags"), FLAGGED)
def test_flags_what_a_person_should_look_at(description, flags):
    assert match(description).flags == tuple(sorted(flags))


def test_every_flag_occurs():
    assert {flag for _, flags in FLAGGED for flag in flags} == set(Flag)


def test_nothing_is_no_description():
    assert match(None) == match("") == Match("")


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("before #12 [Scrum] [Task] after", "before after"),
        ("fix #12 [Scrum] [Task], then rest.", "fix, then rest."),
        ("fix #12: login", "fix: login"),
        ("fix #12 :)", "fix :)"),
        ("Fix login (#12)", "Fix login"),
        ("(see #12 [Scrum] [Task])", "(see)"),
        ("Follow-up of (#11) #12 [Scrum] [Task]", "Follow-up of (#11)"),
        ("Fix #3 [UI] colours #12 [Scrum] [Task] [Apollo]", "Fix #3 [UI] colours"),
        ("#12 34 56 [Scrum]", "34 56 [Scrum]"),
        ("＃１２ ［Ｓｃｒｕｍ］ １２ ［ｘ", "１２ ［ｘ"),
    ],
)
def test_keeps_all_other_text_from_both_sides(description, text):
    assert match(description).text == text


@pytest.mark.parametrize(
    ("description", "public_id"),
    [
        ("# 12 [Scrum] [Task]", "12"),
        ("# 12", None),
        ("# 12 of 13 [Scrum]", None),
        ("#123456789012", "123456789012"),
        ("#1234567890123", None),
        ("#0", None),
        ("#007", "7"),
        ("x#12", None),
        ("дело#12", None),
        ("a/#12", None),
        ("_#12", None),
        ("#12_", None),
        ("#12.", "12"),
        ("(#12)", "12"),
        ("##12", "12"),
        ("＃１２", "12"),
        ("#١٢", None),
        ("#1\ufe0f\u20e3", None),
        ("#1\u200b2", "12"),
        ("&#35;12", "12"),
        ("https://example.com/?q=#12", None),
        ("https://example.com/x (#12)", "12"),
        ("#11, #12 [Scrum], #13", "12"),
        ("#11, #12, #13", "13"),
        ("#12 [Scrum] [#13]", "12"),
    ],
)
def test_knows_an_id_when_it_sees_one(description, public_id):
    found = match(description).reference
    assert (found.public_id if found else None) == public_id


def test_the_references_not_chosen_are_listed_in_order():
    read = match("#9 #8 [A] [B] https://acme.fibery.io/C/D/x-7 #8 [a] [b] #6 [E] [F] #9")
    assert read.reference == Reference("6", "E", "F", None, ())
    assert read.others == (
        Reference("9", None, None, None, ()),
        Reference("8", "A", "B", None, ()),
        Reference("7", "C", "D", None, ()),
        Reference("8", "a", "b", None, ()),
    )


@pytest.mark.parametrize(
    "description",
    [
        "Fix #12 [Scrum] [Task] [Apollo] https://acme.fibery.io/Scrum/Task/Fix-12",
        "#12 [Scrum] [Task] [Apollo] Fix #12 [scrum] [task]",
        "Fix #12 [Scrum] [Task] [Apollo] #12 [Scrum] [Task] [Apollo]",
    ],
)
def test_the_same_item_named_twice_is_one_reference_and_the_fullest_counts(description):
    read = match(description)
    assert (read.text, read.reference, read.others) == ("Fix", Reference("12", "Scrum", "Task", "Apollo", ()), ())


@pytest.mark.parametrize("bracketed", ["[#12] [Scrum] [Task]", "(#12) [Scrum] [Task]", "[#12 [Scrum] [Task]]"])
def test_brackets_around_a_reference_go_with_it(bracketed):
    assert match(f"a {bracketed} b") == Match("a b", Reference("12", "Scrum", "Task", None, ()))
