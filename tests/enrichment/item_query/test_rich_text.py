"""Rich text by secret, in batches, whatever comes of one of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrichment.conftest import AS_OF
from timeweave.enrichment.item_query.rich_text import MOST_DOCUMENTS, clean_markdown, fetch
from timeweave.runtime.errors import TimeweaveError
from timeweave.sandbox.world import invent
from timeweave.web.client import TransientError
from timeweave.web.limits import ConcurrencyLimit

DATABASE = "Scrum/Task"


class Client:
    """Gives the documents it has; notes what it was asked for."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def fetch_documents(self, secrets):
        self.asked.append(secrets)
        return self.answer(secrets)


def wanted(count):
    return [(DATABASE, f"s{number}") for number in range(count)]


def texts(secrets):
    return {secret: f"text of {secret}" for secret in secrets}


def run(client, count):
    return fetch(client, ConcurrencyLimit({DATABASE: 1}), wanted(count))


def test_documents_are_asked_for_once_each_a_hundred_at_a_time():
    client = Client(texts)
    found = fetch(client, ConcurrencyLimit({DATABASE: 3}), wanted(250) + wanted(250))
    assert sorted(map(len, client.asked)) == [50, MOST_DOCUMENTS, MOST_DOCUMENTS]
    assert found.get("s249") == "text of s249"


def test_what_does_not_come_is_asked_again_until_nothing_more_comes():
    client = Client(lambda secrets: texts([one for one in secrets[:40] if one != "s7"]))
    found = run(client, 100)
    assert len(found.texts) == 99
    assert found.get("s7") is None
    assert found.lost == {}


def test_a_document_that_is_refused_costs_itself_only():
    def answer(secrets):
        if "s3" in secrets:
            raise TimeweaveError("Fibery answered 404")
        return texts(secrets)

    found = run(Client(answer), 30)
    assert len(found.texts) == 29
    assert found.get("s3") is None


def test_trouble_that_lasts_loses_the_documents_and_says_why():
    def answer(secrets):
        raise TransientError("Fibery answered 503")

    assert run(Client(answer), 2).lost == dict.fromkeys(["s0", "s1"], "Fibery answered 503")


@pytest.mark.parametrize("secret", [None, "unknown"])
def test_no_secret_and_an_unknown_one_have_no_text(secret):
    assert run(Client(texts), 1).get(secret) is None


def test_the_sandbox_gives_them_by_secret_in_any_order(client):
    workspace = invent(AS_OF).workspace
    tasks = list(workspace.rows(workspace.types[DATABASE]))[-150:]
    secrets = [task.get("Scrum/Description").get("Collaboration~Documents/secret") for task in tasks]
    found = fetch(
        client.client,
        ConcurrencyLimit({DATABASE: 2}),
        [(DATABASE, secret) for secret in secrets] + [(DATABASE, "nothing")],
    )
    assert set(found.texts) == set(secrets)


ID = "0f1e2d3c-5a5e-5c1b-9a55-0d6f2b5f7a10"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain\r\n\r\ntext\n", "plain\n\ntext"),
        ("> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> Mind this", "> Mind this"),
        ("before\n\n> [//]: # (callout)\n> inside\n\nafter", "before\n\n> inside\n\nafter"),
        (f"Ask [[Mira Castellane#^{ID}/{ID}]] first", "Ask Mira Castellane first"),
        (f"Ask [[#^{ID}/{ID}]] about it", "Ask … about it"),
        (f"[[#^{ID}/{ID}]]", "…"),
        ("`code` [[not a mention]] [link](https://x.example)", "`code` [[not a mention]] [link](https://x.example)"),
        ("* a\n* b #^c", "* a\n* b #^c"),
    ],
)
def test_marks_of_callouts_and_mentions_are_gone_and_the_words_stay(text, shown):
    assert clean_markdown(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[[#^users/7]] knows more", "Somebody knows more"),
        ("Done.\n\n[[#^users/7]] knows more. [[#^users/8]] too", "Done.\n\nSomebody knows more. Somebody too"),
        ("Ask [[#^users/7]] about [[#^tasks/3]]", "Ask somebody about an item"),
        ("Ask [[Mira Castellane#^users/7]]", "Ask Mira Castellane"),
        ("Ask  [[#^users/7]], e.g. [[#^users/8]]", "Ask  somebody, e.g. somebody"),
        ("- [ ] [[#^users/7]] asks\n1. **[[#^users/8]]** knows", "- [ ] Somebody asks\n1. **Somebody** knows"),
        ("Hi [[#^users/7]][[#^users/8]]", "Hi somebody somebody"),
    ],
)
def test_a_mention_without_a_name_is_somebody_or_an_item_by_its_type(text, shown):
    assert clean_markdown(text, "users") == shown


@given(st.text())
def test_cleaning_twice_is_cleaning_once_where_there_are_no_marks(text):
    harmless = text.replace("[", "(")
    assert clean_markdown(clean_markdown(harmless)) == clean_markdown(harmless)


@pytest.mark.parametrize("part", ["[[#^", "[[a#^b/c", "> [//]: # (", "[[", "#^"])
def test_time_is_linear_in_hostile_text(part):
    begun = time.monotonic()
    clean_markdown(part * 50_000)
    assert time.monotonic() - begun < 2
