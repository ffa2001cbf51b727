"""Scanned papers as people use them: real windows over a real vault, from the stick and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app import clock
from shelter_app.domain.consent import Consent
from shelter_app.domain.legal import LegalCase, Suspect
from shelter_app.domain.papers import BESIDE, ConsentPaper, IdentityPaperCopy, SuspectPhoto
from shelter_app.domain.person import IdentityDocument, Person
from shelter_app.domain.record import Record
from shelter_app.services import papers
from tests.builders import a_person, a_stay, minimal
from tests.fixtures import House
from tests.made_files import PLACE, a_pdf, a_png, encoded, with_position
from ui.features.resident.identity_dialog import IdentityDialog
from ui.kit import theme
from ui.kit.dialog import ReasonDialog
from ui.kit.side_editor import SideEditor
from ui.lock import Lock
from ui.main_window import MainWindow
from ui.papers import reading
from ui.papers.file_field import CHOOSE_FIRST
from ui.papers.paper_form import PaperForm
from ui.papers.shelf_list import ShelfList
from ui.papers.viewer import PaperViewer

W = TypeVar("W", bound=QWidget)
REASON = "The children officer asks to see it signed"


@dataclass
class Seen:
    """The main window of one worker and the people it is about."""

    house: House
    window: MainWindow
    qtbot: QtBot

    def settle(self) -> None:
        self.qtbot.waitUntil(self.window.tasks.is_idle)
        QApplication.sendPostedEvents()

    def go(self, place: str, record_id: int, detail: str = "") -> None:
        self.window.go(place, record_id, detail)
        self.settle()

    def one(self, kind: type[W], name: str = "") -> W:
        found = [w for w in self.window.findChildren(kind) if w.isVisible()]
        found = [w for w in found if name in ("", w.objectName())]
        assert found, (kind, name)
        return found[-1]

    def press(self, name: str) -> None:
        self.one(QPushButton, name).click()
        self.settle()

    @property
    def editor(self) -> SideEditor:
        return self.one(SideEditor)

    @property
    def form(self) -> PaperForm:
        form = self.editor.form()
        assert isinstance(form, PaperForm)
        return form

    def take(self, path: Path) -> None:
        self.form.file_field.take(path)
        self.settle()

    def save(self) -> None:
        self.editor.save()
        self.settle()

    def look(self) -> PaperViewer:
        self.press("ShelfList_row")
        viewer = self.one(PaperViewer)
        self.qtbot.waitUntil(viewer.is_drawn)
        return viewer

    def choose_from_menu(self, words: str) -> None:
        more = self.one(QPushButton, "ShelfList_more")
        action = next(a for a in more.menu().actions() if a.text().startswith(words))
        action.trigger()
        self.settle()

    def answer(self, reason: str = REASON) -> None:
        dialog = self.one(ReasonDialog)
        dialog.reason_edit.setPlainText(reason)
        dialog.yes_button.click()
        self.settle()


Opening = Callable[..., Seen]


@pytest.fixture
def opening(house: House, qtbot: QtBot, qapp: QApplication) -> Iterator[Opening]:
    made: list[MainWindow] = []

    def open_for(role: str = "social_worker") -> Seen:
        theme.apply(qapp, "light")
        window = MainWindow(house.desk(role))
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
        made.append(window)
        seen = Seen(house, window, qtbot)
        seen.settle()
        return seen

    yield open_for
    for window in made:
        window.hide()
        window.deleteLater()


def a_record(house: House, kind: type[Record]) -> tuple[Person, Record]:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person, case_manager=worker)
        links = {"person": person.id, "staff": worker}
        if kind is Suspect:
            links["legal_case"] = work.save(minimal(LegalCase, work.now, **links)).id
        if kind is Person:
            consent = minimal(Consent, work.now, **links)
            work.save(_of_type(consent, "photo_id"), by_program=True)
            return person, person
        return person, work.save(minimal(kind, work.now, **links), by_program=True)


def _of_type(record: Any, kind: str) -> Any:
    from dataclasses import replace

    return replace(record, type=kind)


def a_scan(folder: Path, name: str = "scan.jpg") -> Path:
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    path = folder / name
    path.write_bytes(with_position(encoded(image, "JPG"), 6))
    return path


def test_a_paper_is_added_looked_at_copied_out_and_taken_back(
    house: House, opening: Opening, qtbot: QtBot, tmp_path: Path
) -> None:
    person, consent = a_record(house, Consent)
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    shelf = seen.one(ShelfList)
    assert "Nothing here yet" in shelf.hint_label.text()
    seen.press("ShelfList_add")
    assert seen.form.file_field.choose_button.hasFocus()
    path = tmp_path / "signed.pdf"
    path.write_bytes(a_pdf(3))
    seen.take(path)
    assert not seen.form.file_field.note_label.isHidden(), "the one on the stick is still there"
    seen.form.editor("about").set_value("Front")  # type: ignore[arg-type]
    seen.save()
    assert [line.about for line in seen.one(ShelfList).lines()] == ["Front"], "her consent again"

    viewer = seen.look()
    assert viewer.page_text.text() == "Page 1 of 3"
    for key, page in (("PageDown", 2), ("PageDown", 3), ("PageDown", 3), ("PageUp", 2)):
        QTest.keyClick(viewer.area, getattr(Qt.Key, f"Key_{key}"))
        assert viewer.page() == page
    for key, zoom in (("Plus", 1.25), ("Minus", 1.0), ("Minus", 0.75), ("0", 1.0)):
        QTest.keyClick(viewer, getattr(Qt.Key, f"Key_{key}"))
        assert viewer.zoom() == zoom
    qtbot.waitUntil(viewer.is_drawn)
    assert viewer.seconds_left() == 0

    QTimer.singleShot(300, lambda: _answer_folder(tmp_path))
    viewer.copy_button.click()
    seen.answer()
    copies = list(tmp_path.glob("paper-*.pdf"))
    assert [copy.read_bytes() for copy in copies] == [a_pdf(3)]
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not seen.window.findChildren(PaperViewer))

    seen.choose_from_menu("Take it back")
    seen.answer("Scanned the wrong paper")
    assert seen.one(ShelfList).lines() == ()
    with house.work("social_worker") as work:
        assert work.matching(ConsentPaper) == []


def _answer_folder(folder: Path) -> None:
    dialog = QApplication.activeModalWidget()
    if not isinstance(dialog, QFileDialog):
        QTimer.singleShot(100, lambda: _answer_folder(folder))
        return
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert line is not None
    line.setText(str(folder))
    dialog.accept()


def test_a_photograph_from_a_telephone_is_kept_upright_without_its_place(
    house: House, opening: Opening, tmp_path: Path
) -> None:
    person, consent = a_record(house, Consent)
    seen = opening()
    seen.go("resident", person.id, f"overview:consent_paper:{consent.id}")
    seen.take(a_scan(tmp_path))
    seen.save()
    with house.work("social_worker") as work:
        kept = work.matching(ConsentPaper)[0]
        content = papers.open_paper(work, ConsentPaper, kept.id).content
    assert PLACE not in content
    image = QImage.fromData(content)
    assert (image.width(), image.height()) == (800, 600)


def test_a_file_that_cannot_be_kept_says_why_beside_it_and_what_was_typed_stays(
    house: House, opening: Opening, tmp_path: Path
) -> None:
    person, consent = a_record(house, Consent)
    seen = opening()
    seen.go("resident", person.id, f"overview:consent_paper:{consent.id}")
    form = seen.form
    form.editor("about").set_value("Her mark")  # type: ignore[arg-type]
    seen.save()
    assert form.file_field.hint_label.text() == CHOOSE_FIRST
    assert form.file_field.choose_button.hasFocus()
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"PK\x03\x04")
    seen.take(letter)
    assert form.file_field.hint_label.text() == reading.OFFICE
    assert form.editor("about").value() == "Her mark"
    seen.take(a_scan(tmp_path))
    assert not form.file_field.is_refused()
    seen.save()
    with house.work("social_worker") as work:
        assert [one.about for one in work.matching(ConsentPaper)] == ["Her mark"]


def test_a_file_is_dropped_onto_the_list_and_onto_the_form(
    house: House, opening: Opening, tmp_path: Path
) -> None:
    person, consent = a_record(house, Consent)
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    _drop(seen.one(ShelfList), a_scan(tmp_path))
    seen.settle()
    assert seen.form.content()
    two = [a_scan(tmp_path, "one.jpg"), a_scan(tmp_path, "two.jpg")]
    _drop(seen.form.file_field, *two)
    assert "One file" in seen.form.file_field.hint_label.text()
    assert seen.form.content(), "the one before stays"


def _drop(on: QWidget, *paths: Path) -> None:
    said = QMimeData()
    said.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        said,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    on.dropEvent(event)


def test_a_half_typed_paper_waits_for_its_owner(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person, paper = a_record(house, IdentityDocument)
    seen = opening()
    seen.go("resident", person.id, f"overview:identity_paper_copy:{paper.id}")
    editor = seen.form.editor("about")
    QTest.keyClicks(editor, "Front side")
    assert editor.value() == "Front side"
    seen.editor.close_editor()
    seen.settle()
    seen.go("resident", paper.id, "draft")
    assert seen.form.editor("about").value() == "Front side"
    assert not seen.form.content(), "the file is chosen again"


def test_a_sealed_copy_is_looked_at_from_the_reveal_and_closes_with_it(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person, paper = a_record(house, IdentityDocument)
    with house.work("social_worker") as work:
        papers.add(work, papers.start(work, IdentityDocument, paper.id), a_pdf())
    seen = opening()
    seen.go("resident", person.id, f"overview:identity_document:{paper.id}")
    assert seen.one(ShelfList).lines() == ()
    assert "sealed" in seen.one(ShelfList).hint_label.text()
    seen.window.pages["resident"]._ask_identity()  # type: ignore[attr-defined]
    seen.settle()
    seen.answer()
    revealed = seen.one(IdentityDialog)
    look = revealed.findChild(QPushButton, "IdentityDialog_paper")
    assert look is not None
    look.click()
    seen.settle()
    viewer = seen.one(PaperViewer)
    assert 0 < viewer.seconds_left() <= 120
    assert not viewer.clock_label.isHidden()
    qtbot.waitUntil(viewer.is_drawn)
    viewer.clock_label.start(1)
    viewer.clock_label.tick()
    qtbot.waitUntil(lambda: not seen.window.findChildren(PaperViewer))
    revealed.reject()
    assert len(seen.one(ShelfList).lines()) == 1, "for an hour it is listed here too"


def test_a_face_is_not_photographed_without_a_consent_of_hers(
    house: House, opening: Opening
) -> None:
    person, _consent = a_record(house, Consent)
    seen = opening()
    seen.go("resident", person.id)
    seen.window.pages["resident"]._ask_identity()  # type: ignore[attr-defined]
    seen.settle()
    seen.answer()
    seen.one(IdentityDialog).edit_button.click()
    seen.settle()
    shelf = seen.one(ShelfList)
    assert "keeps no photographs" in shelf.hint_label.text()
    assert shelf.add_button.isHidden()


def test_a_picture_of_an_accused_is_added_from_the_case_and_says_how_it_was_obtained(
    house: House, opening: Opening, tmp_path: Path
) -> None:
    _person, suspect = a_record(house, Suspect)
    case_id = int(getattr(suspect, "legal_case_id", 0))
    seen = opening("legal_officer")
    seen.go("court", case_id, f"suspect:{suspect.id}")
    seen.press("ShelfList_add")
    seen.take(a_scan(tmp_path))
    seen.save()
    assert seen.form.has_refused(), "not without saying how"
    seen.form.editor("obtained").set_value("From the police file")  # type: ignore[arg-type]
    seen.save()
    assert [line.obtained for line in seen.one(ShelfList).lines()] == ["From the police file"]
    assert "police file" in seen.look().detail_label.text()
    with house.work("legal_officer") as work:
        assert [one.suspect_id for one in work.matching(SuspectPhoto)] == [suspect.id]


def test_a_damaged_paper_says_so_in_a_window_and_the_rest_works(
    house: House, opening: Opening
) -> None:
    person, consent = a_record(house, Consent)
    with house.work("social_worker") as work:
        papers.add(work, papers.start(work, Consent, consent.id), a_png(60, 60))
    for path in (house.folder / "att" / "cases").iterdir():
        path.unlink()
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    seen.press("ShelfList_row")
    said = seen.window.findChildren(QWidget, "Paper_trouble")
    assert "missing or damaged" in said[-1].accessibleName()
    assert not seen.window.findChildren(PaperViewer)
    said[-1].close()
    assert len(seen.one(ShelfList).lines()) == 1


@pytest.mark.parametrize("role", ["counsellor", "nurse"])
def test_who_reads_consents_without_their_papers_sees_no_list_of_them(
    house: House, opening: Opening, role: str
) -> None:
    person, consent = a_record(house, Consent)
    seen = opening(role)
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    assert not seen.window.findChildren(ShelfList)


def test_locking_takes_an_open_paper_from_the_screen(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person, consent = a_record(house, Consent)
    with house.work("social_worker") as work:
        papers.add(work, papers.start(work, Consent, consent.id), a_png(60, 60))
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    viewer = seen.look()
    lock = Lock(seen.window, house.desk("social_worker"), 5)
    with qtbot.waitSignal(lock.locked, timeout=10_000):
        lock.lock()
        assert not viewer.isVisible()
    house._open.clear()


def test_the_wheel_with_ctrl_changes_the_size_and_alone_it_scrolls(
    house: House, opening: Opening
) -> None:
    person, consent = a_record(house, Consent)
    with house.work("social_worker") as work:
        papers.add(work, papers.start(work, Consent, consent.id), a_pdf(2))
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    viewer = seen.look()
    for keys, zoom in (
        (Qt.KeyboardModifier.ControlModifier, 1.25),
        (Qt.KeyboardModifier.NoModifier, 1.25),
    ):
        wheel = QWheelEvent(
            QPointF(20, 20),
            QPointF(20, 20),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewer.area.viewport(), wheel)
        assert viewer.zoom() == zoom
    QApplication.sendEvent(viewer, QEvent(QEvent.Type.LayoutRequest))


def test_signing_in_erases_what_is_due_without_a_word(house: House, opening: Opening) -> None:
    person, _same = a_record(house, Person)
    with house.work("social_worker") as work:
        papers.add(work, papers.start(work, Person, person.id), a_png(60, 60))
    assert len(list((house.folder / "att" / "identity").iterdir())) == 1
    with house.work("manager") as work:
        from dataclasses import replace

        from shelter_app.domain.stay import Stay

        stay = work.rule_matching(Stay)[0]
        left = work.now - timedelta(days=31)
        work.save(
            replace(stay, admitted_at=left - timedelta(days=9), exited_at=left, state="S60_closed")
        )
    from ui import arrival

    seen = opening("manager")
    arrival.welcome(seen.window)
    seen.settle()
    assert list((house.folder / "att" / "identity").iterdir()) == []
    assert clock.now() > left


def test_tab_goes_through_the_papers_as_they_stand(
    house: House, opening: Opening, qtbot: QtBot
) -> None:
    person, consent = a_record(house, Consent)
    with house.work("social_worker") as work:
        for _each in range(2):
            papers.add(work, papers.start(work, Consent, consent.id), a_png(60, 60))
    seen = opening()
    seen.go("resident", person.id, f"overview:consent:{consent.id}")
    seen.one(QPushButton, "ResidentPage_sealed").setFocus()
    met = []
    for _step in range(6):
        held = QApplication.focusWidget()
        assert held is not None
        QTest.keyClick(held, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        met.append(now.objectName() if now is not None else "")
    rows = ["ShelfList_row", "ShelfList_more"] * 2
    assert met == [*rows, "ShelfList_add", "editor_save"]


def test_every_kind_of_paper_has_a_place_where_its_draft_is_taken_up() -> None:
    from ui.navigation import place_of_draft

    assert all(place_of_draft(kind.table) for kind in BESIDE.values())
    assert place_of_draft(IdentityPaperCopy.table) == "resident"
