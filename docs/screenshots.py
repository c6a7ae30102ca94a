"""data/site/ -> docs/images/: the pictures of the README, of the demo team, as a browser shows the pages.

make screenshots
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE, IMAGES = Path("data/site"), Path("docs/images")
PICTURES = {"team.png": "index.html", "person.png": "people/anouk-delisse.html"}
SIZE = {"width": 1200, "height": 1500}


def main() -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("no browser on this machine: install chromium to make screenshots")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, page_name in PICTURES.items():
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto((SITE / page_name).resolve().as_uri())
            page.screenshot(path=IMAGES / name)
            print(IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main()
