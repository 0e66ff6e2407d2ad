"""What the services answer about one child that waits: the guide's own example (figures 7 and 9)."""

from datetime import timedelta
from typing import Any

from tests.web.office import ME, Office

APPLICATION = "6f1f3c5e-52f7-4a76-9c35-1a6f0f9d2b11"
PLACE = "0b6f8a4e-7a3e-4f0e-8f6f-3f1f5d1c2a01"
OTHER_PLACE = "0b6f8a4e-7a3e-4f0e-8f6f-3f1f5d1c2a02"
HOLD = "9d2b0c64-1c55-4f57-8f0b-0d8a8b4f7c21"
REFERRAL = "3c0a1d7e-8a1b-4b52-a4ad-6b0d5a6e9f31"

CARD_DOOR = f"GET /queue/applications/{APPLICATION}"
OFFER_DOOR = "GET /vacancy/places"
HOLD_DOOR = f"POST /vacancy/places/{PLACE}/holds"
CHOICE_DOOR = f"GET /referral/choices/{HOLD}"
SIGN_DOOR = f"PUT /referral/choices/{HOLD}/signature"
DECLINE_DOOR = f"POST /referral/choices/{HOLD}:decline"
DOCUMENTS_DOOR = f"GET /referral/applications/{APPLICATION}/documents"

SCHOOL = '"№ 145 сөйлеу тілінде күрделі бұзылыстар бар балаларға арналған арнайы бөбекжай" КММ'
ADDRESS = "г. Алматы, Турксибский район, проспект Сейфуллина 188А"
QUESTION = f"Сіз шын мәнінде мектепалды ұйымға жолдама алғыңыз келе ме ({SCHOOL}, {ADDRESS}, Оқыту тілі - Қазақша)?"


def line(what: str, **more: Any) -> dict[str, Any]:
    """A line of the history."""
    told = {
        "at": "2021-05-13T06:17:21Z",
        "what": what,
        "status": "QUEUED",
        "status_text": {"kk": "Кезекте", "ru": "В очереди"},
        "by": "SYSTEM",
        "reason": None,
    }
    return told | more


def card(**more: Any) -> dict[str, Any]:
    """The card of figure 7."""
    told: dict[str, Any] = {
        "application_id": APPLICATION,
        "application_number": "KDDO.2021.802010.1",
        "child_id": "child-1",
        "service_centre_number": None,
        "egov_number": "101000012345",
        "queue_number": 364,
        "number_in_privilege": 0,
        "filed_by": ME["person_id"],
        "registered_at": "2021-05-13T06:17:04Z",
        "status": "QUEUED",
        "status_text": {"kk": "Кезекте", "ru": "В очереди"},
        "privilege": None,
        "privilege_text": {"kk": "Жеңілдіксіз", "ru": "Без льготы"},
        "group_year": 2021,
        "queue_type": "CORRECTIONAL",
        "queue_type_text": {"kk": "Арнайы (түзету)", "ru": "Специальная (коррекционная)"},
        "category": "SPEECH",
        "category_text": {"kk": "Сөйлеу тілінде күрделі бұзылыстары бар балалар", "ru": "Дети с нарушениями речи"},
        "region": "almaty",
        "region_text": {"kk": "Алматы қаласы", "ru": "город Алматы"},
        "process_state": "DECIDED",
        "process_state_text": {"kk": "Шешім қабылданды", "ru": "Решение принято"},
        "status_since": "2021-05-13T06:17:04Z",
        "invitable": True,
        "not_invitable_because": None,
        "why": {"privilege_class": "G", "ahead": {"E": 3, "P": 91, "G": 269}},
        "invitation": None,
        "history": [line("REGISTERED", by="GUARDIAN")],
        "actions": ["remove", "choose"],
    }
    return told | more


def invitation(office: Office, ends_in: timedelta = timedelta(hours=15)) -> dict[str, Any]:
    """The turn that came; by default it ends at 24:00 of the day."""
    return {
        "invitation_id": "invitation-1",
        "deadline": (office.now + ends_in).isoformat(),
        "queue_number": 1,
        "handed_over": True,
    }


def place(office: Office, **more: Any) -> dict[str, Any]:
    """The place of figure 9, offered by turn."""
    told: dict[str, Any] = {
        "place_id": PLACE,
        "organisation_id": "organisation-145",
        "name_kk": SCHOOL,
        "name_ru": 'КГУ "Специальный ясли-сад № 145"',
        "kind_kk": "Түзету балабақшасы",
        "kind_ru": "Коррекционный детский сад",
        "address_kk": ADDRESS,
        "address_ru": ADDRESS,
        "district": "TURKSIB",
        "phones": ["87272944485"],
        "website": "145.almatybala.kz",
        "latitude": 43.2945,
        "longitude": 76.9312,
        "language": "kk",
        "place_type": "GENERAL_USE",
        "group_year": 2021,
        "stream_id": "almaty:correctional:SPEECH:2021",
        "mode": "PRIORITY",
        "deadline": (office.now + timedelta(hours=15)).isoformat(),
        "queue_number": 1,
    }
    return told | more


def offer(*places: dict[str, Any], nothing: str | None = None, own: dict[str, Any] | None = None) -> dict[str, Any]:
    """What may be chosen now."""
    return {"places": list(places), "nothing_because": nothing, "own": own}


def own(office: Office, state: str = "HELD") -> dict[str, Any]:
    """The place that the child holds or has taken."""
    return {"hold_id": HOLD, "place_id": PLACE, "state": state, "hold_until": _soon(office)}


def choice(office: Office, **more: Any) -> dict[str, Any]:
    """The choice to sign."""
    told: dict[str, Any] = {
        "hold_id": HOLD,
        "state": "OPEN",
        "application_id": APPLICATION,
        "place_id": PLACE,
        "xml": '<choice xmlns="urn:zholdama:choice:1"><name>"№ 145" &amp; КММ</name>\n</choice>',
        "question": {"kk": QUESTION, "ru": "Вы действительно хотите получить направление?"},
        "expires_at": _soon(office),
        "last_refusal": None,
        "referral_id": None,
        "referral_number": None,
    }
    return told | more


def referral(**more: Any) -> dict[str, Any]:
    """The referral in the tab of documents."""
    told: dict[str, Any] = {
        "referral_id": REFERRAL,
        "referral_number": "ZH-2026-000145",
        "state": "ISSUED",
        "valid": True,
        "mode": "PRIORITY",
        "issued_at": "2026-11-24T04:05:00Z",
        "valid_until": "2026-12-01T19:00:00Z",
        "last_day": "2026-12-01",
    }
    return told | more


def waiting(office: Office) -> None:
    """A child in the queue with nothing to choose yet, known to every service."""
    office.answers |= {
        CARD_DOOR: card(),
        "POST /auth/me/cards": [
            {**{name: ME[name] for name in ("person_id", "iin", "surname", "given", "patronymic", "birth_date")},
             "address": "Алматы, Абай даңғылы 1", "residence_address": ""},
            {**ME["children"][0], "address": "", "residence_address": ""},
        ],
        OFFER_DOOR: offer(nothing="NOT_INVITED"),
        DOCUMENTS_DOOR: [],
    }  # fmt: skip


def invited(office: Office) -> None:
    """The turn has come, and there is a place."""
    waiting(office)
    office.answers |= {CARD_DOOR: card(invitation=invitation(office)), OFFER_DOOR: offer(place(office))}


def holding(office: Office) -> None:
    """The place is held, the choice is open."""
    invited(office)
    office.answers |= {
        OFFER_DOOR: offer(nothing="CHILD_HAS_PLACE", own=own(office)),
        HOLD_DOOR: {"hold_id": HOLD, "place_id": PLACE, "hold_until": _soon(office)},
        CHOICE_DOOR: choice(office),
        SIGN_DOOR: {"hold_id": HOLD, "state": "RECEIVED"},
        DECLINE_DOOR: {"hold_id": HOLD, "state": "DECLINED"},
    }


def _soon(office: Office) -> str:
    return (office.now + timedelta(minutes=20)).isoformat()
