"""Questions that change nothing."""

from dataclasses import dataclass, replace

from services.auth.domain import guardianship
from services.auth.domain.duties import Duties
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.person import Contacts, Identity, Language, email_required
from services.auth.store import Reading
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
    guardians: dict[ChildId, tuple[PersonId, ...]]
    """Everybody who may act for each of the children, the person among them, in the order they were linked."""


async def me(reading: Reading, person_id: PersonId) -> Me:
    """The person, and the children to act for; raises NoSuchPerson, PersonErased."""
    found = await reading.vault.accounts.get(person_id)
    account = found.state if found else None
    guardians = {each.child_id: each.guardians for each in await reading.children_of(person_id)}
    return Me(
        person_id=person_id,
        identity=await identity_of(reading, person_id),
        duties=await duties_of(reading, person_id),
        email_required=email_required(account),
        language=account.language if account else None,
        contacts=await reading.vault.contacts(account) if account else Contacts(),
        children=await cards(reading, [PersonId(child_id) for child_id in sorted(guardians)]),
        guardians=guardians,
    )


@dataclass(frozen=True, slots=True)
class Family:
    """Cards a guardian may read, and the children among them."""

    cards: list[Card]
    child_ids: list[ChildId]


async def family(reading: Reading, person_id: PersonId, wanted: list[PersonId]) -> Family:
    """Those of the wanted who are the person, a child of theirs, or another guardian of one, in the order asked for.

    Of another guardian the name and the number are told, no more: where that parent lives is not the family's to know.
    """
    own = await reading.children_of(person_id)
    child_ids = {PersonId(each.child_id) for each in own}
    fellows = {guardian for each in own for guardian in each.guardians} - {person_id}
    known = child_ids | fellows | {person_id}
    found = await cards(reading, [each for each in dict.fromkeys(wanted) if each in known])
    return Family(
        cards=[_of_fellow(card) if card.person_id in fellows else card for card in found],
        child_ids=[ChildId(card.person_id) for card in found if card.person_id in child_ids],
    )


def _of_fellow(card: Card) -> Card:
    return replace(card, identity=replace(card.identity, birth_date=None, address="", residence_address=""))


async def ever_guardians_of(reading: Reading, child_id: ChildId) -> frozenset[PersonId]:
    """Everybody who is a guardian of a child or was one."""
    found = await reading.guardianships.get(child_id)
    return guardianship.ever(found.state) if found else frozenset()
