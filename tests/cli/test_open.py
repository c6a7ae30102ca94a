"""timeweave open says where the pages are, and opens them where somebody can look at them."""

import sys
import webbrowser

import pytest

from timeweave.cli.open import show_page


@pytest.fixture
def opened(monkeypatch):
    """What the browser was asked for, on a machine without a screen unless a test says otherwise."""
    asked = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not asked.append(address))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return asked


@pytest.mark.parametrize(("screen", "terminal", "shown"), [(True, True, 1), (False, True, 0), (True, False, 0)])
def test_a_page_is_opened_on_a_screen_and_for_somebody_at_a_terminal(
    opened, monkeypatch, capsys, tmp_path, screen, terminal, shown
):
    if screen:
        monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    show_page(tmp_path / "site" / "index.html")
    assert opened == [(tmp_path / "site" / "index.html").as_uri()] * shown
    assert ("no browser was found here" in capsys.readouterr().err) is not screen


def test_a_browser_that_does_not_start_is_none(opened, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    show_page(tmp_path / "index.html")
    assert "open that file in one yourself" in capsys.readouterr().err


def test_the_newest_run_is_opened_where_none_is_named_and_its_place_is_printed(prepared_project):
    done = prepared_project.call("open")
    assert (done.returncode, done.stdout) == (0, f"{prepared_project.folder / 'runs/mira/site/index.html'}\n")
    assert prepared_project.call("open", "march").stdout.endswith("/runs/march/site/index.html\n")
    assert prepared_project.call("open", "marhc").returncode == 2


def test_every_run_makes_the_page_of_all_periods_anew(prepared_project):
    page = (prepared_project.folder / "runs/index.html").read_text(encoding="utf-8")
    assert 'href="march/site/index.html"' in page
    assert 'href="mira/site/index.html"' in page
