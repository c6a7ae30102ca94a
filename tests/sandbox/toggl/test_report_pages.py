"""How the sandbox's detailed report goes from page to page, and the ways in which that goes wrong."""

from datetime import datetime

import pytest

from tests.sandbox.plain_client import WEEK, report, rows

NEXT = {"first_row_number": "X-Next-Row-Number", "first_id": "X-Next-ID", "first_timestamp": "X-Next-Timestamp"}


def ids(answer):
    return [row["time_entries"][0]["id"] for row in answer.json()]


def cursor(answer, *keys):
    """What a client sends back for the next page."""
    return {key: int(answer.headers[NEXT[key]]) for key in keys or NEXT if NEXT[key] in answer.headers}


@pytest.mark.parametrize(("asked", "size"), [(None, 50), (20, 20), (50, 50), (51, 50), (1000, 50)])
def test_the_page_size_is_echoed_and_capped(sandbox, asked, size):
    answer = report(sandbox, **WEEK | ({} if asked is None else {"page_size": asked}))
    assert (answer.headers["X-Page-Size"], len(answer.json())) == (str(size), size)


def test_the_cap_may_be_another(sandbox):
    sandbox.behaviour.update({"page_cap": 200})
    assert len(report(sandbox, **WEEK, page_size=1000).json()) == 200
    assert len(report(sandbox, **WEEK).json()) == 50


def test_the_row_number_alone_walks_through_all_rows(sandbox):
    found = rows(sandbox)
    assert [row["row_number"] for row in found] == list(range(1, len(found) + 1))
    assert len({row["time_entries"][0]["id"] for row in found}) == len(found) > 250


def test_the_three_values_together_walk_through_the_same_rows(sandbox):
    answer = report(sandbox, **WEEK)
    found = ids(answer)
    while cursor(answer):
        assert set(cursor(answer)) == set(NEXT)
        first = cursor(answer)["first_id"]
        answer = report(sandbox, **WEEK, **cursor(answer))
        assert ids(answer)[0] == first
        found += ids(answer)
    assert found == [row["time_entries"][0]["id"] for row in rows(sandbox)]


def test_the_last_page_names_no_next(sandbox):
    count = len(rows(sandbox))
    last = report(sandbox, **WEEK, first_row_number=count - 49)
    assert (len(last.json()), cursor(last)) == (50, {})
    before = report(sandbox, **WEEK, first_row_number=count - 50)
    assert cursor(before, "first_row_number") == {"first_row_number": count}
    beyond = report(sandbox, **WEEK, first_row_number=count + 1)
    assert (beyond.json(), cursor(beyond)) == ([], {})


def test_the_time_stamp_is_the_start_of_the_next_row(sandbox):
    first = report(sandbox, **WEEK)
    start = report(sandbox, **WEEK, first_row_number=51).json()[0]["time_entries"][0]["start"]
    assert cursor(first)["first_timestamp"] == datetime.fromisoformat(start).timestamp()


def test_id_and_row_number_without_the_time_stamp_give_nothing(sandbox):
    first = report(sandbox, **WEEK)
    answer = report(sandbox, **WEEK, **cursor(first, "first_id", "first_row_number"))
    assert (answer.json(), cursor(answer)) == ([], {})


def test_a_cursor_may_be_the_row_number_alone(sandbox):
    sandbox.behaviour.update({"cursor": "row"})
    assert cursor(report(sandbox, **WEEK)) == {"first_row_number": 51}


def test_a_cursor_may_be_repeated(sandbox):
    sandbox.behaviour.update({"repeated_cursor": True})
    first = report(sandbox, **WEEK)
    second = report(sandbox, **WEEK, **cursor(first))
    third = report(sandbox, **WEEK, **cursor(second, "first_row_number"))
    assert cursor(first, "first_row_number") == cursor(second, "first_row_number") == {"first_row_number": 51}
    assert ids(third) == ids(second) != ids(first)


def test_an_empty_page_may_announce_another(sandbox):
    sandbox.behaviour.update({"empty_page": True})
    assert report(sandbox, **WEEK).json()
    empty = report(sandbox, **WEEK, first_row_number=51)
    assert (empty.json(), cursor(empty, "first_row_number")) == ([], {"first_row_number": 101})


def test_a_page_may_begin_with_the_last_row_of_the_one_before(sandbox):
    sandbox.behaviour.update({"duplicated_rows": True})
    first, second = report(sandbox, **WEEK), report(sandbox, **WEEK, first_row_number=51)
    assert ids(second)[0] == ids(first)[-1]
    assert len(second.json()) == 51


def test_a_page_of_too_many_rows_may_be_refused_and_so_may_a_long_span(sandbox):
    sandbox.behaviour.update({"page_refused_over": 50})
    refused = report(sandbox, **WEEK, page_size=1000)
    assert (refused.status_code, "page_size" in refused.text) == (400, True)
    sandbox.behaviour.update({"longest_span": 3})
    assert report(sandbox, **WEEK, page_size=50).json() == "The range must not be longer than 3 days"
    sandbox.behaviour.update({"longest_span": 7})
    assert len(report(sandbox, **WEEK, page_size=50).json()) == 50
