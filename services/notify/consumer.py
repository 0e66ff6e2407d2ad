"""What notify hears, as what it is asked to do."""

from contracts import auth, queue, referral
from contracts.fields import EndReason
from services.chassis.clock import Clock
from services.chassis.kafka import Hearing, Told
from services.notify.domain import news
from services.notify.domain.message import ChildId, Message, MessageId, referral_issued, turn_came, turn_prolonged
from services.notify.store import Store
from services.notify.usecases import telling

_NEWS = frozenset({auth.LinkBasis.CONFIRMATION, auth.LinkBasis.REGISTER, auth.LinkBasis.PAPER})
"""Links that are news to somebody; the first filing and an imported list tell nobody anything new."""


def hearing(store: Store, clock: Clock) -> Hearing:
    """The handlers of notify."""
    heard = Hearing("notify")

    @heard.on(queue.InvitedV1)
    async def invited(fact: queue.InvitedV1, _: Told) -> None:
        turn = turn_came(
            invitation_id=fact.invitation_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            queue_number=fact.queue_number,
            places_open=fact.places_open,
            deadline=fact.deadline,
            at=clock.now(),
        )
        await telling.tell(store, *turn)

    @heard.on(queue.InvitationProlongedV1)
    async def prolonged(fact: queue.InvitationProlongedV1, _: Told) -> None:
        news = turn_prolonged(
            invitation_id=fact.invitation_id,
            outage_id=fact.outage_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            deadline=fact.deadline,
            at=clock.now(),
        )
        await telling.prolonged(store, fact.invitation_id, news, clock.now())

    @heard.on(queue.InvitationEndedV1)
    async def invitation_ended(fact: queue.InvitationEndedV1, _: Told) -> None:
        await telling.end_of_invitation(
            store,
            invitation_id=fact.invitation_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            place_was_withdrawn=fact.reason is EndReason.PLACE_WITHDRAWN,
            now=clock.now(),
        )

    @heard.on(referral.IssuedV1)
    async def issued(fact: referral.IssuedV1, _: Told) -> None:
        await telling.tell(store, *_referral(fact, clock))

    @heard.on(referral.ReturnedV1)
    async def returned(fact: referral.ReturnedV1, _: Told) -> None:
        id, message = _referral(fact, clock)
        await telling.untell(store, id, message, message.created_at)

    _about_applications(heard, store, clock)
    _about_guardians(heard, store, clock)
    _about_accounts(heard, store, clock)
    return heard


def _about_applications(heard: Hearing, store: Store, clock: Clock) -> None:
    @heard.on(queue.ConclusionExpiringV1)
    async def conclusion_expiring(fact: queue.ConclusionExpiringV1, told: Told) -> None:
        ending = news.conclusion_expiring(
            story=f"{fact.application_id}/{told.sequence}",
            application_id=fact.application_id,
            child_id=fact.child_id,
            said_at=told.time,
            at=clock.now(),
        )
        await telling.tell(store, *ending)

    @heard.on(queue.AppealAnsweredV1)
    async def appeal_answered(fact: queue.AppealAnsweredV1, told: Told) -> None:
        answer = news.appeal_answered(
            appeal_id=fact.appeal_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            granted=fact.granted,
            said_at=told.time,
            at=clock.now(),
        )
        await telling.tell(store, *answer)


def _about_guardians(heard: Hearing, store: Store, clock: Clock) -> None:
    @heard.on(auth.StatedV1)
    async def guardians(fact: auth.StatedV1, told: Told) -> None:
        await store.keep_guardians(ChildId(fact.child_id), fact.guardians, told.sequence)

    @heard.on(auth.LinkedV1)
    async def linked(fact: auth.LinkedV1, told: Told) -> None:
        await store.keep_guardians(ChildId(fact.child_id), fact.guardians, told.sequence)
        if fact.basis in _NEWS:
            one_more = news.guardian_linked(
                story=f"{fact.child_id}/{told.sequence}",
                child_id=fact.child_id,
                guardians=fact.guardians,
                said_at=told.time,
                at=clock.now(),
            )
            await telling.tell(store, *one_more)

    @heard.on(auth.UnlinkedV1)
    async def unlinked(fact: auth.UnlinkedV1, told: Told) -> None:
        await store.keep_guardians(ChildId(fact.child_id), fact.guardians, told.sequence)
        ended = news.guardian_unlinked(
            story=f"{fact.child_id}/{told.sequence}",
            child_id=fact.child_id,
            guardians=fact.guardians,
            unlinked_id=fact.unlinked_id,
            said_at=told.time,
            at=clock.now(),
        )
        await telling.tell(store, *ended)

    @heard.on(auth.JoinAskedV1)
    async def join_asked(fact: auth.JoinAskedV1, told: Told) -> None:
        asked = news.join_asked(
            request_id=fact.request_id,
            child_id=fact.child_id,
            guardians=fact.guardians,
            said_at=told.time,
            at=clock.now(),
        )
        await telling.tell(store, *asked)


def _about_accounts(heard: Hearing, store: Store, clock: Clock) -> None:
    @heard.on(auth.ConfirmationAskedV1)
    async def confirmation_asked(fact: auth.ConfirmationAskedV1, _: Told) -> None:
        asked = news.confirm_contact(
            confirmation_id=fact.confirmation_id,
            person_id=fact.person_id,
            expires_at=fact.expires_at,
            at=clock.now(),
        )
        await telling.tell(store, *asked)

    @heard.on(auth.SignedInFromNewPlaceV1)
    async def signed_in(fact: auth.SignedInFromNewPlaceV1, told: Told) -> None:
        seen = news.signed_in_from_new_place(
            session_id=fact.session_id, person_id=fact.person_id, said_at=told.time, at=clock.now()
        )
        await telling.tell(store, *seen)

    @heard.on(auth.CertificateExpiringV1)
    async def key_expiring(fact: auth.CertificateExpiringV1, _: Told) -> None:
        ending = news.key_expiring(person_id=fact.person_id, valid_until=fact.valid_until, at=clock.now())
        await telling.tell(store, *ending)


def _referral(fact: referral.IssuedV1 | referral.ReturnedV1, clock: Clock) -> tuple[MessageId, Message]:
    return referral_issued(
        referral_id=fact.referral_id,
        referral_number=fact.referral_number,
        application_id=fact.application_id,
        child_id=fact.child_id,
        valid_until=fact.valid_until,
        at=clock.now(),
    )
