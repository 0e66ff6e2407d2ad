"""A person is erased: the key is gone, and everything that named the person says so plainly."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts import auth as said
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.duties import Role
from services.auth.domain.guardianship import Basis
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Contacts, ErasureReason
from services.auth.domain.refusals import NoSuchPerson, OnlyGuardian, PersonErased
from services.auth.store import Store
from services.auth.store.sealing import SealBroken
from services.auth.usecases.erasing import erase, erase_by_iin
from services.auth.usecases.guardians import link
from services.auth.usecases.rotation import rotate
from services.chassis.aggregates import Aggregates
from services.chassis.testing import Ears
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_familiar import Ended, end
from tests.auth.service.test_import import command
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import child, file, store_of
from tests.auth.service.test_services import family
from tests.auth.service.test_unlinking import staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

REASON = {"reason": "CONSENT_WITHDRAWN"}
Headers = dict[str, str]


def somebody(serial: int) -> Subject:
    return Subject(make_iin(date(1983, 8, 8), female=True, serial=serial), "ӨШІРІЛГЕН", "АДАМ")


async def erased(auth: Auth, headers: Headers, person_id: str, reason: dict[str, str] | None = None) -> Any:
    return await auth.client.post(f"/persons/{person_id}:erase", json=reason or REASON, headers=headers)


async def test_nothing_of_an_erased_person_can_be_opened(auth: Auth) -> None:
    who, store = somebody(10), store_of(auth)
    person_id, own = await auth.member(who)
    before = await store.vault.persons.get(person_id)
    (signature,) = [one.state for one in await store.signatures.find({"person_id": person_id}, limit=5)][:1]
    assert b'"certificate"' in await store.evidence_of(signature)
    officer, headers = await staff(auth, Role.OFFICER, 850)
    assert (await erased(auth, headers, person_id)).status_code == 204
    assert (await erased(auth, headers, person_id)).status_code == 204
    person = await store.vault.persons.get(person_id)
    account = await store.vault.accounts.get(person_id)
    assert person is not None
    assert account is not None
    assert before is not None
    assert person.state.erased is not None
    assert (person.state.erased.by, person.state.erased.reason) == (officer, ErasureReason.CONSENT_WITHDRAWN)
    assert (person.state.key, person.state.surname_lookup) == (None, None)
    assert person.state.iin_lookup != before.state.iin_lookup
    with pytest.raises(PersonErased):
        store.vault.identity(person.state)
    with pytest.raises(PersonErased):
        await store.evidence_of(signature)
    with pytest.raises(SealBroken):
        store.sealing.open(before.state.identity, f"persons/{person_id}")
    assert await store.vault.contacts(account.state) == Contacts()
    assert await store.vault.by_iin(Iin(who.iin)) is None
    refused(await auth.client.get("/me", headers=own), 404, "PERSON_ERASED")
    body = {"email": "again@example.kz", "language": "kk", "consent": True}
    refused(await auth.client.put("/me/contacts", json=body, headers=own), 404, "PERSON_ERASED")


async def test_an_erased_child_stands_in_the_cabinet_as_erased_and_in_no_document(auth: Auth) -> None:
    _, parents = await auth.member(somebody(20))
    iin, named = child(8500)
    assert (await file(auth, parents, iin, named)).status_code == 200
    child_id = (await auth.client.get("/me", headers=parents)).json()["children"][0]["person_id"]
    _, headers = await staff(auth, Role.OFFICER, 851)
    assert (await erased(auth, headers, child_id)).status_code == 204
    nothing = {"person_id": child_id, "iin": "", "surname": "", "given": "", "patronymic": "", "birth_date": None}
    nothing |= {"erased": True, "address": "", "residence_address": ""}
    assert (await auth.client.get("/me", headers=parents)).json()["children"] == [nothing]
    cards = await auth.client.post("/me/cards", json={"person_ids": [child_id]}, headers=parents)
    assert cards.json() == [nothing]
    referral = await auth.as_service("referral")
    cards = await auth.client.post("/persons:cards", json={"person_ids": [child_id]}, headers=referral)
    assert cards.json() == []


async def wards(auth: Auth, person_id: str) -> list[str]:
    return [each.child_id for each in await store_of(auth).children_of(PersonId(person_id))]


async def test_an_erased_guardian_acts_for_no_child_any_more_and_it_is_said(auth: Auth, stack: Stack) -> None:
    child_id, mother, _ = await family(auth, 8510)
    officer, headers = await staff(auth, Role.OFFICER, 854)
    aunt, _ = await auth.member(somebody(60))
    store = store_of(auth)
    await link(store, ChildId(child_id), PersonId(aunt), NOW)
    assert (await erased(auth, headers, aunt)).status_code == 204
    assert await wards(auth, aunt) == []
    async with Ears(stack.kafka(), said.UnlinkedV1.topic) as ears:
        (told,) = await ears.wait(1, said.UnlinkedV1, child_id=child_id)
    assert (told.guardians, told.unlinked_id) == ((mother,), aunt)
    found = await store.guardianships.get(child_id)
    assert found is not None
    last = found.state.history[-1]
    assert (last.linked, last.basis, last.by) == (False, Basis.ERASURE, officer)


async def test_the_only_guardian_of_a_child_is_not_erased_and_nothing_is_begun(auth: Auth) -> None:
    child_id, mother, mothers = await family(auth, 8520)
    who = somebody(70)
    alone, _ = await auth.member(who)
    entered = await auth.enter(who)
    store, other = store_of(auth), ChildId("0b7f1f1e-0000-4000-8000-000000008521")
    await link(store, ChildId(child_id), PersonId(alone), NOW)
    await link(store, other, PersonId(alone), NOW)
    _, headers = await staff(auth, Role.OFFICER, 855)
    refused(await erased(auth, headers, alone), 409, "ONLY_GUARDIAN")
    assert sorted(await wards(auth, alone)) == sorted([child_id, other])
    body = {"refresh_token": entered["refresh_token"]}
    assert (await auth.client.post("/sessions:refresh", json=body)).status_code == 200
    await link(store, other, PersonId(mother), NOW)
    assert (await erased(auth, headers, alone)).status_code == 204
    assert await wards(auth, alone) == []
    assert (await auth.client.get("/me", headers=mothers)).status_code == 200


async def test_a_family_whose_time_is_over_is_erased_whole_the_child_first(auth: Auth) -> None:
    parent, parents = await auth.member(somebody(80))
    iin, named = child(8530)
    assert (await file(auth, parents, iin, named)).status_code == 200
    (child_id,) = await wards(auth, parent)
    store = store_of(auth)
    with pytest.raises(OnlyGuardian):
        await erase(store, PersonId(parent), ErasureReason.RETENTION_OVER, NOW)
    for each in (child_id, parent):
        await erase(store, PersonId(each), ErasureReason.RETENTION_OVER, NOW)
    person = await store.vault.persons.get(parent)
    assert person is not None
    assert person.state.erased is not None


@pytest.mark.parametrize(("serial", "collection"), [(90, "guardianships"), (91, "accounts"), (92, "confirmations")])
async def test_an_erasure_that_ended_in_its_middle_is_finished_by_the_repeat(
    auth: Auth, serial: int, collection: str
) -> None:
    child_id, mother, _ = await family(auth, 8540 + serial)
    who = somebody(serial)
    person_id, headers = await auth.member(who, email=f"erased{serial}@example.kz")
    body = {"address": f"erased{serial}@example.kz"}
    assert (await auth.client.post("/me/contacts:send-code", json=body, headers=headers)).status_code == 202
    await link(store_of(auth), ChildId(child_id), PersonId(person_id), NOW)
    broken, store = store_of(auth), store_of(auth)
    written: dict[str, Aggregates[Any]] = {
        "guardianships": broken.guardianships,
        "accounts": broken.vault.accounts,
        "confirmations": broken.confirmations.all,
    }
    written[collection].on_written(end)
    with pytest.raises(Ended):
        await erase(broken, PersonId(person_id), ErasureReason.CONSENT_WITHDRAWN, NOW)
    person = await store.vault.persons.get(person_id)
    assert person is not None
    assert person.state.erased is None
    await erase(store, PersonId(person_id), ErasureReason.CONSENT_WITHDRAWN, NOW)
    found = await store.guardianships.get(child_id)
    assert found is not None
    assert found.state.guardians == (mother,)
    assert [change.linked for change in found.state.history] == [True, True, False]
    (code,) = await store.confirmations.all.find({"person_id": person_id}, limit=5)
    assert (code.state.contact, code.state.sendable(NOW)) == ("", False)
    refused(
        await auth.client.get(f"/confirmations/{code.id}", headers=await auth.as_service("notify")),
        404,
        "NO_SUCH_CONFIRMATION",
    )


async def test_who_comes_back_is_another_person(auth: Auth) -> None:
    who = somebody(30)
    person_id, _ = await auth.member(who)
    entered = await auth.enter(who)
    await erase(store_of(auth), PersonId(person_id), ErasureReason.RETENTION_OVER, NOW)
    body = {"refresh_token": entered["refresh_token"]}
    refused(await auth.client.post("/sessions:refresh", json=body), 401, "SESSION_ENDED")
    assert (await auth.enter(who))["person_id"] != person_id


async def test_staff_and_strangers_are_not_erased(auth: Auth) -> None:
    officer, headers = await staff(auth, Role.OFFICER, 852)
    clerk, _ = await staff(auth, Role.CLERK, 853)
    refused(await erased(auth, headers, clerk), 409, "HOLDS_ROLES")
    refused(await erased(auth, headers, officer), 409, "HOLDS_ROLES")
    refused(await erased(auth, headers, "nobody"), 404, "NO_SUCH_PERSON")
    assert (await erased(auth, headers, clerk, {"reason": "BECAUSE"})).status_code == 422
    with pytest.raises(NoSuchPerson):
        await erase(store_of(auth), PersonId("nobody"), ErasureReason.COURT_DECISION, NOW)


async def test_what_was_sealed_before_persons_had_keys_is_erased_too(auth: Auth) -> None:
    person_id, _ = await auth.member(somebody(40))
    store = store_of(auth)
    await without_own_key(store, PersonId(person_id))
    (signature,) = [one.state for one in await store.signatures.find({"person_id": person_id}, limit=1)]
    assert b"signed" in await store.evidence_of(signature)
    await erase(store, PersonId(person_id), ErasureReason.RECORDED_BY_MISTAKE, NOW)
    for one in await store.signatures.find({"person_id": person_id}, limit=5):
        with pytest.raises(PersonErased):
            await store.evidence_of(one.state)
    before = await rotate(store, NOW)
    assert before["persons"] == 0


async def without_own_key(store: Store, person_id: PersonId) -> None:
    """The records of a person as they were when the vault's own key sealed them."""
    person, account = await store.vault.persons.get(person_id), await store.vault.accounts.get(person_id)
    assert person is not None
    assert account is not None
    identity = await store.vault.opened(person_id, person.state.identity, f"persons/{person_id}")
    contacts = await store.vault.opened(person_id, account.state.contacts, f"accounts/{person_id}")
    for one in await store.signatures.find({"person_id": person_id}, limit=5):
        evidence = store.sealing.seal(await store.evidence_of(one.state), f"signatures/{one.id}")
        await store.signatures.save(one, replace(one.state, evidence=evidence, sealed_for=None), at=NOW)
    older = replace(person.state, identity=store.sealing.seal(identity, f"persons/{person_id}"), key=None)
    await store.vault.persons.save(person, replace(older, surname_lookup=None), at=NOW)
    sealed = store.sealing.seal(contacts, f"accounts/{person_id}")
    await store.vault.accounts.save(account, replace(account.state, contacts=sealed), at=NOW)


async def test_an_operator_erases_by_command(auth: Auth) -> None:
    who = somebody(50)
    person_id, _ = await auth.member(who)
    words = ("erase", "--reason", "COURT_DECISION", "--iin-file", "-")
    code, said, complaint = await command(auth, *words, given=who.iin)
    assert (code, said.strip().splitlines()[-1]) == (0, f"{person_id} erased"), complaint
    assert who.iin not in said + complaint
    with pytest.raises(NoSuchPerson):
        await erase_by_iin(store_of(auth), Iin(who.iin), ErasureReason.COURT_DECISION, NOW)
