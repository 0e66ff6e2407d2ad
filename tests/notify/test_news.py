"""What families are told of papers, appeals and guardians, persons of their own account: to whom, once, never too late."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import auth, notify, queue
from contracts.fields import Against, Status
from doubles.twilio.account import Account
from services.chassis.testing import Speaker, eventually
from tests.notify.test_service import STREAM, House, about, auth_says, becomes, house, queue_says, told

__all__ = ["auth_says", "house", "queue_says", "told"]


async def states(house: House, **query: str) -> list[str]:
    """The states of the messages that answer a query."""
    found = await house.service.parts.aggregates[0].find(query, limit=10)
    return [stored.state.state for stored in found]


def family(auth_city: Any) -> tuple[str, tuple[str, str], tuple[str, str]]:
    """(child_id, ids of both guardians, their e-mail addresses)."""
    child = str(uuid4())
    mails = auth_city.family(child)
    return child, auth_city.guardians(child), mails


async def test_who_is_asked_and_who_is_linked_are_told_in_their_own_language(
    house: House, auth_says: Speaker, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child, (mother, father), (hers, his) = family(auth_city)
    request = auth.JoinAskedV1(child_id=child, guardians=(mother,), request_id=str(uuid4()))
    await auth_says.say(auth.LinkedV1(child_id=child, guardians=(mother,), linked_id=mother, basis="FILING"), 1)
    await auth_says.say(request, 2, times=2)
    await eventually(becomes(house, child, "HANDED_OVER"))
    assert {each.to for each in account.messages} == {auth_city.phones(child)[0]}
    both = auth.LinkedV1(child_id=child, guardians=(mother, father), linked_id=father, basis="CONFIRMATION")
    await auth_says.say(both, 3, times=2)
    await eventually(becomes(house, child, "HANDED_OVER", "HANDED_OVER"))
    asked, linked = await mail_city.letters(hers, 2)
    assert ("қосылуды сұрайды" in asked.subject, "өкіл қосылды" in linked.subject) == (True, True)
    [russian] = await mail_city.letters(his)
    assert "связан ещё один представитель" in russian.subject
    assert len(account.messages) == 3
    answer = (await house.messages(father, child)).json()["messages"]
    assert {(each["kind"], each["application_id"]) for each in answer} == {
        ("JOIN_ASKED", None),
        ("GUARDIAN_LINKED", None),
    }
    assert [word.kind for word in await about(house, child)] == ["JOIN_ASKED", "GUARDIAN_LINKED"]


async def test_who_is_unlinked_is_told_with_those_who_remain(
    house: House, auth_says: Speaker, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child, (mother, father), (_, his) = family(auth_city)
    fact = auth.UnlinkedV1(child_id=child, guardians=(mother,), unlinked_id=father)
    await auth_says.say(fact, 4, times=2)
    await eventually(becomes(house, child, "HANDED_OVER"))
    [letter] = await mail_city.letters(his)
    assert "прекращена" in letter.subject
    assert {each.to for each in account.messages} == set(auth_city.phones(child))


@pytest.mark.parametrize("basis", [None, "FILING", "LIST"])
async def test_a_first_filing_and_a_list_are_news_to_nobody(
    house: House, auth_says: Speaker, auth_city: Any, account: Account, basis: str | None
) -> None:
    child, (mother, father), _ = family(auth_city)
    fact = auth.LinkedV1(child_id=child, guardians=(mother, father), linked_id=father, basis=basis)
    await auth_says.say(fact, 2)

    async def known() -> bool:
        return (await house.messages(father, child)).status_code == 200

    await eventually(known)
    assert await states(house, child_id=child) == []
    assert account.messages == []


async def test_what_was_said_long_ago_is_told_to_nobody(
    house: House, auth_says: Speaker, auth_city: Any, account: Account
) -> None:
    child, (mother, father), _ = family(auth_city)
    fact = auth.LinkedV1(child_id=child, guardians=(mother, father), linked_id=father, basis="REGISTER")
    await auth_says.say(fact, 2, at=house.clock.now() - timedelta(days=4))
    await eventually(becomes(house, child, "DROPPED"))
    assert account.messages == []


def expiring(child_id: str) -> queue.ConclusionExpiringV1:
    """The warning that a conclusion runs out, about a child in the queue."""
    return queue.ConclusionExpiringV1(
        application_id=str(uuid4()),
        child_id=child_id,
        stream_id=STREAM,
        application_number="KDDO.2021.802010.1",
        registered_at=datetime(2021, 5, 13, 6, 17, 4, tzinfo=UTC),
        serial=802010,
        status=Status.QUEUED,
        invitable=True,
    )


def answered(child_id: str, *, granted: bool) -> queue.AppealAnsweredV1:
    """The answer to an appeal."""
    return queue.AppealAnsweredV1(
        appeal_id=str(uuid4()),
        application_id=str(uuid4()),
        child_id=child_id,
        stream_id=STREAM,
        against=Against.NUMBER,
        granted=granted,
    )


async def test_a_family_is_told_once_of_each_warning_that_its_conclusion_runs_out(
    house: House, queue_says: Speaker, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child, _, (hers, his) = family(auth_city)
    warning = expiring(child)
    registered = queue.RegisteredV1.model_validate(warning.model_dump())
    await queue_says.say(registered, 1)
    await queue_says.say(warning, 2, times=2)
    await eventually(becomes(house, child, "HANDED_OVER"))
    [kazakh], [russian] = await mail_city.letters(hers), await mail_city.letters(his)
    assert "жаңа қорытынды" in kazakh.text
    assert "новое заключение" in russian.text
    assert "аключени" not in russian.subject
    assert len(account.messages) == 2
    await queue_says.say(warning, 9)
    await eventually(becomes(house, child, "HANDED_OVER", "HANDED_OVER"))
    assert [word.kind for word in await about(house, child)] == ["CONCLUSION_EXPIRING"] * 2


async def test_a_family_is_told_how_its_appeal_was_decided(
    house: House, queue_says: Speaker, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child, _, (hers, his) = family(auth_city)
    answer = answered(child, granted=False)
    await queue_says.say(answer, 2, times=2)
    await eventually(becomes(house, child, "HANDED_OVER"))
    [kazakh], [russian] = await mail_city.letters(hers), await mail_city.letters(his)
    assert "қанағаттандырылмады" in kazakh.text
    assert "жалоба не удовлетворена" in russian.text
    assert len(account.messages) == 2
    await queue_says.say(answered(child, granted=True), 2)
    await eventually(becomes(house, child, "HANDED_OVER", "HANDED_OVER"))
    assert "жалоба удовлетворена" in (await mail_city.letters(his, 2))[1].text
    words = await about(house, child)
    assert [(type(word), word.kind) for word in words] == [(notify.HandedOverV1, "APPEAL_ANSWERED")] * 2


async def test_a_warning_and_an_answer_of_long_ago_are_told_to_nobody(
    house: House, queue_says: Speaker, auth_city: Any, account: Account
) -> None:
    child, _, _ = family(auth_city)
    long_ago = house.clock.now() - timedelta(days=15)
    await queue_says.say(expiring(child), 2, at=long_ago)
    await queue_says.say(answered(child, granted=True), 2, at=long_ago)
    await eventually(becomes(house, child, "DROPPED", "DROPPED"))
    assert account.messages == []


def code_to(house: House, auth_city: Any, person_id: str, channel: str, address: str) -> auth.ConfirmationAskedV1:
    """A code that auth will tell when it is asked."""
    told = {"person_id": person_id, "language": "en", "channel": channel, "address": address, "code": "024681"}
    fact = auth.ConfirmationAskedV1(
        person_id=person_id,
        confirmation_id=str(uuid4()),
        channel=channel,
        expires_at=house.clock.now() + timedelta(minutes=10),
    )
    auth_city.codes[fact.confirmation_id] = told
    return fact


async def test_a_code_goes_to_its_address_alone_and_is_kept_nowhere(
    house: House,
    auth_says: Speaker,
    auth_city: Any,
    mail_city: Any,
    account: Account,
    capfd: pytest.CaptureFixture[str],
) -> None:
    _, (mother, _), _ = family(auth_city)
    email, phone = f"{uuid4()}@pochta.test", "+77019990001"
    by_mail, by_sms = (code_to(house, auth_city, mother, *way) for way in (("email", email), ("sms", phone)))
    for fact in (by_mail, by_sms):
        await auth_says.say(fact, times=2)

    async def sent() -> bool:
        found = [await states(house, confirmation_id=each.confirmation_id) for each in (by_mail, by_sms)]
        return found == [["HANDED_OVER"], ["HANDED_OVER"]]

    await eventually(sent)
    [letter] = await mail_city.letters(email)
    assert "024681" in letter.text
    assert [(each.to, "024681" in each.body) for each in account.messages] == [(phone, True)]
    stored = str([one async for one in house.service.parts.aggregates[0].collection.find({"to": mother})])
    written = "".join(capfd.readouterr())
    for secret in ("024681", email, phone, phone.strip("+")):
        assert secret not in stored
        assert secret not in written
    waiting = {"confirmation_id": by_mail.confirmation_id, "sequence": 0}
    assert await house.service.parts.aggregates[0].count(waiting, limit=1) == 1


async def test_a_code_that_is_of_no_use_any_more_is_not_sent(
    house: House, auth_says: Speaker, auth_city: Any, account: Account
) -> None:
    _, (mother, _), _ = family(auth_city)
    gone, late = (code_to(house, auth_city, mother, "sms", "+77019990002") for _ in range(2))
    del auth_city.codes[gone.confirmation_id]
    await auth_says.say(gone)
    await eventually(lambda: _is(house, gone.confirmation_id, "DROPPED"))
    auth_city.away = True
    await auth_says.say(late)
    await eventually(lambda: _is(house, late.confirmation_id, "WAITING"))
    house.clock.move(timedelta(minutes=11))
    auth_city.away = False

    async def dropped_in_time() -> bool:
        house.clock.move(timedelta(minutes=1))  # an attempt that was under way is made again a while later
        return await _is(house, late.confirmation_id, "DROPPED")

    await eventually(dropped_in_time)
    assert account.messages == []


async def test_a_person_is_told_of_a_login_from_a_new_place_and_of_a_key_that_runs_out(
    house: House, auth_says: Speaker, auth_city: Any, mail_city: Any, account: Account
) -> None:
    _, (mother, _), (hers, his) = family(auth_city)
    await auth_says.say(auth.SignedInFromNewPlaceV1(person_id=mother, session_id=str(uuid4())), 1, times=2)
    until = house.clock.now() + timedelta(days=30)
    await auth_says.say(auth.CertificateExpiringV1(person_id=mother, valid_until=until), 2, times=2)
    letters = await mail_city.letters(hers, 2)
    subjects = sorted(letter.subject for letter in letters)
    assert ["жаңа жерден" in each or "мерзімі" in each for each in subjects] == [True, True]
    assert mail_city.boxes.letters_of(his) == []

    async def both() -> bool:
        return len(account.messages) == 2

    await eventually(both)


async def _is(house: House, confirmation_id: str, state: str) -> bool:
    return await states(house, confirmation_id=confirmation_id) == [state]
