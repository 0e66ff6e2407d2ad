"""What referral learns from others and only remembers: guardians, applications, organisations."""

from datetime import datetime

from services.referral.usecases.desk import Desk


async def guardians(desk: Desk, child_id: str, persons: tuple[str, ...], sequence: int) -> None:
    """Who may sign and see for a child."""
    await desk.store.guardianships.put(child_id, "guardianship", sequence, {"guardians": list(persons)})


async def unlinked(desk: Desk, child_id: str, person_id: str, sequence: int) -> None:
    """Who acts for a child no longer, kept for each person apart: no later word of who does makes it forgotten.

    Whoever is linked again stands among the guardians, and is told from a former one by that.
    """
    await desk.store.guardianships.put(child_id, f"unlinked.{person_id}", sequence, {})


async def application(
    desk: Desk, application_id: str, *, child_id: str, number: str, registered_at: datetime, status: str, sequence: int
) -> None:
    """Number and date for the document; the status tells whether the family is still in the queue."""
    fields = {"child_id": child_id, "number": number, "registered_at": registered_at, "status": status}
    await desk.store.applications.put(application_id, "application", sequence, fields)


async def organisation(desk: Desk, organisation_id: str, bin: str, sequence: int) -> None:
    """The number of the organisation, which a place's card does not carry."""
    await desk.store.organisations.put(organisation_id, "organisation", sequence, {"bin": bin})
