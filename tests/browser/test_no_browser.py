"""A machine without a browser: the suite says what it skipped, and fails where a browser is required."""

import os
import subprocess
import sys

import pytest

from tests.browser.conftest import find_browser
from tests.project import ROOT

ONE_TEST = "tests/browser/test_site.py::test_the_keyboard_reaches_the_content_first"


def test_the_tests_are_skipped_and_the_summary_says_why(tmp_path):
    done = subprocess.run(
        # Else it would take away what earlier runs of the tests have left, which takes long.
        [sys.executable, "-m", "pytest", ONE_TEST, "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}"],
        cwd=ROOT,
        env=os.environ | {"PATH": str(tmp_path), "TIMEWEAVE_BROWSER_REQUIRED": ""},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0
    said = "left out: 1 test, no browser on this machine: install chromium to run the tests of the site in it"
    assert done.stdout.splitlines()[-1] == said


def test_where_a_browser_is_required_they_fail(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TIMEWEAVE_BROWSER_REQUIRED", "1")
    with pytest.raises(pytest.fail.Exception, match="TIMEWEAVE_BROWSER_REQUIRED is set: install chromium"):
        find_browser()
