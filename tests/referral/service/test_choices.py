"""From a held place to a choice that was signed, declined, refused or let lapse, on real engines."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import auth, vacancy
from services.chassis.testing import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHOICE = "zholdama.referral.choice.v1"


async def said(house: Any, family: Any, *types: str) -> list[Any]:
    """What was said of the family's choices, once it is as much as is expected."""

    async def enough() -> list[Any]:
        facts = await house.said(CHOICE, family)
        return facts if len(facts) >= len(types) else []

    facts = await eventually(enough)
    assert [fact.type for fact in facts] == [f"referral.choice.{each}.v1" for each in types]
    return facts


async def becomes(house: Any, family: Any, hold_id: str, state: str) -> dict[str, Any]:
    """The choice, once it has come to a state."""

    async def there() -> dict[str, Any]:
        seen: dict[str, Any] = await house.state(family, hold_id, 0)
        return seen if seen["state"] == state else {}

    return await eventually(there)


async def test_a_good_signature_signs_once_though_everything_comes_twice(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    first = await house.sign(family, hold["hold_id"])
    second = await house.sign(family, hold["hold_id"])
    assert first.status_code == second.status_code == 202
    await becomes(house, family, hold["hold_id"], "SIGNED")
    (fact,) = await said(house, family, "signed")
    assert (fact.hold_id, fact.place_id) == (hold["hold_id"], hold["place_id"])


async def test_the_offered_text_never_changes_and_asks_in_both_languages(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    first = await house.state(family, hold["hold_id"])
    house.clock.move(timedelta(minutes=3))
    second = await house.state(family, hold["hold_id"])
    assert first["xml"] == second["xml"]
    assert first["question"] == {
        "kk": "Сіз шын мәнінде мектепалды ұйымға жолдама алғыңыз келе ме "
        "(«№ 145 арнайы бөбекжай» КММ, Сейфуллин даңғылы, 188А, Оқыту тілі - Қазақша)?",
        "ru": "Вы действительно хотите получить направление в дошкольную организацию "
        "(КГУ «Специальный ясли-сад № 145», проспект Сейфуллина, 188А, Язык обучения - Казахский)?",
    }
    assert all(asked in first["xml"] for asked in first["question"].values())


async def test_a_bad_signature_leaves_the_choice_open_until_its_old_end(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.verdicts.append(("FAILED", "SIG_CRYPTO_FAILURE"))
    await house.sign(family, hold["hold_id"])

    async def refused() -> bool:
        seen = await house.state(family, hold["hold_id"])
        return bool(seen["state"] == "OPEN" and seen["last_refusal"] == "SIG_CRYPTO_FAILURE")

    await eventually(refused)
    await house.sign(family, hold["hold_id"])
    await becomes(house, family, hold["hold_id"], "SIGNED")
    await said(house, family, "signed")


async def test_an_unclear_verdict_is_asked_for_again_and_outlives_the_hold(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.verdicts.extend([("INDETERMINATE", "TRY_LATER")] * 2)
    await house.sign(family, hold["hold_id"])

    async def asked(times: int) -> bool:
        return bool(house.auth.asked >= times)

    await eventually(lambda: asked(1))
    house.clock.move(timedelta(minutes=30))
    await eventually(lambda: asked(2))
    assert (await house.state(family, hold["hold_id"], 0))["state"] == "RECEIVED"
    house.clock.move(timedelta(minutes=10))
    await becomes(house, family, hold["hold_id"], "SIGNED")


async def test_nothing_is_lost_while_auth_is_away(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.down = True
    assert (await house.sign(family, hold["hold_id"])).status_code == 202
    assert (await house.state(family, hold["hold_id"], 1))["state"] == "RECEIVED"
    house.auth.down = False
    house.clock.move(timedelta(minutes=2))
    await becomes(house, family, hold["hold_id"], "SIGNED")


async def test_a_signature_without_a_verdict_for_a_day_is_rejected(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.verdicts.extend([("INDETERMINATE", "TRY_LATER")] * 100)
    await house.sign(family, hold["hold_id"])
    house.clock.move(timedelta(hours=23, minutes=59))
    assert (await house.state(family, hold["hold_id"], 0.5))["state"] == "RECEIVED"
    house.clock.move(timedelta(minutes=2))
    await becomes(house, family, hold["hold_id"], "REJECTED")
    await said(house, family, "rejected")
    house.auth.verdicts.clear()


async def test_an_open_choice_expires_at_its_end_and_takes_no_signature_after(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    offered = await house.state(family, hold["hold_id"])
    house.clock.move(timedelta(minutes=20))
    await becomes(house, family, hold["hold_id"], "EXPIRED")
    await said(house, family, "expired")
    late = await house.sign(family, hold["hold_id"])
    assert (late.status_code, late.json()["code"]) == (409, "HOLD_ENDED")
    assert late.json()["detail"].startswith("The place is no longer held")
    assert offered["expires_at"] == hold["hold_until"].isoformat().replace("+00:00", "Z")


async def test_a_family_may_give_the_held_place_back_and_say_so_twice(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    path = f"/choices/{hold['hold_id']}:decline"
    assert [(await house.post(family.father, path)).json()["state"] for _ in range(2)] == ["DECLINED"] * 2
    await said(house, family, "declined")
    assert (await house.sign(family, hold["hold_id"])).json()["code"] == "HOLD_ENDED"


async def test_what_is_signed_cannot_be_declined(house: Any) -> None:
    family = await house.family()
    hold = await house.signed(family)
    refused = await house.post(family.mother, f"/choices/{hold['hold_id']}:decline")
    assert (refused.status_code, refused.json()["code"]) == (409, "ALREADY_SIGNED")
    assert refused.json()["detail"] == "The choice is signed and can no longer be declined."


async def test_the_key_of_another_person_does_not_sign(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    house.auth.signer = family.father
    await house.sign(family, hold["hold_id"])

    async def refused() -> bool:
        return bool((await house.state(family, hold["hold_id"]))["last_refusal"] == "SIGNED_BY_ANOTHER_PERSON")

    await eventually(refused)
    await house.sign(family, hold["hold_id"], family.father)
    await becomes(house, family, hold["hold_id"], "SIGNED")


@pytest.mark.parametrize("door", ["", "/signature", ":decline"])
async def test_a_stranger_cannot_tell_that_a_choice_exists(house: Any, door: str) -> None:
    family = await house.family()
    hold = await house.held(family)
    stranger = house.identity.person(str(uuid4()))
    client = house.service.client
    method = {"": "GET", "/signature": "PUT", ":decline": "POST"}[door]
    body = {"signed_xml": "<a/>"} if method == "PUT" else None
    answers = [
        await client.request(method, f"/choices/{hold_id}{door}", json=body, headers=stranger)
        for hold_id in (hold["hold_id"], str(uuid4()))
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(404, "NO_SUCH_CHOICE")] * 2
    assert {each.json()["detail"] for each in answers} == {"There is no such choice among those of your children."}


async def test_the_choice_of_an_unlinked_guardian_is_closed_and_the_place_goes_back(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    unlinked = auth.UnlinkedV1(child_id=family.child_id, guardians=(family.father,), unlinked_id=family.mother)
    await house.say.auth.say(unlinked, 2, times=2)
    (fact,) = await said(house, family, "declined")
    assert fact.hold_id == hold["hold_id"]
    assert (await house.get(family.mother, f"/choices/{hold['hold_id']}")).status_code == 404


async def test_a_hold_heard_after_its_maker_was_unlinked_is_given_back_too(house: Any) -> None:
    family = await house.family()
    hold = house.hold(family)
    unlinked = auth.UnlinkedV1(child_id=family.child_id, guardians=(family.father,), unlinked_id=family.mother)
    await house.say.auth.say(unlinked, 2)

    async def forgotten() -> bool:
        path = f"/applications/{family.application_id}/documents"
        return bool((await house.get(family.mother, path)).status_code == 404)

    await eventually(forgotten)
    await house.say.vacancy.say(vacancy.HeldV1(**hold), 1)
    (fact,) = await said(house, family, "declined")
    assert fact.hold_id == hold["hold_id"]


async def seen_by(house: Any, family: Any, person_id: str, status: int) -> None:
    """Waits until referral has heard that a person acts for the child (200) or does not (404)."""

    async def heard() -> bool:
        answer = await house.get(person_id, f"/applications/{family.application_id}/documents")
        return bool(answer.status_code == status)

    await eventually(heard)


async def test_a_hold_heard_before_its_maker_was_linked_stays(house: Any) -> None:
    family = await house.family()
    aunt = str(uuid4())
    hold = house.hold(family) | {"held_by": aunt}
    await house.say.vacancy.say(vacancy.HeldV1(**hold), 1, times=2)
    assert (await house.state(family, hold["hold_id"]))["state"] == "OPEN"
    everybody = (family.mother, family.father, aunt)
    await house.say.auth.say(auth.LinkedV1(child_id=family.child_id, guardians=everybody, linked_id=aunt), 2)
    await seen_by(house, family, aunt, 200)
    assert (await house.state(family, hold["hold_id"], 0))["state"] == "OPEN"
    await house.post(aunt, f"/choices/{hold['hold_id']}:decline")
    await said(house, family, "declined")


async def test_one_who_was_unlinked_is_known_as_such_until_linked_again(house: Any) -> None:
    family = await house.family()
    child_id, mother, father = family.child_id, family.mother, family.father
    await house.say.auth.say(auth.UnlinkedV1(child_id=child_id, guardians=(father,), unlinked_id=mother), 2)
    await house.say.auth.say(auth.StatedV1(child_id=child_id, guardians=(father,)), 3)
    await seen_by(house, family, mother, 404)
    lost = house.hold(family)
    await house.say.vacancy.say(vacancy.HeldV1(**lost), 1)
    (fact,) = await said(house, family, "declined")
    assert fact.hold_id == lost["hold_id"]
    linked = auth.LinkedV1(child_id=child_id, guardians=(father, mother), linked_id=mother)
    await house.say.auth.say(linked, 4)
    await house.say.auth.say(auth.UnlinkedV1(child_id=child_id, guardians=(father,), unlinked_id=mother), 2)
    await seen_by(house, family, mother, 200)
    hold = await house.held(family)
    await house.sign(family, hold["hold_id"])
    await said(house, family, "declined", "signed")


async def test_a_hold_told_again_after_a_process_had_ended_between_two_writes_is_given_back(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    # As it stands when the process ended after the choice was kept and before anybody looked who was unlinked.
    known = house.service.frame.database.projections("guardianships")
    await known.put(family.child_id, "guardianship", 2, {"guardians": [family.father]})
    await known.put(family.child_id, f"unlinked.{family.mother}", 2, {})
    await house.say.vacancy.say(vacancy.HeldV1(**hold), 1)
    (fact,) = await said(house, family, "declined")
    assert fact.hold_id == hold["hold_id"]


async def test_the_choice_of_the_other_guardian_stays(house: Any) -> None:
    family = await house.family()
    hold = await house.held(family)
    await house.say.auth.say(
        auth.UnlinkedV1(child_id=family.child_id, guardians=(family.mother,), unlinked_id=family.father), 2, times=2
    )
    await house.sign(family, hold["hold_id"])
    await said(house, family, "signed")
