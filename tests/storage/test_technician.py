"""The technician's page really opens a backup, with nothing of this project but its text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.storage import attachments
from tests.storage.small_vault import Small
from tests.storage.stick import backed_up, folder_of

PAGE = Path(__file__).parents[2] / "docs" / "technician" / "open_backup.py"
RUN = "import runpy, sys, pathlib; runpy.run_path(sys.argv[1])['main'](*map(pathlib.Path, sys.argv[2:4]), *sys.argv[4:])"  # noqa: E501 - one line for the interpreter


@pytest.mark.parametrize("way", ["R", "C", "manager"])
def test_the_page_opens_a_backup_with_a_sheet_or_a_manager(
    small: Small, tmp_path: Path, way: str
) -> None:
    from tests.storage.small_vault import PHRASE

    stored = attachments.store(small.folder, "cases", b"paper")
    written = backed_up(small, tmp_path / "stick")
    secret = [PHRASE, "Twiga"] if way == "manager" else [small.sheets["RC".index(way)]]
    target = tmp_path / "by-hand"
    source = folder_of(tmp_path / "stick", written)
    command = [sys.executable, "-I", "-c", RUN, str(PAGE), str(source), str(target), *secret]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    keys = dict(re.findall(r"^(\S+\.db): PRAGMA key = (\"x'[0-9a-f]{64}'\");$", ran.stdout, re.M))
    names = {file.split("-")[0] for file in keys}
    everything = {"office", "house", "cases", "counselling", "identity"}
    expected = {"R": everything - {"counselling"}, "C": {"office", "counselling"}}
    assert names == expected.get(way, everything)
    for file, key in keys.items():
        opened = sqlcipher.connect(str(target / file))
        opened.execute(f"PRAGMA key = {key}")
        assert opened.execute("SELECT body FROM note").fetchone() == (b"before",)
        opened.close()
    assert (target / "att" / "cases" / stored.name).exists()
