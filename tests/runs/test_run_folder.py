"""Whatever a run, an output or a hash is called: nothing is read or written beside its folder."""

import pytest

from tests.runs.empty_project import keep_run, make_register
from timeweave.repository.dvc_configuration import find_object
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.run_folder import RunFolder
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

NAMES = [
    "..", ".", "", "-rf", "--help", "../victim", "a/b", "a/../b", "/etc", "a\\b", "a\nb", "a\0b", "a..b", ".a", "a.",
    "a" * 300, "latest", "workspace", "run.lock", "HEAD.lock", "ü", "a b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_name_for_a_run_makes_no_path(tmp_path, name):
    with pytest.raises(ConfigurationError, match="cannot be the id of a run"):
        RunFolder(tmp_path, name)


def test_a_manifest_speaks_for_the_run_of_its_own_folder_only(tmp_path):
    nothing = Request(source="demo", as_of="", start="", end="")
    run = Manifest(id="../../victim", status=Status.completed, where=Location.here, parameters=nothing, started_at="")
    RunFolder(tmp_path, "mine").write_manifest(run)
    with pytest.raises(TimeweaveError, match=r"is of the run '../../victim'; a folder holds the run of its own name"):
        RunFolder(tmp_path, "mine").read_manifest()


@pytest.mark.parametrize(
    "path", ["data//etc/passwd", "../victim", "data/../../victim", "/etc/passwd", "data/", "data/."]
)
def test_an_output_is_copied_to_no_place_outside_of_the_run(tmp_path, path):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "dvc.lock").write_text(
        f"schema: '2.0'\nstages: {{a: {{outs: [{{path: {path!r}, md5: {'a' * 32!r}}}]}}}}\n"
    )
    with pytest.raises(TimeweaveError, match=r"lies outside of data/"):
        RunFolder(tmp_path / "runs", "mine").copy_outputs(workspace)


@pytest.mark.parametrize(
    "digest", ["../../etc/passwd", "..//etc/passwd", "", "a" * 31, "A" * 32, "a" * 32 + "\n", "-" * 32]
)
def test_what_is_no_hash_makes_no_path_in_the_cache(tmp_path, digest):
    with pytest.raises(TimeweaveError, match="is not a hash of DVC"):
        find_object(tmp_path, digest)


def test_latest_stays_with_the_newest_period_whichever_run_ends_last(tmp_path):
    def end(name, start, last, started):
        keep_run(register, name, started, as_of="2025-11-03", start=start, end=last).point_latest_here()
        assert (register.project.runs / "latest").readlink().name == register.find("latest").id
        return register.find("latest").id

    register = make_register(tmp_path)
    assert end("newest", "2025-10-26", "2025-10-31", "2025-11-03T00:00:00Z") == "newest"
    assert end("backfilled", "2025-10-06", "2025-10-12", "2025-11-03T00:00:01Z") == "newest"
    assert end("month", "2025-10-01", "2025-10-31", "2025-11-03T00:00:02Z") == "newest"
    assert end("again", "2025-10-26", "2025-10-31", "2025-11-03T00:00:03Z") == "again"
