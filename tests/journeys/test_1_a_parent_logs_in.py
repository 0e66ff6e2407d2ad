"""Story 1: a parent logs in with the national signature and sees what is theirs, and nothing else."""

import pytest

from demo.door import Refused
from demo.ncalayer import SIGN_KEY
from tests.journeys.conftest import NewParent, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_time_an_email_is_asked_before_anything_else(town: Town, new_parent: NewParent) -> None:
    parent = await new_parent(town.city.neighbour)

    session = await parent.log_in()
    with pytest.raises(Refused) as refused:
        await parent.journal()
    await parent.give_contacts()
    journal = await parent.journal()

    assert session["email_required"] is True
    assert (refused.value.status, refused.value.code) == (403, "EMAIL_REQUIRED")
    assert [row["application_number"] for row in journal] == [town.city.neighbour.application_number]


async def test_the_key_shown_is_the_owners(town: Town, new_parent: NewParent) -> None:
    parent = await new_parent(town.city.heroine)

    key = (await parent.log_in())["key"]

    assert parent.person.surname.upper() in key["owner"]
    assert key["algorithm"] == "RSA"


async def test_a_signing_key_does_not_log_in(town: Town, new_parent: NewParent) -> None:
    parent = await new_parent(town.city.heroine)
    challenge = await parent.open_login()
    signed = await parent.computer.sign(challenge["xml"], SIGN_KEY)

    with pytest.raises(Refused) as refused:
        await parent.enter(challenge, signed)

    assert refused.value.code == "KEY_KIND_WRONG"


async def test_a_signed_challenge_opens_one_session_only(town: Town, new_parent: NewParent) -> None:
    parent = await new_parent(town.city.heroine)
    challenge = await parent.open_login()
    signed = await parent.sign_login(challenge)
    await parent.enter(challenge, signed)

    with pytest.raises(Refused) as refused:
        await parent.enter(challenge, signed)

    assert refused.value.code == "CHALLENGE_UNKNOWN_OR_USED"


async def test_a_strangers_application_does_not_exist_for_others(town: Town, new_parent: NewParent) -> None:
    first, second = town.others_of_the_story_stream()[:2]
    owner, stranger = await new_parent(first), await new_parent(second)
    for parent in (owner, stranger):
        session = await parent.log_in()
        if session["email_required"]:
            await parent.give_contacts()
    application_id = (await owner.journal())[0]["application_id"]

    for door in (stranger.card, stranger.places, stranger.documents):
        with pytest.raises(Refused) as refused:
            await door(application_id)
        assert refused.value.status == 404
