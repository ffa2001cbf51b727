"""Malformed input for every reader of files and typed codes: an answer or a refusal, and soon.

Inputs are right ones, spoilt a little or a lot. What carries a checksum gets a right one again half
of the time, as a forger would see to, because the checks behind it must hold by themselves.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import hashlib
import io
import json
import os
import random
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shelter_app import settings
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.errors import ShelterError
from shelter_app.services import export_reader
from shelter_app.storage import (
    attachments,
    backup,
    backup_age,
    backup_manifest,
    backup_places,
    export_file,
    keyring_file,
    page_file,
    recovery,
    recovery_parts,
    relocate,
    staging,
    update_file,
)
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.backup_tar import Packing, Unpacking
from shelter_app.storage.keyring_fields import Malformed, TooNew
from tests import made_files
from tests.faults import vaults
from tests.faults.cases import Block, Outcome
from tests.faults.vaults import ALL

_SLOW: Final = 1.0
_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_SCRAPS: Final = (
    b"", b"\0", b"\xff" * 9, b"null", b"NaN", b"-1", b"1e999", b"true", b"[]", b"{}", b'""',
    b'"\\ud800"', b"9" * 400, b"[" * 3_000, b'{"a":' * 3_000, b"../../etc", b"\r\n" * 50,
    "ﬁ٣😀".encode(), b"'''", b"]]", b"=", b"0x10", b"\x80" * 12,
)  # fmt: skip
_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**70, 1.5, "", "x", "x" * 5_000, "\ud800", "\0", [],
    {}, [[]], [None] * 300, {"a": {"b": {"c": []}}}, "../x.db", "C:\\x.db", "===",
)  # fmt: skip

Reader = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """One reader: inputs that are right, how to call it, and what it may refuse with."""

    name: str
    seeds: tuple[bytes, ...]
    read: Reader
    refusals: tuple[type[BaseException], ...] = ()
    summed: bool = False


def inputs(block: Block) -> Outcome:
    """Give each reader its share of spoilt inputs."""
    outcome, chance = Outcome(), block.chance
    targets = targets_in(block.folder)
    for number in range(block.size):
        target = targets[number % len(targets)]
        raw = spoilt(target, chance)
        outcome.counts["tries"] += 1
        started = time.perf_counter()
        try:
            target.read(raw)
        except target.refusals:
            outcome.counts["refused"] += 1
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
            outcome.add("unhandled", f"{target.name} {error!r} for {raw[:150]!r}")
        if time.perf_counter() - started > _SLOW:
            outcome.add("slow", f"{target.name} for {raw[:150]!r}")
    return outcome


def spoilt(target: Target, chance: random.Random) -> bytes:
    """Return one input that is no longer right, or hardly so."""
    raw = chance.choice(target.seeds)
    if raw.startswith(b"{") and chance.random() < 0.5:
        return _reshaped(raw, chance, summed=target.summed)
    made = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        _spoil(made, target.seeds, chance)
    return bytes(made)


def _spoil(made: bytearray, seeds: tuple[bytes, ...], chance: random.Random) -> None:
    place = chance.randrange(len(made) + 1)
    length = chance.choice((1, 1, 2, 8, 60, 700))
    way = chance.randrange(7)
    if way == 0 and place < len(made):
        made[place] ^= 1 << chance.randrange(8)
    elif way == 1:
        del made[place : place + length]
    elif way == 2:
        made[place:place] = chance.randbytes(length)
    elif way == 3:
        made[place:place] = chance.choice(_SCRAPS)
    elif way == 4:
        made[place : place + length] = chance.choice(_SCRAPS)
    elif way == 5:
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        made[place : place + length] = other[start : start + length]
    elif chance.random() < 0.2:
        del made[place:]


def _reshaped(raw: bytes, chance: random.Random, *, summed: bool) -> bytes:
    """Put something odd into the place of one value, deep inside or not."""
    block = json.loads(raw)
    for _ in range(chance.choice((1, 1, 2, 4))):
        _put_oddly(block, chance)
    if summed and chance.random() < 0.8:
        block.pop("sha256", None)
        with contextlib.suppress(ValueError):
            block["sha256"] = hashlib.sha256(keyring_file.canonical(block)).hexdigest()
    return json.dumps(block).encode()


def _put_oddly(block: Any, chance: random.Random) -> None:
    where = block
    while True:
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = where[key]
        if isinstance(inner, (dict, list)) and inner and chance.random() < 0.8:
            where = inner
            continue
        if chance.random() < 0.2 and isinstance(where, dict):
            del where[key]
        else:
            where[key] = copy.deepcopy(chance.choice(_ODD))
        return


def targets_in(folder: Path) -> tuple[Target, ...]:
    """Make right inputs of every sort and return all readers."""
    site = vaults.founded(folder / "vault")
    opened = site.open()
    for number in range(1, 6):
        vaults.transact(opened, number)
    ring = (site.folder / "keyring-a.json").read_bytes()
    identity = backup_age.identity_of(opened.private)
    root = folder / "stick"
    root.mkdir()
    backup_places.register(root, opened.vault_id)
    picture = staging.take(opened, [site.slots[ALL]], Progress())
    written = backup.write(picture, root, Progress())
    picture.drop()
    pages = _pages(site.file("cases"), opened.key_copies()["cases"])
    opened.close()
    lies = root / backup_places.FOLDER / written.name
    manifest = backup_manifest.render(written.manifest)
    beside = (lies / "restore.json").read_bytes()
    return (
        *_codes(),
        Target("keyring", (ring,), keyring_file.parse, (Malformed, TooNew), summed=True),
        Target("manifest", (manifest,), backup_manifest.parse, (ShelterError,)),
        Target("page of keys", (beside,), backup_manifest.parse_beside, (ShelterError,), True),
        _tar(folder),
        _age(folder, identity, opened.private),
        _document(folder),
        _settings(folder),
        _mark(root),
        Target("journal", _journals(), relocate.pointer_in),
        Target("page", pages, _read_page),
        _update(folder),
        _export(folder),
        _draft(),
        *_papers(),
    )


def _codes() -> tuple[Target, ...]:
    codes = [recovery.Code(hashlib.md5(b"%d" % number).digest()) for number in range(5)]
    typed = tuple(code.text.encode() for code in codes)
    parts = tuple(
        " ".join(part.text for part in recovery_parts.split(code)[:2]).encode() for code in codes
    )

    def digits(raw: bytes) -> object:
        return recovery.parse_code(raw.decode("utf-8", "replace"))

    def words(raw: bytes) -> object:
        return recovery_parts.read(raw.decode("utf-8", "replace"))

    return (
        Target("recovery digits", typed, digits, (ShelterError,)),
        Target("recovery words", parts, words, (ShelterError,)),
    )


def _tar(folder: Path) -> Target:
    content = os.urandom(3_000)
    (folder / "file").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    fact = backup_manifest.FileFact("office-0a1b2c3d.db", len(content), digest)
    made = backup_manifest.Manifest("0" * 32, _moment(), 1, {}, (fact,))
    packing = Packing(backup_manifest.render(made), [(fact, folder / "file")], lambda _size: None)
    whole = b""
    while piece := packing.read(1 << 16):
        whole += piece

    def unpack(raw: bytes) -> object:
        unpacking = Unpacking(lambda _size: None, lambda _fact: None)
        for start in range(0, len(raw), 700):
            unpacking.write(raw[start : start + 700])
        return unpacking.finish()

    return Target("backup content", (whole,), unpack, (ShelterError,))


def _moment() -> Any:
    from datetime import datetime

    return datetime(2026, 11, 22, 9, 0)


def _age(folder: Path, identity: Any, private: Any) -> Target:
    sealed = io.BytesIO()
    public = private.x25519.public_key().public_bytes_raw()
    plain = io.BytesIO(os.urandom(2_000))
    backup_age.encrypt(plain, sealed, [backup_age.recipient_of(public)])

    def unseal(raw: bytes) -> object:
        sink = io.BytesIO()
        backup_age.decrypt(io.BytesIO(raw), sink, identity)
        return sink

    return Target("backup envelope", (sealed.getvalue(),), unseal, (ShelterError,))


def _document(folder: Path) -> Target:
    stored = attachments.store(folder, "cases", os.urandom(900))
    path = folder / attachments.FOLDER / "cases" / stored.name
    whole = path.read_bytes()

    def load(raw: bytes) -> object:
        path.write_bytes(raw)
        fitting = dataclasses.replace(stored, sha256=hashlib.sha256(raw).hexdigest())
        return attachments.load(folder, "cases", fitting)

    return Target("document", (whole,), load, (ShelterError,))


def _update(folder: Path) -> Target:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    keys = {update_file.key_name(public): public}
    path, installer = folder / "new.update", folder / "installer"
    installer.write_bytes(os.urandom(2_000))
    said = {"version": "1.2.0", "platform": "linux", "oldest": "1.0.0", "made": "2026-11-22"}
    update_file.write(path, installer, {**said, "news": {"en": "Better."}}, key)
    whole = path.read_bytes()

    def read(raw: bytes) -> object:
        path.write_bytes(_signed_again(raw, key))
        update_file.read(path, keys)
        return update_file.unpack(path, folder / "unpacked", keys)

    return Target("update", (whole,), read, (ShelterError,))


def _signed_again(raw: bytes, key: Ed25519PrivateKey) -> bytes:
    """Sign what can be found of the manifest in every second input, so that more is read."""
    start = len(update_file.MAGIC) + 4
    length = int.from_bytes(raw[start - 4 : start], "big")
    if len(raw) % 2 or length > len(raw):
        return raw
    text = raw[start : start + length]
    signature = key.sign(b"makao-update-1|" + text)
    return raw[: start + length] + signature + raw[start + length + len(signature) :]


def _export(folder: Path) -> Target:
    place = folder / "export"
    place.mkdir()
    identity = pyrage.x25519.Identity.generate()
    plain = io.BytesIO()
    writing = export_file.Writing(plain)
    table = {"columns": ["id", "name"], "rows": [[1, "Asha"], [2, None]]}
    writing.add("README.md", b"What this is.")
    writing.add("tables/person.json", json.dumps(table).encode(), table="person", title="People")
    writing.add("files/document-1.pdf", b"%PDF-1.7")
    writing.finish(format="makao-export", version=1, made_at="2026-11-22 09:00")
    writing.close()

    def read(raw: bytes) -> object:
        (place / export_file.BODY).write_bytes(pyrage.encrypt(raw, [identity.to_public()]))
        return export_reader.read_export(place, identity)

    return Target("export", (plain.getvalue(),), read, (ShelterError,))


def _application() -> object:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    quiet = ("text", "gui.imageio", "imageformats")
    rules = ";".join(f"qt.{name}*=false" for name in quiet)
    os.environ.setdefault("QT_LOGGING_RULES", rules)
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() or QApplication([])


def _papers() -> tuple[Target, ...]:
    """Return the reading of what comes on a stick: pictures of every sort, and PDFs."""
    app = _application()
    from PySide6.QtGui import QColor, QImage, QPainter

    from ui.papers import reading

    drawn = QImage(160, 120, QImage.Format.Format_RGB32)
    drawn.fill(QColor("white"))
    painter = QPainter(drawn)
    painter.fillRect(0, 0, 80, 30, QColor("red"))
    painter.end()
    seeds = [made_files.encoded(drawn, form) for form in ("JPG", "PNG", "BMP", "TIFF", "WEBP")]
    seeds += [
        made_files.a_tiff(3),
        made_files.with_position(seeds[0], 6),
        made_files.a_png(90, 60, words=b"where"),
    ]

    def read(raw: bytes) -> object:
        return reading.prepared(raw), app

    pdfs = (made_files.a_pdf(2), made_files.a_pdf(1, "Fomu ya idhini"))
    return (
        Target("picture", tuple(seeds), read, (ShelterError,)),
        Target("PDF from outside", pdfs, read, (ShelterError,)),
    )


def _draft() -> Target:
    """Return the reading of a half-typed form, which is put back into a form of the program."""
    app = _application()
    from ui.kit.record_form import RecordForm
    from ui.kit.side_editor import UNREADABLE

    form = RecordForm(Appointment)
    for field in fields_of(Appointment):
        if not field.kept_by_program and field.kind is not Kind.LINK:
            form.row(field.name)
    form.finish()
    for name in ("kind", "starts_at", "duration_min", "room", "cancelled"):
        form.editor(name).edited.emit()
    states = {
        "kind": {"value": "supervision"},
        "starts_at": {"text": "22 Nov 2026 09:00"},
        "duration_min": {"text": "45"},
        "room": {"value": "the small room"},
        "cancelled": {"value": True},
    }

    def read(raw: bytes) -> object:
        form.restore(raw.decode("utf-8", "replace"))
        return app

    return Target("draft", (json.dumps(states).encode(), form.draft().encode()), read, UNREADABLE)


def _settings(folder: Path) -> Target:
    path = folder / "settings.toml"
    settings.save(settings.Settings(folder="/somewhere"), path)
    seeds = (path.read_bytes(), b'language = "sw"\ntext_size = 150\nidle_minutes = 9\n')

    def load(raw: bytes) -> object:
        path.write_bytes(raw)
        return settings.load(path)

    return Target("settings", seeds, load)


def _mark(root: Path) -> Target:
    place = backup_places.place_in(root)
    path = place / backup_places.MARK
    whole = path.read_bytes()

    def load(raw: bytes) -> object:
        path.write_bytes(raw)
        return backup_places.read_mark(place)

    return Target("mark of a stick", (whole,), load)


def _journals() -> tuple[bytes, ...]:
    made = []
    for path in ("/srv/vault/office-1a2b.db-mjA1B2C3D4E", "C:\\Ümit\\office-1a2b.db-mjA1B2C3D4E"):
        name = os.fsencode(path)
        total = sum(byte - 256 if byte > 127 else byte for byte in name) & 0xFFFFFFFF
        pointer = b"\0\0\0\0" + name + struct.pack(">II", len(name), total) + _MAGIC
        made.append(_MAGIC + bytes(600) + pointer)
    return tuple(made)


class _Plain(page_file.PageFile):
    """Pages that are already open, so that their layout alone is tried."""

    def __init__(self, pages: dict[int, bytes]) -> None:
        self._pages = pages

    def page(self, number: int) -> bytes | None:
        return self._pages.get(number)


def _pages(path: Path, key: bytes) -> tuple[bytes, ...]:
    file = page_file.PageFile(path, key)
    found = [file.page(number) for number in range(2, file.count + 1)]
    file.close()
    return tuple(page for page in found if page and page[0] in (2, 5, 10, 13))


def _read_page(raw: bytes) -> object:
    page = raw[: page_file.USABLE].ljust(page_file.USABLE, b"\0")
    file = _Plain({2: page, 3: page})
    return [
        file.kind(2, page),
        file.children(2, page),
        list(file.table_rows(2, page)),
        list(file.index_rows(2, page)),
    ]
