"""What the chassis promises about documents, on the real engine."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis.aggregates import Aggregates, Stored, retry_stale
from services.chassis.errors import AlreadyExists, Stale
from services.chassis.mongo import Database, Index, open_database

AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
STREAM = "almaty:correctional:SPEECH:2021"


@dataclass(frozen=True, slots=True)
class Place:
    stream_id: str
    taken: int = 0
    child_id: str | None = None


@pytest.fixture
async def woken() -> list[tuple[str, str]]:
    return []


@pytest.fixture
async def database(stack: Stack, woken: list[tuple[str, str]]) -> AsyncIterator[Database]:
    environment = stack.environment("vacancy")
    opened = open_database(
        environment["ZHOLDAMA_MONGO_URL"],
        environment["ZHOLDAMA_MONGO_DATABASE"],
        "vacancy",
        lambda collection, id: woken.append((collection, id)),
    )
    yield opened
    opened.close()


@pytest.fixture
async def places(database: Database) -> Aggregates[Place]:
    name = f"places_{uuid4().hex[:8]}"
    one_child = Index(name, ("child_id",), "one_place_per_child", unique=True, partial={"child_id": {"$exists": True}})
    await database.ensure([one_child])
    return database.aggregates(name, Place)


def opened(publication_id: str | None = None) -> OpenedV1:
    return OpenedV1(stream_id=STREAM, publication_id=publication_id or str(uuid4()), n=1, day=AT.date())


async def test_a_state_is_read_as_it_was_written(places: Aggregates[Place]) -> None:
    added = await places.add("p1", Place(STREAM), at=AT)

    assert await places.get("p1") == added == Stored("p1", 1, 0, Place(STREAM))
    assert await places.get("p2") is None


async def test_a_write_decided_on_an_old_version_changes_nothing(places: Aggregates[Place]) -> None:
    loaded = await places.add("p1", Place(STREAM), at=AT)
    await places.save(loaded, Place(STREAM, taken=1), at=AT)

    with pytest.raises(Stale):
        await places.save(loaded, Place(STREAM, taken=9), at=AT, facts=[opened()])

    stored = await places.get("p1")
    assert stored is not None
    assert stored.state.taken == 1
    assert stored.sequence == 0


async def test_state_and_facts_are_one_write_and_wake_the_relay(
    places: Aggregates[Place], woken: list[tuple[str, str]]
) -> None:
    loaded = await places.add("p1", Place(STREAM), at=AT, facts=[opened()])
    await places.save(loaded, Place(STREAM, taken=1), at=AT, facts=[opened(), opened()])

    document = await places.collection.find_one({"_id": "p1"})
    assert document is not None
    assert [entry["sequence"] for entry in document["outbox"]] == [1, 2, 3]
    assert document["outbox_count"] == document["sequence"] == 3
    assert woken == [(places.name, "p1")] * 2


async def test_a_repeated_write_says_a_fact_under_the_same_id(places: Aggregates[Place], database: Database) -> None:
    again = database.aggregates(f"{places.name}_again", Place)
    await places.add("p1", Place(STREAM), at=AT, facts=[opened()])
    await again.add("p1", Place(STREAM), at=AT, facts=[opened()])

    with pytest.raises(AlreadyExists) as refused:
        await places.add("p1", Place(STREAM), at=AT, facts=[opened()])

    assert refused.value.index == "_id_"


async def test_a_unique_promise_holds_only_where_the_field_is_present(places: Aggregates[Place]) -> None:
    await places.add("p1", Place(STREAM), at=AT)
    second = await places.add("p2", Place(STREAM), at=AT)
    third = await places.add("p3", Place(STREAM), at=AT)
    await places.save(second, Place(STREAM, child_id="c"), at=AT)

    with pytest.raises(AlreadyExists) as refused:
        await places.save(third, Place(STREAM, child_id="c"), at=AT)

    assert refused.value.index == "one_place_per_child"


async def test_racers_for_one_unique_value_are_refused_and_never_broken(places: Aggregates[Place]) -> None:
    loaded = [await places.add(f"p{n}", Place(STREAM), at=AT) for n in range(8)]

    @retry_stale
    async def hold(id: str) -> str:
        stored = await places.get(id)
        assert stored is not None
        try:
            await places.save(stored, Place(STREAM, child_id="c"), at=AT, facts=[opened()])
        except AlreadyExists as refused:
            return refused.index
        return "held"

    answers = await asyncio.gather(*(hold(each.id) for each in loaded))

    assert sorted(answers) == ["held"] + ["one_place_per_child"] * 7


async def test_a_field_given_back_frees_its_unique_value(places: Aggregates[Place]) -> None:
    first = await places.add("p1", Place(STREAM, child_id="c"), at=AT)
    await places.save(first, Place(STREAM), at=AT)

    await places.add("p2", Place(STREAM, child_id="c"), at=AT)


async def test_racers_that_decide_again_from_the_load_lose_no_step(places: Aggregates[Place]) -> None:
    await places.add("p1", Place(STREAM), at=AT)

    @retry_stale
    async def take() -> None:
        stored = await places.get("p1")
        assert stored is not None
        await places.save(stored, Place(STREAM, taken=stored.state.taken + 1), at=AT, facts=[opened()])

    await asyncio.gather(*(take() for _ in range(8)))

    stored = await places.get("p1")
    assert stored is not None
    assert (stored.state.taken, stored.sequence) == (8, 8)


async def test_a_statement_that_still_waits_is_not_put_there_twice(places: Aggregates[Place]) -> None:
    stored = await places.add("p1", Place(STREAM), at=AT)
    fact = opened()

    said = [await places.restate(stored, fact, at=AT) for _ in range(2)]

    document = await places.collection.find_one({"_id": "p1"})
    assert document is not None
    assert said == [True, False]
    assert document["outbox_count"] == len(document["outbox"]) == 1


async def test_what_came_to_be_meanwhile_is_decided_on_again(places: Aggregates[Place]) -> None:
    first = await places.keep("p1", None, Place(STREAM), at=AT)
    second = await places.keep("p1", first, Place(STREAM, taken=1), at=AT)

    with pytest.raises(Stale):
        await places.keep("p1", None, Place(STREAM, taken=9), at=AT)

    assert (await places.get("p1")) == second


async def test_no_two_callers_get_one_number_and_moments_never_run_back(database: Database) -> None:
    counters = database.counters(f"counters_{uuid4().hex[:8]}")
    late, early = AT, AT.replace(year=2025)

    given = await asyncio.gather(*(counters.next("serial", at=late if n % 2 else early) for n in range(40)))

    serials = sorted(given)
    assert [serial for serial, _ in serials] == list(range(1, 41))
    assert [moment for _, moment in serials] == sorted(moment for _, moment in serials)


async def test_a_projection_takes_only_a_greater_sequence_of_its_group(database: Database) -> None:
    known = database.projections(f"known_{uuid4().hex[:8]}")

    took = [
        await known.put("c", "application", 2, {"status": "QUEUED"}),
        await known.put("c", "application", 2, {"status": "REMOVED"}),
        await known.put("c", "application", 1, {"status": "SUBMITTED"}),
        await known.put("c", "guardians", 1, {"who": ["p"]}),
        await known.put("c", "application", 7, {"status": "REFERRED"}),
    ]

    assert took == [True, False, False, True, True]
    document = await known.get("c")
    assert document is not None
    assert document["application"] == {"status": "REFERRED", "sequence": 7}
    assert document["guardians"] == {"who": ["p"], "sequence": 1}


async def test_racing_first_facts_of_a_projection_leave_the_greatest(database: Database) -> None:
    known = database.projections(f"known_{uuid4().hex[:8]}")

    await asyncio.gather(*(known.put("c", "application", n, {"n": n}) for n in range(1, 13)))

    document = await known.get("c")
    assert document is not None
    assert document["application"]["sequence"] == 12


async def test_a_record_is_kept_once_and_taken_once(database: Database) -> None:
    records = database.records(f"records_{uuid4().hex[:8]}")

    kept = [await records.add("r", {"a": 1}), await records.add("r", {"a": 2})]
    taken = await asyncio.gather(*(records.remove("r") for _ in range(5)))

    assert kept == [True, False]
    assert [record for record in taken if record is not None] == [{"_id": "r", "a": 1}]
