"""A newer key of the vault seals everything anew; what the older one sealed is not lost meanwhile."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from doubles.nca.iin import make_iin
from services.auth.domain.ids import PersonId, SignatureId
from services.auth.domain.iin import Iin
from services.auth.domain.person import SUBJECTS_KEY, Contacts, Identity, Language
from services.auth.domain.signature import Act, Signature
from services.auth.domain.verdict import Indication
from services.auth.store import Store
from services.auth.store.sealing import SealBroken
from services.auth.store.secrets import Secrets, make_secrets, make_vault_key, read_secrets
from services.auth.usecases.accounts import give_contacts
from services.auth.usecases.people import give_addresses, recognised
from services.auth.usecases.rotation import rotate
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_erasure import without_own_key
from tests.auth.service.test_import import command

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLDER = {"j1": bytes(range(32))}
"""A key whose name comes before that of the running service's key."""


def with_keys(auth: Auth, *, older: bool, present: bool) -> Store:
    secrets = read_secrets(auth.settings.secrets_dir)
    keys = (OLDER if older else {}) | (dict(secrets.vault) if present else {})
    return Store(auth.served.frame.database, Secrets(keys, secrets.pepper, secrets.refresh, secrets.signing))


async def sealed_before(old: Store, serial: int) -> PersonId:
    """A person, an account and a signature from when the older key was the only one and persons had none of their own."""
    identity = Identity(Iin(make_iin(date(1984, 6, 6), female=True, serial=serial)), "ЕСКІ", "КІЛТ")
    person_id = await recognised(old, identity, NOW)
    await give_contacts(old, person_id, Contacts(("old@example.kz",)), Language.KAZAKH, True, NOW)
    evidence = old.sealing.seal(b"evidence", f"signatures/{person_id}")
    signature = Signature(SignatureId(person_id), Act.CHOICE, Indication.PASSED, "policy", NOW, evidence)
    await old.signatures.add(person_id, replace(signature, person_id=person_id), at=NOW)
    await without_own_key(old, person_id)
    return person_id


async def test_everything_sealed_is_sealed_anew_and_the_old_key_opens_nothing(auth: Auth) -> None:
    old, new = with_keys(auth, older=True, present=False), with_keys(auth, older=False, present=True)
    people = [await sealed_before(old, serial) for serial in (10, 20, 30)]
    both = with_keys(auth, older=True, present=True)
    assert await rotate(both, NOW) == {"persons": 3, "accounts": 3, "signatures": 3}
    assert await rotate(both, NOW) == {"persons": 0, "accounts": 0, "signatures": 0}
    for person_id in people:
        person = await new.vault.persons.get(person_id)
        account = await new.vault.accounts.get(person_id)
        signature = await new.signatures.get(person_id)
        assert person is not None
        assert account is not None
        assert signature is not None
        assert new.vault.identity(person.state).surname == "ЕСКІ"
        assert (await new.vault.contacts(account.state)).emails == ("old@example.kz",)
        assert await new.evidence_of(signature.state) == b"evidence"
        assert {person.state.identity.key_id, account.state.contacts.key_id, signature.state.evidence.key_id} == {
            SUBJECTS_KEY
        }
        assert signature.state.sealed_for == person_id
        with pytest.raises(SealBroken):
            old.vault.identity(person.state)


async def test_a_person_with_an_own_key_costs_that_key_alone(auth: Auth) -> None:
    old, both = with_keys(auth, older=True, present=False), with_keys(auth, older=True, present=True)
    identity = Identity(Iin(make_iin(date(1984, 6, 6), female=True, serial=95)), "ЖЕКЕ", "КІЛТ")
    person_id = await recognised(old, identity, NOW)
    await give_contacts(old, person_id, Contacts(("own@example.kz",)), Language.KAZAKH, True, NOW)
    assert await rotate(both, NOW) == {"persons": 1, "accounts": 0, "signatures": 0}
    new = with_keys(auth, older=False, present=True)
    account = await new.vault.accounts.get(person_id)
    assert account is not None
    assert (await new.vault.contacts(account.state)).emails == ("own@example.kz",)


async def test_a_rotation_without_the_old_key_stops_and_harms_nothing(auth: Auth) -> None:
    old = with_keys(auth, older=True, present=False)
    person_id = await sealed_before(old, 40)
    with pytest.raises(SealBroken):
        await rotate(with_keys(auth, older=False, present=True), NOW)
    kept = await old.vault.persons.get(person_id)
    assert kept is not None
    assert old.vault.identity(kept.state).surname == "ЕСКІ"
    await rotate(with_keys(auth, older=True, present=True), NOW)


async def test_what_people_change_during_a_rotation_is_kept(auth: Auth) -> None:
    old, both = with_keys(auth, older=True, present=False), with_keys(auth, older=True, present=True)
    people = [await sealed_before(old, serial) for serial in range(50, 90, 5)]
    moves = (give_addresses(both, person_id, f"Абай {n}", None, NOW) for n, person_id in enumerate(people))
    await asyncio.gather(rotate(both, NOW), *moves)
    for n, person_id in enumerate(people):
        kept = await both.vault.persons.get(person_id)
        assert kept is not None
        assert kept.state.key is not None
        assert kept.state.key.key_id == both.sealing.newest
        assert both.vault.identity(kept.state).address == f"Абай {n}"


async def test_a_new_key_comes_after_the_others_and_the_commands_use_it(auth: Auth, tmp_path: Path) -> None:
    make_secrets(tmp_path)
    names = [make_vault_key(tmp_path).stem for _ in range(12)]
    assert names == ["k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "k91", "k92", "k93", "k94"]
    assert sorted(["k1", *names]) == ["k1", *names]
    assert len(set(read_secrets(tmp_path).vault.values())) == 13
    code, said, complaint = await command(auth, "rotate-keys")
    assert code == 0, complaint
    assert said.strip().splitlines() == [f"{name}: 0 sealed anew" for name in ("persons", "accounts", "signatures")]
    told = {"ZHOLDAMA_SECRETS_DIR": str(tmp_path), "ZHOLDAMA_PROFILE": "production"}
    code, said, complaint = await command(auth, "make-vault-key", told=told)
    assert (code, said.strip()) == (0, f"{tmp_path / 'vault' / 'k95.key'} made"), complaint
