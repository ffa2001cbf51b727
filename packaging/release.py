"""Sign what was built: one update file for each installer, with the release key.

The secret half of the key never enters the project: it lies encrypted in the account of whoever
releases, and on a second stick in another building. resources/update_keys.toml has its public half.
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


def _pass_phrase(question: str) -> bytes:
    typed = os.environ.get("MAKAO_RELEASE_PHRASE") or getpass.getpass(question)
    if len(typed) < _SHORTEST:
        raise SystemExit(f"a release pass phrase has at least {_SHORTEST} letters")
    return typed.encode()


def new_key(place: Path, keys: Path) -> None:
    """Make a key pair: the secret half encrypted at its place, the public half in the program."""
    if place.exists():
        raise SystemExit(f"there is a key already: {place}. Move it away first if you mean it.")
    key = Ed25519PrivateKey.generate()
    phrase = _pass_phrase("Pass phrase for the new release key: ")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(phrase),
            )
        )
    add_public(keys, key.public_key().public_bytes_raw())
    print(f"The secret key is in {place}. Copy it to a second stick and keep that elsewhere.")
    print(f"{keys.relative_to(ROOT)} has its public half: commit it, and build.")


def add_public(keys: Path, public: bytes) -> None:
    """Add a public key after those that are there; the newest program then believes both."""
    known = tomllib.loads(keys.read_text("utf-8")).get("keys", [])
    known.append({"public": public.hex()})
    head = "".join(f"{line}\n" for line in keys.read_text("utf-8").splitlines() if line[:1] == "#")
    entries = "".join(f'\n[[keys]]\npublic = "{entry["public"]}"\n' for entry in known)
    keys.write_text(head + entries, "utf-8")


def secret_key(place: Path) -> Ed25519PrivateKey:
    """Open the secret key."""
    if not place.exists():
        raise SystemExit(
            f"There is no release key in {place}, so nothing was signed.\n"
            "Once, for the first release: `./dev release --new-key`, commit"
            " resources/update_keys.toml, build, then `./dev release` again.\n"
            "Later: copy key.pem there from the stick in the other building."
            " packaging/README.md, Updates and travelling, says more."
        )
    phrase = _pass_phrase("Pass phrase of the release key: ")
    try:
        key = serialization.load_pem_private_key(place.read_bytes(), phrase)
    except ValueError as error:
        raise SystemExit("this pass phrase does not open the release key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit("the release key is of another kind")
    return key


def installers() -> dict[str, Path]:
    """Return what was built, by platform."""
    places = {
        "linux": DIST / "linux" / f"{NAME}-{layout.version()}.run",
        "windows": DIST / "windows" / f"{NAME}-{layout.version()}-setup.exe",
    }
    return {platform: place for platform, place in places.items() if place.exists()}


def require_keys_inside(program: Path, keys: Path) -> None:
    """Refuse a build that carries other keys than the source: it could take no later update."""
    inside = program / "_internal" / "resources" / keys.name
    if not inside.exists() or inside.read_bytes() != keys.read_bytes():
        raise SystemExit(
            f"{program.relative_to(ROOT)} was built with other keys than {keys.relative_to(ROOT)}"
            " has now: it would refuse every later update. Build it again, then release."
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
    public = key.public_key().public_bytes_raw()
    if update_file.key_name(public) not in update_file.trusted():
        raise SystemExit(f"{KEYS.relative_to(ROOT)} does not hold this key's public half")
    for installer in built.values():
        require_keys_inside(installer.parent / NAME, KEYS)
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for platform, installer in built.items():
        path = target / f"{NAME}-{layout.version()}-{platform}{update_file.SUFFIX}"
        update_file.write(path, installer, manifest(platform), key)
        update_file.read(path, update_file.trusted())
        made.append(path)
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
