"""Install, use, upgrade and remove the Windows program under Wine, as setup.exe does it.

What only a real Windows can show stands in packaging/README.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import layout
import next_version
import setup_exe
import wine
from checks import changed, listed, must, say, sums, take_picture, wait_until
from layout import BUILD, NAME, ROOT, WINDOWS

sys.path.insert(0, str(ROOT))

from shelter_app import settings

_OLDER: Final = "0.0.9"
_NAME: Final = "Office Diary"
_FOLDER: Final = "Mahali pa kazi ñü"
_PEOPLE: Final = "60"
_CLOSE_FIRST: Final = 4
_FAILED: Final = 2
_REMOVED_WITHIN: Final = 120
_LONGEST_UPDATE: Final = 300
_LONGEST_DRIVE: Final = 1800
_PAGE_TURNS: Final = 3
_ROOM_FOR_ONE: Final = 1.5
_UNINSTALLED_BY: Final = (
    "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\DailyRegister"
)
_HOLD: Final = """
import sys, time
while True:
    try:
        held = open(sys.argv[1], "rb")
        break
    except OSError:
        time.sleep(0.02)
time.sleep(float(sys.argv[2]))
"""


def run(pictures: Path) -> None:
    """Do everything once, in order."""
    wine.prepare()
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    _clear_account()
    older = BUILD / f"{NAME}-{_OLDER}-setup.exe"
    setup_exe.make(quick=True, version=_OLDER, target=older)
    _wizard(pictures)
    _clear_account()
    _refuse_a_name_of_others()
    _clear_account()
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
    _drive(place, pictures / "main-job", "--demo", "--people", _PEOPLE)
    must(not _fonts(), f"the program put fonts into the account: {_fonts()}")
    say("Windows: upgraded over a filled vault; the main job done")
    _wait_for_scanner(place)
    _updates(place, pictures)
    _stick(place, pictures)
    kept = _sums()
    _refuse_wrong_word(place)
    _uninstall(place, "")
    must(_sums() == kept, "uninstalling touched the records")
    must(not list(wine.person().rglob(f"{_NAME}*.lnk")), "uninstalling left shortcuts")
    say("Windows: uninstalled; the records are as they were")
    _install(setup_exe.place())
    _uninstall(place, " /ERASE=DELETE")
    must(not _data().exists(), "the typed word did not remove the records")
    say("Windows: records are destroyed only for the typed word")
    _full_disk()


def _data() -> Path:
    return wine.person() / "AppData" / "Local" / "Register"


def _fonts() -> list[Path]:
    """Return the fonts of the account, which the program must leave alone."""
    place = wine.person() / "AppData" / "Local" / "Microsoft" / "Windows" / "Fonts"
    return layout.files_under(place)


def _menu() -> Path:
    windows = wine.person() / "AppData" / "Roaming" / "Microsoft" / "Windows"
    return windows / "Start Menu" / "Programs"


def _clear_account() -> None:
    """Take away what a check that was stopped may have left, also the language it chose."""
    for path in (_data(), wine.person() / _FOLDER, _usual_place(), _menu() / _NAME):
        shutil.rmtree(path, ignore_errors=True)
    for font in _fonts():
        font.unlink()
    (wine.person() / "Desktop" / f"{_NAME}.lnk").unlink(missing_ok=True)
    for key in ("HKCU\\Software\\DailyRegister", _UNINSTALLED_BY):
        wine.run("reg", "delete", key, "/f")


def _install(setup: Path) -> None:
    done = _silently(setup)
    must(done == 0, f"{setup.name} ended with {done}")


def _silently(setup: Path, target: str = "") -> int:
    target = target or f"C:\\users\\{wine.person().name}\\{_FOLDER}\\Daily Register"
    options = f'/S /NAME="{_NAME}" /ICON=calendar /D={target}'
    return wine.run_line(f'"{wine.windows_path(setup)}" {options}').returncode


def _refuse_a_name_of_others() -> None:
    """Ask for the name of a folder of the menu that is not ours, as the one of start-up is not."""
    others = _menu() / "Tools of others"
    others.mkdir(parents=True, exist_ok=True)
    (others / "Notes.lnk").write_bytes(b"not ours")
    setup = f'"{wine.windows_path(setup_exe.place())}" /S /NAME="{others.name}"'
    must(wine.run_line(setup).returncode == 0, "setup.exe stopped over a name that is taken")
    must("Daily Register" in _registry("DisplayName"), "setup.exe took a name that is taken")
    wine.run_line(f'"{wine.windows_path(_usual_place() / "Uninstall.exe")}" /S')
    _until(lambda: not _usual_place().exists(), "the program was not removed")
    wine.settle()
    left = [path.name for path in others.iterdir()]
    must(left == ["Notes.lnk"], f"in a menu folder of others is now: {left}")
    shutil.rmtree(others)
    say("Windows: a name that something else has is not taken; its shortcuts stay")


def _refuse_wrong_word(place: Path) -> None:
    """Ask silently to destroy the records, with another word than the one it takes."""
    wine.run_line(f'"{wine.windows_path(place / "Uninstall.exe")}" /S /ERASE=delete')
    wine.settle()
    must((place / f"{NAME}.exe").exists(), "a wrong word removed the program")
    must(_data().exists(), "a wrong word destroyed the records")
    say("Windows: for a wrong word the uninstaller does nothing")


def _refuse_under_open_program(place: Path, pictures: Path) -> None:
    running = subprocess.Popen(
        [wine.program(), str(place / f"{NAME}.exe"), "--demo", "--people", _PEOPLE],
        env=wine.surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until((_data() / "demo" / "demo.json").exists, lambda: running.poll() is None)
        take_picture(pictures / "start.png", lambda: running.poll() is None)
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


def _say_of(place: Path, *arguments: str) -> tuple[int, str]:
    """Run the installed program and return its code and what it said."""
    said = BUILD / "windows-said.txt"
    said.unlink(missing_ok=True)
    running = subprocess.Popen(
        [wine.program(), str(place / f"{NAME}.exe"), *arguments],
        env=wine.surroundings() | {"REGISTER_SAYS": wine.windows_path(said)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    code = running.wait(_LONGEST_DRIVE)
    if said.exists():
        return code, said.read_text("utf-8")
    # What an update leaves running has this pipe too: nobody may wait for its end.
    assert running.stdout is not None
    os.set_blocking(running.stdout.fileno(), False)
    return code, (running.stdout.read() or b"").decode("utf-8", "replace")


def _drive(place: Path, pictures: Path, *arguments: str) -> str:
    code, told = _say_of(place, *arguments, "--drive", wine.windows_path(pictures))
    must(code == 0, f"the driver stopped with {code}:\n{told[-1500:]}")
    return told


def _version(place: Path) -> str:
    return _say_of(place, "--version")[1].strip()


def _wait_for_scanner(place: Path) -> None:
    """Hold a new file open as a virus scanner does: for a while, and for longer than one waits."""
    before = sums(place)
    for seconds, wanted in ((4, 0), (90, _FAILED)):
        holder = subprocess.Popen(
            [
                wine.program(),
                wine.windows_path(wine.python() / "python.exe"),
                "-c",
                _HOLD,
                wine.windows_path(place / ".incoming" / f"{NAME}.exe"),
                str(seconds),
            ],
            env=wine.surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            done = _silently(setup_exe.place())
        finally:
            holder.kill()
            holder.wait(60)
        must(done == wanted, f"with a file held for {seconds} s the installer ended with {done}")
        wine.settle()
        left = changed(before, sums(place))
        must(all(".incoming" in name for name in left), f"a held file changed the program: {left}")
        must(_version(place) == layout.version(), "the old program does not start")
    say("Windows: a file held by a virus scanner is waited for; the old program stays whole")


def _updates(place: Path, pictures: Path) -> None:
    """Offer the installed program good and bad updates, as a manager does in its window."""
    house = ("--demo", "--people", _PEOPLE, "--data", wine.windows_path(_data() / "records"))
    signed = next_version.make("windows")
    signed.trust(place)
    bad = next_version.bad_updates(signed)
    names = [wine.windows_path(path) for path in bad]
    told = _drive(place, pictures / "refused", *house, "--updates", *names)
    refused = [line for line in told.splitlines() if line.startswith("Refused:")]
    must(len(refused) == len(bad), f"not every bad update was refused:\n{told[-1500:]}")
    must(_version(place) == layout.version(), "a refused update changed the program")
    say(f"Windows: {len(refused)} bad updates are refused")
    earlier = set((_data() / "before-updates").rglob("*.age"))
    good = ("--updates", wine.windows_path(signed.update))
    _drive(place, pictures / "taken", *house, *good)
    _until(lambda: signed.version in _registry("DisplayVersion"), "the update was not taken")
    must(set((_data() / "before-updates").rglob("*.age")) - earlier, "no backup came before")
    take_picture(pictures / "new-version.png", lambda: True)
    _end_program()
    must(_version(place) == signed.version, "another version is here")
    say(f"Windows: backed up, updated to {signed.version}, its first window stands")
    installer = BUILD / "broken" / "broken.exe"
    folder = next_version.broken(signed)
    setup_exe.make(quick=True, folder=folder, version=next_version.after_next(), target=installer)
    update = signed.sign(
        installer.with_suffix(".update"), installer, version=next_version.after_next()
    )
    offered = ("--updates", wine.windows_path(update))
    whole = sums(place)
    _drive(place, pictures / "offered-broken", *house, *offered)
    outgoing = place / ".outgoing"
    _until(outgoing.exists, "the broken version was not installed")
    _until(lambda: not outgoing.exists(), "the broken version was not taken back")
    take_picture(pictures / "taken-back.png", lambda: True)
    _end_program()
    must(_version(place) == signed.version, "the version before it is not here again")
    must(not (mixed := changed(whole, sums(place))), f"it was not put back whole: {mixed}")
    _drive(place, pictures / "main-job-after-update", *house)
    say("Windows: a version that does not start is taken back; the main job done after it")


def _end_program() -> None:
    wine.run("taskkill", "/F", "/IM", f"{NAME}.exe")
    wine.settle()


def _until(ready: Callable[[], object], otherwise: str) -> None:
    until = time.monotonic() + _LONGEST_UPDATE
    while not ready():
        must(time.monotonic() < until, otherwise)
        time.sleep(0.5)


def _stick(place: Path, pictures: Path) -> None:
    """Put program and records on a stick, work from it, and look for traces everywhere else."""
    house = ("--demo", "--people", _PEOPLE, "--data", wine.windows_path(_data() / "records"))
    stick = BUILD / "stick"
    shutil.rmtree(stick, ignore_errors=True)
    stick.mkdir()
    onto = ("--onto-stick", wine.windows_path(stick))
    told = _drive(place, pictures / "stick-made", *house, *onto)
    must("Stick:" in told, f"the stick was not made:\n{told[-800:]}")
    wine.run("reg", "query", "HKCU\\Software")  # so that Wine has written what it writes
    wine.settle()
    before, registry = listed(wine.prefix(), [wine.prefix() / "dosdevices"]), _registry_lines()
    _drive(stick / "Program", stick / "drive")
    wine.settle()
    shutil.copytree(stick / "drive", pictures / "stick-main-job")
    traces = [
        name
        for name in changed(before, listed(wine.prefix(), [wine.prefix() / "dosdevices"]))
        if not name.endswith(".reg")
    ]
    must(not traces, f"work from the stick left files: {traces}")
    lines = _registry_lines() ^ registry
    must(not lines, f"work from the stick left traces in the registry: {sorted(lines)[:20]}")
    must((stick / "Register" / "records").exists(), "the records are not on the stick")
    shutil.rmtree(stick)
    say("Windows: the main job done from a stick; no file and no registry value changed elsewhere")


_WINES_OWN: Final = ('"DriverDate"=', '"DriverDateData"=', '"DeviceInstance"=')
"""Written anew by Wine at every start of its display."""


def _registry_lines() -> set[str]:
    """Return every value of the registry with its key, without the times Wine writes beside."""
    found = set()
    for name in ("user.reg", "system.reg", "userdef.reg"):
        key = ""
        for line in (wine.prefix() / name).read_text("utf-8", errors="replace").splitlines():
            if line.startswith("["):
                key = line.rpartition("]")[0]
            elif not line.startswith(("#", ";", *_WINES_OWN)):
                found.add(f"{name} {key} {line}")
    return found


def _full_disk() -> None:
    """Fill the disk in the middle of an upgrade; the old program must be as it was."""
    small = BUILD / "small"
    small.mkdir(exist_ok=True)
    size = f"size={layout.megabytes(WINDOWS) * _ROOM_FOR_ONE:.0f}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(small)], check=True)
    place = small / "Daily Register"
    try:
        target = wine.windows_path(place)
        must(_silently(setup_exe.place(), target) == 0, "there was no room for one program")
        before = sums(place)
        done = _silently(setup_exe.place(), target)
        must(done == _FAILED, f"on a full disk the installer ended with {done}")
        must(sums(place) == before, "a full disk touched the old program")
        must(_version(place) == layout.version(), "the old program does not start")
        wine.settle()
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)
    small.rmdir()
    say("Windows: on a full disk the old program stays whole and starts")


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
    return wine.run("reg", "query", _UNINSTALLED_BY, "/v", name).stdout


def _wizard(pictures: Path) -> None:
    """Install, start and remove by the pages and the keyboard, in both languages, with pictures."""
    if shutil.which("openbox") is None or shutil.which("xdotool") is None:
        say("openbox or xdotool is not installed: no pictures of the wizard")
        return
    for language, keys in (("en", ()), ("sw", ("Down",))):
        _walk_in(language, keys, pictures)
        _walk_out(language, pictures)
    say("Windows: installed, started and removed by the pages, in both languages")


def _walk_in(language: str, keys: tuple[str, ...], pictures: Path) -> None:
    """Go through setup.exe to its last page, and let that start the program."""
    running = _shown(setup_exe.place())
    try:
        take_picture(pictures / f"setup-{language}-0.png", lambda: running.poll() is None)
        for number, key in enumerate((*keys, "Return", "Return", "Return"), 1):
            _press(key)
            _keep(pictures / f"setup-{language}-{number}.png")
        _press("Return")
        _keep(pictures / f"setup-{language}-installing.png")
        _until((_usual_place() / "Uninstall.exe").exists, "the pages did not install the program")
        time.sleep(_PAGE_TURNS)
        _keep(pictures / f"setup-{language}-last.png")
        _press("Return")
        must(running.wait(60) == 0, "setup.exe did not end well")
        take_picture(pictures / f"setup-{language}-started.png", lambda: True)
        greets = settings.load(_data() / "settings.toml").language
        must(greets == language, f"installed in {language} the program greets in {greets}")
        _end_program()
    finally:
        wine.run("taskkill", "/F", "/IM", setup_exe.place().name)
        running.wait(60)


def _walk_out(language: str, pictures: Path) -> None:
    """Go through the pages of the uninstaller, which goes on in a copy of itself."""
    running = _shown(_usual_place() / "Uninstall.exe")
    take_picture(pictures / f"remove-{language}-1.png", lambda: True)
    _press("Return")
    _until(lambda: not _usual_place().exists(), "the pages did not remove the program")
    time.sleep(_PAGE_TURNS)
    _keep(pictures / f"remove-{language}-2.png")
    _press("Return")
    running.wait(60)
    wine.settle()


def _usual_place() -> Path:
    return wine.person() / "AppData" / "Local" / "Programs" / "Daily Register"


def _shown(program: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [wine.program(), str(program)],
        env=wine.surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _press(key: str) -> None:
    subprocess.run(["xdotool", "key", key], check=True)


def _keep(picture: Path) -> None:
    time.sleep(_PAGE_TURNS)
    subprocess.run(["import", "-window", "root", str(picture)], check=True)


def _sums() -> dict[str, str]:
    return sums(_data())
