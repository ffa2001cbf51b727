"""Small vaults: one made per run, one copy per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.small_vault import Small, made_in


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return made_in(tmp_path_factory.mktemp("small") / "vault")


@pytest.fixture
def small(small_template: Small, tmp_path: Path) -> Small:
    return small_template.copy_to(tmp_path / "vault")
