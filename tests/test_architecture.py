"""Rules of the house that no tool checks by itself: layout, colours, styles, locks, resources."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
THEME = ROOT / "ui" / "kit" / "theme.py"
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6})\b|^#[0-9a-fA-F]{3,4}$|\brgba?\(")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def sources(*folders: str) -> list[Path]:
    """Return the Python files of these folders, in a stable order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shown(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def calls(tree: ast.AST, name: str) -> Iterator[int]:
    """Yield the lines that call a function or method of this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            found = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if found == name:
                yield node.lineno


def docstrings(tree: ast.AST) -> set[int]:
    """Return the identities of the docstring nodes, which may show a colour as an example."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


def colour_literals(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that spell a colour out instead of asking the theme for a role."""
    prose = docstrings(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in prose and COLOUR.search(text):
                yield node.lineno
            case ast.Attribute(value=ast.Attribute(attr="GlobalColor"), attr=colour):
                if colour != "transparent":
                    yield node.lineno
            case ast.Call(func=ast.Name(id="QColor"), args=[ast.Constant(), *_]):
                yield node.lineno


def test_the_packaging_folder_never_becomes_a_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
    import packaging.version

    assert Path(packaging.version.__file__).is_relative_to(sys.prefix)


def test_every_import_contract_is_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([str(command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:]


def test_only_the_theme_sets_a_style_sheet() -> None:
    found = [
        shown(path, line)
        for path in sources("ui")
        if path != THEME
        for line in calls(ast.parse(path.read_text("utf-8")), "setStyleSheet")
    ]
    assert found == []


def test_only_the_theme_spells_out_a_colour() -> None:
    found = [
        shown(path, line)
        for path in sources("ui")
        if path != THEME
        for line in colour_literals(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def test_nothing_pumps_the_event_loop_by_hand() -> None:
    found = [
        shown(path, line)
        for path in sources("ui", "shelter_app", "tests")
        for line in calls(ast.parse(path.read_text("utf-8")), "processEvents")
    ]
    assert found == []


def test_no_layout_is_asked_for_its_items_and_no_chain_of_the_focus_is_walked() -> None:
    """Shiboken remembers an item after Qt took it apart; `ui/kit/layouts.py` says what follows."""
    found = [
        shown(path, line)
        for path in sources("ui", "tests")
        for name in ("itemAt", "nextInFocusChain")
        for line in calls(ast.parse(path.read_text("utf-8")), name)
    ]
    assert found == []


def test_no_signal_carries_the_number_of_a_record_as_an_int() -> None:
    """Qt's int has 32 bits and the number of a record 63: it has to travel as an object."""
    small = {"resized", "warned", "loaded", "came"}  # minutes, seconds, rows, questions
    found = [
        shown(path, node.lineno)
        for path in sources("ui")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id not in small
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "Signal"
        and any(getattr(argument, "id", "") == "int" for argument in node.value.args)
    ]
    assert found == []


def test_every_module_says_in_its_name_what_is_in_it() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sources("shelter_app", "ui", "tests", "packaging")
        if path.stem in EMPTY_NAMES or path.stem.endswith(("_utils", "_helpers", "_manager"))
    ]
    assert found == []


def test_every_resource_file_can_be_read() -> None:
    for path in sorted((ROOT / "resources").rglob("*")):
        if path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        elif path.suffix == ".toml":
            tomllib.loads(path.read_text("utf-8"))


def test_resources_hold_data_and_no_code() -> None:
    assert sources("resources") == []


def test_every_font_family_comes_with_its_licence() -> None:
    fonts = ROOT / "resources" / "fonts"
    licences = [path.name.removesuffix("-LICENSE.txt") for path in fonts.glob("*-LICENSE.txt")]
    files = [path.name for path in fonts.iterdir() if path.suffix in {".ttf", ".otf"}]
    assert files
    assert [name for name in files if not name.startswith(tuple(licences))] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_locked_package_has_one_version_and_its_hashes(name: str) -> None:
    text = (ROOT / "packaging" / f"{name}.lock").read_text("utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[0-9][\w.]*( ;| \\)", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
    assert "://" not in text
    assert "--index" not in text


def test_the_development_lock_installs_the_same_program() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / "packaging" / f"{name}.lock").read_text("utf-8")
        return set(re.findall(r"^[a-z0-9-]+==\S+", text, re.MULTILINE))

    assert versions("requirements") <= versions("requirements-dev")


def test_the_set_up_script_needs_nothing_but_python() -> None:
    tree = ast.parse((ROOT / "dev").read_text("utf-8"))
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert names <= set(sys.stdlib_module_names)


def test_no_file_leans_on_the_machine_it_was_written_on() -> None:
    strange = re.compile("/" + r"work/|/home/(?!person\b)\w|/tmp/mak" + "ao")
    texts = [
        path
        for pattern in ("*.md", "*.toml", "dev", "main.py", "packaging/*", ".ci/*")
        for path in ROOT.glob(pattern)
        if path.is_file()
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in [*texts, *sources("shelter_app", "ui", "tests")]
        if strange.search(path.read_text("utf-8"))
    ]
    assert found == []
