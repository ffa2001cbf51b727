"""Choosing roles, and what follows from them said under the choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.i18n import _
from shelter_app.services import accounts
from shelter_app.services.accounts import StaffLine
from ui.features.staff.words import compartment_word
from ui.kit import theme
from ui.kit.button import label, toggle
from ui.kit.dialog import Dialog
from ui.kit.flow import FlowLayout


class RolePicker(QWidget):
    """Roles as toggles; the sentence under them says what they open or why they do not go."""

    def __init__(self, roles: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RolePicker")
        self.setAccessibleName(_("Roles"))
        self._buttons = {
            row.code: toggle(
                codelists.label("staff_role", row.code), f"role_{row.code}", on=row.code in roles
            )
            for row in codelists.offered("staff_role")
        }
        holder = QWidget()
        flow = FlowLayout(holder, spacing=6)
        for made in self._buttons.values():
            flow.addWidget(made)
            made.toggled.connect(self._explain)
        self.hint_label = label("", "hint", wrap=True, name="RolePicker_hint")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(holder)
        whole.addWidget(self.hint_label)
        self._explain()

    def roles(self) -> frozenset[str]:
        """Return the chosen roles."""
        return frozenset(code for code, made in self._buttons.items() if made.isChecked())

    def set_roles(self, roles: Sequence[str]) -> None:
        """Choose these roles."""
        for code, made in self._buttons.items():
            made.setChecked(code in roles)

    def _explain(self) -> None:
        refused = accounts.refusal(self.roles())
        theme.set_state(self.hint_label, problem=bool(refused))
        if refused:
            self.hint_label.setText(_(refused))
            return
        opened = ", ".join(compartment_word(name) for name in accounts.opened_by(self.roles()))
        self.hint_label.setText(_("Opens: {what}").format(what=opened))


class RolesDialog(Dialog):
    """Other roles for somebody, with what taking a role away cannot do."""

    def __init__(self, parent: QWidget, line: StaffLine) -> None:
        sentence = _("Roles of {alias}").format(alias=line.alias)
        super().__init__(parent, sentence, _("Give these roles"), _("Leave as it is"))
        self.setObjectName("RolesDialog")
        self.picker = RolePicker(line.roles)
        self.body.addWidget(self.picker)
        self.body.addWidget(
            label(
                _(
                    "A key you hold is given at once; another waits until somebody who holds it "
                    "agrees. Taking a role away closes it from now on, not for copies made before."
                ),
                "secondary",
                wrap=True,
            )
        )
        self.setMinimumWidth(theme.size(560))
