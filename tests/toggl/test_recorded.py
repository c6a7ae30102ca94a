"""Real answers, recorded with names and texts masked, replayed to the client over HTTP."""

import json
import threading
from contextlib import ExitStack
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.toggl.fetching import fetch_lists
from timeweave.archive.files import LocalFiles
from timeweave.models.directory import Account, Person
from timeweave.runtime.errors import CredentialsError, IncompleteData
from timeweave.toggl.client import PlanLacksFeature, QuotaSpent, TogglClient
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.learned_limits import PageSize
from timeweave.toggl.paged_walk import PageReader, StagedWalk, Walk
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.limits import Pace

RECORDED = Path(__file__).parent / "recorded"
LOOK = date(2024, 4, 14)
PAGES = "toggl_rb__search_time_entries_long_all_pages"
USERS = "toggl_rb__get_workspace_users_success"
PROJECTS = "toggl_rb__get_projects_after_bulk_update_success"
PLAN = "toggl_rb__update_project_bad_attribute"
MASKED = ("date", "content-length")
"""Headers that the masked body does not have any more: the server sends its own."""


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


class Replay(ThreadingHTTPServer):
    """Answers with recordings, one after the other, and keeps what was asked."""

    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list(answers), []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append(json.loads(self.rfile.read(length) or "null"))
        answer = self.server.answers.pop(0)
        content = b"" if answer["body"] == "" else json.dumps(answer["body"]).encode()
        self.send_response(answer["status"])
        for header, value in answer["headers"].items():
            if header not in MASKED:
                self.send_header(header, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *args):
        pass


@pytest.fixture
def replay():
    """A workspace whose server answers so, one after the other, and what it was asked."""
    with ExitStack() as stack:

        def start(answers):
            server = Replay(answers)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            client = TogglClient(f"http://127.0.0.1:{server.server_port}", "nobody", Pace("nobody", None), 0, print)
            for close in (server.server_close, thread.join, server.shutdown, client.close):
                stack.callback(close)
            return Toggl(client, 7000001), server.asked

        yield start


def invented(status, body):
    """An answer that nobody recorded, where one is needed in between."""
    return {"status": status, "headers": {"content-type": "application/json; charset=utf-8"}, "body": body}


def test_all_pages_of_a_recorded_report_are_read_to_their_end(replay):
    toggl, asked = replay(recorded(PAGES))
    pages = list(toggl.pages(date(2023, 12, 1), date(2023, 12, 31), 50))
    assert [len(page) for page in pages] == [50, 50]
    found = [entry for page in pages for entry in page]
    assert (len({entry.id for entry in found}), sum(entry.seconds for entry in found)) == (100, 270_000)
    assert (asked[0]["start_date"], asked[0]["end_date"], asked[0]["rounding"]) == ("2023-12-01", "2023-12-31", 0)
    cursor = {"first_id": 3405903924, "first_row_number": 51, "first_timestamp": 1702202400}
    assert asked[1] == asked[0] | cursor


@pytest.fixture
def read(replay, tmp_path):
    """The pages of a walk after the server's answers, with its reader and what was asked."""

    def walk(answers):
        toggl, asked = replay(answers)
        begun = StagedWalk.begin(
            LocalFiles(tmp_path), Walk(first=date(2023, 12, 2), last=date(2023, 12, 30), as_of=LOOK)
        )
        reader = PageReader(toggl, begun, PageSize(LocalFiles(tmp_path), TogglSettings(page_size=50)))
        assert sum(1 for _ in reader.read()) == begun.pages.count
        return begun.pages, reader, asked

    return walk


def test_a_reading_of_the_recorded_report_counts_each_entry_once(read):
    pages, reader, asked = read(recorded(PAGES))
    rows = [row for answer in recorded(PAGES) for row in answer["body"]]
    assert list(pages.entries) == [row["time_entries"][0]["id"] for row in rows]
    assert (asked[0]["start_date"], asked[0]["end_date"]) == ("2023-12-01", "2023-12-31")
    assert (reader.duplicates, pages.seconds) == (0, 270_000)
    # Days are those of the owner's clock, eight hours behind UTC.
    eighth = [row for row in rows if row["time_entries"][0]["start"].startswith("2023-12-08")]
    assert sum(one.local_day == date(2023, 12, 8) for one in pages.entries.values()) == len(eighth)
    [(_, [first, *_])] = pages.cut_days([date(2023, 12, 8)])
    assert first.start == datetime(2023, 12, 8, 8, tzinfo=UTC)


def test_an_entry_that_comes_again_on_the_next_page_counts_once(read):
    first, second = recorded(PAGES)
    pages, reader, _ = read([first, second | {"body": [first["body"][-1], *second["body"]]}])
    assert (len(pages.entries), reader.duplicates, pages.seconds) == (100, 1, 270_000)


def test_a_first_page_whose_second_does_not_come_is_incomplete(replay):
    first, _ = recorded(PAGES)
    toggl, asked = replay([first, first | {"body": []}])
    with pytest.raises(IncompleteData, match="empty page"):
        list(toggl.pages(date(2023, 12, 1), date(2023, 12, 31), 50))
    assert len(asked) == 2


def test_recorded_names_make_a_directory(replay):
    answers = [
        invented(200, {"id": 7000001, "name": "Masked"}),
        *recorded(PROJECTS), invented(200, None), invented(200, []), *recorded(PLAN),
        invented(403, "User does not have access to this resource."), *recorded(USERS),
    ]  # fmt: skip
    toggl, asked = replay(answers)
    found = fetch_lists(toggl, Account(source="live", url=None, workspace_id=7000001))
    assert found.workspace == "Masked"
    assert found.people == [
        Person(user_id=10658406, name="User One", email="user@example.com", timezone=None, active=True)
    ]
    assert [(project.id, project.name, project.active) for project in found.projects] == [
        (201876878, "name-3aea71", True), (201899518, "name-b700e9", True), (201990887, "name-0d46ef", True),
        (201991297, "name-5a4407", False),
    ]  # fmt: skip
    assert (found.clients, found.tags, found.tasks) == ([], [], [])
    assert len(asked) == len(answers)


@pytest.mark.parametrize(
    ("name", "error", "words", "code"),
    [
        ("go-api-libs__2024-12-09", CredentialsError, "answered 401", 3),
        (PLAN, PlanLacksFeature, "available only for premium plans", 1),
    ],
)
def test_a_recorded_refusal_is_the_error_that_it_means_and_is_not_repeated(replay, name, error, words, code):
    toggl, asked = replay(recorded(name))
    with pytest.raises(error, match=words) as caught:
        toggl.workspace()
    assert type(caught.value) is error
    assert caught.value.exit_code == code
    assert len(asked) == 1


def test_the_recorded_402_with_nothing_left_of_a_quota_is_about_the_quota(replay):
    [answer] = recorded(PLAN)
    spent = {"x-toggl-quota-remaining": "0", "x-toggl-quota-resets-in": "1855"}
    toggl, _ = replay([answer | {"headers": answer["headers"] | spent}])
    with pytest.raises(QuotaSpent) as caught:
        toggl.workspace()
    assert (caught.value.seconds, caught.value.exit_code) == (1855, 4)
