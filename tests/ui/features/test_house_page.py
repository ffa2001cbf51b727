"""The bed board and the tab about stays as people use them: real widgets over a real vault."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from shelter_app.domain import codelists
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Absence, Bed, Placement, Room, Stay
from shelter_app.services import bed_board, drafts
from shelter_app.services import house as acts
from shelter_app.services.work import Work
from tests.builders import a_person, a_room_with_beds
from tests.contexts import Gone, a_context
from tests.fixtures import House
from ui.features import house as feature
from ui.features.house.board import HousePage
from ui.features.house.forms import (
    AbsenceForm,
    AdmissionForm,
    BasisForm,
    BedForm,
    ExitForm,
    StayForm,
)
from ui.features.house.stay_tab import StayTabView
from ui.kit.bed_tile import BedTile
from ui.kit.context import Context
from ui.kit.dialog import Dialog
from ui.kit.page import Page
from ui.kit.side_editor import SideEditor
from ui.kit.toast import Toast


@dataclass
class Opened:
    """A house with a board open on it."""

    house: House
    context: Context
    qtbot: QtBot
    role: str
    gone: list[tuple[str, int, str]] = field(default_factory=list)
    failures: list[object] = field(default_factory=list)

    def settle(self) -> None:
        self.qtbot.waitUntil(self.context.tasks.is_idle)

    def board(self) -> HousePage:
        page = feature.page(self.context)
        assert isinstance(page, HousePage)
        self.qtbot.addWidget(page)
        page.resize(1165, 714)
        self.context.tasks.changed.connect(lambda changes, _who: page.refresh(changes))
        page.show()
        self.settle()
        return page

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.house.desk(self.role).ask(function, *args, **kwargs).result()


@dataclass
class Prepared:
    """Three beds; Pendo has the first, Zawadi the second."""

    beds: list[Bed]
    pendo: Stay
    zawadi: Stay
    newcomer: int


def prepared(opened: House) -> Prepared:
    with opened.work("manager") as work:
        _room, beds = a_room_with_beds(work, 3, name="Acacia", sex_allowed="F", age_max=17)
        stays = [
            _admitted(work, bed, name) for bed, name in zip(beds, ("Pendo", "Zawadi"), strict=False)
        ]
        newcomer = a_person(work, display_alias="Amani", age_band="25plus")
    return Prepared(beds, stays[0], stays[1], newcomer.id)


def _admitted(work: Work, bed: Bed, name: str) -> Stay:
    person = a_person(work, display_alias=name, age_band="14-15", diet="No pork")
    placement = Placement(admission_kind="new", legal_basis="interim_order")
    stay = Stay(person_id=person.id, case_manager=work.actor.staff_id)
    return acts.admit(work, stay, bed.id, placement)


@pytest.fixture
def opened(house: House, qtbot: QtBot) -> Callable[[str], Opened]:
    def make(role: str = "manager") -> Opened:
        gone: Gone = []
        context = a_context(house, role, gone)
        made = Opened(house, context, qtbot, role, gone)
        context.tasks.failed.connect(lambda error, _owner: made.failures.append(error))
        return made

    return make


def press(page: QWidget, name: str) -> None:
    found = page.findChildren(QPushButton, name)
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def tile(page: QWidget, bed: Bed) -> BedTile:
    return page.findChildren(BedTile, f"bed_{bed.id}")[-1]


def words(widget: QWidget) -> str:
    return " | ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisible())


def test_the_board_shows_who_sleeps_where(house: House, opened: Callable[[str], Opened]) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    assert tile(page, ready.beds[0]).accessibleName().count("Pendo") == 1
    assert tile(page, ready.beds[2]).state() == "free"
    here.qtbot.waitUntil(lambda: "1 free" in words(page))
    assert not page.setup_button.isVisible()


def test_an_empty_house_invites_the_manager_to_add_a_room(
    opened: Callable[[str], Opened],
) -> None:
    here = opened("manager")
    page = here.board()
    press(page, "empty_action")
    press(page, "RoomSetup_add")
    form = page.editor.form()
    assert form is not None
    form.editor("name").setText("Baobab")  # type: ignore[union-attr]
    page.editor.save()
    here.settle()
    assert [view.room.name for view in here.ask(bed_board.tonight).rooms] == ["Baobab"]
    room_id = here.ask(bed_board.tonight).rooms[0].room.id
    press(page, f"RoomSetup_bed_{room_id}")
    here.settle()
    assert here.ask(bed_board.tonight).free == 1


def test_a_tile_opens_the_houses_view(house: House, opened: Callable[[str], Opened]) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    QTest.keyClick(tile(page, ready.beds[0]), Qt.Key.Key_Return)
    here.settle()
    here.qtbot.waitUntil(lambda: "No pork" in words(page.editor))
    names = {found.objectName() for found in page.editor.findChildren(QPushButton)}
    assert {"HousePanel_move", "HousePanel_away", "HousePanel_open"} <= names
    assert "HousePanel_exit" not in names
    press(page, "HousePanel_open")
    assert here.gone == [("resident", ready.pendo.person_id, "")]


def test_admitting_from_a_free_tile_takes_that_bed(
    house: House, opened: Callable[[str], Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    press(page, f"bed_{ready.beds[2].id}")
    here.settle()
    form = page.editor.form()
    assert isinstance(form, AdmissionForm)
    page.editor.save()
    assert "Please fill this in." in words(page.editor)
    form.editor("person_id").set_value(ready.newcomer)  # type: ignore[arg-type]
    form.editor("case_manager").set_value(here.context.actor.staff_id)  # type: ignore[arg-type]
    form.edited.emit()
    here.settle()
    assert form.room_bar.isVisible()
    asked: list[str] = []

    def agree(_parent: object, sentence: str, *_words: str) -> bool:
        asked.append(sentence)
        return True

    monkeypatch.setattr(Dialog, "ask", agree)
    page.editor.save()
    here.settle()
    assert len(asked) == 1
    assert not page.editor.is_open()
    assert tile(page, ready.beds[2]).state() == "occupied"


def test_a_refused_admission_keeps_what_was_typed(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    page.acts.admit(ready.newcomer, ready.beds[0].id)
    here.settle()
    form = page.editor.form()
    assert isinstance(form, AdmissionForm)
    form.room_hints = ()
    form.editor("case_manager").set_value(here.context.actor.staff_id)  # type: ignore[arg-type]
    page.editor.save()
    here.settle()
    assert "This bed was given to somebody else" in words(page.editor)
    assert form.bed_id() == ready.beds[0].id


def test_away_and_back_again_with_undo(house: House, opened: Callable[[str], Opened]) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    page.open_stay(ready.pendo.id)
    here.settle()
    press(page, "HousePanel_away")
    form = page.editor.form()
    assert isinstance(form, AbsenceForm)
    form.editor("type").set_value("missing")  # type: ignore[arg-type]
    page.editor.save()
    here.settle()
    assert tile(page, ready.beds[0]).state() == "away"
    page.open_stay(ready.pendo.id)
    here.settle()
    press(page, "HousePanel_back")
    here.settle()
    assert tile(page, ready.beds[0]).state() == "occupied"
    toast = page.findChildren(Toast)[-1]
    toast.undo_button.click()
    here.settle()
    assert tile(page, ready.beds[0]).state() == "away"


def test_dropping_a_tile_on_a_free_bed_moves_and_on_another_swaps(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    tile(page, ready.beds[0]).dropped.emit(ready.beds[0].id, ready.beds[2].id)
    here.settle()
    assert tile(page, ready.beds[0]).state() == "free"
    tile(page, ready.beds[2]).dropped.emit(ready.beds[2].id, ready.beds[1].id)
    here.settle()
    assert "Pendo" in tile(page, ready.beds[1]).accessibleName()
    assert "Zawadi" in tile(page, ready.beds[2]).accessibleName()


def test_the_keyboard_follows_her_to_the_bed_she_moves_to(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    dict(page._menu(here.ask(bed_board.tonight).rooms[0].tiles[0]))["Move…"]()
    here.settle()
    form = page.editor.form()
    assert isinstance(form, BedForm)
    form.editor("bed_id").set_value(ready.beds[2].id)  # type: ignore[arg-type]
    form.edited.emit()
    page.editor.save()
    here.settle()
    here.qtbot.waitUntil(lambda: page.focusWidget() is tile(page, ready.beds[2]))
    assert "Pendo" in tile(page, ready.beds[2]).accessibleName()
    tile(page, ready.beds[2]).dropped.emit(ready.beds[2].id, ready.beds[0].id)
    here.settle()
    here.qtbot.waitUntil(lambda: page.focusWidget() is tile(page, ready.beds[0]))


def test_the_menu_key_offers_what_the_worker_may_do(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("house_mother")
    page = here.board()
    first = here.ask(bed_board.tonight).rooms[0].tiles[0]
    assert first.bed_id == ready.beds[0].id
    lines = dict(page._menu(first))
    assert list(lines) == ["Show", "Move…", "Away…", "Open file"]
    lines["Show"]()
    here.settle()
    here.qtbot.waitUntil(lambda: "No pork" in words(page.editor))


def test_leaving_asks_for_a_reason_when_something_is_open(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    page.open_stay(ready.pendo.id)
    here.settle()
    press(page, "HousePanel_exit")
    here.settle()
    form = page.editor.form()
    assert isinstance(form, ExitForm)
    form.editor("exit_type").set_value("kinship")  # type: ignore[arg-type]
    form.look_again()
    here.settle()
    assert "has not approved" in words(page.editor)
    page.editor.save()
    here.settle()
    assert page.editor.is_open()
    form.editor("exit_override_reason").setText("Approval by phone")  # type: ignore[union-attr]
    page.editor.save()
    here.settle()
    assert not page.editor.is_open()
    assert tile(page, ready.beds[0]).state() == "free"


def test_a_draft_of_an_admission_brings_every_part_back(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    page.show_record(0, "new")
    here.settle()
    form = page.editor.form()
    assert isinstance(form, AdmissionForm)
    assert form.basis_form is not None
    parts = (
        {"person_id": {"id": ready.newcomer, "text": "Amani"}},
        {"bed_id": {"id": ready.beds[2].id, "text": "A3"}},
        {"brought_by": {"value": "Chief"}},
    )
    form.restore(json.dumps([json.dumps(part) for part in parts]))
    assert form.record().person_id == ready.newcomer
    assert form.bed_id() == ready.beds[2].id
    assert form.basis_form.record().brought_by == "Chief"
    assert form.is_modified()
    here.settle()


def test_the_tab_shows_stays_and_offers_to_record_a_missing_basis(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    worker = house.staff_id("social_worker")
    with house.work("house_mother") as work:
        night = house_admission(work, ready.newcomer, ready.beds[2], worker)
    here = opened("manager")
    page = Page("Amani")
    here.qtbot.addWidget(page)
    tab = feature.resident_tab(here.context, night.person_id)
    assert isinstance(tab, StayTabView)
    here.context.tasks.changed.connect(lambda changes, _who: tab.refresh(changes))
    page.body.addWidget(tab)
    page.resize(1165, 714)
    page.show()
    here.settle()
    here.qtbot.waitUntil(lambda: "Nobody has recorded why" in words(tab))
    press(tab, "message_act")
    here.settle()
    editor = page.findChildren(SideEditor)[0]
    form = editor.form()
    assert form is not None
    form.editor("legal_basis").set_value("adult_consent")  # type: ignore[arg-type]
    editor.save()
    here.settle()
    here.qtbot.waitUntil(lambda: "Adult's own informed consent" in words(tab))


def test_the_board_asks_casework_for_what_the_house_could_not_record(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    worker = house.staff_id("social_worker")
    with house.work("house_mother") as work:
        house_admission(work, ready.newcomer, ready.beds[2], worker)
    here = opened("social_worker")
    page = here.board()
    assert page.basis_bar.isVisible()
    page.basis_bar.act_button.click()
    assert here.gone == [("resident", ready.newcomer, "stay")]


def test_a_draft_about_a_stay_opens_the_form_it_was_written_in(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    place = drafts.Place("basis", "placement", ready.zawadi.id)
    here.context.desk.do(drafts.keep, place, "{}").result()
    page = here.board()
    page.show_record(ready.zawadi.id, "draft")
    here.settle()
    assert isinstance(page.editor.form(), BasisForm)


def house_admission(work: Work, person_id: int, bed: Bed, worker: int) -> Stay:
    return acts.admit(work, Stay(person_id=person_id, case_manager=worker), bed.id)


def test_somebody_whose_place_was_not_kept_stands_beside_the_rooms(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    with house.work("manager") as work:
        house_leave = Absence(
            stay_id=ready.pendo.id,
            type="family_visit",
            left_at=work.now,
            expected_back=work.now + timedelta(days=3),
            bed_held=False,
        )
        acts.leave(work, house_leave)
    here = opened("manager")
    page = here.board()
    press(page, f"without_bed_{ready.pendo.id}")
    here.settle()
    press(page, "HousePanel_back")
    form = page.editor.form()
    assert form is not None
    form.editor("bed_id").set_value(ready.beds[2].id)  # type: ignore[arg-type]
    page.editor.save()
    here.settle()
    assert "Pendo" in tile(page, ready.beds[2]).accessibleName()


def test_a_form_closes_when_another_tab_comes(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = Page("Pendo")
    here.qtbot.addWidget(page)
    tab = feature.resident_tab(here.context, ready.pendo.person_id)
    assert isinstance(tab, StayTabView)
    page.body.addWidget(tab)
    page.show()
    tab.show_record(0, "absence")
    here.settle()
    editor = page.findChildren(SideEditor)[0]
    assert isinstance(editor.form(), AbsenceForm)
    tab.hide()
    assert not editor.is_open()


def test_a_stay_is_put_right_from_the_tab(house: House, opened: Callable[[str], Opened]) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = Page("Pendo")
    here.qtbot.addWidget(page)
    tab = feature.resident_tab(here.context, ready.pendo.person_id)
    assert isinstance(tab, StayTabView)
    here.context.tasks.changed.connect(lambda changes, _who: tab.refresh(changes))
    page.body.addWidget(tab)
    page.resize(1165, 714)
    page.show()
    here.settle()
    press(tab, f"StayTab_correct_{ready.pendo.id}")
    here.settle()
    editor = page.findChildren(SideEditor)[0]
    form = editor.form()
    assert isinstance(form, StayForm)
    form.editor("case_manager").set_value(house.staff_id("social_worker"))  # type: ignore[arg-type]
    form.editor("belongings_done").set_value(True)  # type: ignore[arg-type]
    editor.save()
    here.settle()
    kept = here.ask(Work.get, Stay, ready.pendo.id)
    alias = here.ask(Work.get, Staff, house.staff_id("social_worker")).alias
    assert kept.belongings_done
    here.qtbot.waitUntil(lambda: not editor.is_open() and alias in words(tab))


def test_what_was_written_down_when_she_left_can_be_read_again(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    with house.work("manager") as work:
        details = dataclasses.replace(
            acts.exit_draft(work, ready.pendo.id),
            exit_type="kinship",
            exit_destination_county="001",
            exit_destination_country="UG",
            handed_to_type="grandmother",
            exit_risk="medium",
            exit_override_reason="Her grandmother came",
            belongings_returned=True,
            documents_given=False,
        )
        acts.exit_stay(work, details)
    here = opened("manager")
    tab = feature.resident_tab(here.context, ready.pendo.person_id)
    here.qtbot.addWidget(tab)
    here.settle()
    shown = [text.text() for text in tab.findChildren(QLabel)]
    where = tab.findChild(QLabel, "StayTab_went_to")
    assert where is not None
    assert where.text() == "Mombasa, Uganda"
    pairs = dict(itertools.pairwise(shown))
    assert pairs["Received by"] == codelists.label("relationship", "grandmother")
    assert pairs["Risk on leaving"] == "Medium"
    assert (pairs["Belongings returned"], pairs["Documents given"]) == ("Yes", "No")
    assert pairs["Belongings listed"] == "No"


def test_a_draft_of_an_exit_keeps_the_time_she_left(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    page.open_stay(ready.pendo.id)
    here.settle()
    press(page, "HousePanel_exit")
    here.settle()
    form = page.editor.form()
    assert isinstance(form, ExitForm)
    assert not form.is_modified()
    time = form.time_form.editor("exited_at")
    shown = form.time_form.record().exited_at
    assert shown is not None
    before = shown.replace(second=0, microsecond=0)
    time.set_value(before - timedelta(days=1, hours=3))  # type: ignore[arg-type]
    time.edited.emit()
    assert form.is_modified()
    draft = form.draft()
    time.set_value(before)  # type: ignore[arg-type]
    form.restore(draft)
    assert form.time_form.record().exited_at == before - timedelta(days=1, hours=3)


def test_a_refused_form_puts_the_cursor_into_the_refused_field_and_shows_its_sentence(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    here = opened("manager")
    page = here.board()
    page.resize(900, 420)
    page.open_stay(ready.pendo.id)
    here.settle()
    press(page, "HousePanel_exit")
    here.settle()
    form = page.editor.form()
    assert isinstance(form, ExitForm)
    assert "How she left *" in words(page.editor)
    page.editor.save()
    assert form.editor("exit_type").hasFocus()
    form.editor("exit_type").set_value("kinship")  # type: ignore[arg-type]
    area = page.editor.scroll_area
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    page.editor.save()
    here.settle()
    reason = form.editor("exit_override_reason")
    assert reason.hasFocus() or reason.focusProxy()
    holder = form.findChild(QWidget, "exit_override_reason_holder")
    assert holder is not None
    here.qtbot.waitUntil(
        lambda: (
            area.viewport()
            .rect()
            .contains(QRect(holder.mapTo(area.viewport(), QPoint()), holder.size()))
        )
    )


def test_dropping_somebody_into_a_room_for_others_asks_before_it_moves_her(
    house: House, opened: Callable[[str], Opened]
) -> None:
    ready = prepared(house)
    with house.work("manager") as work:
        room = work.save(Room(name="Small ones", room_type="dorm", age_max=9))
        bed = work.save(Bed(room_id=room.id, bed_no="S1"))
    here = opened("house_mother")
    page = here.board()
    page.acts.drop(ready.beds[0].id, bed.id)
    here.settle()
    dialog = page.findChild(Dialog)
    assert dialog is not None
    assert "younger" in dialog.sentence_label.text()
    assert tile(page, bed).state() == "free"
    dialog.accept()
    here.settle()
    here.qtbot.waitUntil(lambda: tile(page, bed).state() == "occupied")
