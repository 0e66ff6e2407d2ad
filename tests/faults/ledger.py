"""The books of a fault run: what families and the city saw, and whether it balances.

Each promise published is one turn; each turn is one message by each way; each hold that was signed is one referral, each
referral one message; each place and each child have at most one referral that holds. A repeat that carries the same id
(a letter's Message-ID, a fact's ce_id) is recognised by whoever receives it and is counted apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TURN, ISSUED = "TURN_CAME", "REFERRAL_ISSUED"


class Side(StrEnum):
    """On which side the books do not balance."""

    LOST = "lost"
    DOUBLED = "doubled"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not balance."""

    side: Side
    what: str


@dataclass(slots=True)
class Held:
    """A hold that a family was given, and what came of it."""

    child_id: str
    place_id: str
    signed: bool = False
    referral_ids: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Told:
    """What lies in one guardian's mailbox and phone: per kind, how often each message came."""

    letters: dict[str, Counter[str]] = field(default_factory=dict)
    sms: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Books:
    """Everything that was seen from outside."""

    children: dict[str, str] = field(default_factory=dict)
    """Child id -> stream id."""
    organisations: set[str] = field(default_factory=set)
    """The kindergartens whose places and referrals are counted."""
    promised: dict[str, int] = field(default_factory=dict)
    """Stream id -> places promised by all publications, each counted once."""
    turns: dict[str, set[str]] = field(default_factory=dict)
    """Child id -> invitations on the cards its family saw."""
    told: dict[str, Told] = field(default_factory=dict)
    holds: dict[str, Held] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    """Referrals that their families gave back."""
    bulletin: dict[str, set[str]] = field(default_factory=dict)
    """Referral id -> states the city heard of."""
    place_state: dict[str, str] = field(default_factory=dict)
    """Place id -> the last state the city heard of."""
    unfinished: dict[str, str] = field(default_factory=dict)
    """Child id -> the step its story stopped at."""
    dead_letters: int = 0


def audit(books: Books) -> list[Finding]:
    """All that does not balance; empty when everything does."""
    return [*_turns(books), *_messages(books), *_referrals(books), *_places(books), *_rest(books)]


def repeats(books: Books) -> int:
    """Letters that came again under the Message-ID they had."""
    return sum(count - 1 for told in books.told.values() for kind in told.letters.values() for count in kind.values())


def _turns(books: Books) -> Iterator[Finding]:
    """Each promise of a publication became one turn, and one message told it."""
    came: Counter[str] = Counter()
    for child_id, stream_id in books.children.items():
        came[stream_id] += len(_ids(books, child_id, TURN))
    for stream_id in sorted({*books.promised, *came}):
        yield from _equal(f"turns told in {stream_id}", books.promised.get(stream_id, 0), came[stream_id])


def _messages(books: Books) -> Iterator[Finding]:
    for child_id in books.children:
        told = books.told.get(child_id, Told())
        referrals = {each for held in books.holds.values() if held.child_id == child_id for each in held.referral_ids}
        due = {TURN: len(_ids(books, child_id, TURN)), ISSUED: len(referrals)}
        if child_id in books.turns:
            due[TURN] = len(books.turns[child_id])
        for kind, count in due.items():
            yield from _equal(f"letters {kind} of child {child_id}", count, len(told.letters.get(kind, {})))
            yield from _equal(f"SMS {kind} of child {child_id}", count, sum(told.sms.get(kind, Counter()).values()))


def _referrals(books: Books) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for hold_id, held in books.holds.items():
        yield from _equal(f"referrals of hold {hold_id}", int(held.signed), len(held.referral_ids))
        for referral_id in held.referral_ids:
            if seen.setdefault(referral_id, hold_id) != hold_id:
                yield Finding(Side.DOUBLED, f"referral {referral_id} belongs to two holds")
    for referral_id in seen.keys() - books.bulletin.keys():
        yield Finding(Side.LOST, f"the city never heard of referral {referral_id}")
    for referral_id in books.bulletin.keys() - seen.keys():
        yield Finding(Side.DOUBLED, f"the city heard of referral {referral_id}, which no family has")
    for referral_id in books.returned:
        if "RETURNED" not in books.bulletin.get(referral_id, ()):
            yield Finding(Side.LOST, f"the city never heard that referral {referral_id} was returned")


def _places(books: Books) -> Iterator[Finding]:
    """One place - one child, and one child - one place, among the referrals that hold."""
    places: Counter[str] = Counter()
    children: Counter[str] = Counter()
    for held in books.holds.values():
        standing = held.referral_ids - books.returned
        places[held.place_id] += len(standing)
        children[held.child_id] += len(standing)
    for name, counted in (("place", places), ("child", children)):
        for id, count in counted.items():
            if count > 1:
                yield Finding(Side.DOUBLED, f"{name} {id} has {count} referrals")
    for place_id, state in books.place_state.items():
        if (state == "TAKEN") != (places[place_id] == 1):
            side = Side.LOST if places[place_id] else Side.DOUBLED
            yield Finding(side, f"place {place_id} is {state} with {places[place_id]} referrals")


def _rest(books: Books) -> Iterator[Finding]:
    for child_id, step in books.unfinished.items():
        yield Finding(Side.LOST, f"the story of child {child_id} stopped at: {step}")
    if books.dead_letters:
        yield Finding(Side.LOST, f"{books.dead_letters} facts became dead letters")


def _ids(books: Books, child_id: str, kind: str) -> set[str]:
    told: Mapping[str, Iterable[str]] = books.told[child_id].letters if child_id in books.told else {}
    return set(told.get(kind, ()))


def _equal(what: str, expected: int, found: int) -> Iterator[Finding]:
    if found < expected:
        yield Finding(Side.LOST, f"{what}: {found} of {expected}")
    elif found > expected:
        yield Finding(Side.DOUBLED, f"{what}: {found} instead of {expected}")
