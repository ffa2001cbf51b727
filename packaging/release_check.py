"""Install what was built where nothing of ours is, do the main job there, and keep the pictures.

Usage: release_check.py linux|windows|all [--brief]. Linux: clean roots of Debian 12 and 13 without
Python and without a network. Windows: a Wine prefix of its own. --brief is what the build server
does: one Debian drives the main job, the other checks itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import debian
import layout
import make
import next_version
import roots
import run_check
import setup_exe
import wine
from checks import Failed, must, say, sums, take_picture, wait_until
from layout import BUILD, LINUX, NAME, ROOT, WINDOWS
from roots import Root
from run_check import DATA, PEOPLE

PICTURES: Final = BUILD / "release-check"
_OLDER: Final = "0.0.9"
_HOUSE: Final = ("--demo", "--people", PEOPLE)
_HOUSE_MADE: Final = "demo.json"
"""Written last when an invented house is made."""


def main(arguments: list[str]) -> int:
    """Run the checks asked for and say in one line how it went."""
    parser = argparse.ArgumentParser(prog="release_check.py")
    parser.add_argument("system", nargs="?", default="all", choices=("linux", "windows", "all"))
    parser.add_argument("--brief", action="store_true", help="what the build server does")
    asked = parser.parse_args(arguments)
    missing = roots.impossible()
    if missing:
        return _left_out(missing, brief=asked.brief)
    began = time.monotonic()
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        with _desk():
            return _check(asked, began)
    except Failed as reason:
        print(f"release-check: FAILED: {reason}")
        return 1


def _check(asked: argparse.Namespace, began: float) -> int:
    if asked.system in ("linux", "all"):
        with roots.being_made() as trouble:  # most of it is waiting for an archive
            _build("linux", quick=asked.brief)
            missing = trouble()
        if missing:
            return _left_out(missing, brief=asked.brief)
        check_linux(brief=asked.brief)
    if asked.system in ("windows", "all"):
        import windows_check

        _build("windows", quick=asked.brief)
        windows_check.run(PICTURES / "windows")
    minutes = (time.monotonic() - began) / 60
    print(f"release-check: PASSED in {minutes:.1f} min; pictures in {PICTURES.relative_to(ROOT)}")
    return 0


def _left_out(reason: str, *, brief: bool) -> int:
    """Say that nothing was installed anywhere; the build server goes on, nobody else does."""
    if not brief:
        raise SystemExit(f"release-check: {reason}")
    print(f"release-check: LEFT OUT, {reason}; the built program was not installed anywhere")
    return 0


def _build(system: str, *, quick: bool) -> None:
    """Build, unless what lies there is of the very same sources; squeezed as it is given away."""
    stamp = BUILD / f"built-{system}.txt"
    kind = "quick" if quick else "whole"
    program, packed = {
        "linux": (LINUX, debian.place()),
        "windows": (WINDOWS, setup_exe.place()),
    }[system]
    there = program.exists() and packed.exists() and stamp.exists()
    if not (there and stamp.read_text("utf-8") == f"{kind} {next_version.fingerprint()}"):
        if make.main([system, *(["--quick"] if quick else [])]):
            raise Failed("the program could not be built")
        stamp.write_text(f"{kind} {next_version.fingerprint()}", "utf-8")
    sizes = [(program, layout.MOST_UNPACKED[system])]
    sizes += [] if quick else [(packed, layout.MOST_PACKED[system])]
    for path, most in sizes:
        size = layout.megabytes(path)
        must(size <= most, f"{path.name} has {size:.0f} MB, which is more than {most}")
        say(f"{path.relative_to(ROOT)}: {size:.1f} MB of at most {most}")


@contextmanager
def _desk() -> Iterator[None]:
    """Have a screen whose windows have frames, as on every desk."""
    screen, name = wine.display()
    os.environ["DISPLAY"] = name
    manager = shutil.which("openbox")
    frames = subprocess.Popen([manager], stderr=subprocess.DEVNULL) if manager else None
    try:
        yield
    finally:
        if frames:
            frames.terminate()
            frames.wait(60)
        screen.terminate()


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
            with roots.clean(suite) as root:
                _check_run(root, called, updates=suite == "bookworm" and not brief)


def _check_run(root: Root, called: str, *, updates: bool) -> None:
    pictures = PICTURES / f"{root.suite}-run"
    pictures.mkdir(exist_ok=True)
    run_check.check_installing(root, called)
    run_check.check_first_start(root, called, pictures / "first-start.png")
    if updates:
        run_check.check_updates(root, called, pictures / "updates")
    run_check.check_stick(root, called, pictures / "stick")
    run_check.check_removing(root, called)


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
    before = sums(root.inside(DATA))
    say(f"{called}: a house made and opened on a screen; upgrading an open program is refused")
    _install(root, debian.place())
    told = root.run("dpkg-query", "-W", NAME).stdout
    must(layout.version() in told, f"after upgrading dpkg says {told}")
    must(sums(root.inside(DATA)) == before, "the upgrade touched the records")
    if drives:
        # The same number of people, or another house would be made.
        run_check.drive(root, f"/usr/bin/{NAME}", PICTURES / root.suite, *_HOUSE)
        say(f"{called}: upgraded over a filled vault; the main job done on a screen")
    else:
        run_check.self_check(root, f"/usr/bin/{NAME}")
        say(f"{called}: upgraded over a filled vault; the program's self-check passed")
    kept = sums(root.inside(DATA))
    removed = root.run("apt-get", "purge", "-y", NAME)
    must(removed.returncode == 0, f"purge failed:\n{removed.stdout[-800:]}")
    must("/Register" in removed.stdout, "removing does not say where the records are")
    must(not root.inside(f"/{layout.DEB_PLACE}").exists(), "removing left parts of the program")
    must(sums(root.inside(DATA)) == kept, "removing touched the records")
    say(f"{called}: removed; the records are as they were, and it says where")


def _apt(root: Root, package: Path) -> subprocess.CompletedProcess[str]:
    place = root.inside(f"/root/{package.name}")
    if not place.exists():
        shutil.copyfile(package, place)
    return root.run("apt-get", "install", "-y", "--no-install-recommends", f"/root/{package.name}")


def _install(root: Root, package: Path) -> None:
    done = _apt(root, package)
    must(done.returncode == 0, f"{package.name} does not install:\n{done.stdout[-1500:]}")


@contextmanager
def _open_program(root: Root, program: str, picture: Path) -> Iterator[None]:
    """Have the program open on the screen with an invented house in it, and a picture of that."""
    running = root.start(program, *_HOUSE)
    try:
        made = root.inside(f"{DATA}/demo/{_HOUSE_MADE}")
        wait_until(made.exists, lambda: running.poll() is None)
        take_picture(picture, lambda: running.poll() is None)
        yield
    finally:
        root.end_programs()
        running.wait(60)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
