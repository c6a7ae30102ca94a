import base64
import hashlib
import re

import pytest

from timeweave.reports.html_site import page_templates
from timeweave.runtime.errors import ConfigurationError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.css").write_text("p { color: red }\n")
    (tmp_path / "site" / "site.js").write_text("go();\n")
    (tmp_path / "a.j2").write_text("<style>{{ style }}</style><script>{{ script }}</script>{{ policy }}|{{ x }}")
    return tmp_path


def test_a_page_carries_its_style_and_script_as_they_are_and_nothing_else(folder):
    shown = page_templates.load_page_templates(folder).render("a.j2", x="<b>\u202ehi</b> \"'")
    assert shown.startswith("<style>p { color: red }</style><script>go();</script>default-src ")
    assert shown.endswith("|&lt;b&gt;hi&lt;/b&gt; &#34;&#39;")


def test_the_policy_allows_exactly_this_style_and_this_script():
    policy = page_templates.make_policy("p {}", "go();")
    hashes = re.findall(r"'sha256-([^']+)'", policy)
    assert [base64.b64decode(each) for each in hashes] == [
        hashlib.sha256(each).digest() for each in (b"p {}", b"go();")
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("file", ["site/site.css", "site/site.js"])
def test_a_missing_style_or_script_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(ConfigurationError, match=file.replace(".", r"\.")):
        page_templates.load_page_templates(folder)


def test_a_script_that_would_end_itself_is_refused(folder):
    (folder / "site" / "site.js").write_text('x = "</SCRIPT>"')
    with pytest.raises(ConfigurationError, match="would end it inside the page"):
        page_templates.load_page_templates(folder)
