"""Links to Fibery as references."""

import pytest

from timeweave.matching.mentions import is_fibery_link, refer_by_link
from timeweave.matching.parsed_description import match
from timeweave.matching.reference import Reference

ITEM = Reference("1234", "Scrum", "Task", None, ())


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.fibery.io/Scrum/Task/1234",
        "https://acme.fibery.io/Scrum/Task/some-title-1234?x=y",
        "https://acme.fibery.io/Scrum/Task/some-title-1234#Comments/5",
        "https://acme.fibery.io/Scrum/Task/some_title-1234/",
        "HTTP://Acme.Fibery.IO:443/Scrum/Task/001234",
        "acme.fibery.io/Scrum/Task/x-1234?u=https://other.fibery.io/A/B/c-5",
        "https://acme.fibery.io/%53crum/Task/%D1%82%D0%B5%D1%81%D1%82-1234",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "a {} b", "a ({}) b", "a [{}], b", "a <{}>.", "a “{}”", "a {}, b", "a ({})."])
def test_a_link_is_a_reference_wherever_it_stands(link, frame):
    assert match(frame.format(link)).reference == ITEM


@pytest.mark.parametrize(
    ("path", "space", "database"),
    [
        ("My_Space/Sub-task", "My Space", "Sub-task"),
        ("My%20Space/Sub-task", "My Space", "Sub-task"),
        ("R%26D/A%2FB", "R&D", "A/B"),
        ("snake%5Fcase/Bug", "snake_case", "Bug"),
        ("%D0%A1%D0%BA%D1%80%D0%B0%D0%BC/e%CC%81", "Скрам", "é"),
        ("a%00b%E2%80%8B/%FF", "a b", "\ufffd"),
    ],
)
def test_names_in_links_are_decoded_and_their_blanks_restored(path, space, database):
    assert refer_by_link(f"https://acme.fibery.io/{path}/t-9") == Reference("9", space, database, None, ())


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.fibery.io",
        "https://acme.fibery.io/Scrum/Board-12",
        "https://acme.fibery.io/Scrum/Task/title",
        "https://acme.fibery.io/Scrum/Task/title-0",
        "https://acme.fibery.io/Scrum/Task/1234567890123",
        "https://acme.fibery.io/Scrum/Task/١٢",
        "https://acme.fibery.io/_/Task/12",
        "https://acme.fibery.io/Scrum/Task/x-12/edit",
        "https://acme.fibery.io/fibery/space/12",
        "https://acme.fibery.io/@public/Guide/x-12",
    ],
)
def test_other_links_to_fibery_are_kept_as_text_and_flagged(link):
    read = match(f"see {link} now")
    assert (read.text, read.reference, read.flags) == (f"see {link} now", None, ("unknown_link",))


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.fibery.io.example.com/Scrum/Task/x-12",
        "https://example.com/acme.fibery.io/Scrum/Task/x-12",
        "https://example.com/?u=https://acme.fibery.io/Scrum/Task/x-12",
        "https://fibery.io/Scrum/Task/x-12",
        "https://acme.notfibery.io/Scrum/Task/x-12",
    ],
)
def test_links_elsewhere_are_text(link):
    assert not is_fibery_link(link)
    assert match(link).text == link
    assert match(link).reference is None


def test_a_markdown_link_leaves_its_title():
    assert match("Done: [Fix login](https://acme.fibery.io/Scrum/Task/fix-1234), yes").text == "Done: Fix login, yes"


def test_a_link_inside_a_tag_is_part_of_the_tag():
    assert (
        match("#1 [Scrum] [Task] [https://acme.fibery.io/A/B/x-2]").reference.project
        == "https://acme.fibery.io/A/B/x-2"
    )
