"""Random lives of a house's keys; MAKAO_EXAMPLES lives of MAKAO_STEPS steps (10 of 30 usually)."""

from __future__ import annotations

import os

import pytest

from tests.storage.key_lives import KeyLives, settings_from

EXAMPLES = int(os.environ.get("MAKAO_EXAMPLES", "10"))
STEPS = int(os.environ.get("MAKAO_STEPS", "30"))

TestKeyLives = KeyLives.TestCase
TestKeyLives.settings = settings_from(EXAMPLES, STEPS)
pytestmark = pytest.mark.timeout(120 + EXAMPLES * STEPS // 20)
