"""The small reader: an export opens with its words and nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from shelter_app import i18n
from shelter_app.errors import DocumentUnreadable
from shelter_app.services import export_reader
from shelter_app.services.export_reader import Table
from shelter_app.storage import export_file
from ui.kit.clipboard import ClipboardKeeper
from ui.reader import ReaderWindow
from ui.reader_words import Words, heading, says_something, title

LONG = 30_000
PHRASE = "one two three four five six"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    table = {
        "columns": ["id", "created_at", "created_by", "person_no", "display_alias", "sex"],
        "rows": [
            [1, "2026-03-04T10:00:00", 7, "R-0001", "Pendo", "M"],
            [2, "2026-03-05T10:00:00", 7, "R-0002", "Zawadi", "F"],
        ],
    }
    stay = {"columns": ["id", "person_id", "admitted_at", "odd"], "rows": [[3, 2, None, "x"]]}
    staff = {"columns": ["id", "alias"], "rows": [[7, "Amina W."]]}
    with export_file.writing(folder, PHRASE) as archive:
        archive.add("README.md", b"# Everything")
        text = io.BytesIO(json.dumps(table).encode()).getvalue()
        archive.add("tables/person.json", text, table="person", title="Person", rows=2)
        for name, made in (("staff", staff), ("stay", stay)):
            archive.add(f"tables/{name}.json", json.dumps(made).encode(), table=name, title=name)
        archive.add("files/document/7-file.pdf", b"%PDF-1.7 paper")
        archive.finish(
            format="makao-export",
            version=1,
            made_at="2026-11-22T10:00:00",
            compartments=["cases", "house", "identity", "office"],
        )
    return folder


def test_tables_are_browsed_searched_and_papers_saved(
    export: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    window = ReaderWindow(export / "everything.age")
    qtbot.addWidget(window)
    window.show()
    assert window.focusWidget() is window.phrase_edit.line_edit
    window.phrase_edit.line_edit.setText("six five four three two one")
    window.open_button.click()
    qtbot.waitUntil(window.open_button.isEnabled, timeout=LONG)
    assert "password" in window.bar.text_label.text().casefold()
    window.phrase_edit.line_edit.setText(PHRASE.title())
    window.open_button.click()
    assert "Opening" in window.bar.text_label.text()
    qtbot.waitUntil(lambda: hasattr(window, "view"), timeout=LONG)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    view = window.view
    left = view.findChild(QLabel, "ExportView_left")
    assert left is not None
    assert left.text() == "Not in this file: counselling"
    assert view.table is not None
    assert view.table.count() == 2
    assert view.table.current_id() == 1, "a row is shown whole without being asked"
    assert view.facts.findChildren(QLabel)
    view.search.search_box.setText("zawa")
    qtbot.waitUntil(lambda: view.table is not None and view.table.count() == 1, timeout=LONG)
    view.save_to(tmp_path)
    qtbot.waitUntil((tmp_path / "person.csv").exists, timeout=LONG)
    view.list.setCurrentRow(3)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    view.table.go_in()
    view.save_to(tmp_path)
    qtbot.waitUntil((tmp_path / "7-file.pdf").exists, timeout=LONG)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    assert (tmp_path / "7-file.pdf").read_bytes() == b"%PDF-1.7 paper"
    window.close()


def test_a_folder_without_an_export_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    window = ReaderWindow(tmp_path)
    qtbot.addWidget(window)
    assert "no export" in window.folder_label.text()
    assert not export_reader.looks_like_export(tmp_path)
    window.close()


@pytest.mark.parametrize(
    ("language", "person", "headings", "row"),
    [
        ("en", "Person", ["Number", "Working name", "Sex"], ["Amina W.", "Female"]),
        ("sw", "Mtu", ["Nambari", "Jina la kazi", "Jinsia"], ["Amina W.", "Wa kike"]),
    ],
)
def test_tables_columns_and_values_have_the_words_of_the_program(
    export: Path, language: str, person: str, headings: list[str], row: list[str]
) -> None:
    opened = export_reader.open_export(export, PHRASE)
    table, _staff, stay = opened.tables
    words = Words(opened)
    i18n.set_language(language)
    assert title(table) == person
    assert [heading(table, name) for name in ("id", "display_alias", "sex")] == headings
    assert [words.rows(table)[1][place] for place in (2, 5)] == row
    assert words.rows(table)[1][1] != "2026-03-05T10:00:00"
    assert words.rows(stay)[0] == ("3", "R-0002 · Zawadi", "", "x")
    assert heading(stay, "odd") == "odd"
    dates = Table("court_event", "", ("person_id", "legal_case_id"), (("2", "0"),))
    assert [says_something(dates, name) for name in dates.columns] == [True, False]
    assert words.rows(dates) == [("R-0002 · Zawadi", "")]
    assert words.matching(table, row[1]) == [1]
    assert words.matching(table, "zawadi amina") == [1]
    trail = Table("audit_house", "", ("action", "record_type"), (("void", "person"), ("odd", "x")))
    assert words.rows(trail)[1] == ("odd", "x")
    assert words.rows(trail)[0][1] == person
    assert "void" not in words.rows(trail)[0]


def test_what_was_copied_in_the_reader_goes_with_it(
    export: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Off screen nobody tells whose the clipboard is.
    monkeypatch.setattr(ClipboardKeeper, "_is_ours", lambda _keeper: True)
    window = ReaderWindow(export)
    qtbot.addWidget(window)
    window.show()
    QGuiApplication.clipboard().setText("Pendo")
    window.close()
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.parametrize(
    "table", ["../out", "/tmp/out", "a/b", "a\\b", "", "x" * 99, "con:", None, 7, ["person"]]
)
def test_an_export_made_to_write_elsewhere_is_refused(table: object, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    with export_file.writing(folder, PHRASE) as archive:
        text = json.dumps({"columns": ["id"], "rows": [[1]]}).encode()
        archive.add("tables/x.json", text, table=table, title="X", rows=1)
        archive.finish(format="makao-export", version=1, made_at="2026-11-22T10:00:00")
    with pytest.raises(DocumentUnreadable):
        export_reader.open_export(folder, PHRASE)


def test_what_is_saved_replaces_nothing(export: Path, tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text("of somebody else")
    opened = export_reader.open_export(export, PHRASE)
    person = next(table for table in opened.tables if table.name == "person")
    assert export_reader.save_table(person, tmp_path).name == "person-1.csv"
    assert (tmp_path / "person.csv").read_text() == "of somebody else"
