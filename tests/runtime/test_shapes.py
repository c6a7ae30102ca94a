"""Many threads meet shapes that none of them has used before."""

import re
import subprocess
import sys

import msgspec
import pytest

from tests.project import ROOT
from timeweave.runtime import shapes

RACE = """
import sys, threading
import msgspec
from timeweave.runtime import shapes

sys.setswitchinterval(1e-6)
for number in range(400):
    names = [f"Shape{number}_{part}" for part in range(6)]
    fields = lambda part: f"a: int; b: str; inside: list[{names[part - 1] if part else 'int'}]".split("; ")
    text = "".join(f"class {name}(msgspec.Struct):\\n    " + "\\n    ".join(fields(part)) + "\\n" for part, name in enumerate(names))
    exec("from __future__ import annotations\\n" + text)
    shape, start, found = globals()[names[-1]], threading.Barrier(4), []
    def meet():
        start.wait()
        found.append(CALL)
    threads = [threading.Thread(target=meet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.inside for one in found] == [[]] * 4
"""
VALUE = {"a": 1, "b": "x", "inside": []}


@pytest.mark.parametrize(
    "call", [f"shapes.convert({VALUE}, shape)", f"shapes.decode(msgspec.json.encode({VALUE}), shape)"]
)
def test_threads_that_use_a_shape_for_the_first_time_at_once_all_get_it(call):
    done = subprocess.run([sys.executable, "-c", RACE.replace("CALL", call)], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_does_not_fit_is_refused():
    with pytest.raises(msgspec.ValidationError, match=re.escape("Expected `int`, got `str` - at `$[0]`")):
        shapes.convert(["x"], list[int])
    with pytest.raises(msgspec.DecodeError):
        shapes.decode(b"[", list[int])


def test_nothing_is_read_as_a_shape_in_another_way():
    elsewhere = [
        path.relative_to(ROOT)
        for folder in ("timeweave", "stages")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"msgspec\.convert\(|json\.decode\([^)\n]*type=", path.read_text()) and path.name != "shapes.py"
    ]
    assert elsewhere == []
