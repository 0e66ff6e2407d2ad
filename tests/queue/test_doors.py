"""What a family is answered at the doors of the waiting list."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import pytest

from contracts import access, auth, queue
from services.chassis.testing import eventually
from services.queue.usecases import filing
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

BORN = date(2022, 5, 13)


@pytest.fixture(autouse=True)
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


async def link(office: Office, child_id: str, *guardians: str, sequence: int = 1) -> None:
    """auth's word on who acts for a child, and the moment when it is known here."""
    await office.tell(auth.LinkedV1(child_id=child_id, guardians=guardians), sequence)

    async def known() -> bool:
        found = await office.desk.store.guardianships.get(child_id)
        return found is not None and found["guardianship"]["sequence"] == sequence

    await eventually(known)


async def test_a_filed_application_stands_in_the_queue_with_number_and_reasons(office: Office) -> None:
    guardian = new_id()

    answer = await office.file(guardian, BORN, privilege={"kind": "LARGE_FAMILY", "rank": "P"})

    assert answer.status_code == 201, answer.text
    card = answer.json()
    year, serial = card["application_number"].split(".")[1:3]
    assert card["application_number"] == f"KDDO.{year}.{serial}.1"
    assert year == "2026"
    assert card["stream_id"] == "almaty:correctional:MOTOR:2022"
    assert (card["status"], card["status_text"]["kk"]) == ("QUEUED", "Кезекте")
    assert card["privilege"] == "LARGE_FAMILY"
    assert (card["why"]["privilege_class"], card["number_in_privilege"]) == ("G", 0)
    assert card["queue_number"] == sum(card["why"]["ahead"].values()) + 1
    assert card["history"][0]["what"] == "REGISTERED"
    assert card["rules"] == "almaty@2018-05-15"
    (said,) = await office.ears.wait(1, queue.RegisteredV1, application_id=card["application_id"])
    assert said.child_id == card["child_id"]


async def test_a_number_that_the_old_queue_gave_already_is_passed_over(office: Office, year: int) -> None:
    before = serial_of(await office.file(new_id(), BORN))
    row = replace(office.old_row("G", year), serial=before, application_number=f"KDDO.2026.{before + 1}.1")
    assert await filing.take_over(office.desk, row, office.now())

    answer = await office.file(new_id(), BORN)

    assert answer.status_code == 201, answer.text
    assert serial_of(answer) == before + 2


def serial_of(answer: httpx.Response) -> int:
    return int(answer.json()["application_number"].split(".")[2])


async def test_a_privilege_that_the_city_does_not_know_is_not_taken(office: Office) -> None:
    answer = await office.file(new_id(), BORN, privilege={"kind": "RED_HAIR", "rank": "E"})

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST")


async def test_a_child_stands_once_in_each_type_of_queue(office: Office) -> None:
    guardian, child_id = new_id(), new_id()
    assert (await office.file(guardian, BORN, child_id=child_id)).status_code == 201

    again = await office.file(guardian, BORN, category="SPEECH", child_id=child_id)
    general = await office.file(guardian, BORN, None, queue_type="GENERAL", child_id=child_id)

    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_IN_QUEUE")
    assert again.json()["detail"] == "The child already stands in a queue of this type."
    assert general.status_code == 201


async def test_after_leaving_the_queue_a_new_filing_gets_a_new_date_and_number(office: Office) -> None:
    guardian, child_id = new_id(), new_id()
    first = (await office.file(guardian, BORN, child_id=child_id)).json()
    door = f"/applications/{first['application_id']}:remove"
    assert (await office.served.client.post(door, headers=office.identity.person(guardian))).status_code == 200
    await office.move(datetime.fromisoformat(first["registered_at"]) + timedelta(minutes=5))

    second = (await office.file(guardian, BORN, child_id=child_id)).json()

    assert second["application_number"] != first["application_number"]
    assert second["registered_at"] > first["registered_at"]


async def test_a_child_who_turned_six_by_september_is_too_old(office: Office) -> None:
    in_time = await office.file(new_id(), date(2020, 9, 2))
    too_old = await office.file(new_id(), date(2020, 9, 1))

    assert in_time.status_code == 201
    assert (too_old.status_code, too_old.json()["code"]) == (422, "TOO_OLD")


async def test_the_correctional_queue_needs_a_category(office: Office) -> None:
    answer = await office.file(new_id(), BORN, None)

    assert (answer.status_code, answer.json()["code"]) == (422, "CATEGORY_REQUIRED")


async def test_a_statement_made_for_another_guardian_is_not_taken(office: Office) -> None:
    body = {"statement": office.filing(new_id(), new_id(), BORN), "queue_type": "CORRECTIONAL", "category": "MOTOR"}

    answer = await office.served.client.post("/applications", json=body, headers=office.identity.person(new_id()))

    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


async def test_nobody_sees_anything_before_logging_in(office: Office) -> None:
    answer = await office.served.client.get("/applications")

    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_only_linked_guardians_see_an_application_and_for_others_there_is_none(office: Office) -> None:
    filer, other, stranger = new_id(), new_id(), new_id()
    card = (await office.file(filer, BORN)).json()
    child = Child(card["child_id"], filer, card["application_id"])
    door = f"/applications/{child.application_id}"
    assert (await office.card(child))["application_id"] == child.application_id

    await link(office, child.child_id, filer, other)
    assert (await office.card(child, guardian=other))["child_id"] == child.child_id
    for path in (door, f"/applications/{new_id()}"):
        answer = await office.served.client.get(path, headers=office.identity.person(stranger))
        assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_APPLICATION")

    await link(office, child.child_id, other, sequence=2)
    assert (await office.served.client.get(door, headers=office.identity.person(filer))).status_code == 404


async def test_the_journal_shows_the_guardians_children_and_no_one_elses(office: Office, year: int) -> None:
    guardian = new_id()
    own = (await office.file(guardian, BORN)).json()
    _, (old, _) = await office.queue("PG", year)
    await link(office, old.child_id, old.guardian, guardian, sequence=2)

    rows = (await office.served.client.get("/applications", headers=office.identity.person(guardian))).json()

    assert [row["application_id"] for row in rows] == [own["application_id"], old.application_id]
    assert (rows[1]["queue_number"], rows[1]["number_in_privilege"], rows[1]["privilege"]) == (1, 1, "PRIORITY")
    assert set(rows[0]) == {
        "application_id",
        "application_number",
        "child_id",
        "service_centre_number",
        "egov_number",
        "queue_number",
        "number_in_privilege",
        "filed_by",
        "registered_at",
        "status",
        "status_text",
        "privilege",
        "privilege_text",
        "group_year",
        "actions",
    }


async def test_a_guardians_look_at_a_card_is_told_once_a_session(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)

    for _ in range(3):
        await office.card(child)

    (read,) = await office.ears.wait(1, access.QueueRecordReadV1, reader_id=child.guardian)
    assert (read.child_ids, read.why) == ((child.child_id,), "card")
