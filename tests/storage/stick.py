"""A stick for tests: a folder, a real small disk where that is allowed, and backups on it."""

from __future__ import annotations

from pathlib import Path

from shelter_app.storage import backup, backup_places, staging, vault
from shelter_app.storage.backup_progress import Progress
from tests.storage.small_vault import Small, write


def stick_in(root: Path, opened: vault.Vault) -> Path:
    """Return a folder that is known as a stick of this vault."""
    root.mkdir(exist_ok=True)
    backup_places.register(root, opened.vault_id)
    return root


def picture_of(opened: vault.Vault) -> staging.Picture:
    return staging.take(opened, [opened.slot_id], Progress())


def made(opened: vault.Vault, root: Path) -> backup.Written:
    """Make a backup as the program does."""
    picture = picture_of(opened)
    try:
        return backup.write(picture, root, Progress())
    finally:
        picture.drop()


def backed_up(small: Small, root: Path, who: str = "manager") -> backup.Written:
    """Write something as the manager and make a backup as somebody."""
    opened = small.open()
    write(opened, 1, b"before")
    opened.close()
    opened = small.open(who)
    written = made(opened, stick_in(root, opened))
    opened.close()
    return written


def folder_of(root: Path, written: backup.Written) -> Path:
    return root / backup_places.FOLDER / written.name


def names_on(root: Path) -> list[str]:
    """Return everything that lies where backups lie, finished or not."""
    return sorted(path.name for path in (root / backup_places.FOLDER).glob("office-*"))
