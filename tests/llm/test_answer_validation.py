"""Of what a server sends only an answer of the agreed form is used, and of it only sentences of the agreed form."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.llm.period import make_input
from timeweave.llm.answer_validation import Answer, Failure, NoAnswer, Sentence, parse_response, select_sentences

DATA = {"key": "I1", "title": "Login loops on version 4.2", "people": ["P1"]}
PEOPLE = [("Mira Castellane", None, None), ("Bo", None, None), ("王伟", None, None)]
INPUT = make_input(DATA, {"I1": "Login loops on version 4.2", "P1": "Mira"}, PEOPLE)
GOOD = '{"sentences": [{"text": "{I1} went on.", "cites": ["I1"]}]}'


def select(*texts, cites=("I1",), given=INPUT):
    return select_sentences(Answer([Sentence(text, list(cites)) for text in texts]), given)


@pytest.mark.parametrize("text", [
    "{I1} came back.", "{P1} looked into {I1}.", "Die Ursache von {I1} ist gefunden.", "{I1} hängt an der Anmeldung.", "{I1} caused no miracle.",
    "{I1}: a hobo mirage.", "{I1} is set up in CI, client/server.", "{I1} is a Straße.", "{I1} 完成了。{P1} 继续。", "{I1} is up to bo.", "The desk von {I1}.",
    "{I1} needs three more looks.", "{I1} को देखा।", "The R&D of {I1} (nearly): “done”; see *notes*.",
])  # fmt: skip
def test_a_sentence_of_the_agreed_form_is_used_whatever_it_says(text):
    assert select(text) == ([text], 0)


@pytest.mark.parametrize("text", [
    pytest.param("{I1} took 3 hours.", id="a digit"),
    pytest.param("{I1} runs on version 4.2.", id="a digit of the data"),
    pytest.param("{I1} is ٣ days late.", id="a digit of another script"),
    pytest.param("{I1} took \uff19 hours.", id="a wide digit"),
    pytest.param("{I1} is ½ done.", id="a fraction"),
    pytest.param("{I1} is x².", id="a raised digit"),
    pytest.param("{I1} took \u216b hours.", id="a Roman numeral of one sign"),
    pytest.param("{I1} is of \u33e0.", id="a sign that holds a digit"),
    pytest.param("{I2} is done.", id="an unknown key"),
    pytest.param("{P9} fixed {I1}.", id="an unknown person"),
    pytest.param("P1 looked into {I1}.", id="a key without braces"),
    pytest.param("{ I1 } and {I1}", id="a key that is none"),
    pytest.param("{I1} {{x}}", id="braces of its own"),
    pytest.param("Everything is fine.", id="no key at all"),
    pytest.param("{I1}", id="nothing but a key"),
    pytest.param("{I1} … !", id="no word"),
    pytest.param("{I1} " + "x" * 400, id="endless"),
    pytest.param("{I1} see https://evil.example", id="a link"),
    pytest.param("{I1} see //evil", id="a link without scheme"),
    pytest.param("{I1} see evil.example", id="a bare domain"),
    pytest.param("{I1} see evil\uff0eexample", id="a wide dot"),
    pytest.param("{I1} see evil\u3002com", id="a full stop that browsers read as a dot"),
    pytest.param("{I1} see ev\u200bil.exa\u200bmple", id="a link with nothing in it"),
    pytest.param("{I1} see пример.рф", id="a domain of another script"),
    pytest.param("{I1} javascript:alert", id="a scheme"),
    pytest.param("[{I1}](evil)", id="a Markdown link"),
    pytest.param("[evil]: elsewhere {I1}", id="a Markdown definition"),
    pytest.param("{I1} see `code`", id="code"),
    pytest.param("{I1} <b>bold</b>", id="HTML"),
    pytest.param("{I1} &lt;b&gt;", id="an entity"),
    pytest.param("Write to mira@evil about {I1}", id="an address"),
    pytest.param("Mira looked into {I1}.", id="a name"),
    pytest.param("{I1} is CASTELLANE's.", id="a name in capitals"),
    pytest.param("{I1}: castellane did it.", id="a long name in small letters"),
    pytest.param("{I1}: Cástellane did it.", id="a name with other accents"),
    pytest.param("{I1} waits for Bo.", id="a short name"),
    pytest.param("王伟完成了 {I1}。", id="a name in Chinese"),
])  # fmt: skip
def test_a_sentence_of_another_form_is_dropped_and_counted(text):
    assert select(text) == ([], 1)


def test_a_citation_of_an_unknown_key_drops_the_sentence():
    assert select("{I1} went on.", cites=("I1", "I7")) == ([], 1)


def test_of_too_many_sentences_the_first_are_used():
    texts = [f"{{I1}} went {word}." for word in ("on", "by", "up", "down")]
    assert select(*texts) == (texts[:3], 1)


def test_a_sentence_is_shown_as_it_was_checked():
    assert select("  {I1} went\u200b  on\n and\u202e on. ") == (["{I1} went on and on."], 0)


@given(st.lists(st.text(max_size=60).map(lambda text: "{I1} " + text), max_size=3))
def test_whatever_is_used_holds_no_digit_key_or_link_of_its_own(texts):
    sentences, dropped = select(*texts)
    assert len(sentences) + dropped == len(texts)
    for sentence in sentences:
        prose = sentence.replace("{I1}", "").replace("{P1}", "")
        assert not {unicodedata.category(letter) for letter in prose} & {"Nd", "Nl", "No"}
        assert not set("<>[]{}@`\\") & set(prose)
        assert "//" not in prose


def respond(content, finish="stop", refusal=None, usage=None):
    message = {"role": "assistant", "content": content, "refusal": refusal, "tool_calls": []}
    return json.dumps(
        {"id": "x", "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}
    ).encode()


@pytest.mark.parametrize("content", [
    GOOD, f"  {GOOD}\n", f"```json\n{GOOD}\n```", f"```\n{GOOD}```\n", f"<think>\n{{}} hm\n</think>\n{GOOD}", f"<think>a</think>```json\n{GOOD}\n```", f"Sure! {GOOD} Yours",
])  # fmt: skip
def test_an_answer_is_found_in_what_models_put_around_it(content):
    answer, _ = parse_response(respond(content), INPUT)
    assert answer == Answer([Sentence("{I1} went on.", ["I1"])])


@pytest.mark.parametrize("content", [
    None, "", "Sure!", GOOD[:-5], "[]", "{}", '{"sentences": null}', '{"sentences": [{"text": 1, "cites": []}]}', '{"sentences": [{"text": "x"}]}',
    GOOD[:-1] + ', "more": 1}', "\ud800",
])  # fmt: skip
def test_anything_else_is_unusable(content):
    answer, _ = parse_response(respond(content), INPUT)
    assert answer.failure is Failure.UNUSABLE


@pytest.mark.parametrize(("sentences", "dropped"), [([], 0), ([{"text": "{I1} took 3 hours.", "cites": []}] * 2, 2)])
def test_an_answer_without_a_usable_sentence_is_unusable(sentences, dropped):
    answer, _ = parse_response(respond(json.dumps({"sentences": sentences})), INPUT)
    assert (answer.failure, answer.dropped) == (Failure.UNUSABLE, dropped)


@pytest.mark.parametrize(
    ("usage", "tokens"), [(None, 0), ({"total_tokens": 12}, 12), ({"total_tokens": None}, 0), ({}, 0)]
)
def test_tokens_are_those_that_the_server_counted(usage, tokens):
    assert parse_response(respond(GOOD, usage=usage), INPUT)[1] == tokens


@pytest.mark.parametrize("tokens", [-1, 2**70, 1.5, "12", [], True])
def test_a_count_of_tokens_that_is_none_makes_the_answer_unusable(tokens):
    found, counted = parse_response(respond(GOOD, usage={"total_tokens": tokens}), INPUT)
    assert (found.failure, counted) == (Failure.UNUSABLE, 0)


@pytest.mark.parametrize("how", [{"refusal": "No."}, {"finish": "content_filter"}])
def test_a_refusal_is_told_apart(how):
    assert parse_response(respond(GOOD, **how), INPUT)[0].failure is Failure.REFUSED


def test_an_answer_that_was_cut_off_is_unusable():
    assert "cut off" in str(parse_response(respond(GOOD[:20], finish="length"), INPUT)[0])


@given(
    st.binary(max_size=80)
    | st.sampled_from([b"null", b"[]", b'{"choices": null}', b'{"choices": [{}]}', b'{"choices": []}', b"<html>"])
)
def test_any_bytes_are_a_reason(content):
    answer, tokens = parse_response(content, INPUT)
    assert isinstance(answer, NoAnswer)
    assert answer.failure is Failure.UNUSABLE
    assert tokens == 0
