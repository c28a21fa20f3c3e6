"""The house rules that a linter does not know."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "derman"
LONGEST = 400
VAGUE = {"utils", "helpers", "common", "services", "managers", "misc"}
WRITER = SOURCE / "cases" / "actions"
# Rows by the ten thousand for measuring, written past the actions on purpose.
BULK = SOURCE / "bench"
# Split, so that this file does not find itself.
MACHINE = re.compile(r"/(?:wor" r"k|ro" r"ot|ho" r"me|Us" r"ers)/[\w.]|/tm" r"p/[a-z]")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b|raise NotImplemented" r"Error")


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def kept_files() -> Iterator[tuple[str, str]]:
    """Name and text of every text file in the repository, locks left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no clone: git does not list the files")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix == ".lock" or not path.is_file():
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_module_is_longer_than_it_may_be():
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_module_has_a_vague_name():
    assert not [path for path in modules() if path.stem in VAGUE]


def test_no_file_names_a_place_on_one_machine():
    found = [
        f"{name}:{number}"
        for name, text in kept_files()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not found


def test_nothing_is_left_unfinished():
    found = [
        f"{name}:{number}"
        for name, text in kept_files()
        if name.endswith((".py", ".html", ".js", ".css"))
        for number, line in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found


def test_only_ui_calls_text_safe():
    """Everything else leaves escaping to the template engine."""
    word = re.compile(r"\bmark_safe\b|\|\s*safe\b|\bSafeString\b|autoescape off")
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in {".py", ".html"} and SOURCE / "ui" not in path.parents
        if word.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_templates_hold_no_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(SOURCE.rglob("templates/**/*.html"))
        if inline.search(TAG.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_normal_forms_are_asked_for_in_one_place():
    """Where marks without end on one letter are thinned first: sorting them takes their square."""
    word = re.compile(r"\bunicodedata\.(is_)?normali[sz]ed?\b|from unicodedata")
    found = [path for path in modules() if word.search(path.read_text(encoding="utf-8"))]
    assert found == [SOURCE / "lib" / "composing.py"]


def test_only_actions_write_a_case():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if WRITER not in path.parents and BULK not in path.parents
        for line in _writes_to_a_case(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_the_state_is_set_in_one_place():
    found = {
        str(path.relative_to(SOURCE)): names
        for path in sorted(WRITER.glob("*.py"))
        if (names := _setters_of_state(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert sum(len(names) for names in found.values()) <= 2, found  # opening and moving


WRITES = {"create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "save"}
WRITES |= {"update_or_create"}


def _writes_to_a_case(tree: ast.AST) -> Iterator[int]:
    """Lines that make, change or delete a Case, as far as names tell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            head, _, verb = called.rpartition(".")
            made = called in {"Case", "models.Case"} and (node.args or node.keywords)
            if made or (
                verb in WRITES and (re.search(r"\bCase\.objects\b", head) or head == "case")
            ):
                yield node.lineno
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(
                isinstance(t, ast.Attribute) and ast.unparse(t.value) == "case" for t in targets
            ):
                yield node.lineno


def _setters_of_state(tree: ast.AST) -> list[str]:
    """Functions that give a Case its state."""
    found = []
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(function):
            makes = isinstance(node, ast.Call) and (
                ast.unparse(node.func) == "Case"
                or (
                    ast.unparse(node.func).endswith(".update")
                    and "Case.objects" in ast.unparse(node.func)
                )
            )
            if makes and any(k.arg == "state" for k in node.keywords):  # type: ignore[attr-defined]
                found.append(function.name)
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Attribute)
                and t.attr == "state"
                and ast.unparse(t.value) == "case"
                for t in node.targets
            ):
                found.append(function.name)
    return found
