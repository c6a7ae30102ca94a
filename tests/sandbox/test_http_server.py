"""What can be counted of the requests that were served."""

from timeweave.sandbox.http_server import ServedRequest, count, most_in_a_second, most_in_flight


def served(arrived, answered=None, service="toggl", path="/x"):
    return ServedRequest(service, "GET", path, arrived, answered)


def test_requests_are_counted_by_service_and_path():
    requests = [served(1, path="/b"), served(2, path="/a"), served(3, path="/b"), served(4, service="llm")]
    assert count(requests) == {
        "toggl": {"total": 3, "GET /a": 1, "GET /b": 2}, "fibery": {"total": 0}, "llm": {"total": 1, "GET /x": 1},
    }  # fmt: skip


def test_requests_that_are_not_answered_yet_are_in_flight():
    assert most_in_flight([]) == 0
    assert most_in_flight([served(1, 2), served(2, 3), served(3, 4)]) == 1
    assert most_in_flight([served(1, 5), served(2, 3), served(4, 6), served(4.5)]) == 3


def test_the_busiest_second_may_begin_anywhere():
    assert most_in_a_second([]) == 0
    assert most_in_a_second([served(at) for at in (0, 0.9, 1.1, 1.8, 1.9, 2.0)]) == 4
    assert most_in_a_second([served(at) for at in (0, 1, 2)]) == 1
