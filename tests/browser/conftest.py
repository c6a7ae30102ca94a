"""A real headless browser, and the sites it opens from disk."""

import os
import shutil

import pytest

from tests.reports import story
from tests.reports.analyses import TEMPLATES
from tests.reports.crowd import crowd_data
from timeweave.reports import site_pages
from timeweave.reports.report_data import ReportData

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The browser asks its maker's hosts for this and that when it starts; these pages are about asking nobody.
QUIET = ["--headless=new", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-gpu", "--no-sandbox"]  # fmt: skip

SCREEN = {"width": 1200, "height": 900}

# The longest words of texts that stand on two lines; what is longer than a word of any language may.
BROKEN_WORDS = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.offsetParent || parent.closest(".unseen, thead, svg, select")) continue;
    const words = node.data.trim().split(/\s+/);
    const longest = words.reduce((a, b) => a.length >= b.length ? a : b);
    const range = document.createRange();
    const at = node.data.indexOf(longest);
    range.setStart(node, at);
    range.setEnd(node, at + longest.length);
    if (longest.length < 16 && range.getClientRects().length > 1) found.push(longest);
  }
  return found;
}"""


def find_browser():
    """Chromium as the machine has it; without one a test is skipped, or fails where one is required."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("TIMEWEAVE_BROWSER_REQUIRED"):
            pytest.fail("no browser on this machine, though TIMEWEAVE_BROWSER_REQUIRED is set: install chromium")
        pytest.skip("no browser on this machine: install chromium to run the tests of the site in it")
    return path


@pytest.fixture(scope="package")
def browser():
    """Headless Chromium."""
    path = find_browser()
    # Not at the top: every process that collects the tests would have to import it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


class Visit:
    """A page from disk, with all that it asked for and complained about."""

    def __init__(self, page, path, viewport, color_scheme, permissions):
        self.page, self._listeners = page, []
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme)
        page.context.grant_permissions(permissions)
        self._listen("request", lambda request: self.asked.append(request.url))
        self._listen("pageerror", lambda error: self.errors.append(str(error)))
        self._listen("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self._listen("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.open(path)

    def open(self, path):
        """Go on to another page, of which alone is known what it asked for and complained about."""
        self.path, self.asked, self.errors = path, [], []
        self.page.goto(path.as_uri())

    def close(self):
        """Leave the page as if nobody had been there: another visit is quicker than a browser's window."""
        for event, listener in self._listeners:
            self.page.remove_listener(event, listener)
        self.page.evaluate("[localStorage, sessionStorage].forEach(one => one.clear())")
        self.page.context.clear_permissions()
        self.page.goto("about:blank")

    def _listen(self, event, listener):
        self._listeners.append((event, listener))
        self.page.on(event, listener)

    def overflow(self, width):
        """Pixels that the page is wider than a screen of this width."""
        self.page.set_viewport_size({"width": width, "height": 800})
        return self.page.evaluate("document.documentElement.scrollWidth") - width

    def violations(self, only=None):
        """What axe finds wrong, each rule with the first element that breaks it; by one rule only, if it is named."""
        from axe_playwright_python.sync_playwright import Axe

        chosen = {"runOnly": {"type": "rule", "values": [only]}} if only else {}
        found = Axe().run(self.page, options={"resultTypes": ["violations"]} | chosen).response
        # Were the rules not run, nothing would be found either.
        button = {"button-name"} if self.page.locator("button:visible").count() else set()
        assert ({only} if only else {"color-contrast", "link-name", *button}) <= {
            one["id"] for kind in ("violations", "passes", "incomplete") for one in found[kind]
        }
        return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]

    def column(self, table, index):
        """The visible text of a table's cells."""
        return table.evaluate(
            "(table, index) => [...table.tBodies[0].rows].map(row => row.cells[index].innerText.trim())", index
        )

    def paper(self):
        """The colour behind everything."""
        return self.page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.fixture(scope="package")
def empty_pages(browser):
    """Those that nobody visits, by whether they run scripts."""
    return {True: [], False: []}


@pytest.fixture
def visit(browser, empty_pages):
    """Open a page; it is left when the test ends."""
    visits = []

    def opened(path, viewport=SCREEN, color_scheme="light", permissions=(), has_scripts=True):
        idle = empty_pages[has_scripts]
        page = idle.pop() if idle else browser.new_context(java_script_enabled=has_scripts).new_page()
        page.set_default_timeout(10_000)
        visits.append((Visit(page, path, viewport, color_scheme, permissions), idle))
        return visits[-1][0]

    yield opened
    for one, idle in visits:
        one.close()
        idle.append(one.page)


def written(folder, data: ReportData):
    """The site of some data on disk, as its stage writes it."""
    templates = site_pages.load_page_templates(TEMPLATES)
    (folder / "people").mkdir(parents=True)
    (folder / "index.html").write_bytes(site_pages.render_team_page(data, templates))
    for name, content in site_pages.render_person_pages(data, templates):
        (folder / "people" / name).write_bytes(content)
    return folder


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """The pages of the tests' own team, which has every kind of exception."""
    return written(tmp_path_factory.mktemp("site"), story.report_data())


@pytest.fixture(scope="package")
def crowded_site(tmp_path_factory):
    """The team's page of so many people and items that it has no room for all rows."""
    return written_team(tmp_path_factory.mktemp("crowded"), crowd_data(60, 700))


def written_team(folder, data: ReportData):
    """The team's page alone."""
    page = site_pages.render_team_page(data, site_pages.load_page_templates(TEMPLATES))
    (folder / "index.html").write_bytes(page)
    return folder
