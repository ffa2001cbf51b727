"""One resident, one page: a header that stays, tabs under it, an editor at the right."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from shelter_app.domain import catalogue
from shelter_app.domain.papers import PAPERS, SEALED, Paper, link_of
from shelter_app.domain.person import Person, SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.i18n import N_, _
from shelter_app.services import papers, residents, sealed_details
from shelter_app.services import resident_page as service
from shelter_app.services.changes import Changes
from shelter_app.services.identity import SHOWN_SECONDS
from shelter_app.services.resident_page import NEW, DraftTarget, ResidentPage
from shelter_app.services.timeline import Entry
from ui.features.resident import editors, identity_dialog
from ui.features.resident.header import ResidentHeader
from ui.features.resident.overview import Overview
from ui.features.resident.timeline_tab import TimelineTab
from ui.kit.button import button, choose_first_soon
from ui.kit.context import Context
from ui.kit.page import EmptyState, Page, TabBar
from ui.kit.page_protocols import Refreshes, ShowsRecord
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor
from ui.kit.wording import sentence_for
from ui.papers.paper_form import PaperForm
from ui.papers.shelf_list import shelf_for
from ui.papers.words import kind_words

_ACTIONS_BESIDE: Final = 760
OVERVIEW: Final = "overview"
TIMELINE: Final = "timeline"
_SHARE_ID: Final = ("person", "person_background", "sealed_identity")

_OWN_RECORDS: Final = (
    ("risk_assessment", N_("Risk assessment")),
    ("consent", N_("Consent")),
    ("identity_document", N_("Identity paper")),
    ("alias", N_("Name in use")),
)
_OTHERS_RECORDS: Final = (
    ("stay", "stay", N_("Admit to a bed")),
    ("stay", "absence", N_("Absence from the house")),
    ("plan", "care_plan", N_("Plan, goal or review")),
    ("counselling", "counselling_session", N_("Counselling session")),
    ("court", "legal_case", N_("Police or court matter")),
    ("aftercare", "followup_contact", N_("Aftercare contact")),
    ("documents", "document", N_("Document")),
)


def page(context: Context) -> QWidget:
    """Return the page that shows one resident at a time."""
    return ResidentView(context)


class ResidentView(Page):
    """Loads everything in one question, then builds; tabs of others are built when opened."""

    def __init__(self, context: Context) -> None:
        super().__init__(parent=context.place)
        self.setObjectName("ResidentView")
        self._context = context
        self._person_id = 0
        self._page: ResidentPage | None = None
        self._tab_parts: dict[str, QWidget] = {}
        self._current = OVERVIEW
        self.header = ResidentHeader()
        self.tabs = TabBar()
        self.tabs.setObjectName("ResidentView_tabs")
        self.overview = Overview()
        self.closed = EmptyState("", _("To the list of residents"))
        self.summary_button = button(_("Court summary"), "ResidentView_summary")
        self.add_button = button(_("Add record"), "ResidentView_add", "primary", icon="add")
        self.menu = QMenu(self)
        self.menu.setObjectName("ResidentView_menu")
        self.side_editor = SideEditor(self)
        self.side_editor.setObjectName("ResidentView_editor")
        self._identity_timer = QTimer(self)
        self._identity_timer.setSingleShot(True)
        self._identity_timer.setInterval(SHOWN_SECONDS * 1_000)
        self._lay_out()
        self._connect()

    # What the shell asks

    def show_record(self, record_id: int, detail: str) -> None:
        """Show a resident; `detail` is a tab, or tab:type:id to open one record, or 'draft'."""
        if detail == "draft":
            self._take_up_draft(record_id)
            return
        if record_id != self._person_id:
            self._change_person(record_id)
        tab, _sep, rest = (detail or OVERVIEW).partition(":")
        self._show_tab(tab)
        self._load(then=partial(self._open_inside, tab, rest) if rest else None)

    def refresh(self, changes: Changes) -> None:
        """Ask again when something of this resident was touched; tabs refresh themselves."""
        if not self._person_id:
            return
        if self._person_id in changes.persons or changes.touch("staff", "bed", "room"):
            self._load()
        for part in self._tab_parts.values():
            if isinstance(part, Refreshes):
                part.refresh(changes)

    def edit_identity(self, identity: SealedIdentity) -> None:
        """Edit a true identity that was just shown; it closes after two minutes without typing."""
        form = editors.build(SealedIdentity, self._context.tasks, self._context.actor)
        if self._page is not None:
            person = self._page.header.person
            photographs = shelf_for(self._context, self, person, self._add_paper)
            if photographs is not None:
                form.add(photographs)
        form.set_record(identity)
        form.edited.connect(self._identity_timer.start)
        keeper = self._context.draft_keeper("edit", SealedIdentity, identity.person_id)
        title = _(editors.FORMS[SealedIdentity].title)
        self.side_editor.edit(
            title, form, partial(self._save, SealedIdentity), keeper, pill=_("Sealed")
        )
        self._identity_timer.start()

    # Building

    def _lay_out(self) -> None:
        self.set_header(self.header)
        self.head.setStretch(1, 0)  # the title and its context, which stay hidden here
        self.head.setAlignment(self.action_line, Qt.AlignmentFlag.AlignTop)
        self.fold_actions((self.summary_button, self.add_button), _ACTIONS_BESIDE)
        self.set_tabs(self.tabs)
        self.tabs.add(OVERVIEW, _("Overview"))
        for tab in self._context.resident_tabs:
            self.tabs.add(tab.key, tab.label)
        self.tabs.add(TIMELINE, _("Timeline"))
        self.body.addWidget(self.overview, 1)
        self.body.addWidget(self.closed, 1)
        self.closed.hide()
        self._show_frame(visible=False)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.header.identity_wanted.connect(self._ask_identity)
        self.summary_button.clicked.connect(self._go_to_summary)
        self.add_button.clicked.connect(self._open_menu)
        self.overview.entry_chosen.connect(self._open_entry)
        self.overview.edit_wanted.connect(self._edit)
        self.overview.tab_wanted.connect(self._show_tab)
        self.overview.case_wanted.connect(lambda case_id: self._context.go("court", case_id))
        self.closed.acted.connect(lambda: self._context.go("residents"))
        self._identity_timer.timeout.connect(self._close_identity)
        self.side_editor.closed.connect(self._identity_timer.stop)

    def _show_frame(self, *, visible: bool) -> None:
        for widget in (self.header, self.tabs, self.add_button):
            widget.setVisible(visible)
        if not visible:
            self.summary_button.hide()

    # Loading

    def _change_person(self, person_id: int) -> None:
        self.side_editor.close_editor()
        for part in self._tab_parts.values():
            self.body.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._tab_parts.clear()
        self._person_id = person_id
        self._page = None
        self._show_frame(visible=False)
        self.overview.hide()
        self.closed.hide()
        self.scroll_area.verticalScrollBar().setValue(0)

    def _load(self, then: Any = None) -> None:
        wanted = self._person_id

        def show(found: ResidentPage) -> None:
            if wanted == self._person_id:
                self._show(found)
                if then is not None:
                    then()

        self._context.tasks.ask(
            self, residents.resident_page, wanted, then=show, failed=self._show_closed
        )

    def _show(self, found: ResidentPage) -> None:
        self._page = found
        self.closed.hide()
        self._show_frame(visible=True)
        self.header.show_header(found.header)
        self.overview.show_page(found)
        self.setAccessibleName(found.header.person.headline())
        if any(tab.key == "documents" for tab in self._context.resident_tabs):
            self.tabs.set_count("documents", found.header.documents)
        self.summary_button.setVisible(found.court is not None and "document" in found.writes)
        self.add_button.setVisible(bool(self._menu_entries()))
        self.tabs.show_only(self._open_tabs())
        self._show_tab(self._current)

    def _show_closed(self, error: BaseException) -> None:
        self._show_frame(visible=False)
        self.overview.hide()
        for part in self._tab_parts.values():
            part.hide()
        self.closed.set_sentence(sentence_for(error), _("To the list of residents"))
        self.closed.show()

    # Tabs

    def _open_tabs(self) -> frozenset[str]:
        """Return the tabs that are open to the worker for this resident."""
        tabs = self._context.resident_tabs
        reads = self._page.reads if self._page is not None else None
        there = {t.key for t in tabs if reads is None or not t.table or t.table in reads}
        return frozenset({OVERVIEW, TIMELINE} | there)

    def _show_tab(self, key: str) -> None:
        self._current = key if key in self._open_tabs() else OVERVIEW
        if self.tabs.current_key() != self._current:
            self.tabs.set_current(self._current)
            return
        if self._page is None:
            return
        shown = self._part(self._current)
        for part in (self.overview, *self._tab_parts.values()):
            part.setVisible(part is shown)

    def _part(self, key: str) -> QWidget:
        if key == OVERVIEW:
            return self.overview
        part = self._tab_parts.get(key)
        if part is None:
            part = self._build_part(key)
            self._tab_parts[key] = part
            self.body.insertWidget(self.body.count() - 1, part, 1)
        return part

    def _build_part(self, key: str) -> QWidget:
        if key == TIMELINE:
            timeline = TimelineTab(self._context, self._person_id)
            timeline.entry_chosen.connect(self._open_entry)
            return timeline
        tab = next(tab for tab in self._context.resident_tabs if tab.key == key)
        return tab.build(self._context, self._person_id)

    def _open_entry(self, entry: Entry) -> None:
        self._context.go(entry.place, entry.place_id, entry.detail)

    def _open_inside(self, tab: str, rest: str) -> None:
        """Open one record named by 'type:id', here or in the tab it belongs to."""
        table, _sep, record_id = rest.partition(":")
        number = int(record_id) if record_id.isdigit() else 0
        if tab == OVERVIEW and table == SealedIdentity.table:
            self._ask_identity()
            return
        if tab == OVERVIEW:
            self._edit(table, number)
            return
        part = self._tab_parts.get(tab)
        if isinstance(part, ShowsRecord):
            part.show_record(number, table)

    # Editing

    def _edit(self, table: str, record_id: int) -> None:
        kind = catalogue.record_type(table)
        if kind in PAPERS:
            self._add_paper(PAPERS[kind], record_id)
        elif kind in PARENTS:
            self._context.tasks.do(
                self, sealed_details.start, kind, record_id, then=self._open_sealed
            )
        elif editors.form_of(table) is not None:
            self._context.tasks.ask(
                self,
                editors.load,
                table,
                self._person_id,
                record_id,
                then=self._open_editor,
            )

    def _open_editor(self, record: Record) -> None:
        kind = type(record)
        form = editors.FORMS[kind]
        made = editors.build(kind, self._context.tasks, self._context.actor, self._person_id)
        self._offer_sealed(made, record)
        self._list_papers(made, record)
        made.set_record(record)
        title = _(form.title if record.revision else form.new_title)
        if self._page is None or kind.table not in self._page.writes:
            made.set_read_only(True)
            self.side_editor.show_content(title, made)
            return
        shared = kind.table in _SHARE_ID
        new = not record.revision and not shared
        kept_under = self._person_id if new or shared else record.id
        keeper = self._context.draft_keeper(NEW if new else "edit", kind, kept_under)
        self.side_editor.edit(title, made, partial(self._save, kind), keeper)

    def _open_sealed(self, record: Record) -> None:
        """Edit a name or number that is kept with the true identity."""
        kind = type(record)
        form = editors.build(kind, self._context.tasks, self._context.actor)
        form.set_record(record)
        keeper = self._context.draft_keeper("edit", kind, record.id)
        title, pill = _(editors.FORMS[kind].title), _("Sealed")
        self.side_editor.edit(title, form, partial(self._save, kind), keeper, pill=pill)

    def _offer_sealed(self, form: RecordForm[Any], record: Record) -> None:
        """Lead from a record to what is sealed beside it, those who may write it down."""
        beside = editors.SEALED_BESIDE.get(type(record))
        writes = sealed_details.may_write(self._context.actor)
        if beside is None or not record.revision or not writes:
            return
        kind, words = beside
        made = button(_(words), "ResidentPage_sealed", "link", icon="lock")
        made.clicked.connect(lambda: self._edit(kind.table, record.id))
        form.add(made)

    # Scanned papers

    def _list_papers(self, form: RecordForm[Any], record: Record) -> None:
        """Show the papers beside a record in its editor, to those who see such papers."""
        made = None
        if not isinstance(record, Person):
            made = shelf_for(self._context, self, record, self._add_paper)
        if made is not None:
            form.add(made)

    def _add_paper(self, kind: type[Record], record_id: int, path: Path | None = None) -> None:
        """Open the form of a new paper beside a record, with the file where one was dropped."""
        self._context.tasks.ask(
            self, papers.start, kind, record_id, then=partial(self._open_paper_form, kind, path)
        )

    def _open_paper_form(self, of: type[Record], path: Path | None, paper: Paper) -> None:
        kind = type(paper)
        parent_id = int(getattr(paper, link_of(kind)))
        form = PaperForm(kind, self._context.tasks)
        form.set_record(paper)

        def kept(_line: object) -> None:
            self.side_editor.saved(form.record())
            self.side_editor.close_editor()
            if editors.form_of(of.table) is not None and of is not Person:
                self._edit(of.table, parent_id)

        def send(typed: Paper) -> None:
            self._context.tasks.do(
                self,
                papers.add,
                typed,
                form.content(),
                then=kept,
                failed=self.side_editor.failed,
                undo_label=_("Paper kept"),
            )

        keeper = self._context.draft_keeper("paper", kind, parent_id)
        pill = _("Sealed") if kind in SEALED else ""
        self.side_editor.edit(kind_words(kind), form, send, keeper, pill=pill)
        if path is not None:
            form.file_field.take(path)

    def _save(self, kind: type[Record], record: Record) -> None:
        form = editors.FORMS[kind]
        self._context.tasks.do(
            self,
            form.save,
            record,
            then=self._saved,
            failed=self.side_editor.failed,
            undo_label=_(form.undo),
        )

    def _saved(self, record: Record) -> None:
        self.side_editor.saved(record)
        self.side_editor.close_editor()

    def _take_up_draft(self, kept_under: int) -> None:
        if not kept_under:
            self._context.go("residents", 0, "draft")
            return
        self._context.tasks.ask(
            self, service.draft_target, kept_under, then=partial(self._go_on, kept_under)
        )

    def _go_on(self, kept_under: int, target: DraftTarget | None) -> None:
        if target is None:
            self.show_record(kept_under, "")
        elif target.table == SealedIdentity.table:
            self.show_record(target.person_id, "")
            self._load(then=self._ask_identity)
        elif self._edits(target.table):
            self.show_record(target.person_id, f"{OVERVIEW}:{target.table}:{target.record_id}")
        else:
            self.show_record(target.person_id, f"plan:{target.table}:{target.record_id}")

    @staticmethod
    def _edits(table: str) -> bool:
        """Say whether a record type, or a paper beside one, is edited here."""
        return catalogue.record_type(table) in PAPERS or editors.form_of(table) is not None

    # Actions

    def _ask_identity(self) -> None:
        if self._page is not None and self._page.header.may_reveal:
            name = self._page.header.person.display_alias
            identity_dialog.ask_and_show(self._context, self, self._person_id, name)

    def _close_identity(self) -> None:
        form = self.side_editor.form()
        if form is not None and isinstance(form.loaded(), SealedIdentity):
            self.side_editor.close_editor()

    def _go_to_summary(self) -> None:
        if self._page is not None and self._page.court is not None:
            self._context.go("summary", self._page.court.case.id)

    def _menu_entries(self) -> list[tuple[str, str, str]]:
        writes = self._page.writes if self._page is not None else frozenset()
        there = {tab.key for tab in self._context.resident_tabs}
        own = [(OVERVIEW, table, words) for table, words in _OWN_RECORDS if table in writes]
        others = [
            (tab, table, words)
            for tab, table, words in _OTHERS_RECORDS
            if table in writes and tab in there and table != self._out_of_place()
        ]
        return own + others

    def _out_of_place(self) -> str:
        """Return what makes no sense now: admitting who lives here, absence of who does not."""
        header = self._page.header if self._page is not None else None
        lives_here = header is not None and header.stay_id and header.left_on is None
        return "stay" if lives_here else "absence"

    def _open_menu(self) -> None:
        self.menu.clear()
        for tab, table, words in self._menu_entries():
            action = self.menu.addAction(_(words))
            action.setObjectName(f"ResidentView_add_{table}")
            if tab == OVERVIEW:
                action.triggered.connect(partial(self._add_own, table))
            else:
                action.triggered.connect(partial(self._add_elsewhere, tab, table))
        below = QPoint(0, self.add_button.height() + 2)
        choose_first_soon(self.menu)
        self.menu.popup(self.add_button.mapToGlobal(below))

    def _add_own(self, table: str) -> None:
        self._show_tab(OVERVIEW)
        self._edit(table, 0)

    def _add_elsewhere(self, tab: str, table: str) -> None:
        self._show_tab(tab)
        part = self._tab_parts.get(tab)
        if isinstance(part, ShowsRecord):
            part.show_record(0, table)
