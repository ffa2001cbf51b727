"""Sign what was built: one update file for each installer, with the release key.

Every build carries the public half of a key. It is the one in resources/update_keys.toml; while the
project has none there, it is the key of whoever builds, made by their first build and kept in their
account. The secret half never enters the project: the project's own lies encrypted in the account
of whoever releases, and on a second stick in another building.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import layout
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from layout import DIST, NAME, ROOT

sys.path.insert(0, str(ROOT))

from shelter_app.storage import update_file

KEYS: Final = ROOT / "resources" / "update_keys.toml"
NEWS: Final = ROOT / "packaging" / "news.toml"
_SHORTEST: Final = 20


def secret_place() -> Path:
    """Return where the secret key lies, outside the project."""
    base = Path(os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")))
    return base / "makao-release" / "key.pem"


def _pass_phrase(question: str, again: str = "") -> bytes:
    given = os.environ.get("MAKAO_RELEASE_PHRASE")
    typed = given or getpass.getpass(question)
    if len(typed) < _SHORTEST:
        raise SystemExit(f"a release pass phrase has at least {_SHORTEST} letters")
    if again and not given and getpass.getpass(again) != typed:
        raise SystemExit("the two phrases differ: nothing was made")
    return typed.encode()


def new_key(place: Path, keys: Path) -> None:
    """Make the project's key: its secret half locked at its place, the public half in the source.

    The key with which this account has built so far becomes the project's, so that programs it gave
    away go on believing what is signed with it.
    """
    if place.exists() and (_is_locked(place) or public_keys(keys)):
        raise SystemExit(f"there is a key already: {place}. Move it away first if you mean it.")
    key = _open(place, None) if place.exists() else Ed25519PrivateKey.generate()
    phrase = _pass_phrase("Pass phrase for the release key: ", "The same once more: ")
    _keep(place, key, serialization.BestAvailableEncryption(phrase))
    keys.write_text(_with_public(keys.read_text("utf-8"), _public(key)), "utf-8")
    print(f"The secret key is in {place}. Copy it to a second stick and keep that elsewhere.")
    print(f"{keys.relative_to(ROOT)} has its public half: commit it, and build.")


def keys_for_build(place: Path, keys: Path) -> str:
    """Return the file of public keys a build carries: the source's, or the key of whoever builds.

    An account without a key gets one, readable by its owner alone and without a pass phrase, as a
    build asks nothing. Where nothing can be kept, the build carries no key and says so.
    """
    text = keys.read_text("utf-8")
    if update_file.keys_in(text):
        return text
    try:
        key = _own_key(place)
    except OSError as error:
        print(
            f"No key can be kept in {place.parent} ({error.strerror}): this build takes no updates."
        )
        return text
    return _with_public(text, _public(key))


def _own_key(place: Path) -> Ed25519PrivateKey:
    if not place.exists():
        _keep(place, Ed25519PrivateKey.generate(), serialization.NoEncryption())
        print(f"Made a key for the programs you build: {place}. Only you can read it; keep it.")
    if _is_locked(place):
        raise SystemExit(
            f"{place} is a release key, but {KEYS.relative_to(ROOT)} has no public half: the commit"
            " that `./dev release --new-key` asked for is not in this source."
        )
    return _open(place, None)


def _keep(
    place: Path, key: Ed25519PrivateKey, lock: serialization.KeySerializationEncryption
) -> None:
    """Write a secret key beside its place and put it there whole, for its owner's eyes only."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_suffix(".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
        )
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)


def _is_locked(place: Path) -> bool:
    return b"ENCRYPTED" in place.read_bytes()


def _open(place: Path, phrase: bytes | None) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(place.read_bytes(), phrase)
    except ValueError as error:
        raise SystemExit("this pass phrase does not open the release key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit("the release key is of another kind")
    return key


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def public_keys(keys: Path) -> dict[str, bytes]:
    """Return the public keys that the source holds, by name."""
    return update_file.keys_in(keys.read_text("utf-8"))


def _with_public(text: str, public: bytes) -> str:
    """Return a file of keys with one more at its end; a program believes them all."""
    known = [*update_file.keys_in(text).values(), public]
    head = "".join(f"{line}\n" for line in text.splitlines() if line[:1] == "#")
    return head + "".join(f'\n[[keys]]\npublic = "{key.hex()}"\n' for key in known)


def secret_key(place: Path) -> Ed25519PrivateKey:
    """Open the secret key."""
    if not place.exists():
        raise SystemExit(
            f"There is no release key in {place}, so nothing was signed.\n"
            "It is made by the first build in this account; the project's own, once, by"
            " `./dev release --new-key`.\n"
            "Later: copy key.pem there from the stick in the other building."
            " packaging/README.md, Updates and travelling, says more."
        )
    if not _is_locked(place):
        return _open(place, None)
    return _open(place, _pass_phrase("Pass phrase of the release key: "))


def installers() -> dict[str, Path]:
    """Return what was built, by platform."""
    places = {
        "linux": DIST / "linux" / f"{NAME}-{layout.version()}.run",
        "windows": DIST / "windows" / f"{NAME}-{layout.version()}-setup.exe",
    }
    return {platform: place for platform, place in places.items() if place.exists()}


def require_keys_inside(program: Path, carried: str) -> None:
    """Refuse a build that carries other keys than it would now: it could take no later update."""
    inside = program / layout.KEYS_IN_PROGRAM
    if not inside.exists() or inside.read_text("utf-8") != carried:
        raise SystemExit(
            f"{program.relative_to(ROOT)} was built with other keys than a build has now: it would"
            " refuse every later update. Build it again, then release."
        )


def manifest(platform: str) -> dict[str, Any]:
    """Return what a release says of itself, apart from its size and hash."""
    news = tomllib.loads(NEWS.read_text("utf-8"))
    return {
        "version": layout.version(),
        "platform": platform,
        "oldest": news["oldest"],
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "news": {"en": news["en"], "sw": news["sw"]},
    }


def release(place: Path, target: Path) -> list[Path]:
    """Sign every installer that was built and read each file back as the program will."""
    built = installers()
    if not built:
        raise SystemExit("nothing is built yet: `./dev build linux`, `./dev build windows`")
    key = secret_key(place)
    carried = keys_for_build(place, KEYS)
    believed = update_file.keys_in(carried)
    if update_file.key_name(_public(key)) not in believed:
        raise SystemExit(f"{KEYS.relative_to(ROOT)} does not hold this key's public half")
    for installer in built.values():
        require_keys_inside(installer.parent / NAME, carried)
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for platform, installer in built.items():
        path = target / f"{NAME}-{layout.version()}-{platform}{update_file.SUFFIX}"
        update_file.write(path, installer, manifest(platform), key)
        update_file.read(path, believed)
        made.append(path)
    print(f"Signed with the key {update_file.fingerprint(_public(key))}.")
    if not _is_locked(place):
        print(
            "It is this account's own and has no pass phrase. Before the program is given away:"
            " `./dev release --new-key` locks it and makes it the project's."
        )
    return made


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new-key", action="store_true", help="make the pair of release keys")
    asked = parser.parse_args()
    if asked.new_key:
        new_key(secret_place(), KEYS)
        return 0
    for path in release(secret_place(), DIST / "updates"):
        print(f"{path.relative_to(ROOT)}  {layout.megabytes(path):.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
