"""The true identity on the screen: for two minutes, in sight of the clock, not to be copied."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.fields import fields_of
from shelter_app.domain.oversight import REASON_AT_LEAST
from shelter_app.domain.person import SealedIdentity
from shelter_app.i18n import _
from shelter_app.services import identity, papers
from shelter_app.services.identity import Shown
from shelter_app.services.papers import PaperLine
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.countdown import Countdown
from ui.kit.dialog import ReasonDialog
from ui.kit.row import TwoLines
from ui.papers import acts
from ui.papers import words as paper_words


def ask_and_show(context: Context, page: QWidget, person_id: int, name: str) -> None:
    """Show the identity, after a reason unless one was given within the hour.

    The page must offer `edit_identity`. Nothing waits for a dialog: a lock closes it like any
    other window.
    """

    def go_on(open_until: datetime | None) -> None:
        if open_until is None:
            _ask(context, page, person_id, name)
        else:
            _reveal(context, page, person_id, name, "")

    context.tasks.ask(page, identity.open_until, person_id, then=go_on)


def _reveal(context: Context, page: QWidget, person_id: int, name: str, reason: str) -> None:
    def with_papers(shown: Shown) -> None:
        context.tasks.ask(
            page,
            papers.of_person,
            person_id,
            then=lambda lines: _show(context, page, shown, name, lines),
        )

    context.tasks.do(page, identity.reveal, person_id, reason, then=with_papers)


def reason_dialog(page: QWidget, name: str) -> ReasonDialog:
    """Return the question before a true name: who will be told, and why it is needed."""
    dialog = ReasonDialog(
        page,
        _(
            "You are about to see the legal name and address of “{name}”. The manager and the "
            "data protection lead will be told that you looked, and why. For an hour you need "
            "not give the reason again."
        ).format(name=name),
        _("Show for two minutes"),
        _("Keep it closed"),
        prompt=_("Why do you need to see it?"),
        least=REASON_AT_LEAST,
    )
    dialog.setObjectName("Identity_reason")
    return dialog


def _ask(context: Context, page: QWidget, person_id: int, name: str) -> None:
    dialog = reason_dialog(page, name)
    dialog.accepted.connect(
        lambda: _reveal(context, page, person_id, name, dialog.reason()),
    )
    dialog.show_once()


def _show(
    context: Context, page: QWidget, shown: Shown, name: str, lines: tuple[PaperLine, ...]
) -> None:
    window = IdentityDialog(shown, name, page, lines)
    window.paper_wanted.connect(
        lambda line: acts.look(context, window, line, seconds=window.seconds_left())
    )
    edit = getattr(page, "edit_identity", None)
    if edit is not None:
        window.edit_wanted.connect(edit)
    window.open()


class IdentityDialog(QDialog):
    """Plain words that cannot be selected; a clock that counts down and closes the window."""

    edit_wanted = Signal(object)
    paper_wanted = Signal(object)
    """A copy of a paper or a photograph that is to be looked at."""

    def __init__(
        self,
        shown: Shown,
        name: str,
        parent: QWidget | None = None,
        lines: tuple[PaperLine, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setObjectName("IdentityDialog")
        self.setWindowTitle(" ")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._identity = shown.identity
        self._details = shown.details
        title = label(_("True identity of “{name}”").format(name=name), "card-title", wrap=True)
        self.clock_label = Countdown("IdentityDialog_clock", "strong", "soon")
        self.edit_button = button(_("Correct or add"), "IdentityDialog_edit", icon="edit")
        self.edit_button.setVisible(shown.may_edit)
        self.close_button = button(_("Close now"), "IdentityDialog_close", "primary")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.clock_label)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.edit_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(14)
        whole.addLayout(head)
        whole.addLayout(self._facts())
        hint = _("Nothing here can be copied. This look is in the audit trail with your reason.")
        if lines:
            hint = _(
                "Names and numbers here cannot be copied; a paper can, with a reason of its own. "
                "This look is in the audit trail with your reason."
            )
        whole.addWidget(label(hint, "hint", wrap=True))
        whole.addLayout(foot)
        self.setMinimumWidth(theme.size(460))
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self.clock_label.over.connect(self.reject)
        self.close_button.clicked.connect(self.accept)
        self.edit_button.clicked.connect(self._edit)
        self.clock_label.start(shown.seconds)

    def seconds_left(self) -> int:
        """Return how long it stays open."""
        return self.clock_label.left

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        line = 0
        for field in fields_of(SealedIdentity):
            value = "" if field.name == "person_id" else getattr(self._identity, field.name)
            if value:
                grid.addWidget(label(_(field.label), "mute"), line, 0, Qt.AlignmentFlag.AlignTop)
                shown = label(str(value), wrap=True, name=f"IdentityDialog_{field.name}")
                grid.addWidget(shown, line, 1)
                line += 1
        for detail in self._details:
            for field in fields_of(type(detail)):
                value = "" if field.name == "person_id" else getattr(detail, field.name)
                if value:
                    name = label(_(field.label), "mute", wrap=True)
                    grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
                    shown = label(str(value), wrap=True, name=f"IdentityDialog_{field.name}")
                    grid.addWidget(shown, line, 1)
                    line += 1
        for paper in self._lines:
            look = button(_("View"), "IdentityDialog_paper", "small")
            look.setAccessibleName(_("Look at: {what}").format(what=paper_words.headline(paper)))
            look.clicked.connect(lambda _on, paper=paper: self.paper_wanted.emit(paper))
            told = TwoLines(paper_words.headline(paper), paper_words.detail(paper), face="")
            kind = label(paper_words.kind_words(paper.kind), "mute", wrap=True)
            top = Qt.AlignmentFlag.AlignTop
            across = QHBoxLayout()
            across.addWidget(told, 1)
            across.addWidget(look, 0, top)
            grid.addWidget(kind, line, 0, top)
            grid.addLayout(across, line, 1)
            line += 1
        if not line:
            nothing = _("Nothing has been written down yet.")
            grid.addWidget(
                label(nothing, "mute", wrap=True, name="IdentityDialog_empty"), 0, 0, 1, 2
            )
        return grid

    def _edit(self) -> None:
        self.edit_wanted.emit(self._identity)
        self.accept()
