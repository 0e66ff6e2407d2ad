"""A log that cannot be thinned out unseen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.access_log import BEGINNING, Entry, Read, chained, follows
from services.auth.domain.ids import ChildId, PersonId, ReadId

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        at = NOW + timedelta(seconds=number)
        read = Read(ReadId(f"r-{number}"), "queue", (ChildId("c-1"),), PersonId("p-1"), "card", at)
        entries.append(chained(read, entries[-1] if entries else None))
    return entries


def broken_at(entries: Sequence[Entry]) -> int | None:
    before = [None, *entries]
    return next((entry.number for entry, last in zip(entries, before, strict=False) if not follows(entry, last)), None)


def test_a_whole_chain_has_no_break() -> None:
    entries = chain(5)
    assert entries[0].previous == BEGINNING
    assert broken_at(entries) is None
    assert broken_at([]) is None


@given(st.integers(2, 8), st.data())
def test_taking_one_out_or_changing_one_is_seen(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    place = data.draw(st.integers(0, length - 2))
    assert broken_at(entries[:place] + entries[place + 1 :]) == place + 2
    changed = [*entries]
    changed[place] = replace(changed[place], reader_id=PersonId("p-2"))
    assert broken_at(changed) == place + 1
