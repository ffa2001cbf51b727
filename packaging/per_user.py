"""Pack the Linux program into one file that installs itself for one account, without root."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from pathlib import Path
from typing import Final

import layout
from layout import LINUX, NAME, PACKAGING

_SQUEEZE: Final = 6


def place() -> Path:
    """Return where the installer is put."""
    return LINUX.parent / f"{NAME}-{layout.version()}.run"


def make(folder: Path = LINUX, version: str = "", target: Path | None = None) -> None:
    """Write the installer; another folder, version and target make one to try updates with."""
    made = target or place()
    made.write_bytes(assembled(folder, version))
    made.chmod(0o755)


def assembled(folder: Path, version: str = "") -> bytes:
    """Return the script and, behind it, the packed folder."""
    payload = packed(folder)
    script = (PACKAGING / "linux" / "install.sh").read_text("utf-8")
    script = script.replace("@SUM@", hashlib.sha256(payload).hexdigest())
    script = script.replace("@SIZE@", str(len(payload)))
    script = script.replace("@VERSION@", version or layout.version())
    return script.encode() + payload


def packed(folder: Path) -> bytes:
    """Return a folder as .tar.gz, the same every time."""
    made = int(layout.last_change())
    held = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", _SQUEEZE, held, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path in sorted(folder.rglob("*")):
            entry = archive.gettarinfo(path, str(path.relative_to(folder)))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime = made
            runs = entry.isdir() or path == folder / NAME
            entry.mode = 0o777 if entry.issym() else (0o755 if runs else 0o644)
            if entry.isreg():
                with path.open("rb") as opened:
                    archive.addfile(entry, opened)
            else:
                archive.addfile(entry)
    return held.getvalue()
