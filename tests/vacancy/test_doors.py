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


async def test_the_bulletin_counts_places_alike_and_says_whom_they_are_for_in_both_languages(hall: Hall) -> None:
    stream, organisation_id = hall.new_stream(), await hall.organisation()
    await hall.enter(stream, 3, organisation_id)
    await hall.next_opening()
    groups = (await hall.served.client.get("/bulletin/groups")).json()
    (group,) = [each for each in groups if each["stream_id"] == stream]
    assert group == {
        "stream_id": stream,
        "queue_type": "CORRECTIONAL",
        "queue_type_text": {
            "kk": "Арнайы (түзету)",
            "ru": "Специальная (коррекционная)",
            "en": "special (correctional)",
        },
        "category": "SPEECH",
        "category_text": {
            "kk": "Сөйлеу тілінде күрделі бұзылыстары бар балалар",
            "ru": "Дети с нарушениями речи",
            "en": "speech",
        },
        "group_year": 2021,
        "language": "kk",
        "language_text": {"kk": "Қазақша", "ru": "На казахском", "en": "in Kazakh"},
        "mode": "PRIORITY",
        "mode_text": {"kk": "Кезек бойынша", "ru": "В порядке очереди", "en": "by the queue"},
        "organisation_id": organisation_id,
        "name_kk": "№ 900 арнайы балабақша",
        "name_ru": "Специальный детский сад № 900",
        "district": "TURKSIB",
        "district_text": {"kk": "Түрксіб ауданы", "ru": "Турксибский район", "en": "Turksib district"},
        "places": 3,
    }


async def test_the_list_has_every_field_of_figure_nine_and_the_own_place_keeps_them(hall: Hall) -> None:
    stream = hall.new_stream()
    (child,) = await hall.children(stream, 1)
    nothing = (await hall.offer(child)).json()
    assert (nothing["places"], nothing["nothing_because"], nothing["own"]) == ([], "NO_PLACES", None)
    (place,) = await hall.enter(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    (shown,) = (await hall.offer(child)).json()["places"]
    figure = {
        "name_kk": "№ 900 арнайы балабақша",
        "phones": ["87270000000"],
        "kind_kk": "Түзету балабақшасы",
        "address_ru": "г. Алматы, Турксибский район, ул. Образцовая 1",
        "website": "https://900.example.kz",
        "language_text": {"kk": "Қазақша", "ru": "На казахском", "en": "in Kazakh"},
        "place_type_text": {
            "kk": "Жалпыға бірдей белгіленген",
            "ru": "Общеустановленный",
            "en": "general use",
        },
        "latitude": 43.3,
        "longitude": 76.9,
    }
    assert shown | figure == shown
    await hall.hold(child, place)
    own = (await hall.offer(child)).json()["own"]
    assert (own["place_id"], own["application_id"], own["state"]) == (place, child.application_id, "HELD")
    assert own["place"] | figure == own["place"]


async def test_a_refusal_says_in_a_sentence_why(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    child, other = await hall.children(stream, 2)
    await hall.next_opening()
    await hall.invite(child)
    await hall.invite(other)
    await hall.hold(child, place)
    refused = (await hall.hold(other, place)).json()
    assert (refused["code"], refused["detail"]) == ("PLACE_TAKEN", "Another child holds or has taken this place.")


@pytest.mark.parametrize(
    "stream", ["almaty:correctional:SPEACH:2021", "almaty:corectional:SPEECH:2021", "almaty:correctional:ANY:2021"]
)
async def test_a_place_for_a_queue_that_cannot_be_is_refused_with_the_field_named(hall: Hall, stream: str) -> None:
    body = {
        "organisation_id": await hall.organisation(),
        "stream_id": stream,
        "group_year": 2021,
        "language": "ru",
    }
    answer = await hall.served.client.post("/places", json=body, headers=hall.identity.person(new_id(), "clerk"))
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == ["body.stream_id"]


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
