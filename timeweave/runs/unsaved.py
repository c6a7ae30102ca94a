"""Whether the archive holds more than DVC knows: what a run fetched that did not come to its end."""

from pathlib import Path

from timeweave.runs.experiment import mapping

FETCH = "fetch_time"


def is_unsaved(folder: Path) -> bool:
    """An experiment begins with a forced checkout, which would throw such days away; `dvc repro` keeps them."""
    lock = folder / "dvc.lock"
    if not lock.exists():
        return (folder / "data" / "toggl").exists()
    stage = mapping(lock.read_text(encoding="utf-8")).get("stages", {}).get(FETCH, {})
    return any(_differs(folder / out["path"], out, lock.stat().st_mtime) for out in stage.get("outs", []))


def _differs(path: Path, out: dict[str, object], saved_at: float) -> bool:
    """By number, size and age of the files, which is quick; a wrong yes costs a second, a wrong no cannot be:
    what a stage writes is older than the lock that is written after it."""
    files = [file.stat() for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
    if path.is_file():
        files = [path.stat()]
    if not files:
        return False
    if len(files) != out.get("nfiles", 1) or sum(file.st_size for file in files) != out.get("size"):
        return True
    return max(file.st_mtime for file in files) > saved_at
