"""Every failure has a sentence, and no sentence shows a code."""

from __future__ import annotations

import inspect

import pytest

from shelter_app import errors
from ui.kit.wording import sentence_for

_MADE = {
    errors.ValidationFailed: errors.ValidationFailed((errors.Problem("name", "Please"),)),
    errors.WrongPassphrase: errors.WrongPassphrase(4),
    errors.VaultDamaged: errors.VaultDamaged("cases"),
    errors.BackupTrouble: errors.BackupTrouble("full"),
    errors.DocumentUnreadable: errors.DocumentUnreadable("paper"),
}
_KINDS = [kind for _name, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("kind", [k for k in _KINDS if issubclass(k, errors.ShelterError)])
def test_every_error_speaks_like_a_colleague(kind: type[errors.ShelterError]) -> None:
    sentence = sentence_for(_MADE.get(kind) or kind())
    assert len(sentence) > 20
    assert sentence.endswith((".", "?"))
    assert kind.__name__ not in sentence
    assert "{" not in sentence


def test_each_error_of_the_computer_says_what_became_of_the_data() -> None:
    kinds = [k for k in _KINDS if issubclass(k, errors.WorldProblem)]
    sentences = {sentence_for(_MADE.get(kind) or kind()) for kind in kinds}
    assert len(sentences) == len(kinds)


def test_a_refusal_says_its_own_sentence() -> None:
    assert sentence_for(errors.NotPossible("This bed is taken.")) == "This bed is taken."


def test_a_wrong_password_names_the_wait() -> None:
    assert "4 seconds" in sentence_for(errors.WrongPassphrase(4))
    assert "1 second." in sentence_for(errors.WrongPassphrase(1))


def test_a_closed_record_reads_like_a_missing_one() -> None:
    assert "closed" in sentence_for(errors.NotFound())


def test_a_bug_has_a_sentence_too() -> None:
    assert "expect" in sentence_for(RuntimeError("anything 0712 345 678"))
    assert "0712" not in sentence_for(RuntimeError("anything 0712 345 678"))
