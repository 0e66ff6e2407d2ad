"""Story 2: places are published at seven, the first of the stream are told once, and the card says until when."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from demo.city import STORY_PLACES
from demo.parent import until
from tests.journeys.conftest import Morning, NewParent, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_family_gets_one_letter_and_one_text_in_its_language(morning: Morning) -> None:
    for parent, words in ((morning.heroine, "Кезегіңіз келді"), (morning.neighbour, "Подошла ваша очередь")):
        letter = await until(partial(last, parent.letters), "the letter")
        text = await until(partial(last, parent.texts), "the text")

        assert words.lower() in letter["subject"].lower()
        assert text["segments"] == 1
        assert len(await parent.letters()) == len(await parent.texts()) == 1


async def test_the_status_says_that_the_notice_has_left_and_the_deadline_is_absolute(morning: Morning) -> None:
    application_id = (await morning.heroine.journal())[0]["application_id"]

    async def notified() -> dict[str, object] | None:
        card = await morning.heroine.card(application_id)
        return card if card["status"] == "NOTIFIED" else None

    card = await until(notified, "the status")

    invitation = card["invitation"]
    assert isinstance(invitation, dict)
    deadline = datetime.fromisoformat(invitation["deadline"])
    assert deadline - morning.opening >= timedelta(days=2, hours=17)
    assert card["status_text"] == {
        "kk": "Хабарлама жіберілді",
        "ru": "Уведомление отправлено",
        "en": "notified",
    }


async def test_exactly_as_many_families_are_invited_as_there_are_places(
    town: Town, morning: Morning, new_parent: NewParent
) -> None:
    invited = {}
    for waiting in [town.city.heroine, town.city.neighbour, *town.others_of_the_story_stream()][:10]:
        parent = await new_parent(waiting)
        if (await parent.log_in())["email_required"]:
            await parent.give_contacts()
        (row,) = [row for row in await parent.journal() if row["application_number"] == waiting.application_number]
        card = await parent.card(row["application_id"])
        invited[card["queue_number"]] = card["invitation"] is not None

    assert {number for number, is_invited in invited.items() if is_invited} == {
        number for number in invited if number <= STORY_PLACES
    }


async def last(look: Callable[[], Awaitable[list[dict[str, Any]]]]) -> dict[str, Any] | None:
    found = await look()
    return found[-1] if found else None
