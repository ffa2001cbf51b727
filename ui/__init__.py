"""The windows of Makao: PySide6 on top of the services."""

from ui.lasting_none import keep_none

keep_none()
