"""Trying a backup and its way back in a built program: encryption, stick, restore, report."""

from __future__ import annotations

from pathlib import Path

from shelter_app.services import backup_checks, backups
from shelter_app.services.desk import Desk
from shelter_app.services.progress import Progress
from shelter_app.services.self_check import CheckFailed


def round_trip(desk: Desk, stick: Path) -> int:
    """Back up to a folder, restore it for practice, and return how many entries were checked."""
    stick.mkdir()
    place = desk.run(backups.add_folder, stick).result().value
    picture = desk.run(backups.begin, Progress()).result().value
    written = backups.finish(picture, stick, Progress())
    desk.do(backups.record, place.id, written).result()
    runs = desk.ask(backups.overview).result().runs
    run_id = next(run.id for run in runs if run.name == written.name)
    wanted = desk.ask(backup_checks.to_rehearse, run_id).result()
    facts = backup_checks.rehearse(wanted, stick, Progress())
    if facts.strays or facts.lost_papers or not facts.rows:
        raise CheckFailed("restored backup")
    if not desk.ask(backup_checks.report_pdf, facts, written.name).result().startswith(b"%PDF"):
        raise CheckFailed("report of a rehearsal")
    return facts.rows
