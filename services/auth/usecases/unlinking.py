"""What staff do about guardians, from a paper: link one who cannot ask, end a link (R5, 3.7)."""

from datetime import date, datetime

import structlog

from services.auth import events
from services.auth.domain import guardianship
from services.auth.domain.guardianship import Basis, Change, Paper, UnlinkReason
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import NoSuchChild, PaperInvalid
from services.auth.store import Store
from services.auth.usecases.guardians import link
from services.auth.usecases.people import recognised
from services.chassis.aggregates import retry_stale
from services.chassis.calendar import WorkCalendar

log = structlog.get_logger("auth")

_PAPER_NUMBER_AT_MOST = 64


def paper(number: str, issued_on: date, now: datetime) -> Paper:
    """A paper as it is entered; raises PaperInvalid, also for one dated later than today in the city."""
    line, today = " ".join(number.split()), WorkCalendar().local_day(now)
    if not line or len(line) > _PAPER_NUMBER_AT_MOST or not line.isprintable() or issued_on > today:
        raise PaperInvalid
    return Paper(line, issued_on)


async def link_by_paper(
    store: Store, child_iin: Iin, guardian_iin: Iin, shown: Paper, by: PersonId, now: datetime
) -> tuple[ChildId, PersonId]:
    """A clerk links a guardian to a known child. Raises NoSuchChild for a number nobody has filed for."""
    found = await store.vault.by_iin(child_iin)
    child = await store.guardianships.get(found.state.person_id) if found else None
    if child is None:
        raise NoSuchChild
    guardian_id = await recognised(store, Identity(guardian_iin, "", ""), now)
    await link(store, ChildId(child.id), guardian_id, now, basis=Basis.PAPER, by=by, paper=shown)
    log.info("auth.guardian.linked", child_id=child.id, guardian_id=guardian_id, by=by)
    return ChildId(child.id), guardian_id


@retry_stale
async def unlink(
    store: Store,
    child_id: ChildId,
    person_id: PersonId,
    reason: UnlinkReason,
    shown: Paper,
    by: PersonId,
    now: datetime,
) -> None:
    """Staff end a link and it is said. Raises NoSuchGuardian, LastGuardian."""
    found = await store.guardianships.get(child_id)
    change = Change(now, person_id, linked=False, basis=Basis.PAPER, by=by, reason=reason, paper=shown)
    after = guardianship.unlinked(found.state if found else None, change)
    if found is not None:
        await store.guardianships.save(found, after, at=now, facts=(events.unlinked(after, person_id),))
        log.info("auth.guardian.unlinked", child_id=child_id, guardian_id=person_id, reason=reason, by=by)
