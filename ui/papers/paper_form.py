"""The form of a new paper: its file, what it shows, and for an accused how it was obtained."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Final

from shelter_app.domain.papers import FacePhoto, IdentityPaperCopy, Paper, SuspectPhoto
from shelter_app.errors import Problem
from shelter_app.i18n import N_, _
from ui.kit.button import label
from ui.kit.placing import bring_soon
from ui.kit.record_form import RecordForm
from ui.kit.tasks import Tasks
from ui.papers.file_field import CHOOSE_FIRST, FileField

_FILE: Final = "file_name"
_SAID_FIRST: Final[dict[type[Paper], str]] = {
    SuspectPhoto: N_(
        "Only if it was lawfully obtained, so that the gate knows who must not come in."
    ),
    IdentityPaperCopy: N_("It shows her name, so it lies with the true identity."),
    FacePhoto: N_(
        "For the day she is missing, and for nothing else. It is erased 30 days after she leaves,"
        " or when she withdraws her consent."
    ),
}


class PaperForm(RecordForm[Paper]):
    """Keeps what was typed as any form does; the file is chosen again after a lock."""

    def __init__(self, kind: type[Paper], tasks: Tasks) -> None:
        super().__init__(kind, tasks)
        if kind in _SAID_FIRST:
            self.add(label(_(_SAID_FIRST[kind]), "secondary", wrap=True))
        self.file_field = FileField(tasks)
        self.add(self.file_field)
        self.row("about")
        if kind is SuspectPhoto:
            self.row("obtained")
        self.finish()
        self.file_field.chosen.connect(self.edited)

    def content(self) -> bytes:
        """Return what will be kept, b'' while nothing was chosen."""
        prepared = self.file_field.prepared
        return prepared.content if prepared else b""

    def record(self) -> Paper:
        """Return the paper with the number of pages of the file that was chosen."""
        prepared = self.file_field.prepared
        typed = super().record()
        return dataclasses.replace(typed, pages=prepared.pages) if prepared else typed

    def is_modified(self) -> bool:
        """Say whether something was typed: a file that was only chosen is chosen again."""
        return super().record() != self.loaded()

    def all_problems(self) -> list[Problem]:
        """Add that a file has to be chosen."""
        found = super().all_problems()
        return found if self.content() else [Problem(_FILE, CHOOSE_FIRST), *found]

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show what concerns the file beside it."""
        left = super().show_problems(problems)
        for problem in left:
            if problem.field == _FILE and not self.file_field.is_refused():
                self.file_field.refuse(_(problem.sentence))
        return [problem for problem in left if problem.field != _FILE]

    def go_to_refused(self) -> None:
        """Go to the file first: it stands above."""
        if self.file_field.is_refused() and not self.content():
            self.file_field.choose_button.setFocus()
            bring_soon(self.file_field)
        else:
            super().go_to_refused()
