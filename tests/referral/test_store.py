"""What is sealed stays sealed."""

import os
from pathlib import Path

import pytest

from services.referral.store.sealed import KeyMissing, KeyRing, SealBroken, read_keys

CONTENT = "ӘБДІҒАЛИҚЫЗЫ Үміт-Нұр".encode()


def test_a_box_opens_only_under_its_own_id() -> None:
    ring = KeyRing(os.urandom(32))
    name, box = ring.close("one", CONTENT)
    assert ring.open("one", name, box) == CONTENT
    with pytest.raises(SealBroken):
        ring.open("another", name, box)


def test_a_changed_box_does_not_open() -> None:
    ring = KeyRing(os.urandom(32))
    name, box = ring.close("one", CONTENT)
    with pytest.raises(SealBroken):
        ring.open("one", name, box[:-1] + bytes([box[-1] ^ 1]))


def test_nothing_of_the_content_stands_in_the_box() -> None:
    _, box = KeyRing(os.urandom(32)).close("one", CONTENT)
    assert CONTENT[:6] not in box


def test_a_key_of_earlier_times_still_opens_what_it_closed(tmp_path: Path) -> None:
    old, new = os.urandom(32), os.urandom(32)
    name, box = KeyRing(old).close("one", CONTENT)
    (tmp_path / "documents.key").write_text(new.hex(), encoding="ascii")
    (tmp_path / "documents.2025.key").write_text(old.hex(), encoding="ascii")
    assert read_keys(tmp_path).open("one", name, box) == CONTENT


@pytest.mark.parametrize("text", [None, "", "zz", "00" * 31])
def test_a_missing_or_broken_key_file_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "documents.key").write_text(text, encoding="ascii")
    with pytest.raises(KeyMissing, match=r"documents\.key"):
        read_keys(tmp_path)
