"""Clean systems to install into: Debian 12 and 13 without Python and without a network.

Each is made once by debootstrap, kept packed in the cache, and unpacked anew for every check.
Needs root, because it enters the systems with chroot and an empty network namespace.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from layout import BUILD, cache, files_under

SUITES: Final = {"bookworm": "Debian 12", "trixie": "Debian 13"}
_DESKTOP: Final = (
    "desktop-file-utils",
    "fonts-dejavu-core",
    "hicolor-icon-theme",
    "libbz2-1.0",
    "libdbus-1-3",
    "libegl1",
    "libexpat1",
    "libfontconfig1",
    "libfreetype6",
    "libgl1",
    "liblzma5",
    "libstdc++6",
    "libuuid1",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "libzstd1",
    "shared-mime-info",
    "zlib1g",
)
"""What every desktop has and the program counts on: the base of each system's desktop task."""
_OF_SUITE: Final = {"bookworm": "libglib2.0-0", "trixie": "libglib2.0-0t64"}
_ENDS_WITHIN: Final = 20
PERSON: Final = 1000
HOME: Final = "/home/person"
_SOCKETS: Final = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen


@dataclass(frozen=True)
class Root:
    """One clean system in a folder."""

    suite: str
    folder: Path

    def inside(self, path: str) -> Path:
        """Return where a path of the system lies on this machine."""
        return self.folder / path.lstrip("/")

    def run(
        self,
        *command: str,
        person: bool = False,
        more: Mapping[str, str] | None = None,
        timeout: int = 900,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside, without any network, as root or as the person who works there."""
        return subprocess.run(
            self.entering(*command, person=person),
            env=self.surroundings(person=person) | dict(more or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
        )

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program inside, as the person who works there, in a session of its own."""
        return subprocess.Popen(
            self.entering(*command, person=True),
            env=self.surroundings(person=True),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def programs(self) -> list[int]:
        """Return the processes whose program lies in this system."""
        found = []
        for link in Path("/proc").glob("[0-9]*/exe"):
            try:
                program = link.readlink()
            except OSError:
                continue
            if program.is_relative_to(self.folder.resolve()):
                found.append(int(link.parent.name))
        return found

    def end_programs(self) -> None:
        """End what still runs inside."""
        until = time.monotonic() + _ENDS_WITHIN
        while running := self.programs():
            hard = time.monotonic() > until
            for number in running:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL if hard else signal.SIGTERM)
            time.sleep(0.3)

    def entering(self, *command: str, person: bool) -> list[str]:
        """Return the command that enters the system with a network of its own, which is empty."""
        user = [f"--userspec={PERSON}:{PERSON}"] if person else []
        return ["unshare", "--net", "chroot", *user, str(self.folder), *command]

    def surroundings(self, *, person: bool) -> dict[str, str]:
        """Return the environment somebody has who has just signed in."""
        return {
            "HOME": HOME if person else "/root",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            "DISPLAY": os.environ.get("DISPLAY", ""),
        }


def impossible() -> str:
    """Return why no clean system can be made and entered here, '' when one can."""
    if os.geteuid() != 0:
        return "clean systems are entered with chroot, which only root may"
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        return "this machine lets nobody enter a network of its own"
    return ""


@contextmanager
def being_made() -> Iterator[Callable[[], str]]:
    """Make the packed systems beside other work; asked, it waits, and says what failed or ''."""
    with ThreadPoolExecutor(len(SUITES)) as makers:
        made = [makers.submit(packed, suite) for suite in SUITES]

        def trouble() -> str:
            for each in made:
                reason = each.exception()
                if reason is not None:
                    return f"no clean system could be made: {str(reason)[:300]}"
            return ""

        yield trouble


def packed(suite: str) -> Path:
    """Return the packed system, made when it is not there yet."""
    kept = cache() / "roots" / f"{suite}.tar"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="root-", dir=kept.parent) as scratch:
            _bootstrap(suite, Path(scratch) / "root")
            part = kept.with_suffix(".part")
            subprocess.run(["tar", "-C", f"{scratch}/root", "-cf", str(part), "."], check=True)
            part.rename(kept)
    return kept


def _bootstrap(suite: str, folder: Path) -> None:
    wanted = ",".join((*_DESKTOP, _OF_SUITE[suite]))
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={wanted}", suite, str(folder), mirror()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(f"debootstrap {suite} failed:\n{made.stdout[-1500:]}{made.stderr[-500:]}")
    for fetched in ("var/cache/apt/archives", "var/lib/apt/lists"):  # half of it all
        for path in files_under(folder / fetched):
            path.unlink()


def mirror() -> str:
    """Return the archive this machine installs from; nothing of it is written down here."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(SUITE) $(COMPONENT)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in told.splitlines():
        place, *rest = line.split()
        if "security" not in place and rest[:1] == ["Debian"] and rest[-1] == "main":
            return place
    raise SystemExit("this machine has no Debian archive to make clean systems from")


@contextmanager
def clean(suite: str) -> Iterator[Root]:
    """Give a fresh system with /proc and a place for screens, and take it away again."""
    folder = BUILD / "roots" / suite
    _take_away(folder)
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-C", str(folder), "-xf", str(packed(suite))], check=True)
    root = Root(suite, folder)
    _SOCKETS.mkdir(mode=0o1777, exist_ok=True)
    root.inside("tmp/.X11-unix").mkdir(exist_ok=True)
    mounts = [
        ["-t", "proc", "proc", str(root.inside("proc"))],
        ["--bind", str(_SOCKETS), str(root.inside("tmp/.X11-unix"))],
    ]
    try:
        for mount in mounts:
            subprocess.run(["mount", *mount], check=True)
        home = root.inside(HOME)
        home.mkdir(parents=True)
        os.chown(home, PERSON, PERSON)
        with root.inside("etc/passwd").open("a", encoding="utf-8") as accounts:
            accounts.write(f"person:x:{PERSON}:{PERSON}::{HOME}:/bin/sh\n")
        yield root
    finally:
        root.end_programs()
        _take_away(folder)


def _take_away(folder: Path) -> None:
    if not folder.exists():
        return
    for place in _mounted_below(folder):
        subprocess.run(["umount", "--lazy", place], check=True)
    left = _mounted_below(folder)
    if left:  # what is mounted belongs to this machine: it must never be removed with the rest
        raise SystemExit(f"still mounted: {', '.join(left)}")
    shutil.rmtree(folder)


def _mounted_below(folder: Path) -> list[str]:
    """Return what is mounted below a folder, innermost first."""
    mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    places = [line.split(" ")[1].replace("\\040", " ") for line in mounts]
    return sorted((p for p in places if p.startswith(f"{folder.resolve()}/")), reverse=True)
