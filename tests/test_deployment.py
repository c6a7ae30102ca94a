"""What production starts from is held to its promises: docker-compose.yml, Dockerfile, .dockerignore and docker/start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.project import BIN, ROOT, Project

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
MANUAL = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
IGNORED = [
    line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] not in "#"
]
VERSION = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)*(-[\w.]+)*@sha256:[0-9a-f]{64}")
"""A name, a version for people, and the digest, which alone always is the same image."""
SECRET = re.compile(r"PASSWORD|PWD|TOKEN|KEY|URLS")


def after(word: str) -> list[str]:
    """What stands behind an instruction of the Dockerfile, each time it is given."""
    return [line.removeprefix(word).strip() for line in LINES if line.startswith(f"{word} ")]


def environment(name: str) -> dict[str, str | None]:
    return SERVICES[name].get("environment", {})


def test_every_image_is_pinned_to_a_digest():
    named = {name: service["image"] for name, service in SERVICES.items() if "image" in service}
    bases = {f"Dockerfile {number}": line.split()[0] for number, line in enumerate(after("FROM"))}
    assert len(named) >= 5 and bases
    assert [place for place, image in (named | bases).items() if not VERSION.fullmatch(image)] == []


def test_production_has_the_server_that_is_tried_and_tested():
    said = subprocess.run([BIN / "temporal", "--version"], capture_output=True, text=True, check=True).stdout
    server, ui = re.search(r"Server ([\d.]+), UI ([\d.]+)", said).groups()
    images = {service.get("image", "").split("@")[0] for service in SERVICES.values()}
    assert {image for image in images if image.startswith("temporalio/")} == {
        f"temporalio/server:{server}", f"temporalio/admin-tools:{server}", f"temporalio/ui:{ui}",
    }  # fmt: skip


def test_every_port_is_open_to_the_machine_itself_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert [port for port in ports if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", str(port))] == []
    assert not any("network_mode" in service for service in SERVICES.values())


def test_a_secret_is_a_file_that_only_those_get_who_need_it():
    assert COMPOSE["secrets"] == {name: {"file": f"secrets/{name}"} for name in ("postgres_password", "worker")}
    given = {name: service.get("secrets", []) for name, service in SERVICES.items()}
    password = ["postgres_password"]
    assert given == {
        "postgresql": password, "schema": password, "temporal": password, "namespace": [], "ui": [], "worker": ["worker"],
    }  # fmt: skip
    assert [key for name in SERVICES for key in environment(name) if SECRET.search(key)] == ["POSTGRES_PASSWORD_FILE"]
    assert not [name for name in SERVICES if "env_file" in SERVICES[name]]
    assert [line for line in LINES if re.search(rf"(ENV|ARG) .*({SECRET.pattern})", line)] == []


def test_the_manual_names_every_secret_that_the_program_reads():
    read = set()
    for path in (ROOT / "timeweave").rglob("*.py"):
        if "sandbox" not in path.relative_to(ROOT).parts:
            read |= set(
                re.findall(r"\b(?:TOGGL|FIBERY|OPENAI)_API_\w+|\bTIMEWEAVE_NOTIFY_URLS", path.read_text("utf-8"))
            )
    assert {"TOGGL_API_TOKEN", "FIBERY_API_TOKEN", "OPENAI_API_KEY", "TIMEWEAVE_NOTIFY_URLS"} <= read
    [section] = re.findall(r"### For production: docker compose\n.*?(?=\n### )", MANUAL, re.S)
    assert [name for name in read | {"GIT_PUSH_TOKEN"} if name not in section] == []


def test_no_container_can_change_its_image_gain_rights_or_take_the_machine():
    for name, service in SERVICES.items():
        assert service["read_only"] is True and service["tmpfs"], name
        assert service["cap_drop"] == ["ALL"] and "cap_add" not in service and "privileged" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["pids_limit"] and service["mem_limit"] and service["cpus"], name


def test_the_database_is_reached_by_the_server_only():
    assert COMPOSE["networks"]["database"] == {"internal": True}
    inside = {name for name, service in SERVICES.items() if "database" in service.get("networks", [])}
    assert inside == {"postgresql", "schema", "temporal"}
    assert SERVICES["postgresql"]["networks"] == ["database"] and "ports" not in SERVICES["postgresql"]


def test_what_lasts_is_restarted_and_looked_after():
    lasting = {name for name in SERVICES if SERVICES[name].get("restart") == "unless-stopped"}
    assert lasting == {"postgresql", "temporal", "ui", "worker"}
    assert {name for name in SERVICES if "healthcheck" in SERVICES[name]} == lasting - {"worker"}
    for name in ("schema", "namespace"):
        waiting = [one for one in SERVICES if name in SERVICES[one].get("depends_on", {})]
        assert waiting, f"nobody waits for {name}"
        for one in waiting:
            assert SERVICES[one]["depends_on"][name] == {"condition": "service_completed_successfully"}
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert mounted == COMPOSE["volumes"].keys() | {"/project"}


def test_the_worker_is_built_here_and_can_be_many():
    worker = SERVICES["worker"]
    assert worker["build"] == "." and "image" not in worker
    assert not {"container_name", "ports", "hostname"} & worker.keys()
    assert worker["init"] is True
    assert worker["environment"]["TEMPORAL_ADDRESS"] == "temporal:7233"


def test_all_workers_have_one_archive_and_one_cache():
    assert {"cache:/cache", "archive:/archive"} <= set(SERVICES["worker"]["volumes"])
    assert environment("worker")["TIMEWEAVE_ARCHIVE"] == "${TIMEWEAVE_ARCHIVE:-/archive}"
    assert any("TIMEWEAVE_CACHE=/cache TIMEWEAVE_ARCHIVE=/archive" in line for line in after("ENV"))
    assert any("install -d" in line and "/cache /archive" in line for line in after("RUN"))


def test_the_worker_is_not_root_and_gains_no_rights():
    [user] = after("USER")
    assert user not in ("root", "0")
    assert any(f"useradd --create-home --uid 1000 {user}" in line for line in after("RUN"))
    # Nothing is done as root after it.
    assert [line.split()[0] for line in LINES[LINES.index(f"USER {user}") + 1 :]] == ["WORKDIR", "ENTRYPOINT", "CMD"]
    assert "user" not in SERVICES["worker"] and SERVICES["postgresql"]["user"] == "postgres"


def test_the_image_has_what_a_worker_runs_from_the_lock():
    [install] = [line for line in after("RUN") if "/opt/timeweave" in line and "venv" in line]
    assert install.endswith("&& locks/install run .") and "pip" not in install
    assert any("git" in line.split() for line in after("RUN"))


def test_what_is_copied_is_there_and_nothing_else_is_sent_along():
    assert IGNORED[0] == "*"
    let_in = {line[1:] for line in IGNORED if line.startswith("!")}
    copied = {
        source for line in after("COPY") if "--from" not in line for source in line.split()[:-1] if source[0] != "-"
    }
    assert {name.split("/")[0] for name in copied} == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert not {name for name in let_in if name.startswith(".")}, "neither .env nor .git nor .dvc"


@pytest.mark.parametrize("secret", [".env", "secrets/worker", "secrets/postgres_password"])
def test_git_keeps_no_secrets(secret):
    asked = ["git", "check-ignore", "--quiet", "--no-index", secret]
    assert subprocess.run(asked, cwd=ROOT).returncode == 0


@pytest.fixture
def container(tmp_path):
    """Run docker/start as in a container: folders of its own, the project's origin elsewhere."""
    project = Project.copy(tmp_path / "project")
    subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(tmp_path / "origin")], check=True)
    for name in ("clone", "home", "cache"):
        (tmp_path / name).mkdir()

    def start(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(Path(sys.executable).parent.parent),
            "HOME": str(tmp_path / "home"), "TIMEWEAVE_CACHE": str(tmp_path / "cache"),
            "TIMEWEAVE_ORIGIN": str(tmp_path / "origin"), "TIMEWEAVE_SECRETS": str(tmp_path / "secrets"),
        }  # fmt: skip
        return subprocess.run(
            [ROOT / "docker/start", *command],
            cwd=tmp_path / "clone",
            env=variables | given,
            capture_output=True,
            text=True,
        )

    return start, tmp_path


def test_a_container_begins_with_a_clone_and_is_started_again_with_it(container):
    start, folder = container
    remote = str(folder / "remote")
    for _ in range(2):
        done = start("list-runs", DVC_REMOTE_URL=remote)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "no runs yet" in done.stderr
    settings = (folder / "clone/.dvc/config.local").read_text()
    assert f"dir = {folder / 'cache'}" in settings and f"url = {remote}" in settings and "remote = storage" in settings
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=folder / "clone", capture_output=True, text=True, check=True).stdout == ""


def test_the_token_for_git_is_said_to_its_own_repository_only_and_kept_nowhere(container):
    start, folder = container
    origin = "https://git.example/team/reports.git"
    # The clone is there already, as when a container is started again.
    assert start("list-runs").returncode == 0
    assert start("list-runs", TIMEWEAVE_ORIGIN=origin, GIT_PUSH_TOKEN="a secret").returncode == 0

    def credentials(path: str) -> str:
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "GIT_PUSH_TOKEN": "a secret"}
        asked = subprocess.run(
            ["git", "credential", "fill"], input=f"protocol=https\nhost=git.example\npath={path}\n", text=True,
            cwd=folder, env=environ | {"GIT_TERMINAL_PROMPT": "0"}, capture_output=True,
        )  # fmt: skip
        return asked.stdout

    assert "username=oauth2\npassword=a secret\n" in credentials("team/reports.git")
    assert "secret" not in credentials("team/other.git")
    kept = [path.read_text() for path in (folder / "home").rglob("*") if path.is_file()]
    assert kept and not any("a secret" in text for text in kept)


def test_the_file_of_secrets_is_what_the_container_knows(container):
    start, folder = container
    (folder / "clone/dvc.yaml").touch()
    lines = [
        "# a comment",
        "",
        "TOGGL_API_TOKEN=a=b=",
        "TIMEWEAVE_NOTIFY_URLS=json://one.example $two `three`",
        "not a line",
        "OPENAI_API_KEY=",
    ]
    (folder / "secrets").write_text("\n".join(lines), encoding="utf-8")
    (folder / "bin").mkdir()
    for name in ("dvc", "timeweave"):
        (folder / "bin" / name).write_text(
            '#!/bin/sh\nprintf \'%s|\' "$TOGGL_API_TOKEN" "$TIMEWEAVE_NOTIFY_URLS" "$OPENAI_API_KEY"\n'
        )
        (folder / "bin" / name).chmod(0o755)
    done = start("worker", PATH=f"{folder / 'bin'}:/usr/bin:/bin", OPENAI_API_KEY="another")
    assert done.stdout == "a=b=|json://one.example $two `three`||" * 2
