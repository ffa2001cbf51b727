"""The court-support summary from first draft to sealed paper: proposed, checked, approved, issued.

Steps and blocks: domain specification E.0 rules 4 and 5, E.3. What is approved is frozen: a paper
that changed after approval goes back to the start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from shelter_app import i18n
from shelter_app.domain import codelists
from shelter_app.domain.access import Action
from shelter_app.domain.consent import Consent
from shelter_app.domain.court_summary import (
    CourtSummary,
    SaidForPaper,
    Section,
)
from shelter_app.domain.day_words import long_day
from shelter_app.domain.document import Document
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.person import Alias
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible, ValidationFailed
from shelter_app.i18n import N_, _
from shelter_app.services import house_settings, summary_choices, summary_facts, summary_scan
from shelter_app.services.plans import REASON_NEEDED
from shelter_app.services.summary_choices import Choices
from shelter_app.services.summary_facts import Facts
from shelter_app.services.summary_scan import Point
from shelter_app.services.work import Work
from shelter_app.storage.questions import documents as register

KIND: Final = "court_support_summary"
PREFIX: Final = "CSS"
OPEN_STATES: Final = ("draft", "review", "approved")
_SAID_BY_PREPARER: Final = (
    "purpose",
    "recipient_kind",
    "recipient_name",
    "consent_id",
    "legal_basis",
    "pseudonym_used",
    "survivor_review",
    "survivor_review_on",
    "survivor_review_note",
)
_PURPOSES_FOR_CONSENT: Final = ("share_odpp",)


@dataclass(frozen=True)
class Draft:
    """A summary being prepared: register row, choices, the paper, what to check, what blocks."""

    document: Document
    choices: Choices
    summary: CourtSummary
    available: tuple[Section, ...]
    points: tuple[Point, ...]
    blocks: tuple[str, ...]
    consents: tuple[Consent, ...]

    @property
    def unsettled(self) -> tuple[Point, ...]:
        """Return the findings nobody has decided about."""
        return tuple(point for point in self.points if not point.settled)


# Preparing


def start(work: Work, case_id: int) -> Draft:
    """Return the open draft of a case, or begin one with a number and proposals."""
    case = work.get(LegalCase, case_id)
    work.require(Action.WRITE, Document, case.person_id)
    for document in work.matching(Document, order=("-id",), legal_case_id=case_id):
        if document.type == KIND and document.status in OPEN_STATES:
            return open_draft(work, document.id)
    pseudonym = _pseudonym(work, case.person_id)
    consents = _consents(work, case.person_id)
    document = work.save(
        Document(
            person_id=case.person_id,
            legal_case_id=case_id,
            doc_no=_next_number(work),
            type=KIND,
            purpose="court_support",
            recipient_kind="odpp",
            recipient_name=_("The prosecutor in charge of the case"),
            consent_id=consents[0].id if consents else 0,
            pseudonym_used=pseudonym,
            prepared_by=work.actor.staff_id,
            content=summary_choices.kept(
                Choices(typed=SaidForPaper(language=i18n.language())), None
            ),
        )
    )
    return open_draft(work, document.id)


def open_draft(work: Work, document_id: int) -> Draft:
    """Return a summary as it stands: rebuilt from the records while a draft, else as frozen."""
    document = work.get(Document, document_id)
    choices, frozen = summary_choices.read(document)
    facts = summary_facts.load(work, document.legal_case_id)
    with i18n.speaking(choices.language):
        whole = summary_facts.sections(facts, document.pseudonym_used, choices.typed)
        summary = frozen or _summary(work, document, choices, facts, whole)
    points = summary_scan.points(work, document, summary.text(), choices.kept)
    consents = _consents(work, document.person_id)
    blocks = _blocks(document, summary, points, consents)
    return Draft(document, choices, summary, whole, points, blocks, consents)


def save_draft(work: Work, document: Document, choices: Choices) -> Draft:
    """Keep the preparer's choices; a summary sent for approval must be taken back first."""
    stored = work.get(Document, document.id)
    if stored.status != "draft":
        raise NotPossible(N_("This summary was sent for approval. Take it back to change it."))
    found = choices.typed.problems()
    if found:
        raise ValidationFailed(tuple(found))
    said = {name: getattr(document, name) for name in _SAID_BY_PREPARER}
    work.save(
        replace(
            stored,
            **said,
            revision=document.revision,
            content=summary_choices.kept(choices, None),
            redactions=summary_choices.as_text(choices.removed),
            findings_settled=summary_choices.as_text(choices.kept),
            prepared_by=work.actor.staff_id,
        )
    )
    return open_draft(work, document.id)


# Approval and issue


def send_for_approval(work: Work, document_id: int) -> Document:
    """Freeze the summary and ask a second person."""
    draft = open_draft(work, document_id)
    if draft.document.status != "draft":
        raise NotPossible(N_("This summary is not a draft any more."))
    if draft.blocks:
        raise NotPossible(draft.blocks[0])
    frozen = summary_choices.kept(draft.choices, draft.summary)
    again = replace(draft.document, status="review", content=frozen, sent_back_reason="")
    return work.save(again)


def take_back(work: Work, document_id: int, reason: str = "") -> Document:
    """Make a summary that waits for approval a draft again.

    Whoever did not prepare it sends it back, and has to say why: the preparer reads it.
    """
    document = work.get(Document, document_id)
    if document.status not in ("review", "approved"):
        raise NotPossible(N_("Only a summary that waits for approval can be taken back."))
    sent_back = document.prepared_by != work.actor.staff_id
    if sent_back and not reason.strip():
        raise NotPossible(REASON_NEEDED)
    choices, _frozen = summary_choices.read(document)
    return work.save(
        replace(
            document,
            status="draft",
            sent_back_reason=reason.strip() if sent_back else "",
            approved_by=0,
            approved_on=None,
            content=summary_choices.kept(choices, None),
        )
    )


def approve(work: Work, document_id: int) -> Document:
    """Approve as a second person: a manager who did not prepare it (E.0 rule 4c)."""
    work.require_role("manager")
    document = work.get(Document, document_id)
    if document.status != "review":
        raise NotPossible(N_("This summary does not wait for approval."))
    if document.prepared_by == work.actor.staff_id:
        raise NotPossible(N_("Whoever prepared a paper cannot approve it."))
    approved = replace(
        document, status="approved", approved_by=work.actor.staff_id, approved_on=work.today
    )
    return work.save(approved)


# What the paper says


def _summary(
    work: Work,
    document: Document,
    choices: Choices,
    facts: Facts,
    whole: tuple[Section, ...],
) -> CourtSummary:
    removed = {entry.text for entry in choices.removed}
    shown = []
    for section in whole:
        lines = tuple(line for line in section.lines if line.text not in removed)
        if lines and section.key not in choices.left_out:
            shown.append(replace(section, lines=lines))
    return CourtSummary(
        reference=document.doc_no,
        version=document.version,
        issued=False,
        language=choices.language,
        day=work.today,
        banner=_banner(facts),
        title=_("Court-support summary"),
        addressee=tuple(part.strip() for part in document.recipient_name.split("\n")),
        matter=_matter(facts.case),
        sections=tuple(shown),
        signatures=_signatures(work, document),
        letterhead=house_settings.current(work).letterhead(),
        footer=_footer(work),
        draft_mark=_("DRAFT – NOT ISSUED"),
        page_words=(_("Page"), _("of")),
    )


def _banner(facts: Facts) -> str:
    if facts.is_child:
        return _("CONFIDENTIAL · CHILD VICTIM · VICTIM PROTECTION ACT 2014")
    return _("CONFIDENTIAL · VICTIM PROTECTION ACT 2014")


def _matter(case: LegalCase) -> tuple[tuple[str, str], ...]:
    found = []
    court = codelists.label("court_stations_ke", case.court_station)
    if court:
        found.append((_("Court"), court))
    if case.court_case_no:
        found.append((_("Case"), case.court_case_no))
    found.append((_("Matter"), codelists.label("legal_case_type", case.case_type)))
    return tuple(found)


def _signatures(work: Work, document: Document) -> tuple[tuple[str, str], ...]:
    staff = work.rule_find(Staff, document.prepared_by)
    role = codelists.labels("staff_role", staff.roles) if staff else ""
    return (
        (_("Prepared by (role)"), role),
        (_("Approved by (name, role, date, stamp)"), ""),
        (_("Received by (name, rank or office, date, signature)"), ""),
        (_("Stamp of the court or office"), ""),
    )


def _footer(work: Work) -> str:
    address = house_settings.current(work).letterhead_address
    told = _("Confidential. Addressee only. Do not copy.")
    if address:
        told += " " + _("If found, return to {address}.").format(address=address)
    return told + " " + _("Made on {day}.").format(day=long_day(work.today))


# What blocks


def _blocks(
    document: Document,
    summary: CourtSummary,
    points: tuple[Point, ...],
    consents: tuple[Consent, ...],
) -> tuple[str, ...]:
    found: list[str] = []
    if not document.recipient_name.strip():
        found.append(N_("Say who it is for."))
    consent = next((c for c in consents if c.id == document.consent_id), None)
    if consent is None and not document.legal_basis.strip():
        found.append(N_("Choose a consent that is in force, or write the legal basis."))
    if any(not point.settled for point in points):
        found.append(N_("Some words still have to be checked."))
    if document.survivor_review == "not_yet":
        found.append(N_("She has not read it, and it was not read to her."))
    if document.survivor_review == "refuses" and not document.legal_basis.strip():
        found.append(N_("She does not agree. It can only go out on a legal basis."))
    if not summary.sections:
        found.append(N_("Nothing is included yet."))
    pseudonym = document.pseudonym_used.strip()
    if not pseudonym:
        found.append(N_("Choose the name used in the paper."))
    return tuple(found)


def _consents(work: Work, person_id: int) -> tuple[Consent, ...]:
    found = work.matching(Consent, order=("-given_on",), person_id=person_id)
    return tuple(
        consent
        for consent in found
        if consent.type in _PURPOSES_FOR_CONSENT and consent.in_force(work.today)
    )


def consent_choices(work: Work, words: str, *, person_id: int) -> list[tuple[int, str]]:
    """Return the consents a summary may rely on, as choices for the form."""
    offered = [(consent.id, _consent_words(consent)) for consent in _consents(work, person_id)]
    return [(key, told) for key, told in offered if words.casefold() in told.casefold()]


def consent_label(work: Work, consent_id: int) -> str:
    """Return the words of one consent."""
    consent = work.find(Consent, consent_id)
    return _consent_words(consent) if consent else ""


def _consent_words(consent: Consent) -> str:
    assert consent.given_on is not None
    return _("{what}, {day}").format(what=consent.headline(), day=long_day(consent.given_on))


def _pseudonym(work: Work, person_id: int) -> str:
    for alias in work.matching(Alias, order=("-assigned_on",), person_id=person_id):
        if alias.used_for == "court_document" and alias.active:
            return alias.alias
    letters = "ABCDEFGHJKLMNOPRSTW"
    number = work.new_id()
    first, rest = letters[number % len(letters)], number // len(letters)
    return f"{first}.{letters[rest % len(letters)]}."


def _next_number(work: Work) -> str:
    prefix = f"{PREFIX}-{work.today.year}-"
    return f"{prefix}{register.last_number(work.connection, prefix) + 1:04d}"


def frozen_summary(document: Document) -> CourtSummary:
    """Return the paper as it was sent for approval; NotPossible while it is a draft."""
    _choices, frozen = summary_choices.read(document)
    if frozen is None:
        raise NotPossible(N_("This summary was not sent for approval yet."))
    return frozen


def next_version(work: Work, document: Document) -> Document:
    """Return a draft of the next version of an issued summary, not yet saved."""
    choices, _frozen = summary_choices.read(document)
    return Document(
        person_id=document.person_id,
        legal_case_id=document.legal_case_id,
        doc_no=document.doc_no,
        version=document.version + 1,
        type=document.type,
        purpose=document.purpose,
        recipient_kind=document.recipient_kind,
        recipient_name=document.recipient_name,
        consent_id=document.consent_id,
        legal_basis=document.legal_basis,
        pseudonym_used=document.pseudonym_used,
        prepared_by=work.actor.staff_id,
        content=summary_choices.kept(choices, None),
    )
