"""Text from outside changes no layout: a report of hostile texts has the elements of one of harmless texts."""

import functools
import itertools
import re
from dataclasses import replace

import msgspec
import pytest

from tests.reports import analyses, rendered, story
from timeweave.models.enriched import Assignee
from timeweave.models.states import State
from timeweave.reports.report_data import ReportData

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attributes": "\"><img src=x onerror=alert(1)> ' onload='x",
    "end of style": "</style></title></svg><h1>x</h1>",
    "table": "a | b |\n| c | d |",
    "markdown": "# x\n- y\n1. z\n> q\n```\ncode\n***\n**b** _e_ `c`",
    "image": "![i](https://x.example/i.png) after",
    "setext": "x\n===\n---",
    "link": "[x](https://evil.example) <https://evil.example> https://evil.example www.evil.example",
    "jinja": "{{ 77 * 77 }} {% raw %}",
    "formula": '=HYPERLINK("https://evil.example")',
    "direction": "\u202egnp.exe \u2066שלום\u2069",
    "long": "x" * 10_000,
    "long words": "word " * 2_000,
    "emoji": "👩‍💻🔥" * 50,
    "accents": "Z" + "\u0351" * 900,
    "entities": "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "control": "\x00\x07\x1b[31m\u2028\u2029\x85",
    "comment": "<!-- x --> ]]> <![CDATA[",
}


def data_of(*texts):
    """The story's documents with a text wherever text comes from outside: one of these after the other."""
    give = itertools.cycle(texts).__next__
    scene = story.SCENE
    named = {
        member: replace(
            member,
            name=give(),
            email=member.email and give(),
            absences={day: (hours, give()) for day, (hours, _) in member.absences.items()},
        )
        for member in scene.members
        # Somebody's key is the e-mail where there is no user id.
        if member.user_id
    }
    logs = [
        replace(log, who=named.get(log.who, log.who), text=log.text and give(), project=give()) for log in scene.logs
    ]
    entities = {item: entity_of(entity, give) for item, entity in scene.entities.items()}
    findings = [
        msgspec.structs.replace(one, values={name: write(value, give) for name, value in one.values.items()})
        for one in scene.findings
    ]
    document = analyses.build(
        replace(
            scene,
            members=[named.get(member, member) for member in scene.members],
            logs=logs,
            entities=entities,
            findings=findings,
            teams={key: give() for key in scene.teams},
            categories={key: (give(), target) for key, (_, target) in scene.categories.items()},
            stalled=[msgspec.structs.replace(one, name=give(), url=give(), state=give()) for one in scene.stalled],
        )
    )
    return ReportData(msgspec.structs.replace(document, workspace=give()))


def write(value, give):
    """The same with every text in it replaced; a day stays a day."""
    if isinstance(value, list):
        return [
            {name: give() for name in one} | {"public_id": "7"} if isinstance(one, dict) else give() for one in value
        ]
    return give() if isinstance(value, str) and not value.startswith("2025-") else value


def entity_of(entity, give):
    """The item with such texts in everything that a person can type, its address included."""
    if entity.status != "found":
        return msgspec.structs.replace(entity, reason=give())
    return msgspec.structs.replace(
        entity,
        name=give(),
        url=f"https://x.example/{give()[:100]}" if entity.public_id == "12" else give(),
        found_as=f"{give()}/{give()}",
        state=State(name=give(), type=entity.state.type, final=entity.state.final),
        assignees=[Assignee(name=give())],
        description=give() if entity.description else None,
        parents=[
            msgspec.structs.replace(parent, name=give(), state=State(name=give(), type="Started"), url=give())
            for parent in entity.parents
        ],
        fields={give(): give()} if entity.fields else {},
    )


@functools.cache
def list_pages(text):
    return rendered.everything(data_of(text))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_changes_no_layout(text):
    for page, harmless in zip(list_pages(text), list_pages("harmless"), strict=True):
        assert page.outline() == harmless.outline()
        assert [len(table.rows) for table in page.tables] == [len(table.rows) for table in harmless.tables]
        assert [set(attributes) for _, attributes in page.elements] == [set(a) for _, a in harmless.elements]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_leads_nowhere(text):
    for page in list_pages(text):
        for _, attributes in page.elements:
            address = attributes.get("href") or ""
            assert not address.lower().startswith(("javascript:", "data:text", "https://evil.example"))
            assert "src" not in attributes


def test_texts_of_any_length_keep_pages_short():
    for page in list_pages(HOSTILE["long"]):
        assert len(page.text) < 40_000


def test_nothing_that_turns_text_around_is_left():
    data = data_of(HOSTILE["direction"])
    for text in (rendered.team_page(data), *rendered.people_pages(data)):
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_addresses_that_people_wrote_are_no_links_in_a_mail_program():
    for edition in rendered.digests(data_of(HOSTILE["link"])):
        assert "evil.example" in edition
        assert not re.search(r"https?://(?!\u200b)|www\.(?!\u200b)", edition)
