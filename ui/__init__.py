"""The windows of Makao: PySide6 on top of the services."""
