"""Which items wordings mean, asked of a workspace where some titles are known."""

import pytest

from tests.enrichment.conftest import AS_OF, Client, key
from timeweave.models.entities import Entities, IncompleteReference
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import World, invent

ITEMS = {
    ("Scrum/Task", 7): {"Scrum/Name": "Fix login redirect"},
    ("Scrum/Bug", 7): {"Scrum/name": "Crash in login"},
    ("Scrum/Epic", 7): {"Scrum/Name": "Trusted imports"},
    ("Product/Feature", 7): {"Product/Name": "Fix login redirect for guests"},
    ("Scrum/Task", 8): {"Scrum/Name": "Same title twice"},
    ("Scrum/Bug", 8): {"Scrum/name": "Same title twice"},
    ("Scrum/Task", 9): {"Scrum/Name": "Weekly planning of everybody"},
    ("Scrum/Chore", 9): {"Scrum/Name": "Tidy the  whole cellar"},
    ("Scrum/Epic", 9): {"Scrum/Name": "Weekly planning of everybody"},
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(AS_OF, world=World(AS_OF, items=ITEMS)) as running:
        yield running


@pytest.fixture
def match(sandbox):
    """The document for texts of one reference, or of none; `behaviour` begins once the schema was read."""

    def run(reference, *texts, others=(), **behaviour):
        client = Client(sandbox.url)
        sandbox.behaviour.update(behaviour)
        one = (
            IncompleteReference(
                **{name: getattr(reference, name) for name in ("space", "database", "public_id")}, texts=list(texts)
            )
            if reference
            else None
        )
        references = Entities(
            entities=[*others, *([reference] if reference else [])],
            incomplete=[one] if one else [],
            titles=[] if reference else list(texts),
        )
        try:
            return client.enrichment().run(references)
        finally:
            sandbox.behaviour.update(vars(Behaviour()))
            client.client.close()

    return run


def name(item):
    return item and f"{item.space}/{item.database} #{item.public_id}"


def test_each_text_of_a_number_may_mean_another_item_and_each_has_its_row(match):
    document = match(key(None, None, 7), "Trusted imports", "crash in LOGIN", "fix login redirect", "lunch").document
    assert [(row.text, row.matched_by, name(row.item)) for row in document.matches] == [
        ("Trusted imports", "id_and_title", "Scrum/Epic #7"),
        ("crash in LOGIN", "id_and_title", "Scrum/Bug #7"),
        ("fix login redirect", "id_and_title", "Scrum/Task #7"),
        ("lunch", None, None),
    ]
    assert [(one.database, one.status, one.name) for one in document.entities] == [
        (None, "unresolved", None),
        ("Bug", "found", "Crash in login"),
        ("Epic", "found", "Trusted imports"),
        ("Task", "found", "Fix login redirect"),
    ]


@pytest.mark.parametrize("tag", ["Scrum", "task"])
def test_a_tag_rules_out_what_it_does_not_name(match, tag):
    document = match(key(tag, None, 7), "Fix login redirect", "Fix login redirect for guests").document
    assert [name(row.item) for row in document.matches] == ["Scrum/Task #7", None]
    assert [name(one) for one in document.matches[1].likely] == ["Scrum/Task #7"]
    assert "; likely Scrum/Task #7 Fix login redirect" in document.entities[0].reason


def test_a_tag_that_names_nothing_leaves_it_unresolved_and_nothing_is_likely(match):
    document = match(key("Spike", None, 7), "Fix login redirect").document
    [row] = document.matches
    assert (row.item, row.likely, document.entities[0].status) == (None, [], "unknown_database")
    assert row.reason == document.entities[0].reason


def test_two_titles_that_agree_are_one_too_many_and_both_are_likely(match):
    [row] = match(key(None, None, 8), "Same title twice").document.matches
    assert (row.item, [name(one) for one in row.likely]) == (None, ["Scrum/Bug #8", "Scrum/Task #8"])
    assert row.reason.endswith("and 2 items #8 have a title that agrees with the text")


def test_a_number_alone_is_never_an_item_though_only_one_has_it(match):
    workspace = invent(AS_OF).workspace
    last = max(item.number for item in workspace.rows(workspace.types["Scrum/Task"]))
    [row] = match(key(None, None, last), "").document.matches
    assert (row.matched_by, [name(one) for one in row.likely]) == (None, [f"Scrum/Task #{last}"])
    [row] = match(key(None, None, 7), "").document.matches
    assert (row.matched_by, row.likely) == (None, [])
    [row] = match(key(None, None, 99_999_999), "Fix login redirect").document.matches
    assert row.reason.endswith("and no database that it could be in has #99999999")


@pytest.mark.parametrize("behaviour", [{}, {"short_lists": 1}, {"timeout_over": 1}], ids=str)
def test_a_whole_title_is_its_item_unless_another_configured_one_has_it_too(match, behaviour):
    texts = ["Crash in login", "Same title twice", "Weekly planning of everybody", "lunch with everybody"]
    document = match(None, *texts, **behaviour).document
    assert [(row.text, row.matched_by, name(row.item)) for row in document.matches] == [
        ("Crash in login", "title", "Scrum/Bug #7"),
        ("Same title twice", None, None),
        ("Weekly planning of everybody", "title", "Scrum/Task #9"),
    ]
    assert [name(one) for one in document.matches[1].likely] == ["Scrum/Bug #8", "Scrum/Task #8"]
    assert {one.status for one in document.entities} == {"found"}


def test_an_item_that_a_reference_names_in_full_has_one_row_and_under_another_spelling_one_more_of_the_same_id(match):
    [one] = match(key(None, None, 7), "Crash in login", others=[key("Scrum", "Bug", 7)]).document.entities[:1]
    assert (one.space, one.database, one.public_id, one.status) == ("Scrum", "Bug", "7", "found")
    document = match(key(None, None, 7), "Crash in login", others=[key("bug", "scrum", 7)]).document
    assert len(document.entities) == 3
    assert len({one.id for one in document.entities if one.status == "found"}) == 1


def test_a_database_that_does_not_answer_leaves_everything_open_that_it_could_decide(match):
    outcome = match(key(None, None, 7), "Fix login redirect", vanished=["Scrum/Chore"])
    [row] = outcome.document.matches
    assert (row.matched_by, row.likely, outcome.document.entities[0].status) == (None, [], "failed")
    assert outcome.document.unanswered == [
        "Scrum/Chore: titles of 1 items did not come: the database Scrum/Chore vanished while it was read; run again "
        '(entity.error/schema-type-not-found: "Scrum/Chore" database was not found.)'
    ]
    document = match(None, "Crash in login", vanished=["Scrum/Chore"]).document
    assert document.matches[0].reason == "Scrum/Chore could not be asked whether it has an item of this title too"
    assert document.unanswered[0].startswith("Scrum/Chore: the items of 1 titles did not come")


def test_what_a_token_may_not_read_is_said_and_the_others_decide(match):
    outcome = match(key(None, None, 7), "Fix login redirect", secured=["Product/Name"])
    assert name(outcome.document.matches[0].item) == "Scrum/Task #7"
    assert "Product/Feature: this token may not read its titles; no text was compared with them" in outcome.remarks
    assert outcome.document.unanswered == []
    outcome = match(None, "Crash in login", secured=["Product/Name"])
    assert name(outcome.document.matches[0].item) == "Scrum/Bug #7"
    assert "Product/Feature: this token may not search its titles" in outcome.remarks


def test_hundreds_of_texts_take_a_handful_of_requests(sandbox, match):
    before = len(sandbox.requests)
    match(None, *(f"Fix the login number {number}" for number in range(900)))
    assert len(sandbox.requests) - before <= 4
