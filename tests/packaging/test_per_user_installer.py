"""The .run puts a program in place whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a Linux installer")


@dataclass(frozen=True)
class Account:
    """A home folder and an installer for it, with a stand-in for the program."""

    home: Path
    installer: Path

    @property
    def program(self) -> Path:
        return self.home / ".local" / "lib" / "daily-register"

    @property
    def entry(self) -> Path:
        place = self.home / ".local" / "share" / "applications"
        return place / "org.daily_register.Register.desktop"

    def run(self, *options: str, file: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(file or self.installer), *options],
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def account(script: Callable[[str], Any], tmp_path: Path) -> Account:
    made = tmp_path / "made"
    (made / "_internal").mkdir(parents=True)
    (made / "_internal" / "library").write_bytes(bytes(range(256)) * 400)
    (made / "daily-register").write_text("#!/bin/sh\nexit 0\n")
    home = tmp_path / "a home with spaces ü"
    home.mkdir()
    installer = tmp_path / "installer.run"
    installer.write_bytes(script("per_user").assembled(made))
    return Account(home, installer)


def test_it_installs_under_the_chosen_name_and_tells_where_records_stay(account: Account) -> None:
    done = account.run("--name", "Office Diary", "--icon", "calendar")
    assert done.returncode == 0, done.stderr
    assert (account.program / "_internal" / "library").stat().st_size == 102_400
    assert "Name=Office Diary" in account.entry.read_text()
    assert (account.program / "appearance.txt").read_text() == "Office Diary\ncalendar\n"
    assert (account.home / ".local" / "bin" / "daily-register").resolve().exists()
    records = account.home / ".local" / "share" / "Register"
    records.mkdir()
    gone = subprocess.run(
        ["sh", str(account.program / "uninstall.sh")], capture_output=True, text=True, check=True
    )
    assert str(records) in gone.stdout
    assert records.exists()
    assert not account.program.exists()
    assert not account.entry.exists()


@pytest.mark.parametrize("harm", ["cut", "changed", "empty"])
def test_a_damaged_file_is_refused_and_the_old_program_stays(account: Account, harm: str) -> None:
    assert account.run().returncode == 0
    old = (account.program / "daily-register").stat().st_ino
    whole = account.installer.read_bytes()
    broken = account.home / "broken.run"
    start = whole.index(b"\x1f\x8b\x08")
    broken.write_bytes(
        {
            "cut": whole[:-7],
            "changed": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
            "empty": whole[:start],
        }[harm]
    )
    refused = account.run(file=broken)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert (account.program / "daily-register").stat().st_ino == old


def test_a_new_version_that_does_not_start_leaves_the_old_one(
    account: Account, script: Callable[[str], Any], tmp_path: Path
) -> None:
    assert account.run().returncode == 0
    old = (account.program / "daily-register").stat().st_ino
    (tmp_path / "made" / "daily-register").write_text("#!/bin/sh\nexit 1\n")
    account.installer.write_bytes(script("per_user").assembled(tmp_path / "made"))
    refused = account.run()
    assert refused.returncode == 1
    assert "Nothing was changed" in refused.stderr
    assert (account.program / "daily-register").stat().st_ino == old
    assert not list(account.program.parent.glob("*.new"))


def test_an_installation_cut_off_between_two_renames_is_mended_by_the_next(
    account: Account,
) -> None:
    assert account.run().returncode == 0
    account.program.rename(account.program.with_name("daily-register.old"))
    assert account.run().returncode == 0
    assert [path.name for path in account.program.parent.iterdir()] == ["daily-register"]


def test_an_upgrade_leaves_nothing_of_the_old_version(account: Account) -> None:
    assert account.run().returncode == 0
    stale = account.program / "_internal" / "stale"
    stale.write_text("old")
    assert account.run().returncode == 0
    assert not stale.exists()


@pytest.mark.parametrize("options", [("--name", "a/b"), ("--icon", "house"), ("--what",)])
def test_strange_wishes_are_refused_before_anything_is_touched(
    account: Account, options: tuple[str, ...]
) -> None:
    assert account.run(*options).returncode == 1
    assert not account.program.exists()


def test_two_packings_are_alike(script: Callable[[str], Any], account: Account) -> None:
    made = account.installer.parent / "made"
    for path in made.rglob("*"):
        path.touch()
    assert script("per_user").assembled(made) == account.installer.read_bytes()
