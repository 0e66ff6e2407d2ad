"""Who may see and enter what."""

import pytest

from contracts import vacancy
from contracts.access import VacancyRecordReadV1
from services.chassis.service import announce
from tests.vacancy.hall import Hall, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_stranger_learns_nothing(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    for answer in (await hall.offer(child, new_id()), await hall.hold(child, place, new_id())):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_YOUR_CHILD")
    assert (await hall.hold(child, new_id())).json()["code"] == "NO_SUCH_PLACE"
    anonymous = await hall.served.client.get("/places", params={"application_id": child.application_id})
    assert anonymous.status_code == 401


async def test_who_looked_at_the_list_is_recorded_once_a_session(hall: Hall) -> None:
    stream = hall.new_stream()
    (child,) = await hall.children(stream, 1)
    await hall.offer(child)
    await hall.offer(child)
    (read,) = await hall.ears.wait(1, VacancyRecordReadV1, reader_id=child.guardian)
    assert list(read.child_ids) == [child.child_id]


async def test_the_bulletin_shows_free_places_without_login_and_without_children(hall: Hall) -> None:
    stream = hall.new_stream()
    place, held = await hall.enter(stream, 2)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    await hall.hold(child, held)
    rows = (await hall.served.client.get("/bulletin")).json()
    assert [row["place_id"] for row in rows if row["stream_id"] == stream] == [place]
    assert not {"child_id", "application_id", "hold_id"} & set(rows[0])


async def test_only_staff_enter_places_and_a_preschool_only_its_own(hall: Hall) -> None:
    organisation_id = await hall.organisation()
    body = {
        "place_id": new_id(),
        "organisation_id": organisation_id,
        "stream_id": "almaty:correctional:SPEECH:2021",
        "group_year": 2021,
        "language": "ru",
    }
    post = hall.served.client.post
    assert (await post("/places", json=body, headers=hall.identity.person(new_id()))).status_code == 403
    mine = hall.identity.person(new_id(), "preschool", org=organisation_id)
    other = hall.identity.person(new_id(), "preschool", org=new_id())
    assert (await post("/places", json=body, headers=other)).json()["code"] == "NOT_YOUR_ORGANISATION"
    assert [(await post("/places", json=body, headers=mine)).status_code for _ in range(2)] == [201, 200]
    wrong = body | {"group_year": 2020}
    assert (await post("/places", json=wrong, headers=mine)).status_code == 422
    unknown = body | {"organisation_id": new_id(), "place_id": new_id()}
    clerk = hall.identity.person(new_id(), "clerk")
    assert (await post("/places", json=unknown, headers=clerk)).json()["code"] == "NO_SUCH_ORGANISATION"


async def test_announce_states_places_and_organisations_with_the_sequence_they_have(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    await hall.next_opening()
    await hall.ears.wait(1, vacancy.PublishedV1, place_id=place)
    (tomorrows,) = await hall.enter(stream, 1)
    await announce(hall.served.frame, hall.served.parts)
    (stated,) = await hall.ears.wait(1, vacancy.PlaceStatedV1, place_id=place)
    assert (stated.state, stated.mode) == ("PUBLISHED_PRIORITY", "PRIORITY")
    await hall.ears.wait(1, vacancy.OrganisationStatedV1, organisation_id=stated.organisation_id)
    assert hall.ears.said(vacancy.PlaceStatedV1, place_id=tomorrows) == []
