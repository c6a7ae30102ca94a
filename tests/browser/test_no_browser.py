"""A machine without a browser: the suite says what it skipped, and fails where a browser is required."""

import os
import subprocess
import sys

import pytest

from tests.project import ROOT

ONE_TEST = "tests/browser/test_site.py::test_the_keyboard_reaches_the_content_first"


@pytest.fixture
def suite(tmp_path):
    """One of the browser's tests, run where no browser can be found."""

    def run(required):
        return subprocess.run(
            [sys.executable, "-m", "pytest", ONE_TEST, "-p", "no:cacheprovider"],
            cwd=ROOT,
            env=os.environ | {"PATH": str(tmp_path), "TIMEWEAVE_BROWSER_REQUIRED": required},
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def test_the_tests_are_skipped_and_the_summary_says_why(suite):
    done = suite(required="")
    assert done.returncode == 0
    said = "left out: 1 test, no browser on this machine: install chromium to run the tests of the site in it"
    assert done.stdout.splitlines()[-1] == said


def test_where_a_browser_is_required_they_fail(suite):
    done = suite(required="1")
    assert done.returncode == 1
    assert "TIMEWEAVE_BROWSER_REQUIRED is set: install chromium" in done.stdout
