"""All runs of a project: from their folders, from git for those made elsewhere, and what DVC left in the project itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from timeweave.project.parameters import load_parameters
from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.experiment_results import CommittedOutputs, Experiment, Experiments
from timeweave.repository.git import Git
from timeweave.runs.manifest import Fault, Location, Manifest, Request, StageState, Status, format_now
from timeweave.runs.newest_runs import find_of_period, refuse_unpulled
from timeweave.runs.run_folder import ID, LATEST, FolderOutputs, RunFolder
from timeweave.runs.run_results import METRICS, WORKSPACE, read_experiments, read_numbers, read_workspace
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.name_comparison import find_nearest
from timeweave.runtime.period import EARLIEST, parse_period

CANCELLED = "cancelled by timeweave cancel-run"


class Engine(Protocol):
    """Another engine that runs may be on."""

    def refresh(self, register: "Register", run: Manifest, is_listed: bool) -> Manifest:
        """A run of this engine as it is now; `is_listed`: one of a list, which nobody waits long for."""

    def find(self, register: "Register", run: str) -> Manifest | None:
        """A run that this project did not start."""

    def list_others(self, register: "Register", known: set[str]) -> list[Manifest]:
        """All runs of this engine but those known."""

    def cancel(self, run: str) -> None:
        """Ask for the end of a run."""


class Register:
    """Finds, reads and keeps runs."""

    def __init__(self, project: ProjectFolder, engine: Engine | None = None) -> None:
        self.project = project
        self.engine = engine
        """The other engine, if the project has to do with one."""
        self.git = Git(project.folder)
        self.experiments = Experiments(project.folder)

    def list_runs(self) -> list[Manifest]:
        """Every run, the newest first."""
        results = self.experiments.list_experiments()
        kept = [path.parent.name for path in self.project.runs.glob("*/manifest.json") if not path.parent.is_symlink()]
        found = [self._read_or_excuse(name, results) for name in kept]
        found += read_experiments(self.project.folder, [one for name, one in results.items() if name not in kept])
        if workspace := read_workspace(self.project):
            found.append(workspace)
        if self.engine:
            found += self.engine.list_others(self, {run.id for run in found})
        return sorted(found, key=lambda run: (run.made_at, run.where is not Location.workspace, run.id), reverse=True)

    def find(self, run: str) -> Manifest:
        """The run of that id; or the `latest`, the completed one of the newest period; or, by a period's name, its newest completed one.

        A name that nobody knows is an error that names near ones.
        """
        if run == LATEST:
            return self.find_newest()
        if run == WORKSPACE and (found := read_workspace(self.project)):
            return found
        results = self.experiments.list_experiments()
        if ID.fullmatch(run) and (self.project.runs / run / "manifest.json").exists():
            return self._read(run, results)
        if run in results:
            return read_experiments(self.project.folder, [results[run]])[0]
        if days := self.read_period(run):
            return find_of_period(run, days, self.list_runs(), self.project.params)
        if self.engine and ID.fullmatch(run) and (other := self.engine.find(self, run)):
            return other
        ids = [known.id for known in self.list_runs()]
        near = find_nearest(run, ids) or ids[:3]
        hint = f"choose from {', '.join(near)}" if near else "there are no runs yet"
        raise ConfigurationError(f"there is no run {run!r}; {hint}; see: timeweave list-runs")

    def find_newest(self) -> Manifest:
        """The completed run of the newest period, of several the last; what `dvc repro` left in the project counts."""
        runs = self.list_runs()
        completed = [run for run in runs if run.has_result]
        if not completed:
            refuse_unpulled(runs)
            raise ConfigurationError("there is no completed run yet: start one with timeweave run")
        return max(completed, key=lambda run: run.parameters.newness)

    def open(self, run: str) -> RunFolder:
        """The folder of a run of this project."""
        return RunFolder(self.project.runs, run)

    def get_outputs(self, run: Manifest) -> "FolderOutputs | CommittedOutputs":
        """What a run wrote: from its folder, or by its commit from DVC's cache."""
        if run.where is Location.workspace:
            return FolderOutputs(self.project.data)
        # An experiment may be called what is no name for a folder.
        if ID.fullmatch(run.id) and (self.project.runs / run.id / METRICS).exists():
            return FolderOutputs(self.project.runs / run.id)
        if run.experiment is None:
            raise TimeweaveError(f"{run.id} is {run.status} and has no reports; `timeweave show-run {run.id}` says why")
        return CommittedOutputs(self.project.folder, run.experiment, run.id)

    def locate_outputs(self, run: Manifest) -> str:
        """The folder of a run's outputs, as seen from the project's folder."""
        return self.project.data.name if run.where is Location.workspace else f"{self.project.runs.name}/{run.id}"

    def forget(self, runs: list[Manifest]) -> None:
        """Remove results and folders; files in DVC's cache stay until `dvc gc`."""
        self.experiments.remove([run.id for run in runs])
        for run in runs:
            if ID.fullmatch(run.id):
                self.open(run.id).remove()

    def begin(self, run: str) -> Manifest:
        """The manifest of a run that was asked for and is at work from now on; it is written."""
        found = self.open(run).read_manifest()
        if found is None:
            raise TimeweaveError(f"the folder of {run} is gone; somebody removed it before the run began")
        begun = msgspec.structs.replace(found, status=Status.in_progress, started_at=format_now())
        self.open(run).write_manifest(begun)
        return begun

    def conclude(self, run: Manifest, code: int | None, experiment: str | None) -> Manifest:
        """The manifest of a run that has just ended: with a result, or with the reason why there is none."""
        folder = self.open(run.id)
        stages = folder.log.read_stages([record.name for record in run.stages], alive=False)
        run = msgspec.structs.replace(run, ended_at=run.ended_at or format_now(), experiment=experiment)
        if experiment:
            if run.toggl_data_of:
                stages = [replace(one, state=StageState.taken) if one.state == "waiting" else one for one in stages]
            numbers = read_numbers(FolderOutputs(folder.path).read(METRICS))
            return msgspec.structs.replace(run, stages=stages, status=Status.completed, error=None, numbers=numbers)
        fault = folder.log.find_fault(stages, code)
        status = Status.failed
        if folder.is_cancellation_asked():
            status, fault = Status.cancelled, replace(fault, sentence=f"{CANCELLED}; what was fetched is kept")
        return msgspec.structs.replace(run, stages=stages, status=status, error=fault)

    def read_period(self, name: str) -> tuple[str, str] | None:
        """The first and the last day of a period by its name, as a run would take it today; None for any other name."""
        try:
            first, last = parse_period(name, EARLIEST)
        except ConfigurationError:
            return None
        if not name.strip()[0].isdigit():
            # Only what is named as seen from today needs params.yaml, which may be at fault.
            today = load_parameters(self.project.params).choose_look(datetime.now(UTC).date())
            first, last = parse_period(name, today)
        return str(first), str(last)

    def _read_or_excuse(self, name: str, results: dict[str, Experiment]) -> Manifest:
        """The run, or what is wrong with its manifest: one that cannot be read must not hide the others."""
        try:
            return self._read(name, results, is_listed=True)
        except TimeweaveError as error:
            fault = Fault(stage=None, exit_code=1, sentence=f"its manifest cannot be used: {error}")
            nothing = Request(source="", as_of="", start="", end="")
            return Manifest(
                id=name, status=Status.failed, where=Location.here, parameters=nothing, started_at="", error=fault
            )

    def _read(self, name: str, results: dict[str, Experiment], *, is_listed: bool = False) -> Manifest:
        """As it is now: whoever wrote the manifest may have been killed since."""
        folder = self.open(name)
        run = folder.read_manifest()
        if run is None:
            raise ConfigurationError(f"there is no run {name!r} any more")
        if run.is_over:
            return run
        if run.where is Location.temporal:
            return self.engine.refresh(self, run, is_listed) if self.engine else run
        if folder.lock.is_held():
            stages = folder.log.read_stages([record.name for record in run.stages], alive=True)
            return msgspec.structs.replace(run, stages=stages)
        # It may have ended properly since the manifest was read.
        run = folder.read_manifest() or run
        if not run.is_over:
            result = results.get(name) or self.experiments.list_experiments().get(name)
            run = self.conclude(run, None, result.commit if result else None)
            folder.write_manifest(run)
        return run


def make_fault(error: TimeweaveError, stage: str | None = None) -> Fault:
    """An error of the family as the reason why a run ended."""
    return Fault(stage=stage, exit_code=error.exit_code, sentence=str(error), resume_in=getattr(error, "seconds", None))
