"""A parent and the own family: where they live, who the other guardian is, which language they read."""

from datetime import date
from typing import Any

import pytest

from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.ids import ChildId, PersonId
from services.auth.usecases import access
from services.auth.usecases.guardians import link
from services.chassis.testing import eventually
from tests.auth.hands import AIGERIM, NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_import import COLUMNS, invented, taken_over
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import FATHER, STRANGER, store_of
from tests.auth.service.test_services import family

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOMES = "child_address,child_residence_address,guardian_address,guardian_residence_address"


async def me(auth: Auth, headers: dict[str, str]) -> dict[str, Any]:
    answer = await auth.client.get("/me", headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def cards(auth: Auth, headers: dict[str, str], *person_ids: str) -> list[dict[str, Any]]:
    answer = await auth.client.post("/me/cards", json={"person_ids": person_ids}, headers=headers)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()
    return told


def somebody(serial: int) -> Subject:
    return Subject(make_iin(date(1990, 9, 9), female=True, serial=serial), "ҮЛГІБАЕВА", "АНА")


async def test_a_person_tells_the_own_addresses_and_changes_one(auth: Auth) -> None:
    _, headers = await auth.member(somebody(40), address=" Алматы,\n Абай 1 ", residence_address="Достық 2")
    told = await me(auth, headers)
    assert (told["address"], told["residence_address"]) == ("Алматы, Абай 1", "Достық 2")
    _, headers = await auth.member(somebody(40), residence_address="")
    told = await me(auth, headers)
    assert (told["address"], told["residence_address"]) == ("Алматы, Абай 1", "")


async def test_an_address_that_is_none_changes_nothing(auth: Auth) -> None:
    _, headers = await auth.member(somebody(41), address="Абай 1")
    body = {"email": "other@example.kz", "language": "ru", "consent": True, "address": "Абай\x07"}
    refused(await auth.client.put("/me/contacts", json=body, headers=headers), 422, "CONTACTS_INVALID")
    told = await me(auth, headers)
    assert (told["address"], told["emails"]) == ("Абай 1", ["family@example.kz"])


async def test_addresses_come_with_the_import_and_stay_sealed(auth: Auth) -> None:
    row = invented(40)[39]
    homes = ["Сейфуллин 188А", "", "Сейфуллин 188А", "Абай 7"]
    (taken,) = await taken_over(auth, [f"{row},{','.join(homes)}"], f"{COLUMNS},{HOMES}")
    _, headers = await auth.member(Subject(row.split(",")[5], "ҮЛГІБАЕВА", "АНА19"), address="Өзі айтқан 9")
    await taken_over(auth, [f"{row},{','.join(homes)}"], f"{COLUMNS},{HOMES}")
    told = await me(auth, headers)
    assert (told["address"], told["residence_address"]) == ("Өзі айтқан 9", "Абай 7")
    (child,) = [one for one in told["children"] if one["person_id"] == taken.child_id]
    assert (child["address"], child["residence_address"]) == ("Сейфуллин 188А", "")
    kept = await store_of(auth).vault.persons.find({"_id": taken.child_id}, limit=1)
    assert "Сейфуллин" not in str(kept)


async def test_an_address_given_later_in_the_list_or_in_a_later_list_is_added(auth: Auth) -> None:
    row, other = invented(44)[42:44]
    await taken_over(auth, [row])
    columns = f"{COLUMNS},{HOMES}"
    (taken, _) = await taken_over(auth, [f"{row},Абай 1,,Абай 1,", f"{other},,,,"], columns)
    _, headers = await auth.member(Subject(row.split(",")[5], "ҮЛГІБАЕВА", "АНА21"))
    told = await me(auth, headers)
    assert told["address"] == "Абай 1"
    assert taken.child_id in [one["person_id"] for one in told["children"] if one["address"] == "Абай 1"]


async def test_a_guardian_reads_the_cards_of_the_own_family_and_of_nobody_else(auth: Auth) -> None:
    child_id, mother, mothers = await family(auth, 4000)
    father, fathers = await auth.member(FATHER, address="Абай 1", phone="+77010000005")
    stranger, strangers = await auth.member(STRANGER)
    await link(store_of(auth), ChildId(child_id), PersonId(father), NOW)
    told = await cards(auth, mothers, father, stranger, child_id, "nobody", mother, child_id)
    assert [one["person_id"] for one in told] == [father, child_id, mother]
    assert told[0] == {
        "person_id": father,
        "iin": FATHER.iin,
        "surname": "СЫНАҚОВ",
        "given": "ДӘУЛЕТ",
        "patronymic": "",
        "birth_date": None,
        "address": "",
        "residence_address": "",
        "erased": False,
    }
    assert (told[1]["given"], told[1]["birth_date"]) == ("ӘЛИЯ", "2021-05-13")
    assert (told[2]["iin"], told[2]["birth_date"]) == (AIGERIM.iin, "1990-05-01")
    assert [one["address"] for one in await cards(auth, fathers, father)] == ["Абай 1"]
    assert await cards(auth, strangers, father, child_id, mother) == []


async def test_cards_are_for_a_person_whose_first_login_is_finished(auth: Auth) -> None:
    told = await auth.enter(somebody(42))
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    body = {"person_ids": [told["person_id"]]}
    refused(await auth.client.post("/me/cards", json=body, headers=headers), 403, "EMAIL_REQUIRED")
    refused(await auth.client.post("/me/cards", json=body), 401, "UNAUTHENTICATED")
    _, headers = await auth.member(somebody(42))
    for wrong in ([], ["x"] * 101):
        answer = await auth.client.post("/me/cards", json={"person_ids": wrong}, headers=headers)
        refused(answer, 422, "INVALID_REQUEST")


async def test_each_child_whose_card_is_read_has_a_record_of_it(auth: Auth) -> None:
    one, mother, headers = await family(auth, 4100)
    other, _, _ = await family(auth, 4200)
    await cards(auth, headers, one, other, mother)

    async def recorded() -> bool:
        reads = [await access.of_child(store_of(auth), PersonId(mother), ChildId(child)) for child in (one, other)]
        return all(
            any(read.child_ids == (child,) for read in seen) for child, seen in zip((one, other), reads, strict=True)
        )

    await eventually(recorded)


async def test_the_language_chosen_on_the_site_is_remembered(auth: Auth) -> None:
    told = await auth.enter(somebody(43))
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert (await me(auth, headers))["language"] is None
    for language in ("ru", "kk"):
        answer = await auth.client.put("/me/language", json={"language": language}, headers=headers)
        assert answer.status_code == 204
        assert (await me(auth, headers))["language"] == language
    assert (await me(auth, headers))["email_required"] is True
    refused(await auth.client.put("/me/language", json={"language": "xx"}, headers=headers), 422, "INVALID_REQUEST")
    refused(await auth.client.put("/me/language", json={"language": "kk"}), 401, "UNAUTHENTICATED")


async def test_a_language_leaves_contacts_and_consent_as_they_are(auth: Auth) -> None:
    _, headers = await auth.member(somebody(44), phone="+77010000006")
    await auth.client.put("/me/language", json={"language": "ru"}, headers=headers)
    told = await me(auth, headers)
    assert (told["language"], told["emails"], told["phones"]) == ("ru", ["family@example.kz"], ["+77010000006"])
    assert (await auth.enter(somebody(44)))["email_required"] is False


async def test_a_language_alone_reaches_nobody_and_hinders_no_import(auth: Auth) -> None:
    row = invented(50)[48]
    guardian = Subject(row.split(",")[5], "ҮЛГІБАЕВА", "АНА24")
    headers = {"Authorization": f"Bearer {(await auth.enter(guardian))['access_token']}"}
    await auth.client.put("/me/language", json={"language": "ru"}, headers=headers)
    (taken,) = await taken_over(auth, [row.replace("family24@example.kz", "").replace("+77010000024", "")])
    notify = await auth.as_service("notify")
    assert (await auth.client.get(f"/children/{taken.child_id}:contacts", headers=notify)).json() == []
    await taken_over(auth, [row])
    told = (await auth.client.get(f"/children/{taken.child_id}:contacts", headers=notify)).json()
    assert [(one["language"], one["emails"]) for one in told] == [("ru", ["family24@example.kz"])]
