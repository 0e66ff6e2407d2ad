"""Questions that change nothing."""

from dataclasses import dataclass

from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.person import Contacts, Duties, Identity, Language, email_required
from services.auth.store import Store
from services.auth.usecases.people import duties_of, identity_of
from services.auth.usecases.services import Card, cards


@dataclass(frozen=True, slots=True)
class Me:
    """What a person's own page shows."""

    person_id: PersonId
    identity: Identity
    duties: Duties
    email_required: bool
    language: Language | None
    contacts: Contacts
    children: list[Card]


async def me(store: Store, person_id: PersonId) -> Me:
    """The person, and the children to act for; raises NoSuchPerson."""
    found = await store.vault.accounts.get(person_id)
    account = found.state if found else None
    children = sorted(each.child_id for each in await store.children_of(person_id))
    return Me(
        person_id=person_id,
        identity=await identity_of(store, person_id),
        duties=await duties_of(store, person_id),
        email_required=email_required(account),
        language=account.language if account else None,
        contacts=store.vault.contacts(account) if account else Contacts(),
        children=await cards(store, [PersonId(child_id) for child_id in children]),
    )


async def guardians_of(store: Store, child_id: ChildId) -> frozenset[PersonId]:
    """All guardians of a child."""
    found = await store.guardianships.get(child_id)
    return frozenset(found.state.guardians if found else ())
