"""The .run for one account: installed, updated, taken back, cut off, travelling on a stick.

Everything happens in a clean system as an ordinary person; every step looks afterwards whether the
program that was there before still starts and whether the records are as they were.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import layout
import next_version
import per_user
from checks import changed, listed, must, say, sums, take_picture, wait_until
from layout import BUILD, NAME
from next_version import Signed
from roots import HOME, PERSON, Root

PROGRAM: Final = f"{HOME}/.local/lib/{NAME}"
COMMAND: Final = f"{HOME}/.local/bin/{NAME}"
DATA: Final = f"{HOME}/.local/share/Register"
PEOPLE: Final = "60"
_RECORDS: Final = f"{DATA}/records"
_BACKUPS: Final = f"{DATA}/before-updates"
_HOUSE: Final = ("--demo", "--people", PEOPLE, "--data", _RECORDS)
_STICK: Final = f"{HOME}/stick"
_TAKEN_BACK: Final = 5
_ROOM_FOR_ONE: Final = 1.4


def self_check(root: Root, program: str) -> None:
    """Let an installed program check itself."""
    done = root.run(program, "--self-check", person=True)
    must(done.returncode == 0, f"the self-check failed:\n{done.stdout[-1500:]}")


def check_installing(root: Root, called: str) -> None:
    """Install under a chosen name; refuse what is damaged and what does not fit; remove."""
    file = _brought(root, per_user.place())
    done = root.run("sh", file, "--name", "Office Diary", "--icon", "calendar", person=True)
    must(done.returncode == 0, f"the .run failed:\n{done.stdout[-800:]}")
    entry = root.inside(f"{HOME}/.local/share/applications/{layout.DESKTOP_ID}.desktop")
    must("Name=Office Diary" in entry.read_text("utf-8"), "the menu entry lacks the chosen name")
    before = sums(root.inside(PROGRAM))
    cut = f"{HOME}/cut.run"
    root.inside(cut).write_bytes(per_user.place().read_bytes()[:-4096])
    broken = root.run("sh", cut, person=True)
    must(broken.returncode and "damaged" in broken.stdout, "a damaged .run was not refused")
    root.inside(cut).unlink()
    with _small_disk(root, layout.megabytes(layout.LINUX) * _ROOM_FOR_ONE) as small:
        place = f"{small}/program"
        must(not root.run("sh", file, "--into", place, person=True).returncode, "no room for one")
        full = root.run("sh", file, "--into", place, person=True)
        must(full.returncode and "room" in full.stdout, "a full disk was not noticed")
        left = [path.name for path in root.inside(small).iterdir()]
        must(left == ["program"], f"a full disk left rubbish: {left}")
        must(_version(root, f"{place}/{NAME}") == layout.version(), "the old program is harmed")
    root.run("sh", file, "--name", "Office Diary", "--icon", "calendar", person=True)
    must(sums(root.inside(PROGRAM)) == before, "a failed installation touched the old one")
    self_check(root, COMMAND)
    say(f"{called}: .run for one account: installed; a damaged file and a full disk are refused")


def check_first_start(root: Root, called: str, picture: Path) -> None:
    """Start the installed program where no house is: its first window must stand."""
    must(not root.inside(_RECORDS).exists(), "there is a house already")
    running = root.start(COMMAND, "--tell-started", f"{HOME}/stands")
    wait_until(root.inside(f"{HOME}/stands").exists, lambda: running.poll() is None)
    take_picture(picture, lambda: running.poll() is None)
    must(not root.inside(_RECORDS).exists(), "looking at the first window made records")
    refused = root.run("sh", _brought(root, per_user.place()), person=True)
    must(refused.returncode and "is open" in refused.stdout, "installed under an open program")
    kept = root.run("sh", f"{PROGRAM}/uninstall.sh", person=True)
    must(kept.returncode and "is open" in kept.stdout, "removed under an open program")
    must(root.inside(PROGRAM).exists(), "the open program is gone")
    root.end_programs()
    running.wait(60)
    say(f"{called}: started without a house it stands and makes nothing; it must be closed first")


def check_removing(root: Root, called: str) -> None:
    """Remove the program; the records stay."""
    kept = sums(root.inside(DATA))
    gone = root.run("sh", f"{PROGRAM}/uninstall.sh", person=True)
    must(gone.returncode == 0 and "Register" in gone.stdout, "uninstalling said nothing")
    must(not root.inside(PROGRAM).exists(), "uninstalling left the program")
    must(sums(root.inside(DATA)) == kept, "uninstalling touched the records")
    say(f"{called}: .run: removed; the records are as they were, and it says where")


# Updates


def check_updates(root: Root, called: str, pictures: Path) -> None:
    """Offer the installed program good and bad updates, as a manager does in its window."""
    signed = next_version.make("linux")
    signed.trust(root.inside(PROGRAM))
    shutil.rmtree(pictures, ignore_errors=True)
    bad = next_version.bad_updates(signed)
    with _dying_stick(root, signed.update) as dying:
        brought = [_brought(root, file) for file in bad]
        told = _offer(root, COMMAND, [*brought, dying], pictures / "refused")
    refused = [line for line in told.splitlines() if line.startswith("Refused:")]
    must(len(refused) == len(bad) + 1, f"not every bad update was refused:\n{told[-1500:]}")
    must(_version(root, COMMAND) == layout.version(), "a refused update changed the program")
    say(f"{called}: {len(refused)} bad updates are refused, one while its stick was pulled out")
    _cut_off(root, signed)
    say(f"{called}: an update that is cut off leaves the old program and the records alone")
    earlier = set(root.inside(_BACKUPS).rglob("*.age"))
    told = _offer(root, COMMAND, [_brought(root, signed.update)], pictures / "taken")
    must(_version(root, COMMAND) == signed.version, f"the update was not taken:\n{told[-1500:]}")
    must(set(root.inside(_BACKUPS).rglob("*.age")) - earlier, "no backup came before")
    must(root.programs(), "the new version does not run")
    take_picture(pictures / "new-version.png", lambda: bool(root.programs()))
    root.end_programs()
    must("Office Diary" in root.inside(f"{PROGRAM}/appearance.txt").read_text(), "the look is lost")
    say(f"{called}: backed up, updated to {signed.version}, its first window stands")
    _go_back(root, signed, pictures)
    say(f"{called}: a version that does not start is taken back; the one before it says so")
    drive(root, COMMAND, pictures / "main-job")
    say(f"{called}: the main job done in the updated program on the same records")


def drive(root: Root, program: str, pictures: Path, *arguments: str) -> str:
    """Let the driver of a program do its work, and keep its pictures."""
    inside = f"{HOME}/drive"
    shutil.rmtree(root.inside(inside), ignore_errors=True)
    done = root.run(program, *arguments, "--drive", inside, person=True)
    shutil.rmtree(pictures, ignore_errors=True)
    if root.inside(inside).exists():
        shutil.copytree(root.inside(inside), pictures)
    ended = f"the driver stopped with {done.returncode}"
    must(done.returncode in (0, _TAKEN_BACK), f"{ended}:\n{done.stdout[-1500:]}{_logged(root)}")
    return done.stdout


def _logged(root: Root) -> str:
    """Return the last words of every log the program wrote: all there is when it died at once."""
    files = [path for path in root.inside(HOME).rglob("log/*") if path.is_file()]
    return "".join(f"\n{path.name}:\n{path.read_text('utf-8')[-1500:]}" for path in sorted(files))


def _go_back(root: Root, signed: Signed, pictures: Path) -> None:
    installer = BUILD / "broken" / "broken.run"
    folder = next_version.broken(signed)
    per_user.make(folder, next_version.after_next(), installer)
    update = signed.sign(
        BUILD / "broken" / "broken.update", installer, version=next_version.after_next()
    )
    whole = sums(root.inside(PROGRAM))
    told = _offer(root, COMMAND, [_brought(root, update)], pictures / "offered-broken")
    must("did not start" in told, f"the broken version was not noticed:\n{told[-1500:]}")
    must(_version(root, COMMAND) == signed.version, "the version before it is not here again")
    mixed = changed(whole, sums(root.inside(PROGRAM)))
    must(not mixed, f"it was not put back whole: {mixed}")
    take_picture(pictures / "taken-back.png", lambda: bool(root.programs()))
    root.end_programs()
    before = sums(root.inside(DATA))
    again = root.run("sh", _brought(root, installer), "--update", person=True)
    must(again.returncode == _TAKEN_BACK, f"going back ended with {again.returncode}")
    root.end_programs()
    must(sums(root.inside(DATA)) == before, "going back touched the records")


def _cut_off(root: Root, signed: Signed) -> None:
    """Kill the installer while it unpacks, as a power cut does."""
    before, old = sums(root.inside(DATA)), sums(root.inside(PROGRAM))
    installer = signed.program.parent / f"{NAME}-{signed.version}.run"
    running = root.start("sh", _brought(root, installer), "--update")
    begun = root.inside(f"{PROGRAM}.new/_internal/PySide6")
    wait_until(begun.exists, lambda: running.poll() is None)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(60)
    must(sums(root.inside(PROGRAM)) == old, "the old program was touched")
    must(sums(root.inside(DATA)) == before, "the records were touched")
    must(_version(root, COMMAND) == layout.version(), "the old program does not start")


def _offer(root: Root, program: str, files: list[str], pictures: Path) -> str:
    return drive(root, program, pictures, *_HOUSE, "--updates", *files)


def _version(root: Root, program: str) -> str:
    return root.run(program, "--version", person=True).stdout.strip()


def _brought(root: Root, file: Path) -> str:
    """Put a file into the person's home and return where it is."""
    place = f"{HOME}/brought/{file.name}"
    root.inside(place).parent.mkdir(exist_ok=True)
    shutil.copyfile(file, root.inside(place))
    for path in (root.inside(place), root.inside(place).parent):
        os.chown(path, PERSON, PERSON)
    return place


@contextmanager
def _small_disk(root: Root, megabytes: float) -> Iterator[str]:
    """Give the person a disk that is soon full."""
    place = root.inside(f"{HOME}/small")
    place.mkdir()
    size = f"size={megabytes:.0f}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=True)
    try:
        place.chmod(0o777)
        yield f"{HOME}/small"
    finally:
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


@contextmanager
def _dying_stick(root: Root, file: Path) -> Iterator[str]:
    """Give a stick that answers for the first part of a file and then no more."""
    image, place = BUILD / "stick.img", root.inside(_STICK)
    size = int(layout.megabytes(file)) + 32
    with image.open("wb") as made:
        made.truncate(size << 20)
    place.mkdir()
    try:
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
        mount = ["mount", "-o", "loop", str(image), str(place)]
        subprocess.run(mount, check=True)
        shutil.copyfile(file, place / file.name)
        subprocess.run(["umount", str(place)], check=True)
        subprocess.run(mount, check=True)
        os.truncate(image, (size << 20) // 2)
        yield f"{_STICK}/{file.name}"
    finally:
        subprocess.run(["umount", str(place)], check=False)
        place.rmdir()
        image.unlink()


# Travelling


def check_stick(root: Root, called: str, pictures: Path) -> None:
    """Put program and records on a stick, work from it, and look for traces everywhere else."""
    stick = root.inside(_STICK)
    stick.mkdir()
    os.chown(stick, PERSON, PERSON)
    told = drive(root, COMMAND, pictures / "made", *_HOUSE, "--onto-stick", _STICK)
    must("Stick:" in told, f"the stick was not made:\n{told[-800:]}")
    elsewhere = [stick, root.inside("proc"), root.inside("tmp/.X11-unix")]
    before = listed(root.folder, elsewhere)
    program = f"{_STICK}/Program/{NAME}"
    done = root.run(program, "--drive", f"{_STICK}/drive", person=True)
    must(done.returncode == 0, f"the main job stopped on the stick:\n{done.stdout[-1500:]}")
    shutil.copytree(stick / "drive", pictures / "main-job", dirs_exist_ok=True)
    traces = changed(before, listed(root.folder, elsewhere))
    must(not traces, f"work from the stick left traces: {traces}")
    must((stick / "Register" / "records").exists(), "the records are not on the stick")
    shutil.rmtree(stick)
    say(f"{called}: the main job done from a stick; not a file changed anywhere else")
