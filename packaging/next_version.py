"""The version after this one, built and signed in a copy of the source as a release is.

What updates are tried with, signed as this account signs: with its own key, which the program built
here believes. Once the project has a key, whose secret half no check may need, one is made for the
occasion and thrown away, and the installed program is told to believe it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import layout
import release
from checks import must
from layout import BUILD, NAME, ROOT

sys.path.insert(0, str(ROOT))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shelter_app.storage import update_file

PLACE: Final = BUILD / "next"
_SOURCE: Final = PLACE / "source"
_HOME: Final = PLACE / "home"
_PHRASE: Final = "a key that is thrown away after the check"
_OCCASION: Final = {"XDG_CONFIG_HOME": str(_HOME), "MAKAO_RELEASE_PHRASE": _PHRASE}
_COPIED: Final = ("dev", "main.py", "LICENSE", "pyproject.toml")
_FOLDERS: Final = ("docs", "packaging", "resources", "shelter_app", "ui")


@dataclass(frozen=True)
class Signed:
    """The next version for one system: its folder, its update file, and what signs more."""

    version: str
    system: str
    program: Path
    update: Path
    key: Ed25519PrivateKey

    def sign(self, target: Path, installer: Path, **other: Any) -> Path:
        """Write another update file with the same key, its manifest changed where it is told."""
        update_file.write(target, installer, release.manifest(self.system) | other, self.key)
        return target

    def trust(self, program: Path) -> None:
        """See that an installed program believes a key; let it believe the one of the occasion."""
        keys = program / layout.KEYS_IN_PROGRAM
        must(release.public_keys(keys), "the program holds no key of its makers")
        if _for_the_occasion():
            shutil.copyfile(_SOURCE / "resources" / release.KEYS.name, keys)


def number() -> str:
    """Return the version after this one."""
    major, minor, _patch = layout.version().split(".")
    return f"{major}.{int(minor) + 1}.0"


def after_next() -> str:
    """Return the version after that."""
    major, minor, _patch = layout.version().split(".")
    return f"{major}.{int(minor) + 2}.0"


def make(system: str) -> Signed:
    """Build and sign the next version, as packaging/README.md tells; kept while nothing changes."""
    PLACE.parent.mkdir(exist_ok=True)
    with PLACE.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # the checks of two systems may run side by side
        return _make(system)


def _make(system: str) -> Signed:
    wanted = fingerprint()
    stamp = PLACE / f"{system}.txt"
    if not (stamp.exists() and stamp.read_text("utf-8") == wanted):
        if _stamp_of_source() != wanted:
            shutil.rmtree(PLACE, ignore_errors=True)
            _copy_source()
            if _for_the_occasion():
                _run("release.py", "--new-key")
            (PLACE / "source.txt").write_text(wanted, "utf-8")
        _run("make.py", system, "--quick")
        _run("release.py")
        stamp.write_text(wanted, "utf-8")
    dist = _SOURCE / "dist"
    return Signed(
        number(),
        system,
        dist / system / NAME,
        dist / "updates" / f"{NAME}-{number()}-{system}{update_file.SUFFIX}",
        _key(),
    )


def bad_updates(signed: Signed) -> list[Path]:
    """Write an update file for every reason to refuse one."""
    folder = BUILD / "bad-updates" / signed.system
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    little = folder / "little"
    little.write_bytes(b"#!/bin/sh\nexit 0\n")
    other = next(name for name in update_file.PLATFORMS if name != signed.system)
    stranger = replace(signed, key=Ed25519PrivateKey.generate())
    data = signed.update.read_bytes()
    middle = len(data) // 2
    made = {
        "foreign": b"PK\3\4 something else" * 100,
        "truncated": data[:middle],
        "head": data[:200] + bytes([data[200] ^ 1]) + data[201:],
        "inside": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
    }
    for name, content in made.items():
        (folder / f"{name}.update").write_bytes(content)
    signed.sign(folder / "older.update", little, version="0.0.9", oldest="0.0.1")
    signed.sign(folder / "platform.update", little, version=signed.version, platform=other)
    signed.sign(folder / "far.update", little, version=signed.version, oldest=signed.version)
    stranger.sign(folder / "stranger.update", little, version=signed.version)
    return sorted(folder.glob("*.update"))


def broken(signed: Signed) -> Path:
    """Return the folder of a version whose first window cannot be shown."""
    folder = BUILD / "broken" / signed.system / NAME
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(signed.program, folder, symlinks=True)
    shutil.rmtree(folder / "_internal" / "resources" / "themes")
    (folder / "licences" / "of-the-broken-one.txt").write_text("to be taken back", "utf-8")
    (folder / "sbom.cdx.json").write_text("{}", "utf-8")
    return folder


def _stamp_of_source() -> str:
    stamp = PLACE / "source.txt"
    return stamp.read_text("utf-8") if stamp.exists() else ""


def fingerprint() -> str:
    """Return the hash of everything a program is built from."""
    made = hashlib.sha256(release.keys_for_build(release.secret_place(), release.KEYS).encode())
    for path in _copied():
        made.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def _copied() -> list[Path]:
    files = [ROOT / name for name in _COPIED]
    for folder in _FOLDERS:
        files += [p for p in layout.files_under(ROOT / folder) if "__pycache__" not in p.parts]
    return files


def _copy_source() -> None:
    for path in _copied():
        target = _SOURCE / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    version = _SOURCE / "shelter_app" / "__init__.py"
    text = version.read_text("utf-8")
    raised = re.sub(r'^__version__ = ".*"$', f'__version__ = "{number()}"', text, flags=re.M)
    version.write_text(raised, "utf-8")


def _run(script: str, *arguments: str) -> None:
    ran = subprocess.run(
        [sys.executable, str(_SOURCE / "packaging" / script), *arguments],
        cwd=_SOURCE,
        env=os.environ
        | {
            "SOURCE_DATE_EPOCH": layout.last_change(),
            "XDG_CACHE_HOME": str(layout.cache().parent),
        }
        | (_OCCASION if _for_the_occasion() else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{script} of the next version:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")


def _for_the_occasion() -> bool:
    return bool(release.public_keys(release.KEYS))


def _key() -> Ed25519PrivateKey:
    if not _for_the_occasion():
        return release.secret_key(release.secret_place())
    os.environ["MAKAO_RELEASE_PHRASE"] = _PHRASE
    try:
        return release.secret_key(_HOME / "makao-release" / "key.pem")
    finally:
        del os.environ["MAKAO_RELEASE_PHRASE"]
