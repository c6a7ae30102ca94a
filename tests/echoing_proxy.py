"""A proxy that repeats what it is sent in all that it answers, tokens to be known again, and a search for any form of them."""

import base64
import hashlib
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import requests

from timeweave.sandbox.company import FIBERY_TOKEN, LLM_KEY, TOGGL_TOKEN

DIGITS = hashlib.sha256(b"marked").hexdigest()
MARKED = {
    "TOGGL_API_TOKEN": DIGITS[:32],
    "FIBERY_API_TOKEN": f"{DIGITS[32:40]}.{DIGITS[24:59]}",
    "OPENAI_API_KEY": f"sk-{DIGITS[40:50]}/and+never=to.be_seen~{DIGITS[50:]}",
}
"""Computed, since this file is in the copies of the project that are searched."""


def _make_basic(token: str) -> str:
    return f"Basic {base64.b64encode(f'{token}:api_token'.encode()).decode()}"


REAL = {
    _make_basic(MARKED["TOGGL_API_TOKEN"]): _make_basic(TOGGL_TOKEN),
    f"Token {MARKED['FIBERY_API_TOKEN']}": f"Token {FIBERY_TOKEN}",
    f"Bearer {MARKED['OPENAI_API_KEY']}": f"Bearer {LLM_KEY}",
}
"""What the sandbox is sent for what the proxy was sent."""
SPELLINGS = 7
_URL_SAFE = str.maketrans("+/", "-_")


def list_forms(secret: str, user: str = "api_token") -> list[str]:
    """The forms in which a proxy, a log or a tool may give a secret back."""
    raw = secret.encode()
    pairs = (secret, f"{user}:{secret}", f"{secret}:{user}")
    coded = [base64.b64encode(pair.encode()).decode() for pair in pairs]
    coded += [form.rstrip("=") for form in coded]
    coded += [form.translate(_URL_SAFE) for form in coded]
    forms = [secret, raw.hex(), raw.hex().upper(), json.dumps(secret)[1:-1], *coded]
    forms += [quote(form, safe="") for form in forms] + [quote_plus(form) for form in forms]
    forms += [quote(quote(secret, safe=""), safe=""), "".join(f"%{byte:02x}" for byte in raw)]
    return list(dict.fromkeys([*forms, *(form.replace("/", "\\/") for form in coded)]))


class Proxy(ThreadingHTTPServer):
    """Before the sandbox. `statuses` are answered instead of its answers, one after the other, by service; the last one stays."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target, self.url = target, f"http://127.0.0.1:{self.server_port}"
        self.statuses: dict[str, list[int]] = {}
        self.seen: list[tuple[str, int]] = []
        """Service and status of each answer."""
        self._lock = threading.Lock()

    def find_status(self, service: str) -> int:
        """The status of the next answer."""
        with self._lock:
            left = self.statuses.get(service, [200])
            status = left.pop(0) if len(left) > 1 else left[0]
            self.seen.append((service, status))
            return status


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        given = self.headers["Authorization"]
        forms = [given, *_list_spellings(given)]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = self.server.find_status(_find_service(self.path))
        headers = {"X-Echo": given, "Content-Type": "application/json"}
        if status == 200:
            status, passed, content = self._ask(body)
            headers |= passed
            content = _echo(content, " ".join(forms))
        else:
            # The 200 letters that are shown end at different places of what is secret.
            said = ("x" * (60 + 17 * (len(self.server.seen) % SPELLINGS))) + " " + " ".join(forms)
            content = json.dumps({"message": said}).encode()
            headers |= {"Location": f"http://me:{forms[-1]}@127.0.0.1/?was={quote(given)}", "Retry-After": "0"}
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """The sandbox's own answer to the sandbox's own token."""
        sent = {
            name: value for name, value in self.headers.items() if name.lower() in ("content-type", "if-none-match")
        }
        sent |= {"Authorization": REAL.get(self.headers["Authorization"], "none")}
        answer = requests.request(self.command, self.server.target + self.path, data=body, headers=sent, timeout=60)
        kept = {
            name: value for name, value in answer.headers.items() if name.lower().startswith(("x-", "etag", "retry"))
        }
        return answer.status_code, kept, answer.content

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def _find_service(path: str) -> str:
    return "toggl" if path.startswith(("/api/v9", "/reports")) else "llm" if path.startswith("/v1") else "fibery"


def _list_spellings(given: str) -> list[str]:
    """What was sent, read and written again."""
    kind, _, secret = given.partition(" ")
    if kind == "Basic":
        user, _, _ = base64.b64decode(secret).decode().partition(":")
        return [*_list_spellings(f"Token {user}"), base64.b64decode(secret).decode(), secret.rstrip("=")]
    return [secret, *list_forms(secret)[1:SPELLINGS], quote(given), f"{secret[:-4]}..."]


def _echo(content: bytes, said: str) -> bytes:
    """An answer that is data, with what was sent in texts that people wrote, and in a sentence of the model."""
    try:
        body = json.loads(content)
    except ValueError:
        return content
    _echo_in(body, said)
    return json.dumps(body).replace("/", "\\/").encode()


def _echo_in(body: Any, said: str) -> None:
    for value in body if isinstance(body, list) else list(body.values()) if isinstance(body, dict) else ():
        _echo_in(value, said)
    if isinstance(body, dict):
        for name in {"description", "content"} & body.keys():
            if isinstance(body[name], str) and body[name].startswith('{"sentences"'):
                answer = json.loads(body[name])
                answer["sentences"].append({"text": f"It says {said}.", "cites": []})
                body[name] = json.dumps(answer)
            elif isinstance(body[name], str) and body[name].strip():
                body[name] += f" {said}"


@contextmanager
def serve(target: str) -> Iterator[Proxy]:
    """A proxy before a server."""
    with Proxy(target) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


def find_marked(content: bytes) -> list[str]:
    """The forms of marked tokens that there are in it, halves of the tokens among them."""
    forms = [form for token in MARKED.values() for form in list_forms(token)]
    forms += [half for token in MARKED.values() for half in (token[: len(token) // 2], token[len(token) // 2 :])]
    return [form for form in forms if form.encode() in content]


def search(*folders: Path) -> dict[str, list[str]]:
    """Where there is one: in a file, other than `.env`, in its name, or in an object of a git repository."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and path.name != ".env":
                found[str(path)] = find_marked(path.read_bytes() + str(path).encode())
        for repository in {path.parent for path in folder.rglob("HEAD") if (path.parent / "objects").is_dir()}:
            objects = subprocess.run(
                ["git", f"--git-dir={repository}", "cat-file", "--batch", "--batch-all-objects"],
                capture_output=True, check=True,
            ).stdout  # fmt: skip
            assert b"params.yaml" in objects
            found[f"objects of {repository}"] = find_marked(objects)
    assert found
    return {place: forms for place, forms in found.items() if forms}
