"""A domain's dataclass survives the way into a document and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NewType

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import field_names, from_document, to_document

PlaceId = NewType("PlaceId", str)


class State(StrEnum):
    FREE = "FREE"
    HELD = "HELD"


@dataclass(frozen=True, slots=True)
class Hold:
    child_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Place:
    place_id: PlaceId
    state: State
    born: date
    seen: frozenset[str] = frozenset()
    history: tuple[Hold, ...] = ()
    holds: dict[str, Hold] | None = None
    hold: Hold | None = None


moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1)).map(  # noqa: DTZ001 - zone added next
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)
holds = st.builds(Hold, child_id=st.text(), until=moments)
places = st.builds(
    Place,
    place_id=st.text().map(PlaceId),
    state=st.sampled_from(State),
    born=st.dates(),
    seen=st.frozensets(st.text()),
    history=st.lists(holds).map(tuple),
    holds=st.dictionaries(st.text(alphabet="abc", min_size=1), holds) | st.none(),
    hold=holds | st.none(),
)


@given(places)
def test_what_is_stored_is_what_is_read(place: Place) -> None:
    assert from_document(Place, to_document(place)) == place


def test_a_field_that_is_none_is_absent_so_that_partial_unique_indexes_pass_it_over() -> None:
    document = to_document(Place(PlaceId("p"), State.FREE, date(2021, 5, 13)))

    assert "hold" not in document
    assert document["state"] == "FREE"
    assert document["born"] == "2021-05-13"


def test_plumbing_fields_beside_the_state_are_passed_over() -> None:
    document = to_document(Place(PlaceId("p"), State.FREE, date(2021, 5, 13))) | {
        "_id": "p",
        "version": 7,
        "outbox": [],
    }

    assert from_document(Place, document).state is State.FREE
    assert field_names(Place)[0] == "place_id"
