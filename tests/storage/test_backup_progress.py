"""How long a backup still takes: said early, right within a little, and without jumping about."""

from __future__ import annotations

from itertools import pairwise

import pytest

from shelter_app.errors import Stopped
from shelter_app.services.progress import step_text, time_left, unattended
from shelter_app.storage import backup_progress
from shelter_app.storage.backup_progress import Progress

MEGABYTE = 1_000_000


class Hands:
    """The hands of a clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    made = Hands()
    monkeypatch.setattr(backup_progress, "clock", made)
    return made


def on_a_stick(
    hands: Hands, size: int, writes: list[float], reads: float
) -> list[tuple[str, float, int, bool]]:
    """Write and read back so many bytes; `writes` are bytes a second, one for each second."""
    progress, seen = Progress(), list[tuple[str, float, int, bool]]()
    progress.expect(reading=size, writing=size, checking=size)
    progress.begin("reading")
    progress.went(size)
    hands.at += 1.0
    for step, speeds in (("writing", writes), ("checking", [reads])):
        progress.begin(step)
        left, second = float(size), 0
        while left > 0:
            speed = speeds[min(second // 4, len(speeds) - 1)]
            hands.at += 0.25
            second += 1
            progress.went(int(min(left, speed / 4)))
            left -= speed / 4
            seen.append((step, hands.at, progress.seconds_left, progress.is_slow))
    return seen


@pytest.mark.parametrize("reads", [3, 6, 15])
def test_the_time_left_is_said_soon_and_is_about_right(hands: Hands, reads: int) -> None:
    seen = on_a_stick(hands, 120 * MEGABYTE, [3.0 * MEGABYTE], reads * MEGABYTE)
    end = seen[-1][1]
    said = [(at, left) for _step, at, left, _slow in seen if left]
    assert said[0][0] - seen[0][1] <= 3.5, "nobody could tell for too long"
    for at, left in said:
        assert abs(left - (end - at)) <= max(4.0, 0.5 * (end - at) + 10.0)


def test_a_stick_that_writes_in_bursts_does_not_make_the_time_jump(hands: Hands) -> None:
    bursts = [6.0 * MEGABYTE, 6.0 * MEGABYTE, 0.5 * MEGABYTE, 0.5 * MEGABYTE] * 30
    seen = on_a_stick(hands, 200 * MEGABYTE, bursts, 9.0 * MEGABYTE)
    counts = [left for _step, _at, left, _slow in seen if left]
    assert max(later - before for before, later in pairwise(counts)) <= 4


def test_a_stick_that_falls_asleep_is_owned_up_to_bit_by_bit(hands: Hands) -> None:
    seen = on_a_stick(hands, 60 * MEGABYTE, [6.0 * MEGABYTE] * 5 + [1.0 * MEGABYTE], 8 * MEGABYTE)
    counts = [left for step, _at, left, _slow in seen if left and step == "writing"]
    assert max(counts) > 25, "it still promised the old speed"
    assert max(later - before for before, later in pairwise(counts)) <= 12


def test_only_what_takes_minutes_is_called_slow(hands: Hands) -> None:
    slow = on_a_stick(hands, 500 * MEGABYTE, [2.0 * MEGABYTE], 8 * MEGABYTE)
    first = next(at for _step, at, _left, is_slow in slow if is_slow)
    assert first - slow[0][1] <= 4.0
    assert slow[-1][3], "it was said once and taken back"
    small = on_a_stick(hands, 60 * MEGABYTE, [2.0 * MEGABYTE], 8 * MEGABYTE)
    assert not any(is_slow for *_rest, is_slow in small)
    quick = on_a_stick(hands, 5_000 * MEGABYTE, [20.0 * MEGABYTE], 80 * MEGABYTE)
    assert not any(is_slow for *_rest, is_slow in quick)


def test_the_words_say_what_is_done_how_long_and_why_it_takes_minutes(hands: Hands) -> None:
    progress = Progress()
    progress.expect(writing=500 * MEGABYTE, checking=500 * MEGABYTE)
    progress.begin("writing")
    for _second in range(5):
        hands.at += 1.0
        progress.went(2 * MEGABYTE)
    words = step_text(progress, "stick")
    assert words.startswith("Encrypting and writing… About 6 minutes left. This stick is slow.")
    assert "This folder's disk is slow." in step_text(progress, "folder")


def test_nobody_at_the_screen_is_told_what_she_could_do_meanwhile(hands: Hands) -> None:
    progress = Progress()
    progress.expect(writing=500 * MEGABYTE, checking=500 * MEGABYTE)
    progress.begin("writing")
    for _second in range(5):
        hands.at += 1.0
        progress.went(2 * MEGABYTE)
    done, of, words = unattended(progress)
    assert words == "Encrypting and writing… About 6 minutes left."
    assert (done, of) == (progress.done >> 10, progress.total >> 10)


def test_what_only_waits_does_not_count_as_getting_on(hands: Hands) -> None:
    progress = Progress()
    progress.begin("looking")
    before = progress.moved
    progress.heed()
    assert progress.moved == before
    progress.went(0)
    assert progress.moved > before
    progress.stop()
    with pytest.raises(Stopped):
        progress.heed()


def test_seconds_are_told_in_fives() -> None:
    assert [time_left(seconds) for seconds in (4, 5, 37, 88, 100)] == [
        "",
        "About 5 seconds left.",
        "About 40 seconds left.",
        "About 90 seconds left.",
        "About 2 minutes left.",
    ]
