"""The documents of a referral: drawn, sealed and kept once; the first kept decide the dates that everybody hears."""

import secrets
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from services.chassis.errors import Stale
from services.referral.domain import referral as rules
from services.referral.domain.referral import Referral
from services.referral.usecases import choices, contents
from services.referral.usecases.desk import Desk

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No sign that is taken for another when read from paper."""


async def documents(desk: Desk, referral: Referral, now: datetime) -> tuple[Referral, str]:
    """Keeps both documents and what the public check may show; returns the referral as drawn, and the PDF's digest.

    A repeat finds what was kept first, and the dates that stand in it. Raises Retry while auth is away, Stale when
    another hand drew with another date meanwhile.
    """
    choice = await desk.store.choices.get(referral.hold_id)
    if choice is None or choice.state.signed_by is None:
        raise LookupError(f"referral {referral.referral_id} has no signed choice")
    people = await desk.auth.cards([referral.child_id, choice.state.signed_by])
    child, applicant = people[referral.child_id], people[choice.state.signed_by]
    records = desk.store.documents
    drawn = await _dated(desk, referral, now)
    shown = contents.check_card(child, _check_code())
    check = contents.read_check(await records.keep(f"{referral.referral_id}:check", shown, {}))
    kept = await choices.evidence(desk, choice.state)
    content = await contents.of(desk, drawn, choice.state, (child, applicant), check, sha256(kept.signed).hexdigest())
    papers = await desk.press.make(content, kept.signed)
    about = {"referral_id": referral.referral_id, "child_id": referral.child_id}
    dates = {"issued_at": drawn.issued_at, "valid_until": drawn.valid_until}
    first = await records.keep(f"{referral.referral_id}:xml", papers.xml, about | dates)
    if first.fields["issued_at"] != drawn.issued_at:
        raise Stale(referral.referral_id)
    return drawn, (await records.keep(f"{referral.referral_id}:pdf", papers.pdf, about)).sha256


async def _dated(desk: Desk, referral: Referral, now: datetime) -> Referral:
    """With the dates of the document that is kept, or with those of a drawing now."""
    kept = await desk.store.documents.get(f"{referral.referral_id}:xml")
    if kept is not None:
        return replace(referral, issued_at=kept.fields["issued_at"], valid_until=kept.fields["valid_until"])
    calendar = desk.policy(now).shared.calendar()
    return rules.drawn(
        referral,
        now,
        begun_on=calendar.local_day(referral.issued_at),
        drawn_on=calendar.local_day(now),
        valid_until=contents.valid_until(desk, now),
    )


def _check_code() -> str:
    letters = [secrets.choice(CODE_LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
