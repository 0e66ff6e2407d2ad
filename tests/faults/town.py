"""The town of a fault run: families that wait in a few streams, kindergartens, and places entered morning by morning.

Everything enters through the import commands of the services. Names and numbers are invented.
"""

import csv
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from deploy.local.stack import Stack
from doubles.nca.iin import make_bin, make_iin

CATEGORIES = ("SPEECH", "HEARING", "VISION", "MOTOR")
KINDERGARTENS = 4
AGE = 6
"""By birth year; no other town of the tests has families or places of this age, so the streams are ours alone."""
FIRST_SERIAL = 700_001


@dataclass(frozen=True, slots=True)
class Home:
    """One child and its one guardian, as the outside world knows them."""

    number: int
    category: str
    born: date
    child_iin: str
    guardian_iin: str
    email: str
    phone: str
    language: str

    @property
    def stream_id(self) -> str:
        """The queue the child stands in."""
        return f"almaty:correctional:{self.category}:{self.born.year}"


@dataclass(frozen=True, slots=True)
class PlaceToGive:
    """A place as an organisation enters it."""

    place_id: str
    organisation_id: str
    category: str
    group_year: int

    @property
    def stream_id(self) -> str:
        """The queue it is for."""
        return f"almaty:correctional:{self.category}:{self.group_year}"


class ImportFailed(RuntimeError):
    """An import command did not end well; its words are the message."""


def make_homes(count: int, today: date) -> list[Home]:
    """Families, spread evenly over the streams; the lower the number, the earlier they applied."""
    year = today.year - AGE
    homes = []
    for number in range(count):
        born, grown = date(year, number % 12 + 1, number % 28 + 1), date(1990 - number % 9, number % 12 + 1, 5)
        homes.append(
            Home(
                number=number,
                category=CATEGORIES[number % len(CATEGORIES)],
                born=born,
                child_iin=make_iin(born, female=number % 2 == 0, serial=1000 + number),
                guardian_iin=make_iin(grown, female=True, serial=2000 + number),
                email=f"family{number}@pochta.test",
                phone=f"+7701555{number:04d}",
                language="kk" if number % 3 else "ru",
            )
        )
    return homes


def make_places(count: int, today: date, morning: int) -> list[PlaceToGive]:
    """The places entered before one morning, spread evenly over streams and kindergartens."""
    return [
        PlaceToGive(
            place_id=str(uuid5(NAMESPACE_URL, f"place/{morning}/{number}")),
            organisation_id=_organisation_id(number // len(CATEGORIES) % KINDERGARTENS),
            category=CATEGORIES[number % len(CATEGORIES)],
            group_year=today.year - AGE,
        )
        for number in range(count)
    ]


def move_in(stack: Stack, homes: Sequence[Home], now: datetime, folder: Path) -> dict[str, Home]:
    """Enters families, queue and organisations; returns the homes by child id."""
    ids = folder / "ids.csv"
    people = _write(folder / "people.csv", [_person_row(home) for home in homes])
    _import(stack, "auth", "import-people", str(people), "--out", str(ids))
    with ids.open(encoding="utf-8", newline="") as rows:
        children = {homes[int(row["row"]) - 1].number: row["child_id"] for row in csv.DictReader(rows)}
    start = now.astimezone(UTC) - timedelta(days=300)
    queue = _write(folder / "queue.csv", [_queue_row(home, children[home.number], start) for home in homes])
    _import(stack, "queue", "import-queue", str(queue))
    organisations = _write(folder / "organisations.csv", [_organisation_row(n) for n in range(KINDERGARTENS)])
    _import(stack, "vacancy", "import-organisations", str(organisations))
    return {children[home.number]: home for home in homes}


def enter_places(stack: Stack, places: Sequence[PlaceToGive], folder: Path) -> None:
    """Enters places; they are published at the next opening. Doing it again changes nothing."""
    rows = [
        {
            "place_id": place.place_id,
            "organisation_id": place.organisation_id,
            "stream_id": place.stream_id,
            "group_year": place.group_year,
            "language": "kk",
            "place_type": "GENERAL_USE",
        }
        for place in places
    ]
    _import(stack, "vacancy", "import-places", str(_write(folder / "places.csv", rows)))


def _person_row(home: Home) -> Mapping[str, object]:
    return {
        "child_iin": home.child_iin,
        "child_surname": "Сынақов",
        "child_given": f"Бала{home.number}",
        "child_patronymic": "",
        "child_birth_date": home.born.isoformat(),
        "guardian_iin": home.guardian_iin,
        "guardian_surname": "Сынақова",
        "guardian_given": f"Ана{home.number}",
        "guardian_patronymic": "",
        "guardian_email": home.email,
        "guardian_phone": home.phone,
        "language": home.language,
    }


def _queue_row(home: Home, child_id: str, start: datetime) -> Mapping[str, object]:
    return {
        "child_id": child_id,
        "birth_date": home.born.isoformat(),
        "region": "almaty",
        "queue_type": "CORRECTIONAL",
        "category": home.category,
        "registered_at": (start + timedelta(minutes=home.number)).isoformat(),
        "serial": FIRST_SERIAL + home.number,
    }


def _organisation_row(number: int) -> Mapping[str, object]:
    return {
        "organisation_id": _organisation_id(number),
        "name_kk": f"№ {number + 1} сынақ балабақшасы",
        "name_ru": f"Пробный детский сад № {number + 1}",
        "bin": make_bin(date(2010, 1, 1), number + 1),
        "kind_kk": "Балабақша",
        "kind_ru": "Детский сад",
        "address_kk": f"Алматы қ., Алатау ауданы, Сынақ көшесі, {number + 1}",
        "address_ru": f"г. Алматы, Алатауский район, ул. Пробная, {number + 1}",
        "district": "ALATAU",
        "phones": f"+7727555{number:04d}",
        "website": f"https://sad{number + 1}.zholdama.example",
        "latitude": 43.25,
        "longitude": 76.9,
    }


def organisations() -> set[str]:
    """The kindergartens of the town."""
    return {_organisation_id(number) for number in range(KINDERGARTENS)}


def _organisation_id(number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"organisation/{number}"))


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _import(stack: Stack, service: str, *words: str) -> None:
    """One import command, with the environment of its service."""
    command = [sys.executable, "-m", f"services.{service}", *words]
    done = subprocess.run(command, env=stack.environment(service), capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise ImportFailed(f"{service} {words[0]}: {(done.stderr or done.stdout)[-2000:]}")
