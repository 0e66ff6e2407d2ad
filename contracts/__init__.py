"""What the services promise one another and the city: the register of every fact, said today or planned.

A contract imports the standard library and pydantic, nothing of ours.
"""

from dataclasses import dataclass
from types import MappingProxyType

from contracts import access, auth, notify, queue, referral, vacancy
from contracts.envelope import Envelope, Fact

SERVICES = ("auth", "queue", "vacancy", "referral", "notify")


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that is said today."""

    fact: type[Fact]
    producer: str
    hearers: tuple[str, ...]
    """Services that read the topic; a city topic is read by other systems besides."""

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return self.fact.type

    @property
    def topic(self) -> str:
        """The topic it is said on."""
        return self.fact.topic


@dataclass(frozen=True, slots=True)
class Planned:
    """A fact that nobody says yet: its name is kept free for it."""

    type: str
    topic: str
    hearers: tuple[str, ...]


def _said(producer: str, hearers: tuple[str, ...], *facts: type[Fact]) -> dict[str, Event]:
    return {fact.type: Event(fact, producer, hearers) for fact in facts}


def _planned(aggregate: str, hearers: tuple[str, ...], *facts: str) -> tuple[Planned, ...]:
    return tuple(Planned(f"{aggregate}.{fact}.v1", f"zholdama.{aggregate}.v1", hearers) for fact in facts)


EVENTS: MappingProxyType[str, Event] = MappingProxyType(
    _said(
        "auth",
        ("queue", "vacancy", "referral", "notify"),
        auth.LinkedV1,
        auth.UnlinkedV1,
        auth.JoinAskedV1,
        auth.StatedV1,
    )
    | _said("auth", ("notify",), auth.ConfirmationAskedV1, auth.SignedInFromNewPlaceV1, auth.CertificateExpiringV1)
    | _said("auth", ("auth",), access.AuthRecordReadV1)
    | _said("queue", ("auth",), access.QueueRecordReadV1)
    | _said("vacancy", ("auth",), access.VacancyRecordReadV1)
    | _said("referral", ("auth",), access.ReferralRecordReadV1)
    | _said("notify", ("auth",), access.NotifyRecordReadV1)
    | _said(
        "queue",
        ("auth", "queue", "vacancy", "referral", "notify"),
        *queue.APPLICATION_FACTS,
    )
    | _said("queue", ("queue", "notify"), queue.AppealOpenedV1, queue.AppealAnsweredV1)
    | _said(
        "queue",
        ("queue", "vacancy", "notify"),
        queue.InvitedV1,
        queue.InvitationProlongedV1,
        queue.InvitationEndedV1,
        queue.TokenReclaimedV1,
        queue.RankedV1,
        queue.StreamStatedV1,
    )
    | _said("vacancy", ("referral",), vacancy.OrganisationRegisteredV1, vacancy.OrganisationStatedV1)
    | _said(
        "vacancy",
        ("queue",),
        vacancy.PublishedV1,
        vacancy.OpenedToAllV1,
        vacancy.OccupiedV1,
        vacancy.WithdrawnV1,
        vacancy.VacatedV1,
        vacancy.PlaceStatedV1,
    )
    | _said("vacancy", ("queue", "referral"), vacancy.HeldV1, vacancy.ReleasedV1, vacancy.TakenV1)
    | _said("vacancy", ("queue",), vacancy.OpenedV1, vacancy.PublicationStatedV1)
    | _said(
        "referral",
        ("vacancy",),
        referral.SignedV1,
        referral.DeclinedV1,
        referral.RejectedV1,
        referral.ExpiredV1,
    )
    | _said(
        "referral",
        ("queue", "vacancy", "notify"),
        referral.IssuedV1,
        referral.ReturnedV1,
        referral.StatedV1,
    )
    | _said("referral", (), referral.BulletinIssuedV1, referral.BulletinReturnedV1, referral.BulletinStatedV1)
    | _said("notify", ("queue",), notify.HandedOverV1, notify.FailedV1)
)
"""Every fact said today, by its type."""

PLANNED: tuple[Planned, ...] = (
    *_planned("auth.account", SERVICES, "erased"),
    *_planned(
        "queue.application",
        ("auth", "queue", "vacancy", "referral", "notify"),
        "stream_changed",
        "corrected",
    ),
    *_planned("vacancy.organisation", ("auth", "referral"), "changed", "closed"),
    *_planned("vacancy.place", ("queue",), "closed"),
    *_planned("vacancy.hold", ("queue", "referral", "notify"), "stated"),
    *_planned("vacancy.wishes", ("queue",), "closed"),
    *_planned("vacancy.subscription", ("notify",), "matched"),
    *_planned("referral.choice", ("queue", "vacancy"), "stated"),
    *_planned(
        "referral.referral",
        ("auth", "queue", "vacancy", "notify"),
        "replaced",
        "extended",
        "expired",
        "revoked",
        "acceptance_refused",
        "enrolled",
        "discharged",
    ),
    *_planned("referral.bulletin", (), "replaced", "extended", "expired", "revoked", "enrolled", "discharged"),
    *_planned("notify.message", ("queue",), "delivered"),
)
"""Names of facts to come."""

__all__ = ["EVENTS", "PLANNED", "SERVICES", "Envelope", "Event", "Fact", "Planned"]
