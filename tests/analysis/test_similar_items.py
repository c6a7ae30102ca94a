"""Which item a text without one may mean: none rather than a wrong one."""

import pytest

from tests.analysis.documents import HOUR, TASK, Log, Scene, item
from timeweave.analysis.similar_items import SimilarItems, explain
from timeweave.models.entities import EntityKey

BUG = EntityKey(space="Scrum", database="Bug", public_id="7")
OTHER = EntityKey(space="Design", database="Task", public_id="7")
STEPS = [EntityKey(space="Scrum", database="Task", public_id=str(n)) for n in (31, 32)]
VERSION = EntityKey(space="Design", database="Work Version", public_id="40")
LOST = EntityKey(space="Scrum", database="Task", public_id="99")
ENTITIES = [
    item(),
    item(BUG, name="Login loops"),
    item(OTHER, name="Loops of ink"),
    item(STEPS[0], name="Harbour map phase 1"),
    item(STEPS[1], name="Harbour map phase 2"),
    item(VERSION, name="Icons of the tide calendar"),
    item(LOST, status="not_found", name=None),
]


@pytest.fixture(scope="module")
def similar():
    logs = [Log(text="A deleted thing", item=entity_key(one), seconds=HOUR) for one in ENTITIES]
    return SimilarItems(Scene(logs=logs, entities=ENTITIES).analyze().items)


def entity_key(one):
    return EntityKey(space=one.space, database=one.database, public_id=one.public_id)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("checkout form redesign", "Checkout form", id="a similar name"),
        pytest.param("form: Checkout", "Checkout form", id="another order of words"),
        pytest.param("fix 7 [Scrum] [Bug]", "Login loops", id="the number and its place"),
        pytest.param("fix 7 [Scrum/Bug]", "Login loops", id="the place in one tag"),
        pytest.param("bug 007", "Login loops", id="the number beside the database, with zeros"),
        pytest.param("40: Work Version", "Icons of the tide calendar", id="a database of two words"),
        pytest.param("fix 7 [Design] [Bug]", None, id="a place that the item is not in"),
        pytest.param("fix 7 [Task]", "Loops of ink", id="the database alone, where one has the number"),
        pytest.param("debug 7", None, id="a word that ends like a database"),
        pytest.param("7 calls about a bug", None, id="a number that is no item's"),
        pytest.param("harbour map phase 2", "Harbour map phase 2", id="the number in the name"),
        pytest.param("harbour map phase 3", None, id="another number in the name"),
        pytest.param("harbour map", None, id="a name that two items have but for a number"),
        pytest.param("login loops [Design]", None, id="a name like that of an item of another space"),
        pytest.param("login loops [Scrum]", "Login loops", id="a name with its space"),
        pytest.param("login loops [WIP]", "Login loops", id="a tag that names no place"),
        pytest.param("login loops #8", None, id="a name with another number"),
        pytest.param("A deleted thing", None, id="an item that was not found"),
        pytest.param("Weekly planning", None, id="nothing like it"),
        pytest.param("form", None, id="too short to tell"),
        pytest.param("", None, id="empty"),
        pytest.param("12", None, id="a number alone"),
        pytest.param("x" * 10_000, None, id="very long"),
    ],
)  # fmt: skip
def test_an_item_is_named_only_where_it_stands_out(similar, text, title):
    nearest = similar.find(text)
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


def test_a_text_like_an_item_says_so(similar):
    assert explain("checkout forms", similar.find("checkout forms")) == "similar"


def test_items_of_one_name_are_no_help():
    twins = [TASK, BUG]
    found = Scene(logs=[Log(item=key) for key in twins], entities=[item(key) for key in twins]).analyze()
    assert SimilarItems(found.items).find("Checkout form") is None
