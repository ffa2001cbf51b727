"""The first tab: her situation, her plan, how life changes, court, and what happened last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.consent import Consent
from shelter_app.domain.person import Alias, IdentityDocument
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.i18n import _, ngettext
from shelter_app.services.resident_page import CourtCard, PlanCard, ResidentPage
from ui.features.resident import words
from ui.features.resident.columns import Columns
from ui.kit.button import button, label, rule
from ui.kit.page import (
    BeforeAfterTrack,
    Card,
    FlowLayout,
    KeyValueList,
    Pill,
    ProgressLine,
    RowButton,
    StageTrack,
    Timeline,
    TwoLines,
)

_FEW = 4


class Overview(QWidget):
    """Cards made from one answer; a card that is closed to the worker is not there."""

    entry_chosen = Signal(object)
    edit_wanted = Signal(str, object)
    """(table, record id): open the editor; id 0 means a new record or the person's own."""
    tab_wanted = Signal(str)
    case_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Overview")
        self._upper = Columns((4, 5, 3))
        self._lower = Columns((1, 1, 1))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self._upper)
        whole.addWidget(self._lower)
        whole.addStretch(1)

    def show_page(self, page: ResidentPage) -> None:
        """Show another answer."""
        self._upper.clear()
        self._lower.clear()
        self._upper.add(0, self._situation(page))
        if page.plan is not None:
            self._upper.add(0, self._plan(page.plan))
        if page.outcomes:
            self._upper.add(1, self._outcomes(page))
        if page.court is not None:
            self._upper.add(1, self._court(page.court))
        self._upper.add(2, self._latest(page))
        if page.risks is not None:
            rows = [self._risk_row(page, one) for one in page.risks]
            title = _("Risk of harm")
            self._lower.add(0, self._list_card(page, title, "risk_assessment", rows))
        if page.consents is not None:
            rows = [self._consent_row(one, page.scans.get(one.id, 0)) for one in page.consents]
            self._lower.add(1, self._list_card(page, _("Consents"), "consent", rows))
        if page.papers is not None:
            rows = [self._paper_row(one) for one in page.papers]
            title = _("Identity papers")
            self._lower.add(2, self._list_card(page, title, "identity_document", rows))
        if page.aliases is not None:
            rows = [self._alias_row(one) for one in page.aliases]
            self._lower.add(2, self._list_card(page, _("Names in use"), "alias", rows))
        self._upper.arrange()
        self._lower.arrange()

    # The situation

    def _situation(self, page: ResidentPage) -> Card:
        card = Card(_("Situation"))
        card.setObjectName("Overview_situation")
        facts = KeyValueList()
        for key, value in self._facts(page):
            facts.add(key, value)
        expires = page.header.order_expires_on
        if expires:
            when = f"{words.day(expires)} · {words.in_days(expires)}"
            facts.add(_("Order expires"), label(when, "strong", wrap=True, role="soon"))
        if page.header.person.risk_level:
            facts.add(_("Risk of harm"), self._risk(page))
        card.add(facts)
        links = FlowLayout(spacing=4)
        for table, text in (
            ("person", _("Edit what the house knows")),
            ("person_background", _("Edit the background")),
        ):
            if table in page.writes:
                edit = button(text, f"Overview_edit_{table}", "link")
                edit.clicked.connect(lambda _on, table=table: self.edit_wanted.emit(table, 0))
                links.addWidget(edit)
        card.body.addLayout(links)
        return card

    def _facts(self, page: ResidentPage) -> Sequence[tuple[str, str]]:
        person, situation = page.header.person, page.situation
        background = situation.background
        exploitation = background.exploitation if background else ""
        coming = situation.next_appointment
        pairs = (
            (_("Placed by"), words.placed_by(page)),
            (
                _("Exploitation"),
                codelists.label("exploitation_type", exploitation) if exploitation else "",
            ),
            (_("Bed"), situation.bed),
            (_("Left"), words.day(page.header.left_on)),
            (_("Away"), self._away(page)),
            (_("Next appointment"), self._appointment(page) if coming else ""),
            (_("Safe contact"), words.safe_contact(page)),
            (_("Diet"), person.diet),
            (_("Disability"), codelists.labels("disability", person.disability)),
            (_("Practical help"), person.disability_support),
            (_("For the house"), person.house_notes),
        )
        return [(key, value) for key, value in pairs if value]

    def _away(self, page: ResidentPage) -> str:
        if not page.header.away:
            return ""
        where = codelists.label("absence_type", page.header.away)
        back = words.moment(page.header.back_at)
        return _("{where}, back {when}").format(where=where, when=back)

    def _appointment(self, page: ResidentPage) -> str:
        coming = page.situation.next_appointment
        assert coming is not None
        return f"{words.moment(coming.starts_at)} · {coming.headline().lower()}"

    def _risk(self, page: ResidentPage) -> QWidget:
        person = page.header.person
        level = person.risk_level
        holder = QWidget()
        line = QVBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(Pill(words.risk(level), words.RISK_ROLES.get(level, "neutral")))
        assessed = page.situation.risk_assessed_on
        parts = []
        if assessed:
            parts.append(_("assessed {day}").format(day=words.day(assessed)))
        if person.risk_review_due:
            parts.append(_("look again {day}").format(day=words.day(person.risk_review_due)))
        line.addWidget(label(", ".join(parts), wrap=True))
        return holder

    # Plan, outcomes, court, latest

    def _plan(self, plan: PlanCard) -> Card:
        number, agreed = plan.plan.version, plan.plan.agreed_on
        if agreed:
            aside = _("version {number} · agreed {day}").format(
                number=number, day=words.day(agreed)
            )
        else:
            aside = _("version {number}").format(number=number)
        card = Card(_("Aftercare plan"), aside)
        card.setObjectName("Overview_plan")
        for goal in plan.goals[: _FEW + 2]:
            card.add(ProgressLine(goal.goal.goal_text, goal.percent, goal.state, goal.role))
        if not plan.goals:
            card.add(label(_("No goals yet."), "mute"))
        more = button(_("Open the plan"), "Overview_open_plan", "link")
        more.clicked.connect(lambda: self.tab_wanted.emit("plan"))
        card.add(more)
        return card

    def _outcomes(self, page: ResidentPage) -> Card:
        card = Card(_("Outcomes since the plan began"), _("scale 1–4"))
        card.setObjectName("Overview_outcomes")
        for one in page.outcomes:
            name = codelists.label("plan_domain", one.area)
            card.add(BeforeAfterTrack(name, round(one.before, 1), round(one.now, 1)))
        card.add(label(_("○ at the start   ● now"), "secondary"))
        return card

    def _court(self, court: CourtCard) -> Card:
        others = (
            ngettext("{count} more matter", "{count} more matters", court.others).format(
                count=court.others
            )
            if court.others
            else ""
        )
        card = Card(_("Court"), others)
        card.setObjectName("Overview_court")
        if court.stages and not court.ended:
            card.add(StageTrack(court.stages, court.current))
        facts = KeyValueList()
        case = court.case
        station = codelists.label("court_stations_ke", case.court_station)
        number = case.court_case_no or case.ob_number or case.short_title
        facts.add(_("Case"), ", ".join(p for p in (number, case.court_station and station) if p))
        if court.ended:
            facts.add(_("Ended"), court.ended)
        if court.charge:
            facts.add(_("Charge"), court.charge)
        if court.next_event is not None:
            kind = codelists.label("court_event_type", court.next_event.type).lower()
            when = f"{words.moment(court.next_event.starts_at)} — {kind}"
            facts.add(_("Next"), label(when, "strong", wrap=True))
            who = ", ".join(court.companions)
            facts.add(_("Companion"), who or Pill(_("Not assigned"), "overdue"))
        elif not court.ended:
            facts.add(_("Next"), _("No date known"))
        card.add(facts)
        more = button(_("Open the case"), "Overview_open_case", "link")
        more.clicked.connect(lambda: self.case_wanted.emit(case.id))
        card.add(more)
        return card

    def _latest(self, page: ResidentPage) -> Card:
        card = Card(_("Latest"))
        card.setObjectName("Overview_latest")
        timeline = Timeline()
        timeline.set_entries([words.entry(one) for one in page.latest])
        timeline.record_chosen.connect(self.entry_chosen)
        card.add(timeline)
        if page.latest:
            more = button(_("Whole timeline"), "Overview_open_timeline", "link")
            more.clicked.connect(lambda: self.tab_wanted.emit("timeline"))
            card.add(more)
        return card

    # Lists of one record type

    def _list_card(
        self, page: ResidentPage, title: str, table: str, rows: Sequence[QWidget]
    ) -> Card:
        card = Card(title)
        card.setObjectName(f"Overview_{table}")
        if table in page.writes:
            add = button(_("Add"), f"Overview_add_{table}", "small", icon="add")
            add.setAccessibleName(_("Add: {what}").format(what=title))
            add.clicked.connect(lambda: self.edit_wanted.emit(table, 0))
            card.set_aside(add)
        hidden = list(rows[_FEW:])
        for number, row in enumerate(rows):
            if number:
                line = rule()
                card.add(line)
                if number >= _FEW:
                    hidden.append(line)
            card.add(row)
        for widget in hidden:
            widget.hide()
        if hidden:
            text = _("Show all {count}").format(count=len(rows))
            more = button(text, f"Overview_all_{table}", "link")
            more.clicked.connect(lambda: _unfold(more, hidden))
            card.add(more)
        if not rows:
            card.add(label(_("Nothing recorded yet."), "mute"))
        return card

    def _row(self, record: Record, headline: str, detail: str, pill: Pill | None) -> RowButton:
        row = RowButton(". ".join([headline, detail, pill.text() if pill else ""]))
        row.setObjectName(f"Overview_{record.table}_row")
        row.add(TwoLines(headline, detail, face=""), 1)
        if pill is not None:
            row.add(pill)
        row.clicked.connect(lambda: self.edit_wanted.emit(record.table, record.id))
        return row

    def _risk_row(self, page: ResidentPage, one: RiskAssessment) -> RowButton:
        done = one.done_at.date() if one.done_at else None
        who = page.staff.get(one.done_by, "")
        detail = " · ".join(part for part in (words.day(done), who) if part)
        pill = Pill(words.risk(one.risk_level), words.RISK_ROLES.get(one.risk_level, "neutral"))
        return self._row(one, codelists.label("risk_domain", one.domain), detail, pill)

    def _consent_row(self, one: Consent, scans: int) -> RowButton:
        until = _("until {day}").format(day=words.day(one.expires_on)) if one.expires_on else ""
        on_file = ""
        if scans:
            on_file = ngettext("{count} paper", "{count} papers", scans).format(count=scans)
        detail = " · ".join(part for part in (words.day(one.given_on), until, on_file) if part)
        role = "good" if one.in_force(clock.today()) else "soon"
        status = codelists.label("consent_status", one.status).partition(" (")[0]
        expired = one.expires_on is not None and one.expires_on < clock.today()
        pill = Pill(_("Ask again") if expired else status, role)
        return self._row(one, codelists.label("consent_type", one.type), detail, pill)

    def _paper_row(self, one: IdentityDocument) -> RowButton:
        holder = codelists.label("document_holder", one.holder) if one.holder else ""
        until = _("until {day}").format(day=words.day(one.expires_on)) if one.expires_on else ""
        detail = " · ".join(part for part in (holder, until) if part)
        expired = one.expires_on is not None and one.expires_on < clock.today()
        return self._row(
            one, one.headline(), detail, Pill(_("Expired"), "soon") if expired else None
        )

    def _alias_row(self, one: Alias) -> RowButton:
        use = codelists.label("alias_use", one.used_for)
        detail = f"{use} · {words.day(one.assigned_on)}"
        pill = None if one.active else Pill(_("Not used any more"), "neutral")
        return self._row(one, one.alias, detail, pill)


def _unfold(more: QWidget, hidden: Sequence[QWidget]) -> None:
    more.hide()
    for widget in hidden:
        widget.show()
