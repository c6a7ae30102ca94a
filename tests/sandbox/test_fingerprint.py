"""Days of a sandbox are told apart from those of one whose code was another."""

import pytest

from timeweave.sandbox import find_fingerprint


@pytest.fixture
def package(tmp_path):
    """Makes a package of files by name."""

    def make(name, **files):
        for file, content in files.items():
            (tmp_path / name / "part").mkdir(parents=True, exist_ok=True)
            (tmp_path / name / "part" / f"{file}.py").write_text(content)
        return tmp_path / name

    return make


def test_the_same_files_have_the_same_wherever_they_lie_and_whatever_python_compiled(package):
    one, other = package("one", a="x = 1", b="y = 2"), package("other", b="y = 2", a="x = 1")
    (one / "__pycache__").mkdir()
    (one / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    assert find_fingerprint(one) == find_fingerprint(other)


def test_other_content_another_name_and_another_cut_have_another(package):
    made = [
        package("one", a="x = 1", b="y = 2"), package("two", a="x = 1", b="y = 3"), package("three", a="x = 1", c="y = 2"),
        package("four", a="x = 1b", b="y = 2"), package("five", a="x = 1"),
    ]  # fmt: skip
    assert len({find_fingerprint(one) for one in made}) == 5


def test_it_is_that_of_the_sandbox_if_no_other_is_named():
    assert len(find_fingerprint()) == 12
