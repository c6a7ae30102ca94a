"""All runs of a project: from their manifests, and from git for those that were made elsewhere."""

import difflib
import shutil
from datetime import UTC, datetime
from typing import Protocol

import msgspec
import yaml

from timeweave.runs import numbers
from timeweave.runs.experiment import Experiment, Experiments, mapping
from timeweave.runs.home import Home
from timeweave.runs.log import Log
from timeweave.runs.manifest import Manifest, Parameters
from timeweave.runs.past import cache_folder
from timeweave.runs.queue import Place, place, task
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError

FILE = "manifest.json"
CANCELLED = "cancelled by timeweave cancel-run"


def now() -> str:
    """This moment, as manifests write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Engine(Protocol):
    """Another engine that runs may be on."""

    def refreshed(self, register: "Register", run: Manifest) -> Manifest:
        """A run of this engine as it is now."""

    def looked_up(self, register: "Register", run: str) -> Manifest | None:
        """A run that this project did not start."""

    def others(self, register: "Register", known: set[str]) -> list[Manifest]:
        """All runs of this engine but those known."""

    def cancel(self, run: str) -> None:
        """Ask for the end of a run."""


class Register:
    """Finds, reads and keeps manifests."""

    def __init__(self, home: Home, engine: Engine | None = None) -> None:
        self.home = home
        self.engine = engine
        """The other engine, if the project has to do with one."""
        self.experiments = Experiments(home.folder)

    def all(self) -> list[Manifest]:
        """Every run, the newest first."""
        results = self.experiments.all()
        kept = {path.parent.name: path for path in self.home.runs.glob(f"*/{FILE}")}
        found = [self._current(document.read(path, Manifest), results) for path in kept.values()]
        found += self._foreign([one for name, one in results.items() if name not in kept])
        if self.engine:
            found += self.engine.others(self, {run.id for run in found})
        return sorted(found, key=lambda run: (run.started_at, run.id), reverse=True)

    def find(self, run: str) -> Manifest:
        """The run of that id; an id that nobody knows is an error that names near ones."""
        results = self.experiments.all()
        path = self.home.runs / run / FILE
        if "/" not in run and path.exists():
            return self._current(document.read(path, Manifest), results)
        if run in results:
            return self._foreign([results[run]])[0]
        if self.engine and (found := self.engine.looked_up(self, run)):
            return found
        ids = [known.id for known in self.all()]
        near = difflib.get_close_matches(run, ids, n=3) or ids[:3]
        hint = f"known are {', '.join(near)}" if near else "there are no runs yet"
        raise ConfigurationError(f"there is no run {run!r}; {hint}")

    def written(self, run: str) -> Manifest:
        """The manifest as it is on disk; somebody else may have changed it."""
        return document.read(self.home.runs / run / FILE, Manifest)

    def save(self, run: Manifest) -> None:
        """Write its manifest."""
        document.write(self.home.runs / run.id / FILE, run)

    def forget(self, runs: list[Manifest]) -> None:
        """Remove results and manifests; files in the cache stay until `dvc gc`."""
        self.experiments.remove([run.id for run in runs])
        for run in runs:
            shutil.rmtree(self.home.runs / run.id, ignore_errors=True)

    def log(self, run: Manifest) -> Log:
        """What it wrote while it worked."""
        begun = task(self.home, run) if run.where == "queue" else None
        return Log(self.home.runs / run.id, begun.with_suffix(".out") if begun else None)

    def finished(self, run: Manifest, code: int | None, experiment: str | None) -> Manifest:
        """The manifest of a run that has just ended: with a result, or with the reason why there is none."""
        log = self.log(run)
        stages = log.stages([record.name for record in run.stages], alive=False)
        run = msgspec.structs.replace(run, stages=stages, ended_at=run.ended_at or now(), experiment=experiment)
        if experiment:
            if run.toggl_data_of:
                stages = [
                    msgspec.structs.replace(one, state="taken") if one.state == "waiting" else one for one in stages
                ]
                run = msgspec.structs.replace(run, stages=stages)
            return msgspec.structs.replace(run, status="completed", error=None)
        fault = log.fault(stages, code)
        if run.cancelled:
            fault = msgspec.structs.replace(fault, sentence=f"{CANCELLED}; what was fetched is kept")
        return msgspec.structs.replace(run, status="cancelled" if run.cancelled else "failed", error=fault)

    def _current(self, run: Manifest, results: dict[str, Experiment]) -> Manifest:
        """As it is now: whoever wrote the manifest may have been killed, and a queued run is written by nobody."""
        if run.is_over:
            return run
        if run.where == "temporal":
            return self.engine.refreshed(self, run) if self.engine else run
        result = results.get(run.id)
        found = place(self.home, run, result is not None)
        if found is Place.queued:
            return msgspec.structs.replace(run, status="queued")
        if found is Place.running:
            stages = self.log(run).stages([record.name for record in run.stages], alive=True)
            return msgspec.structs.replace(run, status="in_progress", stages=stages)
        # It may have ended properly since both were read.
        run = self.written(run.id)
        if run.is_over:
            return run
        result = self.experiments.all().get(run.id)
        ended = self.finished(run, None, result.commit if result else None)
        if result and not ended.numbers:
            ended = msgspec.structs.replace(ended, numbers=self._numbers(result), ended_at=result.at)
        self.save(ended)
        return ended

    def _numbers(self, result: Experiment) -> dict[str, float | int | None]:
        [lock] = self.experiments.files([(result.commit, "dvc.lock")])
        return numbers.held(lock, cache_folder(self.home.folder))

    def _foreign(self, results: list[Experiment]) -> list[Manifest]:
        """Runs that git knows and this machine did not make: what their own params.yaml says."""
        texts = self.experiments.files([(one.commit, name) for one in results for name in ("params.yaml", "dvc.lock")])
        cache = cache_folder(self.home.folder)
        return [
            msgspec.structs.replace(_from_params(one, asked), numbers=numbers.held(lock, cache))
            for one, asked, lock in zip(results, texts[::2], texts[1::2], strict=True)
        ]


def _from_params(result: Experiment, text: str | None) -> Manifest:
    try:
        content = mapping(text or "")
    except yaml.YAMLError:
        content = {}
    period = content.get("period") or {}
    return Manifest(
        id=result.name,
        status="completed",
        where="elsewhere",
        parameters=Parameters(
            source=str(content.get("source")),
            as_of=str(content.get("as_of")),
            start=str(period.get("start")),
            end=str(period.get("end")),
            timezone=str(period.get("timezone", "UTC")),
            users=[str(user) for user in content.get("users") or []],
        ),
        baseline=result.baseline,
        experiment=result.commit,
        started_at=result.at,
        ended_at=result.at,
    )
