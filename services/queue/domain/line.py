"""One class of one stream in the order of registration, as packed numbers: to find a place is two bisections (log n).

To enter or leave moves what stands behind in one block, which at the length of a stream costs less than the look; whoever
registers now is the last and moves nobody.
"""

from array import array
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from services.queue.domain.words import ApplicationId, PrivilegeClass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Line:
    """Those of one class in one stream, by (registered_at, serial); of equals the lesser id stands in front."""

    __slots__ = ("ids", "is_crowded", "moments", "privilege", "serials")

    def __init__(self, privilege: PrivilegeClass) -> None:
        self.privilege = privilege
        self.moments: array[int] = array("q")
        self.serials: array[int] = array("q")
        self.ids: list[ApplicationId] = []
        self.is_crowded = False
        """Whether two of one moment have met here: then their serials are looked at, and then their ids."""

    def __len__(self) -> int:
        return len(self.ids)

    def rank(self, moment: int, serial: int, application_id: ApplicationId) -> int:
        """How many stand in front."""
        at = bisect_left(self.moments, moment)
        if self.is_crowded:
            at = bisect_left(self.serials, serial, at, bisect_right(self.moments, moment, at))
            while self._is_equal(at, moment, serial) and self.ids[at] < application_id:
                at += 1
        return at

    def enter(self, moment: int, serial: int, application_id: ApplicationId) -> None:
        """Takes its place."""
        at = bisect_left(self.moments, moment)
        if at < len(self.ids) and self.moments[at] == moment:
            self.is_crowded = True
            at = self.rank(moment, serial, application_id)
        self.moments.insert(at, moment)
        self.serials.insert(at, serial)
        self.ids.insert(at, application_id)

    def leave(self, moment: int, serial: int, application_id: ApplicationId) -> None:
        """Gives its place up."""
        at = self.rank(moment, serial, application_id)
        del self.moments[at], self.serials[at], self.ids[at]

    def sort(self) -> None:
        """Puts those in order who were added at the end of all three."""
        if all(one < two for one, two in pairwise(self.moments)):
            return
        everybody = sorted(zip(self.moments, self.serials, self.ids, strict=True))
        self.moments = array("q", [each[0] for each in everybody])
        self.serials = array("q", [each[1] for each in everybody])
        self.ids = [each[2] for each in everybody]
        self.is_crowded = any(one == two for one, two in pairwise(self.moments))

    def _is_equal(self, at: int, moment: int, serial: int) -> bool:
        return at < len(self.ids) and self.moments[at] == moment and self.serials[at] == serial


def microseconds(moment: datetime) -> int:
    """A moment as a whole number, so that two moments compare as the numbers do."""
    return (moment - _EPOCH) // _MICROSECOND
