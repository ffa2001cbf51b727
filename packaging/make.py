"""Make the program and its installers. Usage: make.py linux|windows [--folder] [--twice] [--quick].

--folder stops at the one folder; --twice builds it twice and compares byte for byte; --quick
packs installers faster and larger, for trying them out.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import bill
import layout
import release
import slim_typst
from layout import BUILD, DIST, LINUX, NAME, PACKAGING, ROOT, WINDOWS

_LISTED: Final = 12
_LAST_LINES: Final = 30
_ALL_IS_WELL: Final = "self-check: all is well"


def main(arguments: list[str]) -> int:
    """Build what was asked for and let it check itself."""
    parser = argparse.ArgumentParser(prog="make.py", description=__doc__.partition(".")[0])
    parser.add_argument("system", nargs="?", default="linux", choices=("linux", "windows"))
    parser.add_argument("--folder", action="store_true", help="the one folder, no installers")
    parser.add_argument("--twice", action="store_true", help="build twice and compare")
    parser.add_argument("--quick", action="store_true", help="installers fast instead of small")
    asked = parser.parse_args(arguments)
    prepare()
    make = {"linux": linux_folder, "windows": windows_folder}[asked.system]
    made = {"linux": LINUX, "windows": WINDOWS}[asked.system]
    timed(f"the {asked.system} program", make)
    say_sizes(made, layout.MOST_UNPACKED[asked.system])
    if asked.twice:
        differing = compare_with_another(made, make)
        print("\n".join(differing) or "two builds are alike, byte for byte")
        if differing:
            return 1
    failed = check_windows() if asked.system == "windows" else check_linux()
    if failed or asked.folder:
        return failed
    if asked.system == "linux":
        import debian
        import per_user

        timed("the .deb", lambda: debian.make(quick=asked.quick))
        timed("the .run", per_user.make)
    else:
        import setup_exe

        timed("setup.exe", lambda: setup_exe.make(quick=asked.quick))
    timed("the guide", lambda: write_guide(made.parent))
    for path in sorted([*made.parent.glob(f"{NAME}*.*"), *made.parent.glob("*.pdf")]):
        if path.is_file():
            print(f"{layout.megabytes(path):6.1f} MB  {path.relative_to(ROOT)}")
    return 0


def timed(what: str, make: Callable[[], object]) -> None:
    """Make something and say how long it took."""
    began = time.monotonic()
    make()
    print(f"made {what} in {time.monotonic() - began:.0f} s", flush=True)


def prepare() -> None:
    """Make what both systems need before a program can be put together."""
    for name in ("licences", "pictures"):
        shutil.rmtree(BUILD / name, ignore_errors=True)
    drawn = ROOT / "resources" / "guide" / "pictures"
    for script in (
        ["catalogue.py", "compile"],
        ["icons.py", str(BUILD / "icons")],
        ["pictures.py", str(drawn), str(BUILD / "pictures")],
    ):
        subprocess.run([sys.executable, str(PACKAGING / script[0]), *script[1:]], check=True)
    carried = release.keys_for_build(release.secret_place(), release.KEYS)
    (BUILD / release.KEYS.name).write_text(carried, "utf-8")
    bill.write_texts(BUILD / "licences")
    bill.main(["bill", str(BUILD / "sbom.cdx.json")])


def linux_folder() -> None:
    """Put the Linux program together."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--clean",
            "--log-level=WARN",
            f"--distpath={LINUX.parent}",
            f"--workpath={BUILD / 'pyinstaller'}",
            str(PACKAGING / "makao.spec"),
        ],
        check=True,
        cwd=ROOT,
        env=layout.fixed_surroundings(),
    )
    _finish(LINUX)


def windows_folder() -> None:
    """Put the Windows program together, under Wine."""
    import setup_exe
    import wine

    wine.prepare()
    setup_exe.write_version_facts(BUILD / "windows-version.txt")
    screen, name = wine.display()
    try:
        built = wine.run(
            wine.windows_path(wine.python() / "python.exe"),
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--clean",
            "--log-level=WARN",
            f"--distpath={wine.windows_path(WINDOWS.parent)}",
            f"--workpath={wine.windows_path(BUILD / 'pyinstaller-windows')}",
            wine.windows_path(PACKAGING / "makao.spec"),
            more={"DISPLAY": name},
        )
    finally:
        wine.settle()  # Windows programs that outlive their screen would take the next one along
        screen.terminate()
    if built.returncode or not (WINDOWS / f"{NAME}.exe").exists():
        raise SystemExit(f"PyInstaller under Wine failed:\n{built.stdout[-3000:]}")
    _finish(WINDOWS)
    strangers = wine.foreign_files(WINDOWS)
    if strangers != [f"{NAME}.exe"]:
        raise SystemExit(f"files that are in no wheel and not in Python: {strangers}")
    print("every library is from a locked wheel or the signed Python")


def _finish(program: Path) -> None:
    """Slim the typesetter; put keys, licences, the bill of materials in, and the bill beside."""
    lost = [str(path) for path in program.rglob("*") if path.is_symlink() and not path.exists()]
    if lost:
        raise SystemExit(f"links that lead nowhere: {', '.join(lost)}")
    for library in (program / "_internal" / "typst").glob("_typst.*"):
        slim_typst.slim(library)
    shutil.copyfile(BUILD / release.KEYS.name, program / layout.KEYS_IN_PROGRAM)
    shutil.copytree(BUILD / "licences", program / "licences", dirs_exist_ok=True)
    shutil.copyfile(BUILD / "sbom.cdx.json", program / "sbom.cdx.json")
    shutil.copyfile(BUILD / "sbom.cdx.json", program.parent / f"{NAME}-{layout.version()}.cdx.json")


def write_guide(place: Path) -> None:
    """Put the guide and its first hour beside the installers, to be read before installing."""
    sys.path.insert(0, str(ROOT))
    from shelter_app import i18n
    from shelter_app.services import guide

    for language, _name in i18n.LANGUAGES:
        i18n.set_language(language)
        for only in ("", guide.FIRST_HOUR):
            (place / guide.file_name(language, only)).write_bytes(guide.pdf(language, only))


def say_sizes(program: Path, most: int) -> None:
    """Say how large the program is and name its largest files."""
    files = layout.files_under(program)
    total = layout.megabytes(program)
    print(f"{total:.0f} MB of at most {most} MB in {len(files)} files; the largest:")
    for path in sorted(files, key=lambda path: path.stat().st_size, reverse=True)[:_LISTED]:
        print(f"  {path.stat().st_size / 1e6:6.1f} MB  {path.relative_to(program)}")


def compare_with_another(made: Path, make: Callable[[], object]) -> list[str]:
    """Build once more and return what differs from the first build."""
    first = BUILD / "first" / made.name
    shutil.rmtree(first.parent, ignore_errors=True)
    first.parent.mkdir(parents=True)
    shutil.move(made, first)
    timed("it once more", make)
    return differences(first, made)


def differences(first: Path, second: Path) -> list[str]:
    """Return the names of files that are not the same in two folders."""
    names = {path.relative_to(first) for path in layout.files_under(first)}
    others = {path.relative_to(second) for path in layout.files_under(second)}
    found = [f"only in one: {name}" for name in sorted(names ^ others)]
    found += [
        f"differs: {name}"
        for name in sorted(names & others)
        if not filecmp.cmp(first / name, second / name, shallow=False)
    ]
    return found


def check_linux() -> int:
    """Run the self-check with an empty PATH and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="self-check-") as home:
        lean = {
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "PATH": "",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }
        checked = subprocess.run(
            [str(LINUX / NAME), "--self-check"], env=lean, cwd=home, check=False, timeout=600
        )
    print("self-check passed" if checked.returncode == 0 else "self-check FAILED")
    return checked.returncode


def check_windows() -> int:
    """Run the self-check of the Windows program under Wine."""
    import wine

    wine.settle()
    with tempfile.TemporaryDirectory(prefix="self-check-") as home:
        said = Path(home) / "said.txt"
        checked = wine.run(
            wine.windows_path(WINDOWS / f"{NAME}.exe"),
            "--self-check",
            more={
                "LOCALAPPDATA": wine.windows_path(Path(home)),
                "QT_QPA_PLATFORM": "offscreen",
                "REGISTER_SAYS": wine.windows_path(said),
                "WINEDEBUG": "fixme-all,err+all",
            },
        )
        wine.settle()
        words = (said.read_text("utf-8") if said.exists() else "") + checked.stdout
        print("\n".join(line for line in words.splitlines() if line.startswith("self-check:")))
        well = checked.returncode == 0 and _ALL_IS_WELL in words
        if not well:
            _tell_of_failure(checked, Path(home))
    print("self-check passed" if well else "self-check FAILED")
    return 0 if well else checked.returncode or 1


def _tell_of_failure(checked: subprocess.CompletedProcess[str], home: Path) -> None:
    """Print all there is: how it ended, what the program logged, what Wine complained about."""
    print(f"exit code {checked.returncode:#x}; the program's log:")
    for path in sorted(home.rglob("log/*")):
        print("\n".join(path.read_text("utf-8", errors="replace").splitlines()[-_LAST_LINES:]))
    print("Wine's last lines:")
    print("\n".join(checked.stdout.splitlines()[-_LAST_LINES:]))


if __name__ == "__main__":
    os.chdir(ROOT)
    DIST.mkdir(exist_ok=True)
    sys.exit(main(sys.argv[1:]))
