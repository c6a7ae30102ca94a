"""Rich text and comments in the sandbox's Fibery: behind secrets, one by one or many at once."""

from datetime import date

import pytest

from tests.sandbox.plain_client import ID, fibery, query
from timeweave.sandbox.company import feature
from timeweave.sandbox.fibery.texts import markdown
from timeweave.sandbox.world import invent

AS_OF = date(2025, 10, 14)
SECRET = ["Scrum/Description", "Collaboration~Documents/secret"]
MANY = "/api/documents/commands?format=md"
COMMENTS = {
    "q/from": "comments/comments", "q/limit": 100,
    "q/select": {"id": "fibery/id", "at": "fibery/creation-date", "author": ["comment/author", "user/name"],
                 "secret": "comment/document-secret"},
}  # fmt: skip


@pytest.fixture(scope="module")
def secrets(sandbox):
    return [row["secret"] for row in query(sandbox, "Scrum/Task", {"secret": SECRET}, limit=30)]


def document(sandbox, secret):
    return fibery(sandbox, f"/api/documents/{secret}?format=md")


def test_a_document_comes_by_its_secret(sandbox, secrets):
    found = [document(sandbox, secret).json() for secret in secrets[:10]]
    assert {frozenset(one) for one in found} == {frozenset(("secret", "content"))}
    assert [one["secret"] for one in found] == secrets[:10]
    assert len({one["content"] for one in found}) > 5


@pytest.mark.parametrize("wrap", [lambda secret: {"secret": secret}, lambda secret: secret], ids=["objects", "strings"])
def test_many_documents_come_in_one_request_in_an_order_of_their_own(sandbox, secrets, wrap):
    body = {"command": "get-documents", "args": [wrap(secret) for secret in secrets]}
    many = fibery(sandbox, MANY, body=body).json()
    assert {one["secret"]: one["content"] for one in many} == {
        secret: document(sandbox, secret).json()["content"] for secret in secrets
    }
    assert [one["secret"] for one in many] != secrets


@pytest.mark.parametrize("secret", ["unknown", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_secret_is_a_404_and_absent_among_many(sandbox, secrets, secret):
    assert document(sandbox, secret).status_code == 404
    many = fibery(
        sandbox, MANY, body={"command": "get-documents", "args": [{"secret": secret}, {"secret": secrets[0]}]}
    )
    assert [one["secret"] for one in many.json()] == [secrets[0]]


def test_an_id_of_an_entity_is_no_secret(sandbox):
    [task] = query(sandbox, "Scrum/Task", ["fibery/id"], limit=1)
    assert document(sandbox, task["fibery/id"]).status_code == 404


@pytest.mark.parametrize("form", ["html", "json", "plain-text"])
def test_other_forms_than_markdown_are_refused_and_not_taken_for_it(sandbox, secrets, form):
    one = fibery(sandbox, f"/api/documents/{secrets[0]}?format={form}")
    many = fibery(sandbox, f"/api/documents/commands?format={form}", body={"command": "get-documents", "args": secrets})
    assert (one.status_code, many.status_code) == (400, 400)


def test_writing_documents_is_refused(sandbox, secrets):
    body = {"command": "create-or-update-documents", "args": [{"secret": secrets[0], "content": "Mine"}]}
    assert fibery(sandbox, MANY, body=body).status_code == 403
    assert document(sandbox, secrets[0]).json()["content"] != "Mine"


def test_a_rich_text_field_has_a_secret_of_its_own(sandbox):
    fields = ["Scrum/Description", "Scrum/Impact analysis desc"]
    select = [
        {field: ["Collaboration~Documents/secret", "Collaboration~Documents/modification-date"]} for field in fields
    ]
    [row] = query(sandbox, "Scrum/Task", select, ["=", ID, "$id"], {"$id": "3634"})
    assert len({row[field]["Collaboration~Documents/secret"] for field in fields}) == 2
    assert all(row[field]["Collaboration~Documents/modification-date"].endswith("Z") for field in fields)


def test_comments_have_an_author_a_moment_and_a_document(sandbox):
    rows = query(sandbox, "Scrum/Bug", {"c": COMMENTS, "since": "fibery/creation-date"}, limit=40)
    comments = [comment for row in rows for comment in row["c"]]
    assert (
        len({comment["id"] for comment in comments}) == len({one["secret"] for one in comments}) == len(comments) > 20
    )
    assert all(comment["at"] >= row["since"] for row in rows for comment in row["c"])
    assert len({comment["author"] for comment in comments}) > 3
    assert all(document(sandbox, comment["secret"]).json()["content"] for comment in comments[:5])


def test_no_two_items_of_half_a_year_have_one_title():
    workspace = invent(AS_OF).workspace
    for database in ("Scrum/Task", "Scrum/Bug", "Scrum/Sub-bug", "Scrum/Feature", "Design/Design Feature"):
        titles = [item.title for item in workspace.rows(workspace.types[database]) if item.sprint >= 138]
        assert len(set(titles)) == len(titles) > 20


def test_what_is_written_is_about_the_item():
    workspace = invent(AS_OF).workspace
    about = feature(448)
    item = workspace.find("Scrum/Feature", "448")
    text = markdown(workspace, item.get("Scrum/description").get("Collaboration~Documents/secret"))
    assert item.title == about["title"]
    assert about["about"] in text
