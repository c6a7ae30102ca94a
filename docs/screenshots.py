"""data/site/ -> docs/images/: the pictures of the README, of the demo team, as a browser shows the pages.

make screenshots
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from timeweave.models.analysis import Analysis
from timeweave.runtime import document

DATA, IMAGES = Path("data"), Path("docs/images")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The page, and the part of it below which its picture ends.
PICTURES = {"team.png": ("index.html", ".first"), "person.png": ("people/tariq-benhollow.html", "#todo")}
WIDTH, MARGIN = 1280, 16


def main() -> None:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("no browser on this machine: install chromium to make screenshots")
    if document.read(DATA / "analysis.json", Analysis).account.source != "demo":
        sys.exit("these would be pictures of your own team: set `source: demo` in params.yaml")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000}, color_scheme="light")
        for name, (file, last) in PICTURES.items():
            page.goto((DATA / "site" / file).resolve().as_uri())
            box = page.locator(last).bounding_box() or sys.exit(f"{file} has no {last!r}")
            clip = {"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"] + MARGIN}
            page.screenshot(path=IMAGES / name, full_page=True, clip=clip)
            print(IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main()
