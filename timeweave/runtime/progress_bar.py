"""A bar on a terminal: stage, n of m, rate, time left, requests, what is left of the quota."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bar:
    """One line at the bottom of stderr; sentences go above it. It takes no room before the first `show`."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress: Progress | None = None
        self._task: tuple[str, TaskID] | None = None

    def show(
        self, stage: str, done: int, total: int, unit: str, requests: int | None = None, quota_left: int | None = None
    ) -> None:
        """Draw how far a stage has come; a stage without a known end gets a moving bar (total 0)."""
        if self._progress is None:
            self._progress = Progress(
                TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[count]}"),
                TimeRemainingColumn(compact=True), TextColumn("{task.fields[besides]}"),
                console=self._console, transient=True,
            )  # fmt: skip
            self._progress.start()
        if self._task is None or self._task[0] != stage:
            self._drop()
            self._task = stage, self._progress.add_task(stage, total=total or None, count="", besides="")
        task = next(task for task in self._progress.tasks if self._task and task.id == self._task[1])
        rate = f", {task.speed:.1f}/s" if task.speed else ""
        self._progress.update(
            task.id, completed=done, total=total or None, refresh=True,
            count=f"{done} of {total} {unit}{rate}" if total else "",
            besides=", ".join(
                [f"{requests} requests"] * (requests is not None)
                + [f"{quota_left} left of the quota"] * (quota_left is not None)
            ),
        )  # fmt: skip

    def say(self, sentence: str) -> None:
        """A line above the bar."""
        self._console.print(sentence, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._drop()
            self._progress.stop()
            self._progress = None

    def _drop(self) -> None:
        if self._task is not None and self._progress is not None:
            self._progress.remove_task(self._task[1])
            self._task = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
