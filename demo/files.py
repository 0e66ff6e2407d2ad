"""Writes the city as the CSV files that the services' import commands take.

IINs stand only in the file for auth, which is deleted after its import; every later file names children by the ids that
auth gave back.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from demo.city import QUEUE_TYPE, REGION, City, Waiting

Row = Mapping[str, object]


def write(path: Path, rows: Iterable[Row]) -> Path:
    """One CSV file with a header; empty cells for what is None."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
    return path


def people_rows(city: City) -> list[Row]:
    """A row for each pair of child and guardian, families of the story first and without contacts: they will give them."""
    return [
        _people_row(waiting, place, number)
        for number, waiting in enumerate(in_order(city))
        for place in range(len(waiting.guardians))
    ]


def in_order(city: City) -> list[Waiting]:
    """Children in the order of the people file: the story's two, then the others."""
    first = [city.heroine, city.neighbour]
    return first + [each for each in city.waiting if each not in first]


def _people_row(waiting: Waiting, place: int, number: int) -> Row:
    child, guardian = waiting.child, waiting.guardians[place]
    known = number > 1
    return {
        "child_iin": child.iin,
        "child_surname": child.surname,
        "child_given": child.given,
        "child_patronymic": child.patronymic,
        "child_birth_date": child.born.isoformat(),
        "guardian_iin": guardian.iin,
        "guardian_surname": guardian.surname,
        "guardian_given": guardian.given,
        "guardian_patronymic": guardian.patronymic,
        "guardian_phone": f"+7700{number * 2 + place:07d}" if known else "",
        "guardian_email": f"family{number}.{place}@families.example" if known else "",
        "language": "kk" if number % 3 else "ru",
    }


def child_ids(city: City, told: Path) -> dict[str, str]:
    """Child's IIN to its id, from what auth wrote: rows are numbered from 1 as they stood in the people file."""
    with told.open(encoding="utf-8", newline="") as text:
        by_row = {int(line["row"]): line["child_id"] for line in csv.DictReader(text)}
    iins: Sequence[str] = [str(row["child_iin"]) for row in people_rows(city)]
    return {iin: by_row[number] for number, iin in enumerate(iins, start=1)}


def queue_rows(city: City, ids: Mapping[str, str]) -> list[Row]:
    """Everybody who waits, with the old date and serial."""
    return [
        {
            "child_id": ids[waiting.child.iin],
            "birth_date": waiting.child.born.isoformat(),
            "region": REGION,
            "queue_type": QUEUE_TYPE,
            "category": waiting.category,
            "registered_at": waiting.registered_at.isoformat(),
            "serial": waiting.serial,
            "privilege_class": "" if waiting.rank == "G" else waiting.rank,
            "privilege_confirmed_until": waiting.confirmed_until.isoformat() if waiting.confirmed_until else "",
            "application_number": waiting.application_number,
        }
        for waiting in city.waiting
    ]


def organisation_rows(city: City) -> list[Row]:
    """The public cards of the kindergartens."""
    return [
        {
            "organisation_id": garden.organisation_id,
            "name_kk": garden.name_kk,
            "name_ru": garden.name_ru,
            "bin": garden.bin,
            "kind_kk": garden.kind_kk,
            "kind_ru": garden.kind_ru,
            "address_kk": garden.address_kk,
            "address_ru": garden.address_ru,
            "district": garden.district_kk,
            "phones": ";".join(garden.phones),
            "website": garden.website,
            "latitude": garden.latitude,
            "longitude": garden.longitude,
        }
        for garden in city.kindergartens
    ]


def place_rows(city: City) -> list[Row]:
    """Free places, to be published at the next opening."""
    return [
        {
            "place_id": place.place_id,
            "organisation_id": place.organisation_id,
            "stream_id": place.stream_id,
            "group_year": place.group_year,
            "language": place.language,
            "place_type": "GENERAL_USE",
        }
        for place in city.places
    ]
