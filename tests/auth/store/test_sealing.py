"""Sealed content opens with its key, in its document, unchanged; and not otherwise."""

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.iin import Iin
from services.auth.domain.person import Sealed
from services.auth.store.sealing import LookUp, SealBroken, Sealing

OLD, NEW = bytes(32), bytes(range(32))


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(content: bytes, place: str) -> None:
    sealing = Sealing({"k1": OLD})
    assert sealing.open(sealing.seal(content, place), place) == content


def test_it_opens_nowhere_else() -> None:
    sealing = Sealing({"k1": OLD})
    with pytest.raises(SealBroken):
        sealing.open(sealing.seal(b"x", "persons/1"), "persons/2")


@given(st.integers(0, 10_000))
def test_no_changed_bit_goes_unseen(place: int) -> None:
    sealing = Sealing({"k1": OLD})
    sealed = sealing.seal(b"a person", "persons/1")
    box = bytearray(base64.b64decode(sealed.box))
    box[place % len(box)] ^= 1
    with pytest.raises(SealBroken):
        sealing.open(Sealed("k1", base64.b64encode(bytes(box)).decode()), "persons/1")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before, after = Sealing({"k1": OLD}), Sealing({"k1": OLD, "k2": NEW})
    sealed = before.seal(b"x", "p")
    assert after.open(sealed, "p") == b"x"
    fresh = after.seal(b"x", "p")
    assert fresh.key_id == "k2"
    with pytest.raises(SealBroken, match="k2"):
        before.open(fresh, "p")


def test_the_same_content_is_sealed_differently_each_time() -> None:
    sealing = Sealing({"k1": OLD})
    assert sealing.seal(b"x", "p").box != sealing.seal(b"x", "p").box


def test_a_look_up_depends_on_the_pepper() -> None:
    number = Iin("210513600001")
    assert LookUp(OLD).of(number) == LookUp(OLD).of(number) != LookUp(NEW).of(number)


def test_nobody_looks_like_a_person_and_is_always_the_same() -> None:
    number, other = Iin("210513600001"), Iin("791028302728")
    nobody = LookUp(OLD).nobody(number)
    assert UUID(nobody).version == UUID(str(uuid4())).version
    assert nobody == LookUp(OLD).nobody(number)
    assert len({nobody, LookUp(OLD).nobody(other), LookUp(NEW).nobody(number)}) == 3


def test_an_address_is_counted_under_a_digest() -> None:
    assert LookUp(OLD).asker("203.0.113.7") != LookUp(NEW).asker("203.0.113.7")
    assert "203.0.113.7" not in LookUp(OLD).asker("203.0.113.7")
