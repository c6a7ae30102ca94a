"""Whatever Toggl answers: data, or one sentence that says what does not fit. The archive is as it was after a refusal."""

import json
import re
import shutil
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import DEEP, INFINITE, LONG_NUMBER, OTHER_TYPES, Altering, at_each_place, dump, raw, remember_answers
from tests.toggl.fetching import AS_OF, archive_in, fetch, fetch_lists
from tests.toggl.rows import row
from timeweave.archive.files import seal
from timeweave.models import time_entry_days
from timeweave.models.directory import Account, Directory
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import span
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.server import Sandbox
from timeweave.toggl.answers import read_entries
from timeweave.toggl.client import TogglClient
from timeweave.toggl.names import look_up
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.answers import UnusableAnswer, parse_json
from timeweave.web.limits import Pace

DAYS = span(date(2025, 10, 12), date(2025, 10, 13))
LATER = AS_OF + timedelta(days=1)
ROWS, TOTALS, SUMMARY = "/search/time_entries", "/search/time_entries/totals", "/summary/time_entries"


@pytest.fixture(scope="module")
def sandbox():
    """Pages of twenty rows, so that a few days have several."""
    with Sandbox(LATER, behaviour=Behaviour(page_cap=20, quota=None)) as running:
        remember_answers(running)
        yield running


@pytest.fixture
def altering(sandbox):
    return Altering(sandbox)


@pytest.fixture(scope="module")
def filled(sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    fetch(folder, sandbox, DAYS)
    return folder


@pytest.fixture
def folder(filled, tmp_path):
    """An archive that holds the days already, as of the day before."""
    return shutil.copytree(filled, tmp_path / "archive")


def kept(folder):
    """What counts of an archive: all but the pages of a walk that is not finished."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "walks" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def changed(**keys):
    """A row with other keys; one that is `...` is left out."""
    return lambda one: {key: value for key, value in (one | keys).items() if value is not ...}


def timed(**keys):
    """A row whose time entry has other keys."""
    return lambda one: one | {"time_entries": [changed(**keys)(one["time_entries"][0])]}


NO_SECONDS = {**INFINITE, **LONG_NUMBER, "null": None, "true": True, "a fraction": 1.5, "text": "3600", "a list": []} | {
    "beyond 2^63": 2**63, "more than a year": 367 * 86400, "below every instant": -(2**33), "left out": ...
}  # fmt: skip
NO_INSTANTS = {
    "the year 1": "0001-01-01T00:00:00+00:00", "the year 1999": "1999-12-31T23:59:59+00:00",
    "the year 9999": "9999-12-31T23:59:59+00:00", "no offset": "2025-10-12T08:00:00", "a day": "2025-10-12",
    "a day that is not": "2025-02-30T08:00:00Z", "a far offset": "2025-10-12T08:00:00+99:00", "a week": "2025-W41-2T08:00:00Z",
    "a line more": "2025-10-12T08:00:00Z\n", "other digits": "٢٠٢٥-10-12T08:00:00Z", "small letters": "2025-10-12t08:00:00z",
    "a word": "today", "nothing": "", "a number": 1760256000, "a list": [],
}  # fmt: skip
NO_IDS = {
    "null": None,
    "-1": -1,
    "beyond 2^63": 2**63,
    "text": "1",
    "true": True,
    "a list": [],
    "left out": ...,
    **LONG_NUMBER,
}
CASES = {
    **{f"seconds: {name}": timed(seconds=value) for name, value in NO_SECONDS.items()},
    **{f"start: {name}": timed(start=value) for name, value in {**NO_INSTANTS, "null": None, "left out": ...}.items()},
    **{f"stop: {name}": timed(stop=value) for name, value in NO_INSTANTS.items()},
    **{f"id: {name}": timed(id=value) for name, value in NO_IDS.items()},
    **{f"user_id: {name}": changed(user_id=value) for name, value in NO_IDS.items()},
    **{f"{key}: a list of lists": changed(**{key: [[]]}) for key in (
        "username", "email", "project_id", "project_name", "client_name", "task_id", "task_name", "billable",
        "description", "tag_ids", "tag_names")},
    "billable: a number": changed(billable=1), "project_id: beyond 2^63": changed(project_id=2**63),
    "tag_ids: null in it": changed(tag_ids=[None]), "tag_names: a number in it": changed(tag_names=[7]),
    **{f"time_entries: {name}": changed(time_entries=value) for name, value in
       {"null": None, "an object": {}, "null in it": [None], "a list in it": [[]], "text": "x", "left out": ...}.items()},
    **{f"a row that is {name}": lambda _, value=value: value for name, value in
       {"null": None, "a number": 7, "text": "row", "a list": []}.items()},
    **{f"what is not known: {name}": changed(novelty=value) for name, value in
       {**INFINITE, **DEEP, **LONG_NUMBER}.items()},
}  # fmt: skip
SOME_CASES = [
    name for name in CASES if name.endswith((": null", ": NaN", ": a number", "null in it", "a list of lists"))
]
START = "2025-10-12T08:00:00Z"


def last(change):
    """The page with its last row changed."""
    return lambda rows: [*rows[:-1], change(rows[-1])]


def refused(folder, sandbox, **settings):
    """The sentence that a fetch ends with; what counts of the archive is not changed by it."""
    before = kept(folder)
    with pytest.raises(TimeweaveError) as error:
        fetch(folder, sandbox, DAYS, LATER, **settings)
    assert error.value.exit_code in (1, 5)
    assert kept(folder) == before
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    return str(error.value)


def assert_named(said, name):
    """That the sentence names the field and what a person can do."""
    field = name.partition(":")[0]
    # What is no JSON at all has no fields.
    assert field in said or re.search(r"\[\d+\]|malformed|out of range|nested deeper", said)
    if re.search(r"entry \d+: (seconds|start|stop)\b", said):
        assert said.endswith("; correct it in Toggl, then run again")


@pytest.mark.parametrize("name", CASES)
def test_a_row_that_does_not_fit_is_named(name):
    content = dump([row(1, START), CASES[name](row(2, START))])
    with pytest.raises((UnusableAnswer, ValueError)) as error:
        read_entries(parse_json(content), "Toggl's answer")
    assert_named(str(error.value), name)


@pytest.mark.parametrize("page", [0, 1], ids=["the first page", "a later page"])
@pytest.mark.parametrize("name", SOME_CASES)
def test_a_page_with_a_row_that_does_not_fit_changes_nothing(folder, sandbox, altering, name, page):
    with altering.through(ROWS, last(CASES[name]), page):
        said = refused(folder, sandbox)
    assert altering.answered == 1
    assert said.startswith(f"Toggl's answer to POST /reports/api/v3/workspace/{WORKSPACE_ID}{ROWS} cannot be used: ")
    assert_named(said, name)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("seconds", 60.5, "seconds is 60.5, not a whole number"),
        ("seconds", 400 * 86400, "seconds: Expected `int` <= 31622400"),
        ("start", "today", "start is not an instant of the years 2000 to 2100 with its offset from UTC"),
    ],
)
def test_an_entry_that_a_person_can_put_right_is_named_by_its_id(field, value, fault):
    hostile = timed(**{field: value})(row(77, "2025-10-12T08:00:00Z"))
    with pytest.raises(UnusableAnswer) as error:
        read_entries([row(1, "2025-10-12T08:00:00Z"), hostile], "Toggl's answer")
    assert str(error.value) == f"Toggl's answer cannot be used: entry 77: {fault}; correct it in Toggl, then run again"


FORMER = {
    "billable null": changed(billable=None), "seven digits": timed(start="2025-10-12T08:00:00.1234567Z"),
}  # fmt: skip
MISFITS = {
    "seconds is 60.5": timed(seconds=60.5), "seconds: Expected": timed(seconds=400 * 86400),
    "user_id: Expected": changed(user_id=None),
}  # fmt: skip


def write_former(folder, change):
    """A day as a version wrote it that held rows to nothing."""
    path = folder / "days" / f"{DAYS[0]}.json"
    [kept] = [one.row for one in read_entries([row(77, "2025-10-12T08:00:00Z")], "Toggl's answer")]
    content = {"day": str(DAYS[0]), "fetched_as_of": str(AS_OF), "rows": [change(kept)], "schema": 1}
    path.write_bytes(seal(json.dumps(content).encode()))
    return path


@pytest.mark.parametrize("name", FORMER)
def test_an_odd_row_of_a_former_version_is_read(folder, tmp_path, name):
    write_former(folder, FORMER[name])
    days = archive_in(folder).days
    assert [entry.id for entry in days.read_entries(DAYS[0])] == [77]
    (tmp_path / f"{DAYS[0]}.json").write_bytes(days.export(DAYS[0]))
    assert len(time_entry_days.read(tmp_path, DAYS[0])) == 1


@pytest.mark.parametrize("name", MISFITS)
def test_a_row_of_a_former_version_that_does_not_fit_is_named_and_the_day_stays(folder, name):
    path = write_former(folder, MISFITS[name])
    before, days = path.read_bytes(), archive_in(folder).days
    for read in (days.read_entries, lambda day: days.read_authors([day])):
        if read != days.read_entries and "user_id" not in name:
            continue
        with pytest.raises(TimeweaveError) as error:
            read(DAYS[0])
        assert str(error.value).startswith(f"{path} cannot be used: entry 77 of {DAYS[0]}: {name}")
        assert str(error.value).endswith("then remove the file and run again: the day is fetched again")
    assert path.read_bytes() == before
    assert not (folder / "damaged").exists()


def test_a_person_can_be_forgotten_whatever_their_rows_hold(folder):
    write_former(folder, timed(seconds=60.5))
    days = archive_in(folder).days
    assert days.drop(DAYS[0], {1}) == 1
    assert days.read_entries(DAYS[0]) == []


def test_null_for_false_is_no_change_of_an_entry():
    [one, other] = read_entries([row(77, "2025-10-12T08:00:00Z", billable=value) for value in (None, False)], "Toggl")
    assert one.content == other.content


PAGES = {
    "an object": b"{}", "text": b'"rows"', "a number": b"7", "true": b"true", "a list of lists": b"[[]]",
    "broken": b'[{"user_id": 1}}', "deep": b"[" * 50_000 + b"]" * 50_000, "NaN": b"[NaN]",
    "UTF-16": '[{"user_id": 1}]'.encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("page", [0, 1], ids=["the first page", "a later page"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_no_list_of_rows_is_refused(folder, sandbox, altering, name, page):
    with altering.through(ROWS, lambda _: PAGES[name], page):
        assert "cannot be used" in refused(folder, sandbox)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Next-ID": "1"}, {"X-Next-Row-Number": "x"}, {"X-Next-Row-Number": "9" * 5000}, {"X-Next-Row-Number": "1e3"},
        {"X-Next-Row-Number": "6", "X-Next-ID": "\xb2", "X-Next-Timestamp": "1"}, {"X-Next-Row-Number": "6\x0b"},
    ],
)  # fmt: skip
def test_a_cursor_that_leads_nowhere_is_refused(folder, sandbox, altering, headers):
    page = [row(1, "2025-10-12T08:00:00Z")]
    with altering.through(ROWS, lambda _: Response(json.dumps(page).encode(), 200, headers)):
        assert "announces more rows but not where they begin" in refused(folder, sandbox)


@pytest.mark.parametrize("quota", ["9" * 400, "9" * 5000, "-9", "1e9", "inf", "NaN", "\xb2", "99999999999999"])
def test_a_quota_of_any_number_is_a_sentence(folder, sandbox, altering, quota):
    headers = {"X-Toggl-Quota-Remaining": quota, "X-Toggl-Quota-Resets-In": quota, "Retry-After": quota}
    with altering.through(ROWS, lambda _: Response(b'"hourly limit, reset in 99999999999"', 402, headers)):
        before = kept(folder)
        with pytest.raises(TimeweaveError, match="run again after"):
            fetch(folder, sandbox, DAYS, LATER)
        assert kept(folder) == before


@pytest.mark.parametrize("status", [302, 400, 402, 403, 500])
@pytest.mark.parametrize(
    "body",
    [DEEP["deep lists"], {"message": [["\x1b[2J"]]}, "\x1b]0;mine\x07", raw('"\\ud800"')],
    ids=lambda body: str(body)[:20],
)
def test_a_refusal_in_any_words_is_a_sentence(folder, sandbox, altering, status, body, monkeypatch):
    monkeypatch.setattr("timeweave.web.client.ATTEMPTS", 1)
    with altering.through(ROWS, lambda _: Response(dump(body), status)), pytest.raises(TimeweaveError) as error:
        fetch(folder, sandbox, DAYS, LATER)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    "totals",
    [None, [], {}, {"seconds": None}, {"seconds": "7"}, {"seconds": 1.5}, {"seconds": 2**60}, INFINITE, *DEEP.values()],
    ids=lambda totals: str(totals)[:20],
)
def test_totals_that_are_none_prove_nothing(folder, sandbox, altering, totals):
    with altering.through(TOTALS, lambda _: totals):
        assert "cannot be used" in refused(folder, sandbox)


@pytest.mark.parametrize(
    "summary", [None, [], {"groups": 7}, {"groups": [None]}, {"groups": [{"id": 1, "sub_groups": [{}]}]}]
)
def test_a_summary_of_another_shape_leaves_the_difference_unexplained(folder, sandbox, altering, summary):
    with altering.through(ROWS, last(timed(seconds=1))), altering.through(SUMMARY, lambda _: summary):
        assert "its entries add up to" in refused(folder, sandbox)


def test_an_answer_that_is_too_long_is_not_read_to_its_end(folder, sandbox, altering, monkeypatch):
    monkeypatch.setattr("timeweave.web.answers.MOST_BYTES", 1 << 20)
    with altering.through(ROWS, lambda _: b"[" + b" " * (2 << 20) + b"]"):
        assert "longer than 1 MB" in refused(folder, sandbox)


ODD = {
    "zero seconds": timed(seconds=0), "25 hours": timed(seconds=25 * 3600), "a running timer": timed(seconds=-1759824000, stop=None),
    "a timer without a stop": timed(seconds=-1, stop=...), "half a surrogate pair": changed(description=raw('"a \\ud800 b"')),
    "NUL": changed(description="a\0b", username="\0"), "no description": changed(description=None),
    "billable that is null": changed(billable=None), "seconds with a point": timed(seconds=60.0),
    "seven digits of a fraction": timed(start="2025-10-13T23:00:00.1234567+00:00", stop="2025-10-13T23:01:00.123456789Z"),
    "names that are null": changed(username=None, email=None, project_name=None, tag_ids=None, tag_names=None),
    "nothing but what is needed": lambda one: {key: one[key] for key in ("user_id", "time_entries")},
    "keys that nobody knows": changed(novelty={"a": [1.5, None, {"b": 2**70}]}, billable_amount_in_cents="much"),
    "the highest id": timed(id=2**63 - 1), "half a second": timed(start="2025-10-13T23:00:00.5+00:00"),
    "a description of 1 MB": changed(description="x" * (1 << 20)), "100,000 tags": changed(tag_ids=list(range(100_000))),
    "long names of tags": changed(tag_names=["t" * 20_000] * 3, username="n" * 20_000),
}  # fmt: skip


@at_each_place(ODD, often=("a running timer", "no description", "seven digits of a fraction", "100,000 tags"))
def test_what_is_odd_and_fits_is_kept_and_every_later_reader_can_read_it(
    folder, sandbox, altering, name, number, tmp_path
):
    with altering.through(ROWS, last(ODD[name]), number):
        said = fetch(folder, sandbox, DAYS, LATER, verify_totals=False)
    archive = archive_in(folder)
    for day in DAYS:
        (tmp_path / f"{day}.json").write_bytes(archive.days.export(day))
        assert len(time_entry_days.read(tmp_path, day)) == len(archive.days.read_entries(day))
        assert (tmp_path / f"{day}.json").stat().st_size < 200_000
    cut = [one for one in said if "are cut to" in one]
    assert len(cut) == (name in ("a description of 1 MB", "100,000 tags", "long names of tags"))


def test_what_is_too_long_is_cut_in_the_same_way_each_time_and_said_once(folder, sandbox, altering):
    long = changed(description="x" * (1 << 20), tag_ids=list(range(100_000)))
    with altering.through(ROWS, lambda rows: [*map(long, rows[:2]), *rows[2:]]):
        said = fetch(folder, sandbox, DAYS, LATER, verify_totals=False)
    assert [one for one in said if "cut" in one] == [
        "Toggl sent a description of 1,048,576 characters; here and wherever else, names and descriptions are cut to "
        "10,000 characters and lists of tags to 1,000"
    ]
    entries = [entry for day in DAYS for entry in archive_in(folder).days.read_entries(day)]
    cut = {entry.row["description"] for entry in entries if entry.row["tag_ids"][-1:] == [999]}
    assert cut == {"x" * 9_999 + "…"}


@pytest.fixture(scope="module")
def toggl(sandbox):
    client = TogglClient(sandbox.url, TOGGL_TOKEN, Pace(TOGGL_TOKEN, None), 0, lambda _: None)
    yield Toggl(client, WORKSPACE_ID)
    client.close()


LISTS = {
    "workspace_users": (Toggl.members, ("id", "uid", "name", "email", "timezone", "inactive")),
    "users": (Toggl.users, ("id", "fullname", "email", "inactive")),
    "projects": (Toggl.projects, ("id", "name", "client_id", "active")),
    "clients": (Toggl.clients, ("id", "name", "archived")),
    "tags": (Toggl.tags, ("id", "name")),
    "tasks": (Toggl.tasks, ("id", "name", "project_id", "active")),
}
FIELDS = [(name, field) for name, (_, fields) in LISTS.items() for field in fields]
ACCOUNT = Account(source="live", url=None, workspace_id=WORKSPACE_ID)


def rows_of(body):
    return body["data"] if isinstance(body, dict) else body


@pytest.mark.parametrize(("list_", "field"), FIELDS)
def test_a_name_of_any_type_in_any_list_is_a_name_or_a_sentence(toggl, altering, list_, field):
    ask = LISTS[list_][0]
    fits = []
    for value in (*OTHER_TYPES.values(), *INFINITE.values()):
        hostile = {"id": 77, "uid": 77, "name": "x", field: value}
        with altering.through(f"/{list_}", lambda body, hostile=hostile: [*rows_of(body), hostile], None):
            try:
                fits += [value for row in ask(toggl) if 77 in (row.id, getattr(row, "uid", row.id))]
            except UnusableAnswer as error:
                assert f"/{list_} cannot be used: " in str(error)
    assert len(fits) < len(OTHER_TYPES) / 2
    if list_ == "users":
        return
    for value in fits:
        hostile = {"id": 77, "uid": 77, "name": "x", field: value}
        with altering.through(f"/{list_}", lambda body, hostile=hostile: [*rows_of(body), hostile], None):
            found = fetch_lists(toggl, ACCOUNT)
            assert document.decode(document.encode(found), Directory, "directory.json") == found


def test_who_is_invited_is_left_out_and_what_has_no_name_gets_its_number(toggl, altering):
    invited = {"id": 77, "uid": None, "name": "Somebody Invited"}
    with altering.through("/workspace_users", lambda rows: [*rows_of(rows), invited]):
        found = fetch_lists(toggl, ACCOUNT)
    assert found == fetch_lists(toggl, ACCOUNT)
    for list_ in ("projects", "clients", "tags", "tasks"):
        nameless = {"id": 77, "name": None, "project_id": 1}
        with altering.through(f"/{list_}", lambda body, nameless=nameless: [*rows_of(body), nameless], None):
            [named] = [one for one in getattr(fetch_lists(toggl, ACCOUNT), list_) if one.id == 77]
        assert named.name == f"{list_[:-1].capitalize()} 77"


def test_memberships_that_cannot_be_used_give_way_to_the_plain_list_of_users(toggl, altering):
    whole = fetch_lists(toggl, ACCOUNT)
    with altering.through("/workspace_users", lambda _: [{"id": 77}]):
        found = fetch_lists(toggl, ACCOUNT)
    assert {one.user_id for one in found.people} == {one.user_id for one in whole.people}


@pytest.mark.parametrize(("admin", "may"), [(..., True), (None, True), (True, True), (False, False)], ids=str)
def test_a_token_is_an_admin_s_unless_toggl_says_that_it_is_none(toggl, altering, admin, may):
    change = changed(admin=admin)
    with altering.through(f"/workspaces/{WORKSPACE_ID}", change):
        assert toggl.workspace().shows_everyone == may
    with altering.through(f"/workspaces/{WORKSPACE_ID}", change):
        if may:
            fetch_lists(toggl, ACCOUNT, everyone=True)
        else:
            with pytest.raises(TimeweaveError, match="not a workspace admin's"):
                fetch_lists(toggl, ACCOUNT, everyone=True)


ELSE = [7, "x", [None], [7], [[]], {"data": 7}, {"data": [None]}, DEEP["deep lists"]]


@pytest.mark.parametrize("body", ELSE, ids=lambda body: str(body)[:20])
def test_a_list_of_something_else_is_named(toggl, altering, body):
    for name, (ask, _) in LISTS.items():
        with (
            altering.through(f"/{name}", lambda _: body),
            pytest.raises(UnusableAnswer, match=f"/{name} cannot be used"),
        ):
            ask(toggl)


@pytest.mark.parametrize(
    "body",
    [None, 7, [], {"name": 7}, {"admin": "yes"}, {"name": {}}, DEEP["deep objects"]],
    ids=lambda body: str(body)[:20],
)
def test_a_workspace_that_is_none_is_refused(toggl, altering, body):
    with altering.through(f"/workspaces/{WORKSPACE_ID}", lambda _: body), pytest.raises(UnusableAnswer):
        toggl.workspace()


@pytest.mark.parametrize("list_", ["projects", "tags", "tasks"])
@pytest.mark.parametrize(
    "hostile",
    [None, 7, {"id": "1", "name": "x"}, {"id": 2**63, "name": "x"}, {"id": 1}, DEEP["deep lists"]],
    ids=lambda one: str(one)[:20],
)
def test_the_second_page_of_a_list_is_held_to_the_same(toggl, altering, list_, hostile):
    def fill(body):
        return Response(json.dumps(rows_of(body)).encode(), 200, {"X-Page-Size": str(len(rows_of(body)))})

    path, refusal = f"/{list_}", pytest.raises(UnusableAnswer, match=f"/{list_} cannot be used")
    with altering.through(path, fill, 0), altering.through(path, lambda _: [hostile], 1), refusal:
        LISTS[list_][0](toggl)
    assert altering.answered == 2


@pytest.mark.parametrize("list_", LISTS)
def test_null_is_a_list_of_nobody(toggl, altering, list_):
    with altering.through(f"/{list_}", lambda _: None):
        assert LISTS[list_][0](toggl) == []


@pytest.mark.parametrize("size", ["0", "-1", "9" * 5000, "\xb2", "x", "1.5"])
def test_a_size_of_a_page_that_is_none_ends_the_list_all_the_same(toggl, altering, size):
    whole = fetch_lists(toggl, ACCOUNT)
    with altering.through("/projects", lambda body: Response(json.dumps(body).encode(), 200, {"X-Page-Size": size})):
        assert fetch_lists(toggl, ACCOUNT) == whole


def test_a_list_without_an_end_is_given_up(toggl, sandbox, monkeypatch):
    monkeypatch.setattr("timeweave.toggl.workspace_requests.MOST_PAGES", 20)
    altered, real = iter(range(10**6)), sandbox._server.respond

    def respond(request):
        if not request.path.endswith("/tags"):
            return real(request)
        return Response.of_json([{"id": next(altered), "name": "t"}])

    monkeypatch.setattr(sandbox._server, "respond", respond)
    with pytest.raises(TimeweaveError, match="tags has no end after 20 pages"):
        toggl.tags()


@pytest.mark.parametrize("body", [[None], [7], {}, [{"id": "1"}], [{"id": 1, "email": 7}], [{"id": 1, "fullname": []}]])
def test_what_is_said_of_departed_people_is_held_to_its_types(toggl, altering, body):
    with altering.through("/search/users", lambda _: body), pytest.raises(UnusableAnswer):
        look_up(toggl, [1])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5) | st.sampled_from(list(NO_INSTANTS.values())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = (
    "user_id",
    "username",
    "email",
    "project_id",
    "billable",
    "description",
    "tag_ids",
    "tag_names",
    "time_entries",
    "row_number",
)
TIME_KEYS = ("id", "seconds", "start", "stop", "at")


@given(
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4),
    st.dictionaries(st.sampled_from(TIME_KEYS), VALUES, max_size=3),
)
def test_any_row_is_entries_or_a_sentence(keys, time):
    good = row(1, "2025-10-07T08:00:00Z")
    hostile = {**good, "time_entries": [{**good["time_entries"][0], **time}], **keys}
    try:
        found = read_entries([hostile], "Toggl's answer")
    except UnusableAnswer:
        return
    for entry in found:
        assert 1999 <= entry.start.year <= 2101
        assert 0 <= entry.seconds <= 367 * 86400
        assert read_entries([entry.row], "the archive") == [entry]


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\ud8NaI1e.', max_size=60).map(str.encode))
def test_any_bytes_are_a_value_that_can_be_written_or_a_sentence(content):
    try:
        body = parse_json(content)
    except ValueError:
        return
    document.encode(body)
