"""The data dictionary follows the declarations and is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.dictionary import entries
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.services import dictionary
from tests.fixtures import House


def test_every_declared_field_is_in_the_dictionary() -> None:
    rows = list(csv.DictReader(io.StringIO(dictionary.as_csv())))
    told = {(row["record_type"], row["field"]) for row in rows}
    declared = {(kind.table, field.name) for kind in RECORD_TYPES for field in fields_of(kind)}
    assert told == declared


def test_the_dictionary_is_found_by_word_and_written_to_a_folder(
    house: House, tmp_path: Path
) -> None:
    with house.work("me_officer") as work:
        found = dictionary.numbered(work, "companion")
        path = dictionary.save(work, tmp_path)
    assert found
    assert all("companion" in f"{e.label} {e.field}".lower() for e in found.values())
    assert path.read_text(encoding="utf-8-sig") == dictionary.as_csv().replace("\r\n", "\n")


def test_every_kind_and_every_file_has_words_for_the_screen() -> None:
    assert set(dictionary.KINDS) == set(Kind)
    assert set(dictionary.FILES) == set(COMPARTMENTS)
    for entry in entries():
        assert dictionary.kind_words(entry)
        assert "_" not in dictionary.kind_words(entry)
        assert dictionary.file_words(entry)
