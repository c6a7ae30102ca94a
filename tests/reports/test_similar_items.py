import pytest
from timeweave.reports.similar_items import explain

from tests.reports import samples


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("checkout form redesign", "Checkout form", id="a similar name"),
        pytest.param("fix 7 [Scrum] [Bug]", "Login loops", id="the number and the database"),
        pytest.param("fix 007 in bug", "Login loops", id="leading zeros"),
        pytest.param("login loops [Scrum] [Bug]", "Login loops", id="a similar name where the tags say"),
        pytest.param("login loops [Apollo]", "Login loops", id="a tag that is no place"),
        pytest.param("login loops [Scrum] [Task]", None, id="a similar name somewhere else"),
        pytest.param("login loops 8 [Scrum] [Bug]", None, id="a similar name and another number"),
        pytest.param("login loops 7 [Scrum] [Task]", None, id="its name and number, and another database"),
        pytest.param("Weekly planning", None, id="nothing like it"),
        pytest.param("form", None, id="too short to tell"),
        pytest.param("", None, id="empty"),
        pytest.param("12", None, id="a number alone"),
        pytest.param("x" * 10_000, None, id="very long"),
    ],
)
def test_the_most_similar_item_of_the_period_is_found(text, title):
    nearest = samples.report_data().similar_items.find(text)
    assert (nearest.item.title if nearest else None) == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  ", "blank"),
        ("https://heliotrope.fibery.io/x", "link"),
        ("fix #12a [Scrum] [Task]", "broken_id"),
        ("fix 12 [Scrum] [Task]", "no_id"),
        ("standup [WIP]", "other"),
        ("lunch", "other"),
    ],
)
def test_the_likely_reason_is_read_from_the_text(text, expected):
    assert explain(text, None) == expected


def test_a_text_like_an_item_says_so():
    assert explain("checkout forms", samples.report_data().similar_items.find("checkout forms")) == "similar"
