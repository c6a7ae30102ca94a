"""Whatever a server sends is an answer in the agreed form or a reason why there is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.llm.belief import Answer, NoAnswer
from timeweave.llm.reply import Unusable, read

GOOD = '{"sentences": [{"text": "{I1} went on.", "cites": ["I1"]}]}'


def reply(content, finish="stop", refusal=None, usage=None):
    message = {"role": "assistant", "content": content, "refusal": refusal, "tool_calls": []}
    return json.dumps(
        {"id": "x", "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}
    ).encode()


@pytest.mark.parametrize("content", [
    GOOD, f"  {GOOD}\n", f"```json\n{GOOD}\n```", f"```\n{GOOD}```\n", f"<think>\n{{}} hm\n</think>\n{GOOD}", f"<think>a</think>```json\n{GOOD}\n```",
])  # fmt: skip
def test_the_agreed_form_is_found_in_what_models_put_around_it(content):
    answer, _ = read(reply(content))
    assert isinstance(answer, Answer)
    assert answer.sentences[0].text == "{I1} went on."


@pytest.mark.parametrize("content", [
    None, "", "Sure!", GOOD[:-5], "[]", "{}", '{"sentences": null}', '{"sentences": [{"text": 1, "cites": []}]}', '{"sentences": [{"text": "x"}]}',
    GOOD[:-1] + ', "more": 1}', "\ud800",
])  # fmt: skip
def test_anything_else_is_unusable(content):
    answer, _ = read(reply(content))
    assert isinstance(answer, Unusable)


def test_an_answer_without_sentences_is_one_though_nothing_of_it_can_be_believed():
    assert read(reply('{"sentences": []}'))[0] == Answer([])


@pytest.mark.parametrize(
    ("usage", "tokens"), [(None, 0), ({"total_tokens": 12}, 12), ({"total_tokens": None}, 0), ({}, 0)]
)
def test_tokens_are_those_that_the_server_counted(usage, tokens):
    assert read(reply(GOOD, usage=usage))[1] == tokens


@pytest.mark.parametrize("how", [{"refusal": "No."}, {"finish": "content_filter"}])
def test_a_refusal_is_not_asked_again(how):
    answer, _ = read(reply(GOOD, **how))
    assert isinstance(answer, NoAnswer)
    assert not isinstance(answer, Unusable)


@given(
    st.binary(max_size=80)
    | st.sampled_from([b"null", b"[]", b'{"choices": null}', b'{"choices": [{}]}', b'{"choices": []}', b"<html>"])
)
def test_any_bytes_are_a_reason(content):
    answer, tokens = read(content)
    assert isinstance(answer, Unusable)
    assert tokens == 0
