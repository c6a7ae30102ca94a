"""Carries a run out: in a workspace of its own, to its end, whatever that is."""

import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

import msgspec

from timeweave.enrichment.config_coverage import check_fields
from timeweave.project.parameters import Parameters, edit_parameters, load_parameters
from timeweave.repository import lock_file
from timeweave.repository.dvc_process import execute_dvc
from timeweave.repository.run_workspace import Workspace
from timeweave.runs import stage_status
from timeweave.runs.index_page import INDEX, write_index
from timeweave.runs.manifest import Fault, Location, Manifest, StageRecord, StageState, Status, format_now
from timeweave.runs.register import CANCELLED, Register, make_fault
from timeweave.runs.request import RunRequest
from timeweave.runs.run_folder import RunFolder
from timeweave.runs.stage_status import AGGREGATE, ENRICH, EXTRACT, FETCH, PREPARE, SAVE, START, Stopwatch, View
from timeweave.runs.workspace_lock import Lock, Stopped, take_workspace
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.runtime.period import Period
from timeweave.runtime.progress import JOURNAL_VARIABLE
from timeweave.toggl.connection import account
from timeweave.toggl.fetch import open_archive


def create_run(register: Register, request: RunRequest, where: Location = Location.here) -> Manifest:
    """The manifest of a run that is asked for; it is written, and the run is listed from now on."""
    run = Manifest(
        id=request.id, status=Status.queued, where=where, parameters=request.parameters,
        toggl_data_of=request.base.id if request.base else None, baseline=register.git.head(), started_at=format_now(),
        stages=[StageRecord(name=name) for name in lock_file.list_stages(register.project.folder)],
    )  # fmt: skip
    register.open(run.id).write_manifest(run)
    return run


def execute_run(
    register: Register, request: RunRequest, view: View, lock: Lock, stop: threading.Event | None = None
) -> Manifest:
    """Run DVC for a run that was created and whose lock is held; its final manifest.

    `stop` ends it from another thread, as a signal ends it in the main one.
    """
    folder, started = register.open(request.id), time.monotonic()
    run = register.begin(request.id)
    code, commit, fault, watch = None, None, None, Stopwatch()
    try:
        with take_workspace(register.project) as (workspace, workspace_lock):
            stages = [one.name for one in run.stages]
            work = _Execution(register, request, folder, workspace, stages, view, stop, watch)
            code = work.execute((lock.handle, workspace_lock.handle))
            commit = work.save() if code == 0 else None
            if code == 0 or folder.log.has_failed_stage():
                # Only what came to its end by itself is sure to be whole; DVC itself may have stumbled over what it found.
                workspace.release()
    except (KeyboardInterrupt, Stopped) as stopped:
        fault = _describe_stop(folder, run, stopped)
    except TimeweaveError as error:
        fault = make_fault(error)
    except OSError as error:
        fault = make_fault(explain(error))
    for sentence in folder.log.read_warnings():
        view.say(sentence)
    ended = msgspec.structs.replace(
        register.conclude(run, code, commit), around=watch.seconds, seconds=round(time.monotonic() - started, 1)
    )
    if fault and not commit:
        status = Status.cancelled if fault.exit_code == 128 + signal.SIGINT else ended.status
        ended = msgspec.structs.replace(ended, error=fault, status=status)
    folder.write_manifest(ended)
    if commit:
        folder.point_latest_here()
        try:
            write_index(register.project)
        except TimeweaveError as error:
            # The run has its own reports.
            view.say(f"runs/{INDEX} stays as it was: {error}")
    return ended


@dataclass(frozen=True)
class _Execution:
    """A run at work in its workspace."""

    register: Register
    request: RunRequest
    folder: RunFolder
    workspace: Workspace
    stages: list[str]
    view: View
    stop: threading.Event | None
    watch: Stopwatch

    def execute(self, locks: tuple[int, ...]) -> int:
        """DVC's exit code: of the first command that failed, or 0."""
        self.look()
        self.workspace.lay_in_project(lambda text: edit_parameters(text, self.request.edits))
        given = load_parameters(self.workspace.folder / "params.yaml")
        # Before Toggl is asked for anything.
        for warning in check_fields(given.enrichment, self.workspace.folder, given.source, given.fibery, given.as_of):
            self.view.say(warning)
        if self.request.refresh == "toggl":
            _invalidate_days(self.request, load_parameters(self.register.project.params))
        self.watch.note(PREPARE)
        variables, code = {JOURNAL_VARIABLE: str(self.folder.log.journal)}, 0
        for command in chain(self._list_commands(), self._list_commands_for_gaps()):
            code = execute_dvc(command, self.workspace.folder, self.folder.log.dvc, self.look, variables, locks)
            if code:
                break
        self.watch.note(START, self.folder.log.read_stages(self.stages, alive=True))
        return code

    def save(self) -> str:
        """Lay the outputs out in the run's folder and make the result an experiment; its commit."""
        self.folder.copy_outputs(self.workspace.folder)
        commit = self.workspace.save_experiment(self.request.id)
        self.watch.note(SAVE)
        self._show()
        return commit

    def look(self) -> None:
        """Show how far it is; raise Stopped where somebody asks for the end."""
        if self.stop and self.stop.is_set():
            raise Stopped(signal.SIGINT)
        if self.folder.is_cancellation_asked():
            raise Stopped(signal.SIGTERM)
        self._show()

    def _show(self) -> None:
        self.view.update(
            stage_status.add_surroundings(self.folder.log.read_stages(self.stages, alive=True), self.watch.seconds)
        )

    def _list_commands(self) -> list[list[str]]:
        """One, as a rule; a stage that must run though nothing has changed is run by itself before the others."""
        if self.request.base:
            # The stage that asks Toggl is not run: its data is the other run's, whatever has changed since.
            self._take_base()
            return [
                ["checkout", "--quiet", "--force", FETCH],
                ["repro", "-s", AGGREGATE, EXTRACT],
                ["repro", "-f", "-s", ENRICH],
                ["repro", "--downstream", AGGREGATE],
            ]
        if self.request.refresh == "fibery":
            return [["repro", EXTRACT], ["repro", "-f", "-s", ENRICH], ["repro"]]
        if self.request.refresh == "toggl":
            return [["repro", "-f", "-s", FETCH], ["repro"]]
        return [["repro"]]

    def _list_commands_for_gaps(self) -> Iterator[list[str]]:
        """What Fibery did not give another time is asked for again; looked at only when the commands before are done."""
        enrichment = next(one for one in self.folder.log.read_stages([ENRICH], alive=True))
        if enrichment.state is not StageState.done and stage_status.has_gaps(self.workspace.folder):
            yield ["repro", "-f", "-s", ENRICH]
            yield ["repro", "--downstream", ENRICH] if self.request.base else ["repro"]

    def _take_base(self) -> None:
        """Let the workspace's dvc.lock name the Toggl data of the run that this one starts from."""
        assert self.request.base is not None and self.request.base.experiment  # noqa: S101 - checked when it was asked for
        theirs = self.register.experiments.read_lock(self.request.base.experiment)
        ours = lock_file.LockFile.read(self.workspace.folder)
        ours.set_stage(FETCH, theirs.get_stage(FETCH))
        ours.write(self.workspace.folder)


def _describe_stop(folder: RunFolder, run: Manifest, stop: KeyboardInterrupt | Stopped) -> Fault:
    stages = folder.log.read_stages([record.name for record in run.stages], alive=True)
    stage = next((record.name for record in stages if record.state is StageState.running), None)
    number = stop.number if isinstance(stop, Stopped) else int(signal.SIGINT)
    how = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    if folder.is_cancellation_asked():
        how = CANCELLED
    where = f" while {stage} was running" if stage else ""
    sentence = f"{how}{where}; what was fetched is kept, run again to go on"
    return Fault(stage=stage, exit_code=128 + number, sentence=sentence)


def _invalidate_days(request: RunRequest, given: Parameters) -> None:
    """Have the archive forget that it knows the period's days, settled ones too, and the names behind ids.

    The days stay until new ones are there.
    """
    asked = request.parameters
    period = Period(start=date.fromisoformat(asked.start), end=date.fromisoformat(asked.end), timezone=asked.timezone)
    with open_archive(account(given.source, given.toggl), lambda _: None) as archive:
        archive.invalidate(period.utc_days)
        archive.forget_names()
