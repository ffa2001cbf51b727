"""Install, use, upgrade and remove the Windows program under Wine, as setup.exe does it.

What only a real Windows can show stands in packaging/README.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import layout
import setup_exe
import wine
from checks import must, say, take_picture, wait_until
from layout import BUILD, NAME

_OLDER: Final = "0.0.9"
_NAME: Final = "Office Diary"
_FOLDER: Final = "Mahali pa kazi ñü"
_PEOPLE: Final = "60"
_CLOSE_FIRST: Final = 4
_REMOVED_WITHIN: Final = 120


def run(pictures: Path) -> None:
    """Do everything once, in order."""
    wine.prepare()
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    _clear_account()
    older = BUILD / f"{NAME}-{_OLDER}-setup.exe"
    setup_exe.make(quick=True, version=_OLDER, target=older)
    _wizard(pictures)
    place = wine.person() / _FOLDER / "Daily Register"
    _install(older)
    must((place / f"{NAME}.exe").exists(), "setup.exe did not install into the folder it was told")
    links = sorted(path.name for path in wine.person().rglob("*.lnk"))
    must(links.count(f"{_NAME}.lnk") == 2, f"shortcuts: {links}")
    say(f"Windows: version {_OLDER} installed silently into a path with spaces and letters as ñ")
    _refuse_under_open_program(place, pictures)
    before = _sums()
    _refuse_damaged(place)
    _install(setup_exe.place())
    must(layout.version() in _registry("DisplayVersion"), "the version in the registry is old")
    must(_sums() == before, "the upgrade touched the records")
    _drive(place, pictures / "main-job")
    say("Windows: upgraded over a filled vault; the main job done")
    kept = _sums()
    _uninstall(place, "")
    must(_sums() == kept, "uninstalling touched the records")
    must(not list(wine.person().rglob(f"{_NAME}*.lnk")), "uninstalling left shortcuts")
    say("Windows: uninstalled; the records are as they were")
    _install(setup_exe.place())
    _uninstall(place, " /ERASE=DELETE")
    must(not _data().exists(), "the typed word did not remove the records")
    say("Windows: records are destroyed only for the typed word")


def _data() -> Path:
    return wine.person() / "AppData" / "Local" / "Register"


def _clear_account() -> None:
    for path in (_data(), wine.person() / _FOLDER):
        shutil.rmtree(path, ignore_errors=True)


def _install(setup: Path) -> None:
    done = _silently(setup)
    must(done == 0, f"{setup.name} ended with {done}")


def _silently(setup: Path) -> int:
    target = f"C:\\users\\{wine.person().name}\\{_FOLDER}\\Daily Register"
    options = f'/S /NAME="{_NAME}" /ICON=calendar /D={target}'
    return wine.run_line(f'"{wine.windows_path(setup)}" {options}').returncode


def _refuse_under_open_program(place: Path, pictures: Path) -> None:
    running = subprocess.Popen(
        [wine.program(), str(place / f"{NAME}.exe"), "--demo", "--people", _PEOPLE],
        env=wine.surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until((_data() / "demo" / "demo.json").exists, running)
        take_picture(pictures / "start.png", running)
        done = _silently(setup_exe.place())
        must(done == _CLOSE_FIRST, f"an upgrade under an open program ended with {done}")
    finally:
        wine.run("taskkill", "/F", "/IM", f"{NAME}.exe")
        running.wait(60)
    say("Windows: the program shows its window; an upgrade asks to close it first")


def _refuse_damaged(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in layout.files_under(place)}
    whole = setup_exe.place().read_bytes()
    for name, content in (
        ("cut", whole[: len(whole) // 2]),
        ("changed", whole[: len(whole) // 2] + b"\0changed\0" + whole[len(whole) // 2 + 9 :]),
    ):
        broken = BUILD / f"{name}-setup.exe"
        broken.write_bytes(content)
        must(_silently(broken) != 0, f"a {name} setup.exe was not refused")
        broken.unlink()
    after = {path: path.stat().st_mtime_ns for path in layout.files_under(place)}
    must(after == before, "a damaged setup.exe touched the installed program")
    say("Windows: a cut and a changed setup.exe are refused; the old program is as it was")


def _drive(place: Path, pictures: Path) -> None:
    said = BUILD / "windows-said.txt"
    said.unlink(missing_ok=True)
    done = wine.run(
        str(place / f"{NAME}.exe"),
        "--demo",
        "--people",
        _PEOPLE,
        "--drive",
        wine.windows_path(pictures),
        more={"REGISTER_SAYS": wine.windows_path(said)},
    )
    told = said.read_text("utf-8") if said.exists() else done.stdout
    must(done.returncode == 0, f"the main job stopped:\n{told[-1500:]}")


def _uninstall(place: Path, options: str) -> None:
    """Run the uninstaller, which copies itself elsewhere and goes on after its first process."""
    account = wine.person().name
    remover = f"C:\\users\\{account}\\{_FOLDER}\\Daily Register\\Uninstall.exe"
    wine.run_line(f'"{remover}" /S{options}')
    until = time.monotonic() + _REMOVED_WITHIN
    while place.exists() and time.monotonic() < until:
        time.sleep(0.5)
    must(not place.exists(), "uninstalling left parts of the program")
    wine.settle()


def _registry(name: str) -> str:
    key = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\DailyRegister"
    return wine.run("reg", "query", key, "/v", name).stdout


def _wizard(pictures: Path) -> None:
    """Walk the pages in both languages with the keyboard, and keep their pictures."""
    manager = shutil.which("openbox")
    if manager is None or shutil.which("xdotool") is None:
        say("openbox or xdotool is not installed: no pictures of the wizard")
        return
    windows = subprocess.Popen([manager], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for language, keys in (("en", ()), ("sw", ("Down",))):
            _walk(language, keys, pictures)
    finally:
        windows.terminate()
    say("Windows: pictures of the wizard in both languages")


def _walk(language: str, keys: tuple[str, ...], pictures: Path) -> None:
    running = subprocess.Popen(
        [wine.program(), str(setup_exe.place())],
        env=wine.surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        take_picture(pictures / f"setup-{language}-0.png", running)
        for number, key in enumerate((*keys, "Return", "Return", "Return"), 1):
            subprocess.run(["xdotool", "key", key], check=True)
            time.sleep(3)
            picture = pictures / f"setup-{language}-{number}.png"
            subprocess.run(["import", "-window", "root", str(picture)], check=True)
    finally:
        wine.run("taskkill", "/F", "/IM", setup_exe.place().name)
        running.wait(60)


def _sums() -> dict[str, str]:
    return {
        str(path.relative_to(_data())): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in layout.files_under(_data())
        if "log" not in path.parts and os.access(path, os.R_OK)
    }
