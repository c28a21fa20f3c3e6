"""What the documents say is what the code does."""

import re
from pathlib import Path

import pytest

from derman.cli.docs import DOCUMENTS

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\bDERMAN_[A-Z][A-Z_]*[A-Z]\b")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_printed_document_is_fresh(name):
    assert (ROOT / name).read_text(encoding="utf-8") == DOCUMENTS[name](), "run: make docs"


def test_every_setting_of_the_environment_is_documented():
    read = re.compile(r'env\.(?:text|flag|number|words|networks)\(\s*"(DERMAN_[A-Z_]+)"')
    source = (ROOT / "src" / "derman" / "settings.py").read_text(encoding="utf-8")
    text = (ROOT / "docs" / "reference" / "environment.md").read_text(encoding="utf-8")

    assert set(read.findall(source)) == {
        name for name in VARIABLE.findall(text) if not name.endswith("_KEY_FILE")
    }


WRITTEN = [
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_a_document_points_to_is_there(name):
    path = ROOT / name
    found = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [target for target in found if not (path.parent / target).exists()] == []
