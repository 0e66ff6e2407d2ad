"""What the cabinet shows of an application, and what anybody is told who knows identity number and application number."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from contracts import access, auth, referral, vacancy
from services.chassis.testing import eventually
from tests.queue.neighbours import DEADLINE, handed_over, hold, invite, referral_of
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


async def journal(office: Office, child: Child) -> dict[str, Any]:
    """The only row of the guardian's journal."""
    headers = office.identity.person(child.guardian)
    (row,) = (await office.served.client.get("/applications", headers=headers)).json()
    return dict(row)


async def search(office: Office, child_id: str, number: str, purpose: str = "search") -> httpx.Response:
    """Without a session: auth's statement of the child, and the number as somebody types it."""
    statement = office.identity.token("statement", child_id, purpose=purpose)
    return await office.served.client.post("/search", json={"statement": statement, "application_number": number})


async def test_the_card_says_everything_in_the_words_of_the_journal(office: Office, year: int) -> None:
    row = replace(
        office.old_row("G", year), service_centre_number="002140517-1", application_number="KDDO.2021.802010.1"
    )
    child = await office.entered(row)

    card = await office.card(child)

    assert (card["application_number"], card["service_centre_number"]) == ("KDDO.2021.802010.1", "002140517-1")
    assert card["egov_number"] is None
    assert (card["queue_number"], card["number_in_privilege"]) == (1, 0)
    assert (card["privilege"], card["privilege_text"]) == (
        None,
        {"kk": "Жеңілдіксіз", "ru": "Без льготы", "en": "none"},
    )
    assert card["region_text"] == {"kk": "Алматы қаласы", "ru": "город Алматы", "en": "Almaty"}
    assert card["process_state"] == "DECIDED"
    assert card["process_state_text"] == {"kk": "Шешім қабылданды", "ru": "Решение принято", "en": "decision made"}
    assert set(await journal(office, child)) < set(card)


async def test_every_privilege_has_words(office: Office) -> None:
    answer = await office.file(new_id(), TUESDAY.date().replace(year=2022), privilege={"kind": "TEACHER", "rank": "P"})

    assert answer.json()["privilege_text"] == {
        "kk": "Педагогтің баласы",
        "ru": "Ребёнок педагога",
        "en": "child of a teacher",
    }


async def test_the_buttons_are_those_that_would_be_accepted(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    assert (await office.card(child))["actions"] == ["remove", "choose"]
    assert (await journal(office, child))["actions"] == ["remove", "choose"]
    (invitation,) = await invite(office, stream_id, 1)
    hold_id = new_id()

    await office.tell(hold(vacancy.HeldV1, stream_id, child, invitation, hold_id), 1)
    await office.shows(child, lambda card: card["actions"] == ["choose"])
    await office.tell(hold(vacancy.TakenV1, stream_id, child, invitation, hold_id), 2)
    await office.shows(child, lambda card: card["status"] == "REFERRED" and card["actions"] == [])
    await office.tell(referral_of(referral.ReturnedV1, child, hold_id, "RETURNED"))
    await office.shows(child, lambda card: card["actions"] == ["remove", "choose"])


async def test_a_removed_application_is_shown_with_its_last_number_and_without_buttons(
    office: Office, year: int
) -> None:
    _, (_, _, child) = await office.queue("GGG", year)
    door = f"/applications/{child.application_id}:remove"
    assert (await office.served.client.post(door, headers=office.identity.person(child.guardian))).status_code == 200

    row = await journal(office, child)

    assert (row["status"], row["status_text"]["kk"]) == ("REMOVED", "Кезектен алынды")
    assert (row["queue_number"], row["number_in_privilege"], row["actions"]) == (3, 0, [])


async def test_anybody_who_knows_both_is_told_where_the_child_stands(office: Office, year: int) -> None:
    stream_id, (child, second) = await office.queue("GG", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(handed_over(child, invitation.invitation_id))
    card = await office.shows(child, lambda card: card["status"] == "NOTIFIED")

    found = await search(office, child.child_id, f" {card['application_number'].lower()} ")
    waiting = await search(office, second.child_id, (await office.card(second))["application_number"])

    assert found.json() == {
        "queue_number": 1,
        "status": "NOTIFIED",
        "status_text": {"kk": "Хабарлама жіберілді", "ru": "Уведомление отправлено", "en": "notified"},
        "deadline": DEADLINE.isoformat().replace("+00:00", "Z"),
    }
    assert (waiting.json()["queue_number"], waiting.json()["deadline"]) == (2, None)
    (read,) = await office.ears.wait(1, access.QueueRecordReadV1, why="search", child_ids=(child.child_id,))
    assert read.reader_id == "service:queue"


async def test_whatever_is_wrong_the_search_says_the_same(office: Office, year: int) -> None:
    _, (child, second) = await office.queue("GG", year)
    number = (await office.card(child))["application_number"]

    answers = [
        await search(office, second.child_id, number),
        await search(office, new_id(), number),
        await search(office, child.child_id, "KDDO.2020.1.9"),
        await search(office, child.child_id, "364"),
        await search(office, child.child_id, "КДДО.2020.1.9"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].json()["code"] == "NO_SUCH_PAIR"
    assert len({answer.content for answer in answers}) == 1


async def test_the_search_takes_only_a_statement_made_for_it(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)
    number = (await office.card(child))["application_number"]

    answer = await search(office, child.child_id, number, purpose="filing")

    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_a_guardian_who_was_unlinked_sees_the_application_no_more(office: Office, year: int) -> None:
    child = await office.entered(office.old_row("G", year))
    other = new_id()
    await office.tell(auth.LinkedV1(child_id=child.child_id, guardians=[child.guardian, other]), 2)

    async def status() -> int:
        door = f"/applications/{child.application_id}"
        return (await office.served.client.get(door, headers=office.identity.person(other))).status_code

    async def is_shown() -> bool:
        return await status() == 200

    async def is_hidden() -> bool:
        return await status() == 404

    await eventually(is_shown)
    await office.tell(auth.UnlinkedV1(child_id=child.child_id, guardians=[child.guardian], unlinked_id=other), 3)
    await eventually(is_hidden)
