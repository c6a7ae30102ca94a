"""What can be counted of the requests that were served."""

from timeweave.sandbox.http_server import ServedRequest, count


def served(arrived, answered=None, service="toggl", path="/x"):
    return ServedRequest(service, "GET", path, arrived, answered)


def test_requests_are_counted_by_service_and_path():
    requests = [served(1, path="/b"), served(2, path="/a"), served(3, path="/b"), served(4, service="llm")]
    assert count(requests) == {
        "toggl": {"total": 3, "GET /a": 1, "GET /b": 2}, "fibery": {"total": 0}, "llm": {"total": 1, "GET /x": 1},
    }  # fmt: skip
