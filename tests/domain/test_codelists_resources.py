"""The shipped code lists and word lists: whole, in two languages, and as the sources gave them."""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from shelter_app import paths

LIST_IDS = sorted(path.stem for path in paths.resource("codelists").glob("*.json"))

# Lists whose rows are rules or matrices and carry no label of their own.
WITHOUT_LABELS = {"case_transitions", "instruments", "role_matrix"}

# Names of places and courts are the same in every language.
PROPER_NAMES = {"court_stations_ke", "kenya_county"}

# Crosswalk keys of the sources. A smaller count means that a report to the state loses a row.
CROSSWALK_KEYS = {"cpims": 192, "htcds": 80}

OUR_OWN = {
    "age_band",
    "appointment_kind",
    "backup_place_kind",
    "contact_channel",
    "counselling_approach",
    "document_purpose",
    "recipient_kind",
    "session_risk",
    "survivor_review",
}

# Words that blame or label a person in care; statutory titles are allowed and marked as such.
UNKIND = re.compile(
    r"abscond|ran away|runaway|non-complian|prostitut|\bbait\b|\bvictim", re.IGNORECASE
)
STATUTORY = re.compile(r"statutory|statement|Victim impact|Victim Protection|immunity")
ABOUT_THE_ACCUSED = {"accused_status"}


def read(list_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        paths.resource("codelists", f"{list_id}.json").read_text(encoding="utf-8")
    )
    return found


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for list_id in LIST_IDS:
        for row in read(list_id)["values"]:
            yield list_id, row


def words(name: str) -> list[str]:
    text = paths.resource("wordlists", name).read_text(encoding="ascii")
    assert text.endswith("\n")
    return text.splitlines()


def one_edit_away(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def test_all_lists_of_the_domain_and_our_own_are_shipped() -> None:
    assert len(LIST_IDS) >= 171
    assert set(LIST_IDS) >= OUR_OWN


@pytest.mark.parametrize("list_id", LIST_IDS)
def test_a_list_bears_its_file_name_and_titles_in_both_languages(list_id: str) -> None:
    found = read(list_id)
    assert found["id"] == list_id
    assert found["title"].strip()
    assert found["title_sw"].strip()
    assert found["values"]


@pytest.mark.parametrize("list_id", sorted(set(LIST_IDS) - {"case_transitions"}))
def test_no_code_occurs_twice_in_a_list(list_id: str) -> None:
    codes = [row["code"] for row in read(list_id)["values"]]
    assert all(codes)
    assert len(codes) == len(set(codes))


def test_every_row_has_an_english_and_a_swahili_label() -> None:
    missing = [
        (list_id, row["code"])
        for list_id, row in rows()
        if list_id not in WITHOUT_LABELS and not (row["label"].strip() and row["label_sw"].strip())
    ]
    assert missing == []


def test_no_label_has_stray_spaces_or_stands_twice_in_its_list() -> None:
    for language in ("label", "label_sw"):
        labels = [(list_id, row[language]) for list_id, row in rows() if language in row]
        assert [found for found in labels if found[1] != found[1].strip()] == []
        assert [found for found, count in Counter(labels).items() if count > 1] == []


def test_swahili_is_a_translation_and_not_a_copy() -> None:
    same = [
        (list_id, row["code"])
        for list_id, row in rows()
        if "label" in row and list_id not in PROPER_NAMES and row["label"] == row["label_sw"]
    ]
    # Abbreviations, names of states and of institutions stay as they are.
    assert len(same) < 40


def test_names_of_courts_and_counties_stay_as_they_are() -> None:
    for list_id in PROPER_NAMES:
        assert all(row["label"] == row["label_sw"] for row in read(list_id)["values"])


def test_an_alert_says_what_to_do_in_both_languages() -> None:
    for row in read("deadline_rules")["values"]:
        assert row["action"].strip()
        assert row["action_sw"].strip()


def test_the_crosswalks_to_the_state_and_to_the_iom_standard_are_complete() -> None:
    found = Counter(key for _, row in rows() for key in CROSSWALK_KEYS if row.get(key))
    assert found == CROSSWALK_KEYS


def test_charges_keep_the_section_of_the_act_and_whether_an_advocate_must_confirm_it() -> None:
    for row in read("charges_ke")["values"]:
        assert row["act"]
        assert row["section"]
        assert row["status"]
        assert row["source"]


def test_no_label_blames_a_person_in_care() -> None:
    unkind = [
        (list_id, row["code"], row["label"])
        for list_id, row in rows()
        if "label" in row
        and list_id not in ABOUT_THE_ACCUSED
        and UNKIND.search(row["label"])
        and not STATUTORY.search(row["label"])
    ]
    assert unkind == []


@pytest.mark.parametrize(("name", "count"), [("phrase_en.txt", 7776), ("phrase_sw.txt", 2291)])
def test_pass_phrase_words_are_short_plain_and_unlike_each_other(name: str, count: int) -> None:
    found = words(name)
    every = set(found)
    assert len(found) == len(every) == count
    assert found == sorted(found)
    assert all(re.fullmatch(r"[a-z]{4,8}", word) for word in found)
    near = [
        (word, other)
        for word in found
        for other in one_edit_away(word)
        if other != word and other in every
    ]
    assert near == []


def test_check_words_are_told_apart_by_four_letters() -> None:
    found = words("check_words.txt")
    assert len(found) == 2048
    assert found == sorted(found)
    assert all(re.fullmatch(r"[a-z]{3,8}", word) for word in found)
    assert len({word[:4] for word in found}) == 2048


def test_refused_passwords_hold_the_usual_ones_and_those_of_a_shelter() -> None:
    found = words("common_passwords.txt")
    every = set(found)
    assert len(found) == len(every) >= 5000
    assert all(re.fullmatch(r"[!-~]+", word) and word == word.lower() for word in found)
    assert {"password", "qwerty", "shelter2026", "safehouse", "nyumbasalama", "nairobi254"} <= every


def test_working_names_are_distinct_and_short() -> None:
    girls, boys = words("working_names.txt"), words("working_names_boys.txt")
    assert len(girls) == 240
    assert len(boys) == 40
    assert len(set(girls + boys)) == 280
    assert all(re.fullmatch(r"[A-Z][a-z]{2,8}", name) for name in girls + boys)
