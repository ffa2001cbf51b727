"""The list of residents, new people after a search, and what the house sees of casework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shelter_app.domain.person import (
    Alias,
    Person,
    PersonBackground,
    SealedIdentity,
    age_band,
    code_for,
    serial_of,
    situation_of,
)
from shelter_app.domain.risk import RiskAssessment, current_risk
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.services import identity, resident_forms, residents
from shelter_app.services.residents import ListFilter
from shelter_app.services.work import Work
from tests.builders import a_person, a_stay, minimal
from tests.fixtures import House


def a_person_who_left(work: Work, name: str, state: str = "S60_closed", days: int = 30) -> Person:
    person = a_person(work, display_alias=name)
    a_stay(
        work,
        person,
        admitted_at=work.now - timedelta(days=days + 60),
        exited_at=work.now - timedelta(days=days),
        state=state,
    )
    return person


def names(work: Work, **wanted: object) -> list[str]:
    ids = residents.resident_ids(work, ListFilter(**wanted))  # type: ignore[arg-type]
    return [row.alias for row in residents.resident_rows(work, ids)]


def fill(work: Work) -> None:
    for name in ("Zawadi", "Amani"):
        a_stay(work, a_person(work, display_alias=name))
    a_person_who_left(work, "Neema", "S55_aftercare", 20)
    a_person_who_left(work, "Faraja", "S60_closed", 300)
    a_person_who_left(work, "Baraka", "S60_closed", 200)
    a_person(work, display_alias="Imani")


def test_each_chip_shows_who_stands_there(house: House) -> None:
    with house.work("manager") as work:
        fill(work)
        assert residents.chip_counts(work) == {
            "in_residence": 2,
            "aftercare": 1,
            "closed": 2,
            "not_admitted": 1,
            "mine": 3,
            "all": 6,
        }
        assert names(work, chip="in_residence") == ["Amani", "Zawadi"]
        assert names(work, chip="aftercare") == ["Neema"]
        assert names(work, chip="closed") == ["Baraka", "Faraja"]
        assert names(work, chip="not_admitted") == ["Imani"]
        assert names(work, chip="mine") == ["Amani", "Neema", "Zawadi"]
        assert len(names(work, chip="all")) == 6


def test_the_list_is_sorted_as_asked(house: House) -> None:
    with house.work("manager") as work:
        fill(work)
        assert names(work, chip="all", order="name")[0] == "Amani"
        assert names(work, chip="all", order="name", descending=True)[0] == "Zawadi"
        assert names(work, chip="closed", order="since") == ["Faraja", "Baraka"]
        by_code = residents.resident_ids(work, ListFilter(chip="all", order="code"))
        codes = [row.code for row in residents.resident_rows(work, by_code)]
        assert codes == sorted(codes)


def test_typing_narrows_the_chosen_chip(house: House) -> None:
    with house.work("manager") as work:
        fill(work)
        a_person_who_left(work, "Zawadia")
        assert names(work, chip="in_residence", text="zaw") == ["Zawadi"]
        assert names(work, chip="closed", text="zaw") == ["Zawadia"]
        assert names(work, chip="all", text="zaw") == ["Zawadi", "Zawadia"]
        assert names(work, chip="mine", text="zaw") == ["Zawadi"]


def test_somebody_who_comes_back_is_counted_once(house: House) -> None:
    with house.work("manager") as work:
        person = a_person_who_left(work, "Neema", "S55_aftercare", 20)
        a_stay(work, person, stay_no=2, admitted_at=work.now - timedelta(days=1))
        counts = residents.chip_counts(work)
        assert (counts["in_residence"], counts["aftercare"], counts["all"]) == (1, 0, 1)


def test_undoing_an_admission_takes_her_off_the_list(house: House) -> None:
    from shelter_app.services import records

    with house.work("manager") as work:
        person = a_person(work, display_alias="Neema")
        work.steps.clear()
        a_stay(work, person)
        records.undo(work, tuple(work.steps))
        assert residents.chip_counts(work)["in_residence"] == 0
        assert names(work, chip="not_admitted") == ["Neema"]


def test_the_house_sees_only_who_is_in_the_house(house: House) -> None:
    with house.work("manager") as work:
        fill(work)
    with house.work("house_mother") as work:
        assert residents.chip_counts(work) == {"in_residence": 2, "not_admitted": 1, "mine": 0}
        assert names(work, chip="all") == ["Amani", "Zawadi"]
        assert names(work, chip="not_admitted") == ["Imani"]
        assert names(work, chip="closed", text="faraja") == []


@pytest.mark.parametrize("role", ["clinical_supervisor", "me_officer", "dpo", "sysadmin"])
def test_roles_without_the_house_have_no_list(house: House, role: str) -> None:
    with house.work(role) as work:
        assert residents.chip_counts(work) == {}
        assert residents.resident_ids(work, ListFilter()) == []
        assert residents.resident_rows(work, [1]) == []
        with pytest.raises(NotFound):
            residents.resident_page(work, 1)


# New residents


def new(work: Work, name: str = "Pendo", **more: object) -> Person:
    form = residents.new_resident(work)
    person = replace(form.person, display_alias=name)
    return residents.create(work, person, looked_for=name, **more)  # type: ignore[arg-type]


def test_nobody_is_recorded_without_looking_first(house: House) -> None:
    with house.work() as work, pytest.raises(NotPossible):
        residents.create(work, residents.new_resident(work).person, looked_for=" ")


def test_codes_run_on_from_the_highest(house: House) -> None:
    with house.work() as work:
        assert new(work, "Pendo").person_no == "R-0001"
        a_person(work, person_no="R-9999")
        assert new(work, "Zawadi").person_no == "R-10000"
        assert new(work, "Neema").person_no == "R-10001"


def test_person_background_identity_and_alias_are_saved_together(house: House) -> None:
    with house.work("social_worker") as work:
        born = work.today - timedelta(days=16 * 366)
        person = new(
            work,
            background=PersonBackground(birth_date=born, nationality="KE"),
            sealed=SealedIdentity(true_first_name="Wanjiku"),
        )
        assert person.age_band == age_band(born, work.today)
        assert work.get(PersonBackground, person.id).nationality == "KE"
        sealed = work.rule_find(SealedIdentity, person.id)
        assert sealed is not None
        assert sealed.true_first_name == "Wanjiku"
        (alias,) = work.matching(Alias, person_id=person.id)
        assert alias.alias == "Pendo"
        assert alias.collision_checked


def test_a_failure_in_one_compartment_leaves_nothing_in_the_others(house: House) -> None:
    desk = house.desk("social_worker")
    form = desk.ask(residents.new_resident).result()
    tomorrow = date(2999, 1, 1)
    with pytest.raises(ValidationFailed):
        desk.do(
            residents.create,
            form.person,
            background=PersonBackground(birth_date=tomorrow),
            looked_for="Pendo",
        ).result()
    assert desk.ask(residents.chip_counts).result()["all"] == 0


def test_the_house_records_a_person_at_night_without_casework(house: House) -> None:
    with house.work("house_mother") as work:
        form = residents.new_resident(work)
        assert form.background is None
        assert form.identity is None
        person = new(work)
        assert person.person_no == "R-0001"


def test_readers_do_not_record_people(house: House) -> None:
    with house.work("counsellor") as work, pytest.raises(NotAllowed):
        residents.new_resident(work)


def test_a_proposed_name_was_free_for_five_years_and_is_nobodys_true_name(house: House) -> None:
    all_names = residents._names("working_names")
    with house.work("manager") as work:
        for name in all_names[2:]:
            a_person(work, display_alias=name)
        sealed = SealedIdentity(true_first_name=all_names[0])
        new(work, "Somebody", sealed=sealed)
        assert residents.propose_name(work) == all_names[1]
        a_person(work, display_alias=all_names[1])
        proposed = residents.propose_name(work)
        assert proposed.endswith(".")
        assert residents.is_free(work, proposed)


def test_a_working_name_that_is_a_true_name_is_refused(house: House) -> None:
    with house.work("manager") as work:
        first = new(work, "Pendo", sealed=SealedIdentity(true_first_name="Halima"))
        for name in ("Halima", "Xaliima"):
            with pytest.raises(ValidationFailed):
                new(work, name)
        with pytest.raises(ValidationFailed):
            residents.save_person(work, replace(first, display_alias="Halima"))


@pytest.mark.parametrize("field", identity.NAMES)
@pytest.mark.parametrize(
    ("name", "true_name"), [("Fatuma", "Abdi Fatuma"), ("Fatuma H.", "Faatuma"), ("O'Ali", "Oali")]
)
def test_her_own_true_name_is_refused_as_her_working_name(
    house: House, field: str, name: str, true_name: str
) -> None:
    said: dict[str, Any] = {field: true_name}
    with house.work("social_worker") as work:
        with pytest.raises(ValidationFailed) as refused:
            new(work, name, sealed=SealedIdentity(**said))
        assert refused.value.problems == (Problem("display_alias", residents.HER_OWN),)
        assert not work.matching(Person, display_alias=name)
        assert new(work, "Zawadi", sealed=SealedIdentity(**said)).id


def test_two_people_do_not_go_by_one_working_name(house: House) -> None:
    with house.work("manager") as work:
        first = new(work, "Pendo")
        second = new(work, "Zawadi")
        with pytest.raises(ValidationFailed) as found:
            new(work, " pendo ")
        assert found.value.problems == (Problem("display_alias", residents.NAME_IN_USE),)
        with pytest.raises(ValidationFailed):
            residents.save_person(work, replace(second, display_alias="PENDO"))
        assert new(work, "Pendo B.").id
        assert residents.save_person(work, replace(first, diet="No pork")).diet == "No pork"


def test_somebody_known_by_one_of_two_names_is_shown_before_she_is_recorded_again(
    house: House,
) -> None:
    with house.work("manager") as work:
        new(work, "Fatuma")
        new(work, "Maryam Zena")
        new(work, "Rehema")
        found = [(one.alias, one.exact) for one in residents.similar(work, "Maryam Fatuma")]
        assert found == [("Maryam Zena", False), ("Fatuma", False)]
        assert [one.alias for one in residents.similar(work, "Rehema")] == ["Rehema"]


def test_a_true_name_does_not_become_another_name_in_use(house: House) -> None:
    with house.work("social_worker") as work:
        person = new(work, "Pendo", sealed=SealedIdentity(true_first_name="Halima"))
        court = Alias(
            person_id=person.id, alias="Xaliima", used_for="court_document", assigned_on=work.today
        )
        with pytest.raises(ValidationFailed) as refused:
            residents.save_alias(work, court)
        assert refused.value.problems == (Problem("alias", residents.TRUE_NAME),)
        kept = residents.save_alias(work, replace(court, alias="Binti wa Mlima"))
        assert kept.collision_checked
        assert not residents.save_alias(work, replace(kept, active=False)).active


def test_a_new_working_name_joins_the_history(house: House) -> None:
    with house.work("manager") as work:
        person = new(work, "Pendo")
        residents.save_person(work, replace(person, display_alias="Zawadi"))
        history = {a.alias: a.active for a in work.matching(Alias, person_id=person.id)}
        assert history == {"Pendo": False, "Zawadi": True}


# What the house sees of casework


def test_risk_level_and_review_day_reach_the_house(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        a_stay(work, person)
        base = minimal(RiskAssessment, work.now, person=person.id, staff=work.actor.staff_id)
        assert isinstance(base, RiskAssessment)
        far, near = work.today + timedelta(days=60), work.today + timedelta(days=7)
        residents.save_risk(work, replace(base, risk_level="medium", review_due=far))
        high = replace(base, domain="self_harm", risk_level="high", review_due=near)
        residents.save_risk(work, high)
    with house.work("house_mother") as work:
        seen = work.get(Person, person.id)
        assert (seen.risk_level, seen.risk_review_due) == ("high", near)


def test_the_first_assessment_is_proposed_as_that_of_the_intake(house: House) -> None:
    with house.work("social_worker") as work:
        person = new(work, "Pendo")
        first = resident_forms.to_edit(work, RiskAssessment, person.id, 0)
        assert isinstance(first, RiskAssessment)
        assert first.stage == "intake"
        residents.save_risk(work, replace(first, domain="family", risk_level="low"))
        again = resident_forms.to_edit(work, RiskAssessment, person.id, 0)
        assert isinstance(again, RiskAssessment)
        assert again.stage == "periodic"


def test_the_latest_assessment_of_a_domain_counts() -> None:
    def one(day: int, domain: str, level: str) -> RiskAssessment:
        return RiskAssessment(done_at=datetime(2026, 1, day), domain=domain, risk_level=level)

    assert current_risk([]) == ("", None)
    history = [one(3, "family", "low"), one(1, "family", "critical"), one(2, "health", "medium")]
    assert current_risk(history)[0] == "medium"


def test_the_age_band_follows_the_birth_date_and_the_calendar(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2026, 3, 1, 9, 0))
    with house.work("manager") as work:
        person = a_person(work)
        a_stay(work, person)
        background = PersonBackground(person_id=person.id, birth_date=date(2010, 6, 1))
        residents.save_background(work, background)
        assert work.get(Person, person.id).age_band == "14-15"
    clock_at(datetime(2026, 6, 2, 9, 0))
    with house.work("manager") as work:
        assert residents.refresh_projections(work) == 1
        assert work.get(Person, person.id).age_band == "16-17"
        assert residents.refresh_projections(work) == 0


def test_the_age_band_is_kept_up_in_aftercare_too(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2026, 3, 1, 9, 0))
    with house.work("manager") as work:
        person = a_person(work)
        a_stay(work, person, state="S55_aftercare", exited_at=work.now)
        background = PersonBackground(person_id=person.id, birth_date=date(2010, 6, 1))
        residents.save_background(work, background)
    clock_at(datetime(2026, 6, 2, 9, 0))
    with house.work("manager") as work:
        assert residents.refresh_projections(work) == 1
        assert work.get(Person, person.id).age_band == "16-17"


@pytest.mark.parametrize("role", ["house_mother", "counsellor", "me_officer", "sysadmin"])
def test_bringing_ages_up_to_date_is_harmless_for_every_role(house: House, role: str) -> None:
    with house.work(role) as work:
        assert residents.refresh_projections(work) == 0


def test_codes_and_running_numbers_belong_together() -> None:
    assert code_for(207) == "R-0207"
    assert serial_of("R-0207") == 207
    assert serial_of("R-12345") == 12345
    assert serial_of("something") is None


@pytest.mark.parametrize(
    ("state", "left", "situation"),
    [
        ("", False, "not_admitted"),
        ("S40_stay", False, "in_residence"),
        ("S70_missing", False, "in_residence"),
        ("S55_aftercare", True, "aftercare"),
        ("S60_closed", True, "closed"),
        ("S90_deceased", True, "closed"),
    ],
)
def test_a_stay_says_where_she_stands(state: str, left: bool, situation: str) -> None:
    assert situation_of(state, datetime(2026, 1, 1) if left else None) == situation


# The page


def test_the_page_shows_each_role_what_it_may_read(house: House) -> None:
    from shelter_app.domain.consent import Consent
    from shelter_app.domain.stay import Placement

    with house.work("manager") as work:
        person = new(work, background=PersonBackground(birth_date=date(2010, 6, 1)))
        stay = a_stay(work, person, admitted_at=work.now - timedelta(days=83))
        work.save(minimal(Placement, work.now, person=person.id, stay=stay.id))
        work.save(minimal(Consent, work.now, person=person.id, staff=work.actor.staff_id))
        page = residents.resident_page(work, person.id)
        assert page.header.situation == "in_residence"
        assert page.header.day == 84
        assert page.header.age is not None
        assert page.header.may_reveal
        assert page.situation.placement is not None
        assert page.consents is not None
        assert "risk_assessment" in page.writes
    with house.work("house_mother") as work:
        page = residents.resident_page(work, person.id)
        assert page.header.age is None
        assert not page.header.may_reveal
        assert page.situation.placement is None
        assert page.situation.background is None
        assert page.consents is None
        assert page.risks is None
        assert page.court is None
        assert page.plan is None
        assert {entry.record_type for entry in page.latest} == {"stay"}


def test_the_page_of_somebody_who_left_is_closed_to_the_house(house: House) -> None:
    with house.work("manager") as work:
        person = a_person_who_left(work, "Neema")
        assert residents.resident_page(work, person.id).header.situation == "closed"
    with house.work("house_mother") as work, pytest.raises(NotFound):
        residents.resident_page(work, person.id)


def test_order_and_birthday_warn_before_they_come(house: House) -> None:
    from shelter_app.domain.stay import Placement

    with house.work("manager") as work:
        birth = date(work.today.year - 18, 1, 1)
        person = new(work, background=PersonBackground(birth_date=birth))
        stay = a_stay(work, person)
        basis = minimal(Placement, work.now, person=person.id, stay=stay.id)
        soon = work.today + timedelta(days=8)
        work.save(replace(basis, order_expires_on=soon))  # type: ignore[call-arg]
        header = residents.resident_page(work, person.id).header
        assert header.order_expires_on == soon
        assert header.turns_18_on is None
        in_20 = work.today + timedelta(days=20)
        born = in_20.replace(year=in_20.year - 18)
        background = work.get(PersonBackground, person.id)
        residents.save_background(work, replace(background, birth_date=born))
        assert residents.resident_page(work, person.id).header.turns_18_on == in_20


def test_a_stay_keeps_the_list_right_whoever_saves_it(house: House) -> None:
    with house.work("house_mother") as work:
        person = new(work)
        stay = a_stay(work, person)
        assert isinstance(stay, Stay)
        assert residents.chip_counts(work)["in_residence"] == 1
