"""Where records may lie: never on a network drive, and with a word of warning on a stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from shelter_app.errors import NotPossible
from shelter_app.services import folders, house_setup

MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\n"
    "//server/office /mnt/office cifs rw 0 0\n"
    "/dev/sdb1 /media/mama/STICK\\040A vfat rw 0 0\n"
    "server:/home /srv/shared nfs4 rw 0 0\n"
    "broken line\n"
)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/records", "ext4"),
        ("/mnt/office/records", "cifs"),
        ("/mnt/officer/records", "ext4"),
        ("/media/mama/STICK A/records", "vfat"),
        ("/srv/shared", "nfs4"),
    ],
)
def test_the_mount_nearest_to_a_folder_says_what_it_is_on(folder: str, kind: str) -> None:
    assert folders.kind_among(MOUNTS, Path(folder)) == kind


def test_a_folder_on_another_computer_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "file_system", lambda _folder: "cifs")
    assert house_setup.folder_problem(tmp_path / "records") == folders.NETWORK
    with pytest.raises(NotPossible, match="another computer"):
        folders.require_own(tmp_path)


def test_a_stick_is_warned_about_and_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "file_system", lambda _folder: "vfat")
    assert folders.problem(tmp_path) == ""
    assert folders.warnings(tmp_path) == (folders.FAT,)


def test_a_folder_that_copies_itself_to_the_internet_is_warned_about(tmp_path: Path) -> None:
    assert folders.CLOUD in folders.warnings(tmp_path / "OneDrive - Home" / "x")
    assert folders.CLOUD in folders.warnings(tmp_path / "Dropbox" / "x")
    assert folders.warnings(tmp_path / "records") == ()


def test_the_folder_the_tests_run_in_is_on_this_computer(tmp_path: Path) -> None:
    assert folders.file_system(tmp_path)
    folders.require_own(tmp_path)
