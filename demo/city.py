"""Makes the invented city: districts, special kindergartens, children in streams, guardians, free places.

The same seed and day give the same city, ids included. Sizes are a small city's: 40 kindergartens, 600 children in
32 streams (8 categories by 4 birth years), 60 places.
"""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from demo import words
from doubles.nca.iin import make_bin, make_iin

KINDERGARTENS = 40
CHILDREN = 600
PLACES = 60
PRIORITY_SHARE, EXTRAORDINARY_SHARE = 0.18, 0.02
SECOND_GUARDIAN_SHARE, SIBLING_SHARE, KAZAKH_SHARE = 0.2, 0.08, 0.6
STORY_PLACES = 8
REGION, QUEUE_TYPE, STORY_CATEGORY = "almaty", "CORRECTIONAL", "SPEECH"
AGES = (2, 3, 4, 5)
"""Ages by birth year of children in the queue."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented grown-up or child."""

    iin: str
    surname: str
    given: str
    patronymic: str
    born: date
    female: bool


@dataclass(frozen=True, slots=True)
class Kindergarten:
    """A special kindergarten with its public card."""

    organisation_id: str
    bin: str
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district_kk: str
    district_ru: str
    phones: tuple[str, ...]
    website: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child in the queue. ``rank`` is the class of privilege (E, P, G); ``confirmed_until`` its last day."""

    child: Person
    guardians: tuple[Person, ...]
    category: str
    registered_at: datetime
    serial: int
    rank: str
    confirmed_until: date | None

    @property
    def stream_id(self) -> str:
        return stream_id(self.category, self.child.born.year)

    @property
    def application_number(self) -> str:
        return f"KDDO.{self.registered_at.year}.{self.serial}.1"


@dataclass(frozen=True, slots=True)
class Place:
    """One free place, not yet published."""

    place_id: str
    organisation_id: str
    category: str
    group_year: int
    language: str

    @property
    def stream_id(self) -> str:
        return stream_id(self.category, self.group_year)


@dataclass(frozen=True, slots=True)
class City:
    """Everything, and three families: general all, next to each other in the queue of one stream.

    Two play the story; the third is for whoever comes to try the site by hand.
    """

    kindergartens: tuple[Kindergarten, ...]
    waiting: tuple[Waiting, ...]
    places: tuple[Place, ...]
    heroine: Waiting
    neighbour: Waiting
    visitor: Waiting


def stream_id(category: str, year: int) -> str:
    """The queue that a child stands in: region, queue type, category, birth year."""
    return f"{REGION}:{QUEUE_TYPE.lower()}:{category}:{year}"


def make_city(today: date, seed: int = 2026) -> City:
    """The city as it is on a day."""
    dice = random.Random(seed)
    kindergartens = tuple(_kindergarten(dice, number) for number in range(1, KINDERGARTENS + 1))
    waiting = _queue(dice, today)
    story_year = today.year - AGES[-1]
    stream = stream_id(STORY_CATEGORY, story_year)
    first = [place for place, each in enumerate(waiting) if each.stream_id == stream and each.rank == "G"]
    heroine, neighbour, visitor = (
        _as_family(waiting[place], family) for place, family in zip(first, words.STORY_FAMILIES, strict=False)
    )
    told = dict(zip(first, (heroine, neighbour, visitor), strict=False))
    waiting = tuple(told.get(place, each) for place, each in enumerate(waiting))
    places = _places(dice, waiting, kindergartens, story_year)
    return City(kindergartens, waiting, places, heroine, neighbour, visitor)


def small(city: City) -> City:
    """Of the invented city only the queue that the story is told in, with its places and their kindergartens."""
    stream = city.heroine.stream_id
    places = tuple(each for each in city.places if each.stream_id == stream)
    homes = {each.organisation_id for each in places}
    return replace(
        city,
        waiting=tuple(each for each in city.waiting if each.stream_id == stream),
        places=places,
        kindergartens=tuple(each for each in city.kindergartens if each.organisation_id in homes),
    )


def _as_family(waiting: Waiting, family: words.Family) -> Waiting:
    """The same place in the queue, for a family whose names the story knows."""
    (surname, given, patronymic, female, born), (child_surname, child_given, child_patronymic, girl) = family
    guardian = Person(make_iin(born, female=female, serial=9001), surname, given, patronymic, born, female)
    birthday = waiting.child.born
    iin = make_iin(birthday, female=girl, serial=9001)
    child = Person(iin, child_surname, child_given, child_patronymic, birthday, girl)
    return replace(waiting, child=child, guardians=(guardian,))


def _kindergarten(dice: random.Random, number: int) -> Kindergarten:
    district_kk, district_ru, latitude, longitude = words.DISTRICTS[(number - 1) % len(words.DISTRICTS)]
    title_kk, title_ru = words.GARDENS[(number * 7) % len(words.GARDENS)]
    inside_kk, kind_kk, inside_ru, kind_ru = words.KINDS[number % len(words.KINDS)]
    street_kk, street_ru = dice.choice(words.STREETS)
    house = dice.randint(1, 180)
    return Kindergarten(
        organisation_id=_id(dice),
        bin=make_bin(date(dice.randint(1995, 2020), dice.randint(1, 12), 1), number),
        name_kk=f"«№ {number} „{title_kk}“ {inside_kk}» КММ",
        name_ru=f"КГУ «{inside_ru} № {number} „{title_ru}“»",
        kind_kk=kind_kk,
        kind_ru=kind_ru,
        address_kk=f"Алматы қ., {district_kk} ауданы, {street_kk} көшесі, {house}",
        address_ru=f"г. Алматы, {district_ru} район, ул. {street_ru}, {house}",
        district_kk=district_kk,
        district_ru=district_ru,
        phones=(f"+7727000{number:04d}",),
        website=f"https://sk{number}.zholdama.example",
        latitude=round(latitude + dice.uniform(-0.015, 0.015), 5),
        longitude=round(longitude + dice.uniform(-0.015, 0.015), 5),
    )


def _queue(dice: random.Random, today: date) -> tuple[Waiting, ...]:
    families: list[tuple[Person, ...]] = []
    drafts = [_draft(dice, today, number, families) for number in range(CHILDREN)]
    drafts.sort(key=lambda each: each.registered_at)
    return tuple(replace(each, serial=800_001 + place) for place, each in enumerate(drafts))


def _draft(dice: random.Random, today: date, number: int, families: list[tuple[Person, ...]]) -> Waiting:
    guardians = dice.choice(families) if families and dice.random() < SIBLING_SHARE else _guardians(dice, number)
    families.append(guardians)
    year = today.year - dice.choice(AGES)
    born = date(year, 1, 1) + timedelta(days=dice.randrange(365))
    surname = next((pair for pair in words.SURNAMES if guardians[0].surname.title() in pair), words.SURNAMES[0])
    child = _person(dice, born, female=dice.random() < 0.5, number=number, surname=surname, child=True)
    earliest, latest = born + timedelta(days=300), today - timedelta(days=14)
    waited = timedelta(days=dice.randrange(max(1, (latest - earliest).days)), milliseconds=dice.randrange(86_400_000))
    registered_at = datetime(earliest.year, earliest.month, earliest.day, tzinfo=UTC) + waited
    category = dice.choices(list(words.CATEGORIES), list(words.CATEGORIES.values()))[0]
    luck = dice.random()
    rank = "E" if luck < EXTRAORDINARY_SHARE else "P" if luck < EXTRAORDINARY_SHARE + PRIORITY_SHARE else "G"
    confirmed = today + timedelta(days=dice.randint(60, 300)) if rank != "G" else None
    return Waiting(child, guardians, category, registered_at, 0, rank, confirmed)


def _guardians(dice: random.Random, number: int) -> tuple[Person, ...]:
    surname = dice.choice(words.SURNAMES)
    count = 2 if dice.random() < SECOND_GUARDIAN_SHARE else 1
    first_is_mother = dice.random() < 0.8
    return tuple(
        _person(
            dice,
            date(dice.randint(1980, 2000), 1, 1) + timedelta(days=dice.randrange(365)),
            female=first_is_mother is (place == 0),
            number=number * 2 + place,
            surname=surname,
        )
        for place in range(count)
    )


def _person(
    dice: random.Random, born: date, *, female: bool, number: int, surname: tuple[str, str], child: bool = False
) -> Person:
    given = dice.choice((words.GIRLS if female else words.BOYS) if child else (words.WOMEN if female else words.MEN))
    patronymic = dice.choice(words.FATHERS) + ("қызы" if female else "ұлы")
    iin = make_iin(born, female=female, serial=number * 3)
    return Person(iin, surname[female], given, patronymic, born, female)


def _places(
    dice: random.Random, waiting: tuple[Waiting, ...], kindergartens: tuple[Kindergarten, ...], story_year: int
) -> tuple[Place, ...]:
    """The story's stream has its places in as many kindergartens; the others go where children wait."""
    wanted = [(STORY_CATEGORY, story_year)] * STORY_PLACES
    others = [each for each in waiting if (each.category, each.child.born.year) != wanted[0]]
    wanted += [(each.category, each.child.born.year) for each in dice.sample(others, PLACES - STORY_PLACES)]
    homes = dice.sample(kindergartens, len(kindergartens)) + dice.choices(kindergartens, k=PLACES - len(kindergartens))
    return tuple(
        Place(_id(dice), home.organisation_id, category, year, "kk" if dice.random() < KAZAKH_SHARE else "ru")
        for (category, year), home in zip(wanted, homes, strict=True)
    )


def _id(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))
