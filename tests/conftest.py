"""What every test stands on: no screen, no real home folder, a clean clock and language.

Vaults, desks and windows for tests are fixtures of tests/fixtures.py, loaded below.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from shelter_app import clock, i18n, paths

_HOME = pytest.StashKey[tempfile.TemporaryDirectory[str]]()

# The machine that runs the tests is shared: how long an example takes says nothing.
hypothesis.settings.register_profile(
    "makao",
    deadline=None,
    max_examples=int(os.environ.get("MAKAO_EXAMPLES", "60")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("makao")

if (Path(__file__).parent / "fixtures.py").exists():
    pytest_plugins = ["tests.fixtures"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Paint off screen, in a home of the run's own: no test touches real settings or vaults."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.umask(0o077)
    home = tempfile.TemporaryDirectory(prefix="makao-tests-", ignore_cleanup_errors=True)
    config.stash[_HOME] = home
    folders = {
        "HOME": "home",
        "USERPROFILE": "home",
        "LOCALAPPDATA": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_RUNTIME_DIR": "runtime",
        "XDG_STATE_HOME": "state",
    }
    for variable, name in folders.items():
        folder = Path(home.name, name)
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the run's home away again."""
    config.stash[_HOME].cleanup()


@pytest.fixture(autouse=True)
def process_as_new() -> Iterator[None]:
    """Give back the clock, English and the first settings after each test, whatever it chose."""
    chosen = paths.settings_file()
    yield
    clock.set_source(None)
    i18n.set_language("en")
    chosen.unlink(missing_ok=True)
