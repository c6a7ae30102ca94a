"""What is secret is in nothing that leaves the process: in no form, at no place, not even where a half of it was cut off."""

import base64
import io
import json
import string
import sys
import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.echoing_proxy import list_forms
from timeweave.runtime import redaction, script
from timeweave.runtime.errors import CredentialsError, TimeweaveError

TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SECRETS = st.one_of(
    st.text(string.ascii_letters + string.digits + "+/=-_.~:%", min_size=8, max_size=60),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    st.text("a1", min_size=8, max_size=12),
    st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Z", "C"]), min_size=8, max_size=20),
).filter(lambda text: not text.replace("-", "").replace("_", "").isalpha())  # fmt: skip
LONG_SECRETS = st.text(string.ascii_letters + string.digits + "+/=-_.~:", min_size=20, max_size=60)
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
    setattr_(redaction, "_told", set())
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


@given(LONG_SECRETS, AROUND, st.data())
def test_what_is_left_of_a_form_that_was_cut_off_is_less_than_half_of_it(secret, before, data):
    assume(len(set(secret)) > 4)
    form = data.draw(st.sampled_from([secret, encode(secret.encode()), secret.encode().hex()]))
    length = data.draw(st.integers(0, len(form)))
    part = data.draw(st.sampled_from([form[:length], form[len(form) - length :]]))
    shown = hidden(f"{before} {part}", secret)
    assert part not in shown or len(part) <= max(len(form) / 2 + 3, 8)


@given(SECRETS, AROUND, AROUND, st.integers(0, 80))
def test_a_text_may_be_cut_anywhere_afterwards(secret, before, after, length):
    assume(set(secret) != {"*"})
    shown = hidden(before + secret + after, secret)[:length]
    assert secret[: max(20, len(secret) // 2 + 1)] not in shown


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
        ("clone https://user:pa'ss@host/x failed", "clone https://host/x failed"),
        ("clone 'https://user:pa<ss@host/x' failed", "clone 'https://host/x' failed"),
        ("https://unpkg.com/react@18/umd?a@b#c@d", "https://unpkg.com/react@18/umd?a@b#c@d"),
        ('["http://host:80","a@team.example"]', '["http://host:80","a@team.example"]'),
    ],
)
def test_addresses_lose_user_and_password_and_nothing_of_their_path(said, shown):
    assert redaction.redact(said) == shown


def test_secrets_of_the_environment_and_the_env_file_are_known_without_being_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("TOGGL_API_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of/a+bucket1")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass-word-1@proxy.example:3128")
    monkeypatch.setenv("TIMEWEAVE_PAYLOAD_KEY", "first+key1 second/key2")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-of-nobody-1\nHOOK='https://me:an%20other@x.example'\n")
    said = f"{encode(f'{TOKEN}:api_token'.encode())} of/a+bucket1 pass-word-1 sk-of-nobody-1 'an other' an%20other"
    assert redaction.redact(said) == "***A6YXBpX3Rva2Vu *** *** *** '***' ***"
    assert redaction.redact("by second/key2") == "by ***"


def test_words_and_paths_are_no_secrets_whatever_a_variable_is_called(monkeypatch, tmp_path):
    (tmp_path / "credentials.json").touch()
    monkeypatch.setenv("SORT_KEY", "description")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("GOOGLE_TOKEN", str(tmp_path / "credentials.json"))
    said = f"description none {tmp_path}/credentials.json"
    assert redaction.redact(said) == said


def test_what_is_secret_in_addresses_of_notices_is_not_where_they_go_to(monkeypatch):
    urls = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/ mailto://user:pass-word-1@mail.example tgram://12345:AbCd_Ef/1"
    monkeypatch.setenv(redaction.NOTICES, f"{urls} https://discord.com/api/webhooks/1234567890/s3cr3t-hook")
    said = "T1JJ3T3L2 A1BRTD4JD TIiajkdnlazkcOXrIdevi7FQ pass-word-1 12345:AbCd_Ef s3cr3t-hook"
    assert redaction.redact(said) == " ".join(["***"] * 6)
    assert redaction.redact("mail.example, webhooks of discord.com") == "mail.example, webhooks of discord.com"


SPELT = [
    TOKEN[3:-3], TOKEN[9:21], TOKEN.upper(), "\n".join(textwrap.wrap(TOKEN, 11)), json.dumps("\r\n".join(textwrap.wrap(TOKEN, 11))),
    "".join(f"&#x{ord(sign):x};" for sign in TOKEN), "".join(f"&#{ord(sign)};" for sign in TOKEN),
    "".join(f"\\x{ord(sign):x}" for sign in TOKEN), encode(encode(f"me:{TOKEN}".encode()).encode()),
    encode(TOKEN.encode()).upper(), TOKEN.encode().hex()[5:40],
]  # fmt: skip


@pytest.mark.parametrize("said", SPELT)
def test_a_long_secret_is_known_in_pieces_wrapped_in_any_case_and_escaped(said):
    shown = hidden(f"<{said}>", TOKEN)
    assert "***" in shown
    assert sum(map(str.isalnum, shown)) <= 9


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "postgres://heliotrope:pw@db/app", "nobody@heliotrope.example"),
        ("DATABASE_URL", "postgres://completed1:pw@db/app", '"status": "completed1"'),
        ("DATABASE_URL", "postgres://me:completed@db/app", '"status": "completed"'),
        ("DEPLOY", "ssh://timeweave-ci@git.example/x", "timeweave-ci list-runs"),
        ("SETTINGS", '["http://host:80","a@team.example"]', 'host:80","a'),
        ("IMAGE", "docker://registry.example:5000/our/image@sha256:1", "5000/our/image"),
        ("SIGNING_KEY", "/srv/x/keys/missing.pem", "/srv/x/keys/missing.pem"),
        ("SIGNING_KEY", "/srv/x/keys/missing", "/srv/x/keys/missing"),
        ("OPENAI_API_KEY", "something", "Fixed something in billing"),
        ("OPENAI_API_KEY", "not-needed", "not-needed"),
        ("OPENAI_API_KEY", "lm-studio", "lm-studio"),
        ("DEPLOY_TOKEN", "heliotrope-12", "heliotrope"),
        ("DEPLOY_TOKEN", "the-project-is-called-heliotrope-0001", "the project is called"),
        ("TEAM_WEBHOOK_URL", "https://team1.example/hooks/0a1b2c3d4e", "https://team1.example/hooks/"),
    ],
)
def test_ordinary_text_stays_as_it_is_whatever_is_in_the_environment(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    redaction.remember(*([value] if name in redaction.TOKENS else []))
    assert redaction.redact(said) == said
    assert redaction.hide(said.encode()) == said.encode()


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DATABASE_URL", "postgres://heliotrope:pw-12345@db/app", "pw-12345"),
        ("DATABASE_URL", "postgres://heliotrope:pw@db/app", "heliotrope:pw"),
        ("REMOTE", "https://ghp_0a1b2c3d4e5f6g7h8i9j0k@git.example/x", "ghp_0a1b2c3d4e5f6g7h8i9j0k"),
        ("SECRET_ACCESS_KEY", "/jalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY1", "/jalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY1"),
        ("CONNECTION_STRING", f"Protocol=https;AccountName=ours;AccountKey={TOKEN}==;Suffix=x.example", f"{TOKEN}=="),
        *((f"SMTP_{end}", "heliotrope-12", "heliotrope-12") for end in ("PASS", "PWD", "PAT")),
        ("TEAM_WEBHOOK_URL", "https://team1.example/hooks/0a1b2c3d4e", "0a1b2c3d4e"),
    ],
)
def test_what_is_secret_in_a_variable_is_known(monkeypatch, name, value, secret):
    monkeypatch.setenv(name, value)
    assert redaction.hide_known(f"({secret})") == "(***)"


@pytest.mark.parametrize("kind", [TimeweaveError, CredentialsError])
def test_an_error_is_made_without_secrets(kind):
    redaction.remember(TOKEN)
    assert str(kind(f"the service said {TOKEN} to https://me@x.example")) == "the service said *** to https://x.example"


def test_what_is_printed_is_redacted_results_but_for_their_addresses(monkeypatch):
    redaction.remember(TOKEN)
    streams = [io.StringIO(), io.StringIO()]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    script.guard_output()
    for stream in (sys.stdout, sys.stderr):
        print(TOKEN, "https://a@b.example", file=stream)
        stream.writelines([TOKEN, "\n"])
    assert [stream.getvalue() for stream in streams] == [
        "*** https://a@b.example\n***\n",
        "*** https://b.example\n***\n",
    ]
