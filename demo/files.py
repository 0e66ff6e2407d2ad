"""Writes the city as the CSV files that the services' import commands take.

IINs stand only in the file for auth, which is deleted after its import; every later file names children by the ids that
auth gave back.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from demo import words
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
    """Children in the order of the people file: the named families, then the others."""
    first = [city.heroine, city.neighbour, city.visitor]
    return first + [each for each in city.waiting if each not in first]


def _people_row(waiting: Waiting, place: int, number: int) -> Row:
    child, guardian = waiting.child, waiting.guardians[place]
    known = number > 2
    street = words.STREETS[number % len(words.STREETS)][0]
    home = f"Алматы қ., {street} көшесі, {number % 97 + 1}-үй"
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
        "guardian_address": home,
        "guardian_residence_address": home,
        "child_address": home,
        "child_residence_address": home,
        "language": "kk" if number % 3 else "ru",
    }


def ids_of_families(city: City, told: Path) -> dict[str, tuple[str, str]]:
    """Child's IIN to its id and that of its first guardian, who applied for it.

    Told by auth: rows are numbered from 1 as they stood in the people file, a child's first guardian before the second.
    """
    with told.open(encoding="utf-8", newline="") as text:
        by_row = {int(line["row"]): (line["child_id"], line["guardian_ids"]) for line in csv.DictReader(text)}
    families: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(people_rows(city), start=1):
        child_id, guardian_ids = by_row[number]
        families.setdefault(str(row["child_iin"]), (child_id, guardian_ids.partition(";")[0]))
    return families


def queue_rows(city: City, ids: Mapping[str, tuple[str, str]]) -> list[Row]:
    """Everybody who waits, with the old date and serial."""
    return [
        {
            "child_id": ids[waiting.child.iin][0],
            "applicant_id": ids[waiting.child.iin][1],
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
