"""The translated texts: all there, none unsure, every gap filled by the same facts."""

from __future__ import annotations

import gettext
import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
SAME_IN_BOTH = {"Jan", "Feb", "Apr", "Jun", "Jul", "Sep", "Nov", "OB {number}"}
"""Short names of months and the number of a police book, which Kenyan Swahili writes alike."""


def _read_catalogue_tool() -> ModuleType:
    # The folder shares its name with an installed library, so the file is loaded by its path.
    spec = importlib.util.spec_from_file_location(
        "makao_catalogue", ROOT / "packaging" / "catalogue.py"
    )
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tool
    spec.loader.exec_module(tool)
    return tool


catalogue = _read_catalogue_tool()
LANGUAGES: tuple[str, ...] = catalogue.LANGUAGES


def entries(language: str) -> list[Any]:
    """Return the texts of a translation, without its header."""
    found: list[Any] = catalogue.read_entries(catalogue.translation(language))
    return found[1:]


def forms_of(entry: Any) -> list[str]:
    return [entry.text] if entry.plural is None else [entry.text, entry.plural]


def has_words(text: str) -> bool:
    """Tell whether a text says anything besides its placeholders and signs."""
    return any(sign.isalpha() for sign in PLACEHOLDER.sub("", text))


def test_the_template_holds_just_the_texts_of_the_program() -> None:
    assert catalogue.TEMPLATE.read_text("utf-8") == catalogue.template_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_texts_of_the_template_and_no_others(language: str) -> None:
    asked = {(entry.text, entry.plural) for entry in catalogue.read_entries(catalogue.TEMPLATE)[1:]}
    assert {(entry.text, entry.plural) for entry in entries(language)} == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_empty_or_unsure(language: str) -> None:
    unfinished = [e.text for e in entries(language) if e.fuzzy or not e.translated]
    assert unfinished == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_filled_in_with_the_same_facts_as_its_source(language: str) -> None:
    wrong = []
    for entry in entries(language):
        sources = [Counter(PLACEHOLDER.findall(form)) for form in forms_of(entry)]
        made = [Counter(PLACEHOLDER.findall(entry.translations[n])) for n in entry.translations]
        if made != sources:
            wrong.append(entry.text)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_quotes_and_breaks_lines_as_its_source_does(language: str) -> None:
    wrong = [
        entry.text
        for entry in entries(language)
        for number, source in enumerate(forms_of(entry))
        if any(source.count(sign) != entry.translations[number].count(sign) for sign in "“”‘\n")
        or source.endswith("…") != entry.translations[number].endswith("…")
        or source != source.strip()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_is_left_standing_as_its_own_translation(language: str) -> None:
    standing = {
        source
        for entry in entries(language)
        for source in forms_of(entry)
        if source in entry.translations.values() and has_words(source)
    }
    assert standing <= SAME_IN_BOTH


def test_the_compiled_translation_answers_in_swahili_and_counts(tmp_path: Path) -> None:
    source = tmp_path / "sw" / "LC_MESSAGES" / "makao.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(catalogue.translation("sw").read_bytes())
    catalogue.compile_file(source)
    spoken = gettext.translation("makao", str(tmp_path), languages=["sw"])
    assert spoken.gettext("Save") == "Hifadhi"
    said = [spoken.ngettext("{count} bed", "{count} beds", n).format(count=n) for n in (1, 2)]
    assert said == ["kitanda 1", "vitanda 2"]
