"""Plain requests to the sandbox, as anybody with curl would send them."""

import requests

from timeweave.sandbox.team import FIBERY_TOKEN, TOGGL_TOKEN, WORKSPACE_ID

REPORT = f"/reports/api/v3/workspace/{WORKSPACE_ID}/search/time_entries"
WEEK = {"start_date": "2025-10-07", "end_date": "2025-10-13"}


def v9(sandbox, path, token=TOGGL_TOKEN, **query):
    """GET of Toggl's API v9, below the workspace unless the path begins with a slash."""
    path = path if path.startswith("/") else f"/workspaces/{WORKSPACE_ID}/{path}".rstrip("/")
    return requests.get(f"{sandbox.url}/api/v9{path}", params=query, auth=(token, "api_token"), timeout=10)


def report(sandbox, path=REPORT, token=TOGGL_TOKEN, **body):
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


def fibery(sandbox, path="/api/commands", token=FIBERY_TOKEN, scheme="Token", body=None, **headers):
    """A request to Fibery: POST where there is a body."""
    method = "GET" if body is None else "POST"
    headers = {"Authorization": f"{scheme} {token}"} | headers
    return requests.request(method, sandbox.url + path, json=body, headers=headers, timeout=10)


def query(sandbox, database, select, where=None, limit=10, params=None, **options):
    """The envelope of one `fibery.entity/query`."""
    asked = {"q/from": database, "q/select": select, "q/limit": limit} | ({"q/where": where} if where else {})
    asked = {key: value for key, value in asked.items() if value is not None}
    command = {"command": "fibery.entity/query", "args": {"query": asked, "params": params or {}}}
    answer = fibery(sandbox, body=command, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()
