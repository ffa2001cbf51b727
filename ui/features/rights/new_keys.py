"""New keys right after an erasure: old blocks of the disk then open with no key in use."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_app.i18n import _
from shelter_app.services import key_changes
from shelter_app.services.key_changes import Course
from ui.kit.context import Context
from ui.kit.long_work import LongWork
from ui.kit.message_bar import MessageBar
from ui.kit.wording import sentence_for


def give(owner: QWidget, context: Context, bar: MessageBar) -> None:
    """Make the keys that are due and held here; what is not made now is made at a sign-in."""
    course = Course()
    text = _(
        "It is erased. New keys are made, so that no key in use opens what the disk still holds of "
        "the old pages."
    )
    LongWork(owner, text, course).run(
        context.tasks,
        key_changes.give_due_keys,
        course,
        then=lambda _parts: None,
        failed=lambda error: bar.say(
            _("It is erased; only the new keys are still to be made. {trouble}").format(
                trouble=sentence_for(error)
            ),
            "warning",
        ),
    )
