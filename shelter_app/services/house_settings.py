"""The house as a whole: its settings, and what the audit trail says about no one person."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_app.domain.staff import Setting
from shelter_app.services.work import Work


@dataclass(frozen=True)
class HouseFacts:
    """What the window shows of the house as a whole."""

    name: str = ""
    demo: bool = False


def current(work: Work) -> Setting:
    """Return the settings; before they were written, empty ones."""
    found = work.rule_matching(Setting, limit=1)
    return found[0] if found else Setting()


def facts(work: Work) -> HouseFacts:
    """Return the house's name and whether its people are invented."""
    setting = current(work)
    return HouseFacts(setting.house_name, setting.demo)


def save(work: Work, setting: Setting) -> Setting:
    """Save the settings; a manager's business."""
    work.require_role("manager")
    return work.save(setting)


def log(work: Work, action: str, note: str) -> None:
    """Write into the audit trail what concerns the house and no one person in it."""
    setting = current(work)
    if setting.id:
        work.log(action, setting, note)
