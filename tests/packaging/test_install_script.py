"""The installer for one account: beside the old program, proved, and taken back when it fails.

The program inside is a few lines of shell, because what is tried here is the installer; the built
program goes the same way in `./dev release-check`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "packaging" / "linux" / "install.sh"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell script for Linux")

SOUND = """#!/bin/sh
[ "$1" = --help ] && exit 0
[ "$1" = --tell-started ] && touch "$2"
echo "$0 $*" >> "$HOME/ran"
exit 0
"""
SILENT = """#!/bin/sh
[ "$1" = --help ] && exit 0
exit 3
"""


@pytest.fixture
def per_user() -> Iterator[Any]:
    """The script that packs; its folder is no package."""
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        import per_user as script  # type: ignore[import-not-found]

        yield script
    finally:
        sys.path.remove(str(ROOT / "packaging"))


class Desk:
    """A home folder, and installers made for it."""

    def __init__(self, home: Path, per_user: Any) -> None:
        self.home = home
        self.per_user = per_user
        self.program = home / ".local" / "lib" / "daily-register"

    def packed(self, version: str, program: str) -> Path:
        folder = self.home / f"made-{version}"
        folder.mkdir()
        (folder / "daily-register").write_text(program, "utf-8")
        (folder / "daily-register").chmod(0o755)
        (folder / "version.txt").write_text(version, "utf-8")
        payload = self.per_user.packed(folder)
        text = SCRIPT.read_text("utf-8")
        text = text.replace("@SUM@", hashlib.sha256(payload).hexdigest())
        text = text.replace("@SIZE@", str(len(payload))).replace("@VERSION@", version)
        (self.home / "run").mkdir(exist_ok=True)
        path = self.home / "run" / f"{version}.run"
        path.write_bytes(text.encode() + payload)
        return path

    def install(self, run: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(run), *arguments],
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
            | {"DAILY_REGISTER_STANDING": "5"}
            | more,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    def version(self) -> str:
        return (self.program / "version.txt").read_text("utf-8")


@pytest.fixture
def desk(tmp_path: Path, per_user: Any) -> Desk:
    home = tmp_path / "nyumba ya mtu ü"
    home.mkdir()
    return Desk(home, per_user)


def test_it_installs_for_one_account_and_says_where(desk: Desk) -> None:
    told = desk.install(desk.packed("1.0.0", SOUND))
    assert told.returncode == 0, told.stderr
    assert desk.version() == "1.0.0"
    entries = list((desk.home / ".local" / "share" / "applications").glob("*.desktop"))
    assert "Name=Daily Register" in entries[0].read_text("utf-8")


def test_an_update_that_stands_replaces_the_old_one_and_keeps_its_look(desk: Desk) -> None:
    desk.install(desk.packed("1.0.0", SOUND), "--name", "Kitchen Diary", "--icon", "calendar")
    told = desk.install(desk.packed("1.1.0", SOUND), "--update")
    assert told.returncode == 0, told.stderr
    assert desk.version() == "1.1.0"
    assert (desk.program / "appearance.txt").read_text("utf-8") == "Kitchen Diary\ncalendar\n"
    assert not desk.program.with_name("daily-register.old").exists()
    assert not (desk.home / "run" / "1.1.0.run").exists()


def test_an_update_that_does_not_stand_is_taken_back(desk: Desk) -> None:
    desk.install(desk.packed("1.0.0", SOUND))
    told = desk.install(desk.packed("1.1.0", SILENT), "--update")
    assert told.returncode == 5
    assert desk.version() == "1.0.0"
    waiting = 'until grep -qs -- --update-failed "$1"; do sleep 0.05; done'
    subprocess.run(["/bin/sh", "-c", waiting, "sh", str(desk.home / "ran")], check=True, timeout=10)


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.999])
def test_an_installer_pulled_out_half_way_changes_nothing(desk: Desk, kept: float) -> None:
    desk.install(desk.packed("1.0.0", SOUND))
    run = desk.packed("1.1.0", SOUND)
    data = run.read_bytes()
    run.write_bytes(data[: max(int(len(data) * kept), len(SCRIPT.read_bytes()) // 2)])
    assert desk.install(run, "--update").returncode != 0
    assert desk.version() == "1.0.0"


def test_a_changed_payload_is_refused(desk: Desk) -> None:
    desk.install(desk.packed("1.0.0", SOUND))
    run = desk.packed("1.1.0", SOUND)
    data = bytearray(run.read_bytes())
    data[-40] ^= 1
    run.write_bytes(data)
    told = desk.install(run)
    assert "damaged or incomplete" in told.stderr
    assert desk.version() == "1.0.0"


def test_a_folder_that_cannot_be_written_is_said(desk: Desk) -> None:
    (desk.home / ".local").write_text("in the way", "utf-8")
    told = desk.install(desk.packed("1.0.0", SOUND))
    assert told.returncode == 1
    assert told.stderr.startswith("There is not enough room, or the folder cannot be written")
    assert told.stderr.count("\n") == 1
    assert not desk.program.exists()


def test_it_explains_itself_and_touches_nothing(desk: Desk) -> None:
    run = desk.packed("1.0.0", SOUND)
    english, swahili = desk.install(run, "--help"), desk.install(run, "--language", "sw", "--help")
    assert (english.returncode, swahili.returncode) == (0, 0)
    assert "Usage: sh 1.0.0.run" in english.stdout
    for switch in ("--name", "--icon", "--into", "--language", "--check"):
        assert switch in english.stdout
        assert switch in desk.install(run, "--what").stderr
    assert not desk.program.exists()


@pytest.mark.parametrize("locale", ["sw_KE.UTF-8", "sw"])
def test_it_speaks_kiswahili_where_the_computer_does_and_so_does_what_it_installs(
    desk: Desk, locale: str
) -> None:
    told = desk.install(desk.packed("1.0.0", SOUND), LC_ALL=locale)
    assert "imewekwa katika" in told.stdout
    settings = desk.home / ".config" / "Register" / "settings.toml"
    assert settings.read_text("utf-8") == 'language = "sw"\n'
    settings.write_text('language = "en"\n', "utf-8")
    assert desk.install(desk.packed("1.1.0", SOUND), "--language", "sw").returncode == 0
    assert settings.read_text("utf-8") == 'language = "en"\n'
    remover = ["sh", str(desk.program / "uninstall.sh")]
    gone = subprocess.run(remover, capture_output=True, text=True, check=True)
    assert "Programu imeondolewa" in gone.stdout
    assert not desk.program.exists()


@pytest.mark.parametrize("switch", ["--name", "--icon", "--into", "--language"])
def test_a_switch_without_its_word_is_said(desk: Desk, switch: str) -> None:
    told = desk.install(desk.packed("1.0.0", SOUND), switch)
    assert told.returncode == 1
    assert f"{switch} needs a word" in told.stderr


@pytest.mark.parametrize("letters", ["Letters", "Letters/", "Letters.old", "Letters.new"])
def test_a_folder_with_other_things_in_it_is_never_taken(desk: Desk, letters: str) -> None:
    precious = desk.home / letters / "letter.txt"
    precious.parent.mkdir()
    precious.write_text("dear", "utf-8")
    into = desk.home / letters.removesuffix(".old").removesuffix(".new")
    told = desk.install(desk.packed("1.0.0", SOUND), "--into", f"{into}/")
    assert told.returncode == 1
    assert "something else" in told.stderr
    assert precious.read_text("utf-8") == "dear"


def test_an_empty_folder_is_taken(desk: Desk) -> None:
    (desk.home / "place").mkdir()
    told = desk.install(desk.packed("1.0.0", SOUND), "--into", f"{desk.home}/place/")
    assert told.returncode == 0, told.stderr
    assert (desk.home / "place" / "version.txt").read_text("utf-8") == "1.0.0"


def test_the_program_on_a_stick_is_not_made_an_ordinary_one(desk: Desk) -> None:
    stick = desk.home / "stick" / "Program"
    desk.install(desk.packed("1.0.0", SOUND), "--into", str(stick))
    (stick / "portable.txt").write_text("", "utf-8")
    told = desk.install(desk.packed("1.1.0", SOUND), "--into", str(stick))
    assert told.returncode == 1
    assert "stick" in told.stderr
    assert (stick / "version.txt").read_text("utf-8") == "1.0.0"


@pytest.mark.parametrize("name", ['a"b', "a$HOME", "a`b", "a%b", "a\nb"])
def test_a_folder_whose_name_would_break_the_menu_is_refused(desk: Desk, name: str) -> None:
    told = desk.install(desk.packed("1.0.0", SOUND), "--into", str(desk.home / name))
    assert told.returncode == 1
    assert not (desk.home / name).exists()


def test_it_is_not_installed_for_the_account_of_root_by_mistake(desk: Desk) -> None:
    told = desk.install(desk.packed("1.0.0", SOUND), SUDO_USER="mama")
    assert ("without sudo" in told.stderr) == (os.geteuid() == 0)
