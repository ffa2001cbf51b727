"""Pack the Linux program into a .deb that installs offline on a plain desktop."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import desktop
import layout
from layout import DEB_PLACE, LINUX, NAME, PACKAGING

_DEPENDS: Final = (
    "libc6 (>= 2.35)",
    "libstdc++6 (>= 11)",
    "libbz2-1.0",
    "libdbus-1-3",
    "libegl1",
    "libexpat1",
    "libfontconfig1",
    "libfreetype6",
    "libgl1",
    "libglib2.0-0t64 | libglib2.0-0",
    "liblzma5",
    "libuuid1",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "zlib1g",
)
_RECOMMENDS: Final = (
    "libcups2t64 | libcups2",  # printing
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
)


def place() -> Path:
    """Return where the package is put."""
    return LINUX.parent / f"{NAME}_{layout.version()}_amd64.deb"


def make(*, quick: bool = False, version: str = "", target: Path | None = None) -> None:
    """Lay the files out as they will be installed and pack them.

    Another version and target make the package an upgrade is tried from; it is not squeezed.
    """
    with tempfile.TemporaryDirectory(prefix="deb-") as scratch:
        root = Path(scratch) / "root"
        shutil.copytree(LINUX, root / DEB_PLACE, symlinks=True)
        (root / "usr" / "bin").mkdir()
        (root / "usr" / "bin" / NAME).symlink_to(Path("..") / "lib" / NAME / NAME)
        desktop.write_share(root)
        _set_modes(root)
        _write_control(root, version or layout.version())
        desktop.run_quietly(
            "dpkg-deb",
            "--root-owner-group",
            "-Znone" if target else "-Zxz",
            "-z1" if quick else "-z9",
            "--build",
            str(root),
            str(target or place()),
        )


def _set_modes(root: Path) -> None:
    os.umask(0o022)
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or path == root / DEB_PLACE / NAME
        path.chmod(0o755 if runs else 0o644)


def _write_control(root: Path, version: str) -> None:
    control = root / "DEBIAN"
    size = sum(path.stat().st_size for path in layout.files_under(root)) // 1024
    sums = [f"{_md5(path)}  {path.relative_to(root)}" for path in layout.files_under(root)]
    control.mkdir()
    (control / "md5sums").write_text("\n".join(sums) + "\n", "utf-8")
    (control / "control").write_text(
        f"""Package: {NAME}
Version: {version}
Architecture: amd64
Maintainer: The Daily Register authors <daily-register@localhost>
Installed-Size: {size}
Section: database
Priority: optional
Depends: {", ".join(_DEPENDS)}
Recommends: {", ".join(_RECOMMENDS)}
Description: keeps an office register on one computer
 A register that works without internet. Everything is kept locked on this
 computer and opens only with a pass phrase.
 .
 Removing or purging this package leaves the locked records where they are.
""",
        "utf-8",
    )
    for name in ("preinst", "prerm", "postrm"):
        script = control / name
        script.write_bytes((PACKAGING / "linux" / name).read_bytes())
        script.chmod(0o755)
    control.chmod(0o755)


def _md5(path: Path) -> str:
    import hashlib

    with path.open("rb") as opened:
        return hashlib.file_digest(
            opened, lambda: hashlib.new("md5", usedforsecurity=False)
        ).hexdigest()
