"""The typesetter without its own fonts: a third smaller, and every paper the same to the byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARY = next(
    path
    for path in Path(typst.__file__).parent.iterdir()
    if path.name.startswith("_typst") and path.suffix in (".so", ".pyd")
)
_TYPESET = """
import hashlib, sys, typst
ours = {"include_system_fonts": False, "include_embedded_fonts": False}
fonts = typst.Fonts(font_paths=[sys.argv[1]], **ours)
text = '''#set document(title: "Karatasi")
#set text(font: ("Inter", "Noto Sans Ethiopic", "Noto Sans Arabic"))
= Makao
Nyumba salama: ü ñ, \\u1218\\u12a8, \\u0645\\u0623\\u0648\\u0649. #table(columns: 2, [a], [b])
'''.encode()
for kind in ("pdf", "png"):
    more = {"timestamp": 0} if kind == "pdf" else {}
    made = typst.compile(text, font_paths=fonts, format=kind, **more)
    print(typst.__file__, hashlib.sha256(made).hexdigest())
"""


def _papers(folder: Path) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _TYPESET, str(ROOT / "resources" / "fonts")],
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert all(Path(where).is_relative_to(folder) for where, _sum in lines)
    return [sum_ for _where, sum_ in lines]


def test_papers_come_out_the_same_without_the_fonts(
    script: Callable[[str], Any], tmp_path: Path
) -> None:
    places = {"whole": LIBRARY.read_bytes()}
    places["slim"] = script("slim_typst").slimmed(places["whole"])
    assert len(places["slim"]) < 0.8 * len(places["whole"])
    for name, content in places.items():
        package = tmp_path / name / "typst"
        package.mkdir(parents=True)
        (package / "__init__.py").write_bytes(Path(typst.__file__).read_bytes())
        (package / LIBRARY.name).write_bytes(content)
    assert _papers(tmp_path / "whole") == _papers(tmp_path / "slim")


def test_slimming_twice_comes_out_alike(script: Callable[[str], Any]) -> None:
    whole = LIBRARY.read_bytes()
    assert script("slim_typst").slimmed(whole) == script("slim_typst").slimmed(whole)


@pytest.mark.parametrize("data", [b"", b"MZ", b"\x7fELF", b"#!/bin/sh\n" * 10])
def test_what_is_no_library_of_the_expected_kind_is_left_alone(
    script: Callable[[str], Any], data: bytes
) -> None:
    with pytest.raises(ValueError, match="no library"):
        script("slim_typst").slimmed(data)
