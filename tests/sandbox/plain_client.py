"""Plain requests to the sandbox, as anybody with curl would send them."""

import requests

from timeweave.sandbox.company import FIBERY_TOKEN, TOGGL_TOKEN, WORKSPACE_ID

REPORTS = f"/reports/api/v3/workspace/{WORKSPACE_ID}"
DETAILED = f"{REPORTS}/search/time_entries"
WEEK = {"start_date": "2025-10-07", "end_date": "2025-10-13"}
ID = ["fibery/public-id"]


def v9(sandbox, path, token=TOGGL_TOKEN, **query):
    """GET of Toggl's API v9, below the workspace unless the path begins with a slash."""
    path = path if path.startswith("/") else f"/workspaces/{WORKSPACE_ID}/{path}".rstrip("/")
    return requests.get(f"{sandbox.url}/api/v9{path}", params=query, auth=(token, "api_token"), timeout=10)


def report(sandbox, path=DETAILED, token=TOGGL_TOKEN, **body):
    """POST to Toggl's Reports API v3."""
    return requests.post(sandbox.url + path, json=body, auth=(token, "api_token"), timeout=10)


def rows(sandbox, **body):
    """All rows of a report, page after page, by the row number alone."""
    found, number = [], 1
    while True:
        answer = report(sandbox, **WEEK | body, first_row_number=number)
        found += answer.json()
        if "X-Next-Row-Number" not in answer.headers:
            return found
        number = int(answer.headers["X-Next-Row-Number"])


def times(sandbox, **body):
    """The time entries in those rows."""
    return [time for row in rows(sandbox, **body) for time in row["time_entries"]]


def fibery(sandbox, path="/api/commands", token=FIBERY_TOKEN, scheme="Token", body=None, timeout=10, **headers):
    """A request to Fibery: POST where there is a body."""
    method = "GET" if body is None else "POST"
    headers = {"Authorization": f"{scheme} {token}"} | headers
    return requests.request(method, sandbox.url + path, json=body, headers=headers, timeout=timeout)


def command(database, select, where=None, params=None, **options):
    """A `fibery.entity/query`; options are limit, order_by and offset, a limit of None is left out."""
    asked = {"q/from": database, "q/select": select, "q/limit": 10, "q/where": where}
    asked |= {"q/" + name.replace("_", "-"): value for name, value in options.items()}
    asked = {key: value for key, value in asked.items() if value is not None}
    return {"command": "fibery.entity/query", "args": {"query": asked, "params": params or {}}}


def query(sandbox, *args, token=FIBERY_TOKEN, **options):
    """The result of a query that succeeds."""
    envelope = _envelope(sandbox, token, command(*args, **options))
    assert envelope["success"] is True, envelope
    return envelope["result"]


def refused(sandbox, *args, token=FIBERY_TOKEN, **options):
    """What a query that fails says: name, message, data, in an envelope that comes with HTTP 200 all the same."""
    envelope = _envelope(sandbox, token, command(*args, **options))
    assert envelope["success"] is False
    assert set(envelope["result"]) == {"name", "message", "data"}
    assert envelope["result"]["message"]
    return envelope["result"]


def _envelope(sandbox, token, body):
    answer = fibery(sandbox, token=token, body=body)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"success", "result"}
    return answer.json()
