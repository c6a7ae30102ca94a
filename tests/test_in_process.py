"""What runs in the process of the tests is told apart from it, as processes are."""

import re
import warnings

import pytest
from dvc.utils.serialize import dumps_yaml, loads_yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.in_process import _quick_yaml, _run_stage, call_script
from timeweave.runtime.redaction import redact

SECRET = "k3v9-x2q7-p8w4"
HASHES = st.from_regex(re.compile(r"[0-9]{1,30}e[0-9]{1,3}|0o[0-7]{1,9}|[0-9a-f]{32}"), fullmatch=True)


@given(HASHES | st.text(alphabet="0123456789abcdefox_.+-:~ynY\n'#", max_size=12))
@example("1234567890123456789012345678e012")
def test_dvc_reads_each_text_that_is_written_quickly_as_that_text(text):
    with _quick_yaml():
        written = dumps_yaml({"md5": text, "size": 7})
    assert loads_yaml(written) == {"md5": text, "size": 7}


@pytest.mark.parametrize(("end", "code", "said"), [("'No.'", 1, "No.\n"), ("4", 4, ""), ("", 0, "")])
def test_a_script_ends_with_the_exit_code_that_its_process_would_have(tmp_path, end, code, said):
    script = tmp_path / "stop.py"
    script.write_text(f"import sys\nsys.exit({end})\n")
    done = call_script(script, [], tmp_path, {})
    assert (done.returncode, done.stderr) == (code, said)


def test_a_script_hides_only_the_secrets_that_it_knows_itself(tmp_path):
    script = tmp_path / "tell.py"
    script.write_text(
        f"from timeweave.runtime.redaction import redact, remember\nprint(redact('{SECRET}'))\nremember('{SECRET}')\n"
    )
    for _ in range(2):
        assert call_script(script, [], tmp_path, {}).stdout == f"{SECRET}\n"
    assert call_script(script, [], tmp_path, {"A_TOKEN": SECRET}).stdout == "***\n"
    assert redact(SECRET) == SECRET


def test_a_warning_of_a_stage_is_seen_though_those_of_dvc_are_not(tmp_path):
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages/warn.py").write_text("import warnings\nwarnings.warn('old', DeprecationWarning)\n")
    with warnings.catch_warnings(), pytest.raises(DeprecationWarning, match="old"):
        warnings.simplefilter("ignore")
        _run_stage(None, "sh", "./python stages/warn.py", cwd=str(tmp_path), env={})
