"""Install what was built where nothing of ours is, do the main job there, and keep the pictures.

Usage: release_check.py linux|windows|all [--brief]. Linux: clean roots of Debian 12 and 13 without
Python and without a network. Windows: a Wine prefix of its own. --brief is what the build server
does: one Debian drives the main job, the other checks itself.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import debian
import layout
import make
import per_user
import roots
import wine
from checks import Failed, must, say, take_picture, wait_until
from layout import BUILD, LINUX, NAME, ROOT, WINDOWS
from roots import HOME, Root

PICTURES: Final = BUILD / "release-check"
_OLDER: Final = "0.0.9"
_PEOPLE: Final = "60"
_DATA: Final = f"{HOME}/.local/share/Register"
_HOUSE_MADE: Final = "demo.json"
"""Written last when an invented house is made."""


def main(arguments: list[str]) -> int:
    """Run the checks asked for and say in one line how it went."""
    parser = argparse.ArgumentParser(prog="release_check.py")
    parser.add_argument("system", nargs="?", default="all", choices=("linux", "windows", "all"))
    parser.add_argument("--brief", action="store_true", help="what the build server does")
    asked = parser.parse_args(arguments)
    missing = roots.impossible()
    if missing and asked.brief:
        print(f"release-check: LEFT OUT, {missing}; the built program was not installed anywhere")
        return 0
    if missing:
        raise SystemExit(f"release-check: {missing}")
    began = time.monotonic()
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen, name = wine.display()
    os.environ["DISPLAY"] = name
    try:
        if asked.system in ("linux", "all"):
            _need(LINUX / NAME, lambda: make.main(["linux", "--quick"]))
            check_linux(brief=asked.brief)
        if asked.system in ("windows", "all"):
            import windows_check

            _need(WINDOWS / f"{NAME}.exe", lambda: make.main(["windows", "--quick"]))
            windows_check.run(PICTURES / "windows")
    except Failed as reason:
        print(f"release-check: FAILED: {reason}")
        return 1
    finally:
        screen.terminate()
    minutes = (time.monotonic() - began) / 60
    print(f"release-check: PASSED in {minutes:.1f} min; pictures in {PICTURES.relative_to(ROOT)}")
    return 0


def _need(program: Path, build: Callable[[], int]) -> None:
    if not program.exists() and build():
        raise Failed("the program could not be built")


def check_linux(*, brief: bool) -> None:
    """Check the .deb and the .run in each clean system."""
    older = BUILD / f"{NAME}_{_OLDER}_amd64.deb"
    debian.make(version=_OLDER, target=older)
    if not brief:
        _lint(debian.place())
    for suite, called in roots.SUITES.items():
        with roots.clean(suite) as root:
            must(root.run("sh", "-c", "command -v python3").returncode, f"{called} has a Python")
            must(root.run("cat", "/proc/net/route").stdout.count("\n") <= 1, "there is a network")
            drives = suite == "trixie" or not brief
            _check_deb(root, called, older, drives=drives)
            if suite == "bookworm" or not brief:
                _check_run(root, called)


def _lint(package: Path) -> None:
    if not shutil.which("lintian"):
        say("lintian is not installed: left out")
        return
    ran = subprocess.run(
        ["lintian", "--fail-on", "error", str(package)],
        capture_output=True,
        text=True,
        check=False,
    )
    must(ran.returncode == 0, f"lintian:\n{ran.stdout}")
    say(f"lintian finds no error; {ran.stdout.count(': ')} remarks")


def _check_deb(root: Root, called: str, older: Path, *, drives: bool) -> None:
    _install(root, older)
    say(f"{called}: version {_OLDER} installed without network and without Python")
    with _open_program(root, f"/usr/bin/{NAME}", PICTURES / f"{root.suite}-start.png"):
        refused = _apt(root, debian.place())
        must(refused.returncode and "open" in refused.stdout, "upgraded under an open program")
    before = _sums(root)
    say(f"{called}: a house made and opened on a screen; upgrading an open program is refused")
    _install(root, debian.place())
    told = root.run("dpkg-query", "-W", NAME).stdout
    must(layout.version() in told, f"after upgrading dpkg says {told}")
    must(_sums(root) == before, "the upgrade touched the records")
    if drives:
        _drive(root, f"/usr/bin/{NAME}", PICTURES / root.suite)
        say(f"{called}: upgraded over a filled vault; the main job done on a screen")
    else:
        _self_check(root, f"/usr/bin/{NAME}")
        say(f"{called}: upgraded over a filled vault; the program's self-check passed")
    kept = _sums(root)
    removed = root.run("apt-get", "purge", "-y", NAME)
    must(removed.returncode == 0, f"purge failed:\n{removed.stdout[-800:]}")
    must("/Register" in removed.stdout, "removing does not say where the records are")
    must(not root.inside(f"/{layout.DEB_PLACE}").exists(), "removing left parts of the program")
    must(_sums(root) == kept, "removing touched the records")
    say(f"{called}: removed; the records are as they were, and it says where")


def _check_run(root: Root, called: str) -> None:
    file = f"{HOME}/{per_user.place().name}"
    shutil.copyfile(per_user.place(), root.inside(file))
    cut = f"{HOME}/cut.run"
    with root.inside(cut).open("wb") as target, per_user.place().open("rb") as source:
        target.write(source.read()[:-4096])
    done = root.run("sh", file, "--name", "Office Diary", "--icon", "calendar", person=True)
    must(done.returncode == 0, f"the .run failed:\n{done.stdout[-800:]}")
    program = f"{HOME}/.local/bin/{NAME}"
    entry = root.inside(f"{HOME}/.local/share/applications/{layout.DESKTOP_ID}.desktop")
    must("Name=Office Diary" in entry.read_text("utf-8"), "the menu entry lacks the chosen name")
    before = _sums(root, f"{HOME}/.local/lib")
    broken = root.run("sh", cut, person=True)
    must(broken.returncode and "damaged" in broken.stdout, "a damaged .run was not refused")
    small = root.inside(f"{HOME}/small")
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(small)], check=True)
    try:
        small.chmod(0o777)
        full = root.run("sh", file, "--into", f"{HOME}/small/program", person=True)
        must(full.returncode and "room" in full.stdout, "a full disk was not noticed")
        must(not any(small.iterdir()), "a full disk left rubbish behind")
    finally:
        subprocess.run(["umount", str(small)], check=True)
    must(_sums(root, f"{HOME}/.local/lib") == before, "a failed installation touched the old one")
    _self_check(root, program)
    kept = _sums(root)
    gone = root.run("sh", f"{HOME}/.local/lib/{NAME}/uninstall.sh", person=True)
    must(gone.returncode == 0 and "Register" in gone.stdout, "uninstalling said nothing")
    must(not root.inside(f"{HOME}/.local/lib/{NAME}").exists(), "uninstalling left the program")
    must(_sums(root) == kept, "uninstalling touched the records")
    say(f"{called}: .run for one account: installed, damaged file and full disk refused, removed")


def _apt(root: Root, package: Path) -> subprocess.CompletedProcess[str]:
    place = root.inside(f"/root/{package.name}")
    if not place.exists():
        shutil.copyfile(package, place)
    return root.run("apt-get", "install", "-y", "--no-install-recommends", f"/root/{package.name}")


def _install(root: Root, package: Path) -> None:
    done = _apt(root, package)
    must(done.returncode == 0, f"{package.name} does not install:\n{done.stdout[-1500:]}")


def _self_check(root: Root, program: str) -> None:
    done = root.run(program, "--self-check", person=True)
    must(done.returncode == 0, f"the self-check failed:\n{done.stdout[-1500:]}")


def _drive(root: Root, program: str, pictures: Path) -> None:
    inside = f"{HOME}/drive"
    house = ("--demo", "--people", _PEOPLE)  # the same number, or another house would be made
    done = root.run(program, *house, "--drive", inside, person=True)
    shutil.rmtree(pictures, ignore_errors=True)
    if root.inside(inside).exists():
        shutil.copytree(root.inside(inside), pictures)
    must(done.returncode == 0, f"the main job stopped:\n{done.stdout[-1500:]}")


@contextmanager
def _open_program(root: Root, program: str, picture: Path) -> Iterator[None]:
    """Have the program open on the screen with an invented house in it, and a picture of that."""
    running = subprocess.Popen(
        root.entering(program, "--demo", "--people", _PEOPLE, person=True),
        env=root.surroundings(person=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        made = root.inside(f"{_DATA}/demo/{_HOUSE_MADE}")
        wait_until(made.exists, running)
        take_picture(picture, running)
        yield
    finally:
        running.terminate()
        running.wait(60)


def _sums(root: Root, place: str = _DATA) -> dict[str, str]:
    folder = root.inside(place)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in layout.files_under(folder)
        if "log" not in path.parts
    }


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
