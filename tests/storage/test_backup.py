"""Backups: what is written is what was there, and trouble leaves nothing but the older ones."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest

from shelter_app.errors import BackupTrouble, Stopped, VaultDamaged
from shelter_app.storage import (
    attachments,
    backup,
    backup_age,
    backup_files,
    backup_manifest,
    backup_places,
    keyring_keys,
    recovery,
    staging,
)
from shelter_app.storage.backup_manifest import FileFact
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.connection import open_connection
from tests.storage.small_vault import PHRASE, Small, newest, write
from tests.storage.stick import backed_up, folder_of, made, names_on, picture_of, stick_in


def test_a_backup_is_there_under_its_name_only_when_it_was_read_back(
    small: Small, tmp_path: Path
) -> None:
    written = backed_up(small, tmp_path / "stick")
    assert names_on(tmp_path / "stick") == [written.name]
    found = backup_places.search(tmp_path / "stick")
    assert [each.name for each in found] == [written.name]
    assert found[0].size == written.size
    assert set(written.manifest.parts) == {"office", "house", "cases", "counselling", "identity"}
    assert list((small.folder / "staging").glob("*")) == []


def test_a_technician_opens_a_backup_with_age_and_tar_alone(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    ring = small.ring()
    sheet = next(slot for slot in ring.slots if slot.alias == "R")
    code = recovery.parse_code(small.sheets[0])
    private = keyring_keys.unlocked(ring.vault_id, sheet, code.slot_secret)
    identity = pyrage.x25519.Identity.from_str(backup_age.identity_text(private))
    raw = (folder_of(tmp_path / "stick", written) / "office.age").read_bytes()
    target = tmp_path / "by-hand"
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(raw, [identity]))) as content:
        assert content.getnames()[0] == "manifest.json"
        content.extractall(target, filter="data")
    keys = keyring_keys.opened_grants(ring, sheet, private)
    files = {name: ring.files[name].file for name in ("office", "house", "cases", "identity")}
    connection = open_connection(target, files, keys)
    assert connection.exec_driver_sql("SELECT body FROM cases.note").scalar_one() == b"before"
    connection.close()


def test_the_page_of_keys_shows_only_who_may_restore(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick", who="manager")
    beside = backup_places.read_beside(folder_of(tmp_path / "stick", written))
    assert {slot.alias for slot in beside.slots} == {"R", "C", "Twiga"}
    assert all(slot.grants == () for slot in beside.slots)
    raw = (folder_of(tmp_path / "stick", written) / "restore.json").read_text("utf-8")
    assert "Simba" not in raw


def test_somebody_without_the_key_backs_up_the_closed_files_too(
    small: Small, tmp_path: Path
) -> None:
    opened = small.open("house mother")
    root = stick_in(tmp_path / "stick", opened)
    picture = staging.take(opened, [small.slots["manager"]], Progress())
    written = backup.write(picture, root, Progress())
    picture.drop()
    opened.close()
    parts = written.manifest.parts
    assert {name for name, part in parts.items() if part.opened} == {"office", "house"}
    names = {fact.name for fact in written.manifest.files}
    assert {part.file for part in parts.values()} < names


def test_the_journal_of_a_closed_file_comes_along(small: Small, tmp_path: Path) -> None:
    journal = small.file("counselling").with_name(small.file("counselling").name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + bytes(600))
    opened = small.open("house mother")
    picture = staging.take(opened, [small.slots["manager"]], Progress())
    assert journal.name in picture.names
    assert (picture.folder / journal.name).read_bytes() == journal.read_bytes()
    picture.drop()
    opened.close()


def test_documents_lie_beside_the_backups_once(small: Small, tmp_path: Path) -> None:
    first = attachments.store(small.folder, "cases", b"a" * 1000)
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    one = made(opened, root)
    pool = root / backup_places.FOLDER / "att" / "cases"
    before = (pool / first.name).stat().st_mtime_ns
    second = attachments.store(small.folder, "cases", b"b" * 1000)
    two = made(opened, root)
    assert sorted(path.name for path in pool.iterdir()) == sorted((first.name, second.name))
    assert (pool / first.name).stat().st_mtime_ns == before
    assert [len(each.manifest.papers) for each in (one, two)] == [1, 2]
    attachments.remove(small.folder, "cases", first.name)
    three = made(opened, root)
    backup_places.prune(root / backup_places.FOLDER, [one.name, two.name])
    assert names_on(root) == [three.name]
    assert [path.name for path in pool.iterdir()] == [second.name]
    opened.close()


def test_a_document_that_went_bad_on_the_stick_is_found_and_written_anew(
    small: Small, tmp_path: Path
) -> None:
    stored = attachments.store(small.folder, "cases", b"a" * 1000)
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    written = made(opened, root)
    path = root / backup_places.FOLDER / "att" / "cases" / stored.name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupTrouble, match="changed"):
        backup.check_again(root, written.name, written.sha256, written.papers_digest, Progress())
    made(opened, root)
    backup.check_again(root, written.name, written.sha256, written.papers_digest, Progress())
    opened.close()


def test_a_backup_read_again_is_what_it_was_or_says_so(small: Small, tmp_path: Path) -> None:
    written = backed_up(small, tmp_path / "stick")
    arguments = (tmp_path / "stick", written.name, written.sha256, written.papers_digest)
    backup.check_again(*arguments, Progress())
    content = folder_of(tmp_path / "stick", written) / "office.age"
    raw = bytearray(content.read_bytes())
    raw[len(raw) // 2] ^= 1
    content.write_bytes(raw)
    with pytest.raises(BackupTrouble, match="changed"):
        backup.check_again(*arguments, Progress())
    shutil.rmtree(content.parent)
    with pytest.raises(BackupTrouble):
        backup.check_again(*arguments, Progress())


class _Removed(Progress):
    """A stick that is taken out when so many bytes went by."""

    def __init__(self, root: Path, after: int) -> None:
        super().__init__()
        self._root = root
        self._after = after
        self._seen = 0

    def went(self, size: int) -> None:
        self._seen += size
        if self._seen >= self._after:
            shutil.rmtree(self._root, ignore_errors=True)
        super().went(size)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.34, 0.5, 0.6, 0.67, 0.8, 0.9, 0.99])
def test_a_stick_taken_out_is_told_and_leaves_no_backup(
    small: Small, tmp_path: Path, share: float
) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    picture = picture_of(opened)
    total = 3 * sum((picture.folder / name).stat().st_size for name in picture.names)
    with pytest.raises(BackupTrouble, match=r"gone|not_verified"):
        backup.write(picture, root, _Removed(root, int(total * share)))
    picture.drop()
    assert not list(root.glob("*/office-*"))
    write(opened, 7)
    assert newest(opened, "cases") == 7
    opened.close()


def test_a_stick_that_is_gone_is_not_said_to_lie(tmp_path: Path) -> None:
    papers = (FileFact("att/cases/1", 3, "00" * 32),)
    with pytest.raises(BackupTrouble, match="gone"):
        backup.check_papers(tmp_path / "taken out", papers, Progress())
    with pytest.raises(BackupTrouble, match="not_verified"):
        backup.check_papers(tmp_path, papers, Progress())


class _Stopping(Progress):
    """Somebody presses Cancel at a certain step."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self._at = step

    def begin(self, step: str, total: int | None = None) -> None:
        if step == self._at:
            self.stop()
        super().begin(step, total)


@pytest.mark.parametrize("step", ["reading", "writing", "checking", "looking"])
def test_a_cancelled_backup_leaves_the_older_ones_only(
    small: Small, tmp_path: Path, step: str
) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    older = made(opened, root)
    picture = picture_of(opened)
    with pytest.raises(Stopped):
        backup.write(picture, root, _Stopping(step))
    picture.drop()
    assert names_on(root) == [older.name]
    backup.check_again(root, older.name, older.sha256, older.papers_digest, Progress())
    opened.close()


def test_a_damaged_vault_makes_no_backup_over_the_good_one(small: Small, tmp_path: Path) -> None:
    opened = small.open()
    for number in range(40):
        write(opened, number + 1, os.urandom(3000))
    root = stick_in(tmp_path / "stick", opened)
    older = made(opened, root)
    picture = picture_of(opened)
    copy = picture.folder / picture.ring.files["cases"].file
    raw = bytearray(copy.read_bytes())
    raw[-3000] ^= 1
    copy.write_bytes(raw)
    with pytest.raises(VaultDamaged, match="cases"):
        backup.write(picture, root, Progress())
    picture.drop()
    assert names_on(root) == [older.name]
    opened.close()


def test_a_stick_of_another_house_is_left_alone(small: Small, tmp_path: Path) -> None:
    backup_places.register(tmp_path, "0" * 32)
    opened = small.open()
    with pytest.raises(BackupTrouble, match="other_vault"):
        backup_places.register(tmp_path, opened.vault_id)
    opened.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights work differently there")
def test_a_stick_that_cannot_be_written_says_so(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    place = root / backup_places.FOLDER
    picture = picture_of(opened)
    place.chmod(0o500)
    if os.geteuid() == 0:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        bind, remount_read_only = 4096, 4096 | 32 | 1
        path = os.fsencode(root)
        if libc.mount(path, path, b"none", bind, None) or libc.mount(
            path, path, b"none", remount_read_only, None
        ):
            pytest.skip("mounting needs rights this account does not have")
        try:
            with pytest.raises(BackupTrouble, match="read_only"):
                backup.write(picture, root, Progress())
        finally:
            libc.umount2(path, 2)
    else:
        with pytest.raises(BackupTrouble, match="read_only"):
            backup.write(picture, root, Progress())
    place.chmod(0o700)
    picture.drop()
    opened.close()


@pytest.fixture
def small_stick(tmp_path: Path) -> object:
    """A stick of three megabytes, where this account may mount one."""
    import ctypes

    if sys.platform == "win32":
        pytest.skip("mounts work differently here")
    folder = tmp_path / "small"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, b"size=%d" % (3 << 20)):
        pytest.skip("mounting needs rights this account does not have")
    yield folder
    libc.umount2(os.fsencode(folder), 2)


@pytest.mark.parametrize("leave", [0, 60_000, 400_000])
def test_a_full_stick_says_so_and_keeps_the_older_backup(
    small: Small, small_stick: Path, leave: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = small.open()
    root = stick_in(small_stick, opened)
    monkeypatch.setattr(backup, "_SPARE", -(1 << 40))  # the check beforehand shall not catch it
    older = made(opened, root)
    free = os.statvfs(root)
    (root / "ballast").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    picture = picture_of(opened)
    if leave < 400_000:
        with pytest.raises(BackupTrouble, match="full"):
            backup.write(picture, root, Progress())
    else:
        backup.write(picture, root, Progress())
    picture.drop()
    assert older.name in names_on(root)
    assert not [name for name in names_on(root) if name.endswith(".part")]
    backup.check_again(root, older.name, older.sha256, older.papers_digest, Progress())
    opened.close()


def test_a_stick_without_room_is_refused_before_anything_is_written(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    monkeypatch.setattr(backup, "_SPARE", 1 << 60)
    picture = picture_of(opened)
    with pytest.raises(BackupTrouble, match="full"):
        backup.write(picture, root, Progress())
    picture.drop()
    assert names_on(root) == []
    opened.close()


def test_a_kill_in_the_middle_leaves_a_part_that_nobody_takes_for_a_backup(
    small: Small, tmp_path: Path
) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    older = made(opened, root)
    opened.close()
    for step in ("writing", "checking", "looking"):
        script = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from shelter_app.storage import backup, staging, vault\n"
            "from shelter_app.storage.backup_progress import Progress\n"
            "from tests.storage.small_vault import STEPS\n"
            "class Killed(Progress):\n"
            "    def begin(self, step, total=None):\n"
            f"        if step == {step!r}: os.kill(os.getpid(), 9)\n"
            "        super().begin(step, total)\n"
            "v = vault.open_vault(Path(sys.argv[1]), sys.argv[2], sys.argv[3], steps=STEPS)\n"
            "p = staging.take(v, [v.slot_id], Progress())\n"
            "backup.write(p, Path(sys.argv[4]), Killed())\n"
        )
        arguments = [str(small.folder), small.slots["manager"], PHRASE, str(root)]
        ran = subprocess.run([sys.executable, "-c", script, *arguments], check=False)
        assert ran.returncode == -9
        left = [name for name in names_on(root) if name != older.name]
        assert all(name.endswith(".part") for name in left)
        assert [each.name for each in backup_places.search(root)] == [older.name]
    opened = small.open()
    newer = made(opened, root)
    assert names_on(root) == sorted((older.name, newer.name))
    assert list((small.folder / "staging").glob("backup-*")) == []
    opened.close()


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"\xff", b'{"format": "makao-backup"}', b"1" * 100, b"[" * 100_000],
)
def test_what_is_not_a_manifest_is_damaged_and_nothing_else(raw: bytes) -> None:
    for parse in (backup_manifest.parse, backup_manifest.parse_beside):
        with pytest.raises(VaultDamaged):
            parse(raw)


class _Lying(Progress):
    """A stick that takes what is written and gives back something else."""

    def __init__(self, root: Path, name: str) -> None:
        super().__init__()
        self._root = root
        self._name = name

    def begin(self, step: str, total: int | None = None) -> None:
        super().begin(step, total)
        if step == "checking":
            for path in self._root.rglob(self._name):
                raw = bytearray(path.read_bytes())
                raw[len(raw) * 2 // 3] ^= 4
                path.write_bytes(raw)


@pytest.mark.parametrize("name", ["office.age", "restore.json", "*.bin"])
def test_a_stick_that_does_not_give_back_what_was_written_is_never_verified(
    small: Small, tmp_path: Path, name: str
) -> None:
    attachments.store(small.folder, "cases", b"paper")
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    picture = picture_of(opened)
    with pytest.raises(BackupTrouble, match="not_verified"):
        backup.write(picture, root, _Lying(root, name))
    picture.drop()
    assert names_on(root) == []
    opened.close()


@pytest.mark.parametrize("name", ["nyumba yangu", "Büro – ofisi", "家", "x" * 120])
def test_any_name_of_a_stick_will_do(small: Small, tmp_path: Path, name: str) -> None:
    written = backed_up(small, tmp_path / name)
    arguments = (tmp_path / name, written.name, written.sha256, written.papers_digest)
    backup.check_again(*arguments, Progress())


def test_a_file_held_for_a_moment_is_waited_for_and_one_held_for_long_is_named() -> None:
    tries = iter([errno.EBUSY, errno.EBUSY, 0])

    def let_go_at_last() -> str:
        code = next(tries)
        if code:
            raise OSError(code, "held")
        return "done"

    assert backup_files.patiently(let_go_at_last) == "done"
    held = OSError(errno.EACCES, "held by another program")
    held.winerror = 32  # type: ignore[attr-defined]
    assert backup_files.trouble_of(held).code == "held"


def test_two_backups_in_one_minute_have_two_names(small: Small, tmp_path: Path) -> None:
    opened = small.open()
    root = stick_in(tmp_path / "stick", opened)
    names = {made(opened, root).name for _each in range(3)}
    assert set(names_on(root)) == names
    assert len(names) == 3
    opened.close()
