"""What is secret is in nothing that leaves the process: in no form, at no place, not even where a half of it was cut off."""

import base64
import io
import string
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.echoing_proxy import list_forms
from timeweave.runtime import redaction
from timeweave.runtime.errors import CredentialsError, TimeweaveError

TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SECRETS = st.one_of(
    st.text(string.ascii_letters + string.digits + "+/=-_.~:%", min_size=8, max_size=60),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    st.text("ab", min_size=8, max_size=12),
    st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Z", "C"]), min_size=8, max_size=20),
)  # fmt: skip
AROUND = st.one_of(st.text(max_size=20), st.text('%25u0\\/"', max_size=8))
USERS = st.text(string.ascii_lowercase + "_", max_size=12)


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch, tmp_path):
    """No secret is known, neither of the tests before nor of the environment that they run in."""
    forget(monkeypatch.setattr)
    for name in (*redaction.TOKENS, redaction.NOTICES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def forget(setattr_=setattr):
    setattr_(redaction, "_told", {})
    setattr_(redaction, "_found", None)


def encode(content):
    return base64.b64encode(content).decode()


def hidden(text, *secrets):
    forget()
    redaction.remember(*secrets)
    return redaction.redact(text)


@given(SECRETS, USERS, AROUND, AROUND, st.data())
def test_no_form_of_a_secret_is_left_at_any_place(secret, user, before, after, data):
    assume(set(secret) != {"*"})
    form = data.draw(st.sampled_from(list_forms(secret, user)))
    shown = hidden(before + form + after, secret)
    assert form not in shown
    assert secret not in shown


@given(SECRETS, USERS, AROUND, st.data())
def test_what_is_left_of_a_form_that_was_cut_off_is_less_than_half_of_it(secret, user, before, data):
    assume(not set(secret) & set("*%\\") and len(set(secret)) > 4)
    form = data.draw(st.sampled_from([secret, encode(secret.encode()), secret.encode().hex()]))
    length = data.draw(st.integers(0, len(form)))
    part = data.draw(st.sampled_from([form[:length], form[len(form) - length :]]))
    shown = hidden(f"{before} {part}", secret)
    assert part not in shown or len(part) <= max(len(form) / 2 + 3, 8)


@given(SECRETS, AROUND, AROUND, st.integers(0, 80))
def test_a_text_may_be_cut_anywhere_afterwards(secret, before, after, length):
    assume(set(secret) != {"*"})
    shown = hidden(before + secret + after, secret)[:length]
    assert secret[: max(8, len(secret) // 2 + 1)] not in shown


@given(st.text(), SECRETS)
def test_a_text_without_secrets_stays_as_it_is(text, secret):
    assume("://" not in text and len(text) < 8)
    assert hidden(text, secret) in (text, "***")


@given(st.binary(max_size=200), SECRETS)
def test_any_bytes_of_a_service_can_be_looked_through(content, secret):
    forget()
    redaction.remember(secret)
    redaction.hide(content)
    assert secret.encode() not in redaction.hide(content + secret.encode() + content)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("fatal: unable to access 'https://me:t0ken@git.example/x'", "fatal: unable to access 'https://git.example/x'"),
        ("https://oauth2@git.example", "https://git.example"),
        ("https://me:p@ss@git.example/x", "https://git.example/x"),
        ("https://me:pa/ss@git.example/x", "https://git.example/x"),
        ('{"url":"s3://key:word@bucket/x","mail":"a@team.example"}', '{"url":"s3://bucket/x","mail":"a@team.example"}'),
        ("ssh://git.example/a", "ssh://git.example/a"),
        ("mail a@team.example", "mail a@team.example"),
    ],
)
def test_addresses_lose_everything_up_to_the_last_at_sign(said, shown):
    assert redaction.redact(said) == shown


def test_secrets_of_the_environment_and_the_env_file_are_known_without_being_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("TOGGL_API_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of/a+bucket1")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass-word@proxy.example:3128")
    monkeypatch.setenv("TIMEWEAVE_PAYLOAD_KEY", "first+key1 second/key2")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-of-nobody\nHOOK='https://me:an%20other@x.example'\n")
    said = f"{encode(f'{TOKEN}:api_token'.encode())} of/a+bucket1 pass-word sk-of-nobody 'an other' an%20other"
    assert redaction.redact(said) == "***A6YXBpX3Rva2Vu *** *** *** '***' ***"
    assert redaction.redact("by second/key2") == "by***"


def test_words_and_paths_are_no_secrets_whatever_a_variable_is_called(monkeypatch, tmp_path):
    (tmp_path / "credentials.json").touch()
    monkeypatch.setenv("SORT_KEY", "description")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("GOOGLE_TOKEN", str(tmp_path / "credentials.json"))
    said = f"description none {tmp_path}/credentials.json"
    assert redaction.redact(said) == said


def test_what_is_secret_in_addresses_of_notices_is_not_where_they_go_to(monkeypatch):
    urls = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/ mailto://user:pass-word@mail.example tgram://12345:AbCd_Ef/1"
    monkeypatch.setenv(redaction.NOTICES, f"{urls} https://discord.com/api/webhooks/1234567890/s3cr3t-hook")
    said = "T1JJ3T3L2 A1BRTD4JD TIiajkdnlazkcOXrIdevi7FQ pass-word 12345:AbCd_Ef s3cr3t-hook"
    assert redaction.redact(said) == " ".join(["***"] * 6)
    assert redaction.redact("mail.example, webhooks of discord.com") == "mail.example, webhooks of discord.com"


@pytest.mark.parametrize("kind", [TimeweaveError, CredentialsError])
def test_an_error_is_made_without_secrets(kind):
    redaction.remember(TOKEN)
    assert str(kind(f"the service said {TOKEN} to https://me@x.example")) == "the service said *** to https://x.example"


def test_what_is_printed_is_redacted_results_but_for_their_addresses(monkeypatch):
    redaction.remember(TOKEN)
    streams = [io.StringIO(), io.StringIO()]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    redaction.guard_output()
    for stream in (sys.stdout, sys.stderr):
        print(TOKEN, "https://a@b.example", file=stream)
    assert [stream.getvalue() for stream in streams] == ["*** https://a@b.example\n", "*** https://b.example\n"]
