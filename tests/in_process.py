"""Commands, stages and DVC in the process of the tests: for whatever is no matter of processes.

They do all that they do elsewhere. What is saved is that each process imports its libraries, and that DVC reads and writes
its lock file with a parser in Python after each stage, which is most of the time that a small run takes.
"""

import contextlib
import functools
import gc
import io
import logging
import os
import re
import runpy
import subprocess
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from ruamel.yaml.resolver import implicit_resolvers

from tests.parsed_once import parse_once
from timeweave.runtime import redaction

SCRIPT = re.compile(r"(?:(.+) && )?\./python (stages/\w+\.py)((?: \S+)*)")


def call(
    work: Callable[[], int], command: Sequence[str], folder: Path, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Do something in this process as if it were a process of its own: its folder, environment, secrets, output and exit code."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        with (
            contextlib.chdir(folder), redirect_stdout(streams[0]), redirect_stderr(streams[1]),
            patch.multiple(redaction, _told=set(), _found=None),
        ):  # fmt: skip
            code = work()
    finally:
        os.environ.clear()
        os.environ.update(before)
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return subprocess.CompletedProcess(command, code, out, err)


def call_script(
    path: Path, arguments: Sequence[str], folder: Path, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a script in this process."""

    def run() -> int:
        before, sys.argv = sys.argv, [str(path), *arguments]
        try:
            runpy.run_path(str(path), run_name="__main__")
        except SystemExit as end:
            if isinstance(end.code, str):
                sys.stderr.write(f"{end.code}\n")
                return 1
            return int(end.code or 0)
        finally:
            sys.argv = before
        return 0

    return call(run, [str(path), *arguments], folder, environ)


def call_dvc(command: Sequence[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`dvc COMMAND` in this process, with its stages."""
    import dvc.stage.run
    from dvc.cli import main

    def work() -> int:
        with _logging_here(), _quick_yaml():
            return main(list(command))

    run_stage = functools.partial(_run_stage, dvc.stage.run._run)
    with patch.object(dvc.stage.run, "_run", run_stage), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.freeze()
        done = call(work, ["dvc", *command], folder, environ | {"DVC_NO_ANALYTICS": "1"})
        # What DVC, and nobody before it, leaves open until its process ends is closed here, and is no warning of the next test.
        gc.collect()
        gc.unfreeze()
    return done


@contextlib.contextmanager
def _logging_here() -> Iterator[None]:
    """DVC writes what it says to the streams of now, and not to those of when it was imported."""
    from dvc.logger import setup

    loggers = [logging.getLogger(name) for name in ("dvc", "dvc_objects", "dvc_data")]
    before = [list(logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.handlers.clear()
    setup()
    try:
        yield
    finally:
        for logger, handlers in zip(loggers, before, strict=True):
            logger.handlers[:] = handlers


class _Dumper(yaml.CSafeDumper):
    """Writes what DVC puts together for its files, with quotes where it would be more than words to DVC, which reads YAML 1.2."""


for _versions, _tag, _words, _first in implicit_resolvers:
    if (1, 2) in _versions:
        _Dumper.add_implicit_resolver(_tag, _words, _first)
_Dumper.add_representer(OrderedDict, lambda dumper, data: dumper.represent_dict(data.items()))


@contextlib.contextmanager
def _quick_yaml() -> Iterator[None]:
    """DVC's files are read and written with the parser in C, which keeps no comments: a lock file has none."""
    from dvc.utils import strictyaml
    from dvc.utils.serialize import _yaml

    dump = functools.partial(yaml.dump, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    parse = _find_parser()
    with (
        patch.multiple(_yaml, parse_yaml=parse, parse_yaml_for_update=parse, _dump=dump),
        patch.object(strictyaml, "parse_yaml", parse),
    ):
        yield


@functools.cache
def _find_parser() -> Callable[..., Any]:
    from dvc.utils.serialize import _yaml

    whole, once = _yaml.parse_yaml, parse_once(_yaml.parse_yaml)
    return lambda text, path, typ="safe": once(text, path) if typ == "safe" else whole(text, path, typ)


def execute_dvc(
    command: Sequence[str], folder: Path, log: Path, look: Callable[[], None], variables: Mapping[str, str], *_: object
) -> int:
    """In the place of DVC as a process, for a run in this one."""
    look()
    done = call_dvc(command, folder, dict(os.environ) | dict(variables))
    with log.open("a", encoding="utf-8") as file:
        file.write(redaction.redact(done.stdout + done.stderr))
    look()
    return done.returncode


def _run_stage(run: Callable[..., None], executable: str, command: str, **given: object) -> None:
    """Run a stage's command: what is a script of the project in this process, anything else as DVC does."""
    from dvc.stage.exceptions import StageCmdFailedError

    script = SCRIPT.fullmatch(command)
    if not script:
        run(executable, command, **given)
        return
    if script[1]:
        run(executable, script[1], **given)
    with warnings.catch_warnings():
        # Those of a stage count, but not of files and sockets, which DVC may have left open until then.
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        done = call_script(Path(script[2]), script[3].split(), Path(given["cwd"]), given["env"])
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    if done.returncode:
        raise StageCmdFailedError(command, done.returncode)
