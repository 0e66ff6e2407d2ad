"""The invented city: the same each time, right in its numbers, and told to each service in that service's words."""

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from demo import files
from demo.city import CHILDREN, KINDERGARTENS, PLACES, City, make_city
from demo.files import organisation_rows
from demo.scene import last_day, next_opening, shown, shown_deadline
from doubles.nca.iin import is_valid

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(TODAY)


def test_the_same_day_gives_the_same_city(city: City) -> None:
    assert make_city(TODAY) == city
    assert make_city(TODAY, seed=1) != city


def test_the_city_has_the_size_it_should(city: City) -> None:
    assert (len(city.kindergartens), len(city.waiting), len(city.places)) == (KINDERGARTENS, CHILDREN, PLACES)
    assert len({garden.district_kk for garden in city.kindergartens}) == 8
    assert len({waiting.stream_id for waiting in city.waiting}) > 20
    ranks = Counter(waiting.rank for waiting in city.waiting)
    assert 0.12 < ranks["P"] / CHILDREN < 0.24
    assert 0 < ranks["E"] < 0.05 * CHILDREN


def test_every_number_is_right_and_its_own(city: City) -> None:
    children = [waiting.child.iin for waiting in city.waiting]
    guardians = {guardian.iin for waiting in city.waiting for guardian in waiting.guardians}
    assert all(is_valid(iin) for iin in [*children, *guardians])
    assert len(set(children)) == CHILDREN
    assert not guardians & set(children)
    assert all(is_valid(garden.bin) for garden in city.kindergartens)
    assert len({garden.bin for garden in city.kindergartens}) == KINDERGARTENS


def test_everybody_registered_after_birth_and_before_today(city: City) -> None:
    for waiting in city.waiting:
        assert waiting.child.born < waiting.registered_at.date() < TODAY


def test_the_two_families_stand_side_by_side_and_places_wait_for_them(city: City) -> None:
    heroine, neighbour = city.heroine, city.neighbour
    assert heroine in city.waiting
    assert neighbour in city.waiting
    assert heroine.stream_id == neighbour.stream_id
    assert (heroine.rank, neighbour.rank) == ("G", "G")
    assert sum(place.stream_id == heroine.stream_id for place in city.places) >= 6
    ahead = [each for each in city.waiting if each.stream_id == heroine.stream_id and each.rank == "E"]
    assert len(ahead) <= 1


@pytest.mark.parametrize("day", [date(2026, 9, 2), date(2027, 1, 10), date(2027, 6, 30)])
def test_the_families_are_in_reach_of_the_places_on_other_days(day: date) -> None:
    city = make_city(day)
    stream = [each for each in city.waiting if each.stream_id == city.heroine.stream_id]
    ahead = sum(each.rank == "E" for each in stream) + 1
    assert ahead + 2 <= sum(place.stream_id == city.heroine.stream_id for place in city.places)


def test_only_the_file_for_auth_holds_iins(city: City, tmp_path: Path) -> None:
    people = files.people_rows(city)
    told = tmp_path / "ids.csv"
    with told.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["row", "child_id", "guardian_ids", "birth_date"])
        writer.writerows(
            [number, f"child-{row['child_iin']}", f"guardian-{number}", ""]
            for number, row in enumerate(people, start=1)
        )
    ids = files.ids_of_families(city, told)
    assert {iin: child for iin, (child, _) in ids.items()} == {
        waiting.child.iin: f"child-{waiting.child.iin}" for waiting in city.waiting
    }
    assert ids[city.heroine.child.iin][1] == "guardian-1"
    for_others = [
        files.queue_rows(city, dict.fromkeys(ids, ("child", "guardian"))),
        organisation_rows(city),
        files.place_rows(city),
    ]
    said = json.dumps(for_others, ensure_ascii=False)
    assert not any(waiting.child.iin in said for waiting in city.waiting)
    assert not any(str(row["guardian_iin"]) in said for row in people)


def test_the_opening_is_the_next_working_morning() -> None:
    friday_evening = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
    assert next_opening(friday_evening) == datetime(2026, 3, 26, 2, 0, tzinfo=UTC)
    assert next_opening(datetime(2026, 11, 25, 1, 59, tzinfo=UTC)) == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert next_opening(datetime(2026, 11, 25, 2, 0, tzinfo=UTC)) == datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opening", "last"),
    [
        (datetime(2019, 5, 21, 1, 0, tzinfo=UTC), date(2019, 5, 23)),
        (datetime(2023, 5, 16, 1, 0, tzinfo=UTC), date(2023, 5, 18)),
        (datetime(2026, 3, 19, 2, 0, tzinfo=UTC), date(2026, 3, 26)),
        (datetime(2024, 5, 2, 2, 0, tzinfo=UTC), date(2024, 5, 4)),
        (datetime(2026, 12, 31, 2, 0, tzinfo=UTC), date(2027, 1, 6)),
    ],
)
def test_the_window_is_three_working_days_with_the_day_of_publication(opening: datetime, last: date) -> None:
    assert last_day(opening) == last


def test_moments_are_shown_as_the_portal_writes_them() -> None:
    assert shown("2021-05-13T06:17:04Z") == "13-мам-21 12:17"
    assert shown_deadline("2026-11-26T19:00:00Z") == "26-қар-26 24:00"
    assert shown_deadline("2026-11-26T18:00:00Z") == "26-қар-26 23:00"
