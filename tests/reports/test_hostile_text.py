"""Text from outside changes no layout: a report of hostile texts has the elements of one of harmless texts."""

from dataclasses import replace

import msgspec
import pytest

from tests.reports import rendered, samples
from tests.reports.samples import Entry, Person
from timeweave.models.aggregated import Finding
from timeweave.models.enriched import Assignee, State
from timeweave.reports import similar_items

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


def data_of(text):
    """The team's documents with `text` wherever text comes from outside."""
    mira = replace(samples.MIRA, name=text, email=text)
    people = {samples.MIRA: mira, samples.JONAS: samples.JONAS, samples.ANOUK: Person(103, text, None)}
    entries = [
        Entry(people[entry.person], entry.day, entry.seconds, entry.text and text, entry.item, text, entry.billable)
        for entry in samples.ENTRIES
    ]
    findings = [
        Finding(kind=finding.kind, user_id=finding.user_id, entry_id=finding.entry_id, text=text)
        for finding in samples.FINDINGS
    ]
    return samples.report_data(
        samples.aggregated(entries, findings), samples.enriched([entity_of(e, text) for e in samples.ENTITIES])
    )


def entity_of(entity, text):
    """The item with `text` in everything that a person can type, its address included."""
    if entity.status != "found":
        return msgspec.structs.replace(entity, reason=text)
    return msgspec.structs.replace(
        entity,
        name=text,
        url=f"https://x.example/{text[:100]}" if entity.public_id == "12" else text,
        found_as=f"{text}/{text}",
        state=State(name=text, type=entity.state.type, final=entity.state.final),
        assignees=[Assignee(name=text)],
        description=text if entity.description else None,
        parents=[
            msgspec.structs.replace(parent, name=text, space=text, state=State(name=text), url=text)
            for parent in entity.parents
        ],
        fields={text: text} if entity.fields else {},
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_changes_no_layout(text, monkeypatch):
    # Which item a text is like differs from text to text, and with it the suggestions.
    monkeypatch.setattr(similar_items, "_SHORTEST", 10_000)
    pages, harmless_pages = (rendered.everything(data_of(each)) for each in (text, "harmless"))
    for page, harmless in zip(pages, harmless_pages, strict=True):
        assert page.outline() == harmless.outline()
        assert [len(table.rows) for table in page.tables] == [len(table.rows) for table in harmless.tables]
        assert [set(attributes) for _, attributes in page.elements] == [set(a) for _, a in harmless.elements]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_leads_nowhere(text):
    for page in rendered.everything(data_of(text)):
        for _, attributes in page.elements:
            address = attributes.get("href") or ""
            assert not address.lower().startswith(("javascript:", "data:text", "https://evil.example"))
            assert "src" not in attributes


def test_texts_of_any_length_keep_reports_short():
    for page in rendered.everything(data_of(HOSTILE["long"])):
        assert len(page.text) < 40_000


def test_nothing_that_turns_text_around_is_left():
    data = data_of(HOSTILE["direction"])
    for text in (rendered.team_summary(data), rendered.team_page(data), *rendered.individuals(data)):
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
