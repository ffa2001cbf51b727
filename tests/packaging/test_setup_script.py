"""What the Windows installer says it says in both languages, and its source compiles on Windows."""

from __future__ import annotations

import re
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "windows" / "setup.nsi"
_SENTENCE = re.compile(r'^LangString (\S+) \$\{LANG_(ENGLISH|SWAHILI)\} "(.+)"$', re.MULTILINE)


def _sentences() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"ENGLISH": {}, "SWAHILI": {}}
    for name, language, text in _SENTENCE.findall(SCRIPT.read_text("utf-8")):
        found[language][name] = text
    return found


def test_every_sentence_is_there_in_both_languages() -> None:
    found = _sentences()
    assert found["ENGLISH"].keys() == found["SWAHILI"].keys()
    assert len(found["ENGLISH"]) > 20
    alike = [name for name, text in found["ENGLISH"].items() if text == found["SWAHILI"][name]]
    assert alike == []


def test_every_sentence_that_is_shown_exists() -> None:
    source = SCRIPT.read_text("utf-8")
    shown = set(re.findall(r"\$\(([A-Z]\w+)\)", source))
    assert {name for name in shown if not name.startswith("MUI_")} <= _sentences()["ENGLISH"].keys()


def test_files_are_named_as_the_compiler_of_windows_reads_them() -> None:
    """There only a backslash parts a folder from a file; Debian's compiler takes both."""
    source = SCRIPT.read_text("utf-8")
    named = re.findall(
        r'^\s*(?:File(?: /r)?|!define MUI_\w+) "?(\$\{(?:SRC|ICONS)\}.*?)"?$', source, re.M
    )
    assert len(named) == 7
    assert [name for name in named if "/" in name] == []


def test_no_name_of_a_file_passes_by_on_the_pages() -> None:
    source = SCRIPT.read_text("utf-8")
    assert "ShowInstDetails nevershow" in source
    assert "ShowUninstDetails nevershow" in source
    assert source.index("SetDetailsPrint none") < source.index("File /r")
