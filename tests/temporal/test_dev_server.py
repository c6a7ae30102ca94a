"""The server of `timeweave temporal dev`: for this machine alone, and for nobody who comes by HTTP."""

import requests

from tests.temporal.fleet import until


def listen(process):
    return [found.laddr for found in process.net_connections() if found.status == "LISTEN"]


def test_it_listens_on_this_machine_s_own_address_only(temporal):
    found = listen(temporal.process)
    assert temporal.port in {address.port for address in found}
    assert {address.ip for address in found} == {"127.0.0.1"}


def test_it_answers_nobody_by_http_and_shows_no_pages(temporal):
    asked = 0
    for address in listen(temporal.process):
        place = f"http://127.0.0.1:{address.port}"
        for path in ("", "/api/v1/namespaces", "/api/v1/namespaces/default/workflows"):
            try:
                answer = requests.get(place + path, timeout=5, headers={"Host": f"localhost:{address.port}"})
            except requests.RequestException:
                # It speaks another language.
                continue
            asked += answer.status_code == 403
            assert answer.status_code in (403, 404) or "# HELP" in answer.text, answer.text
    assert asked == 2


def test_its_file_is_beside_the_archive(temporal):
    own = temporal.process.cwd()
    until(lambda: "temporal.db" in [file.path.rpartition("/")[2] for file in temporal.process.open_files()])
    assert all(
        file.path.startswith(f"{own}/.timeweave/") for file in temporal.process.open_files() if ".db" in file.path
    )
