"""The ready workflows run only what was looked at: actions by the hash of their commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WORKFLOWS = Path(__file__).resolve().parents[2] / "packaging" / "ci"


@pytest.mark.parametrize("name", ["windows.yml", "macos.yml"])
def test_every_action_is_named_by_its_commit(name: str) -> None:
    text = (WORKFLOWS / name).read_text("utf-8")
    used = re.findall(r"uses: (.+)", text)
    assert len(used) >= 3
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("name", ["windows.yml", "macos.yml"])
def test_no_plain_value_holds_what_yaml_takes_for_the_end_of_a_key(name: str) -> None:
    """`--only-binary=:all: -r` after `run:` made the whole file unreadable once."""
    lines = (WORKFLOWS / name).read_text("utf-8").splitlines()
    values = [line.partition(": ")[2] for line in lines if re.match(r"\s*(- )?(run|name): ", line)]
    assert len(values) > 5
    assert [value for value in values if ": " in value] == []


def test_the_scripts_the_workflows_call_are_there() -> None:
    for path in WORKFLOWS.glob("*.yml"):
        for script in re.findall(
            r"packaging/[\w/]+\.(?:py|spec|nsi|lock)", path.read_text("utf-8")
        ):
            assert (WORKFLOWS.parents[1] / script).exists(), script
