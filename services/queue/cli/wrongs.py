"""What can be wrong with a row of the old queue: a code and a sentence for each (the sentence never repeats a cell)."""

from enum import StrEnum


class Wrong(StrEnum):
    """Codes of rows that cannot be read."""

    CELLS_DO_NOT_FIT = "CELLS_DO_NOT_FIT"
    CELL_EMPTY = "CELL_EMPTY"
    NOT_AN_ID = "NOT_AN_ID"
    IIN_IN_FILE = "IIN_IN_FILE"
    DATE_UNREADABLE = "DATE_UNREADABLE"
    BIRTH_DATE_OUTSIDE = "BIRTH_DATE_OUTSIDE"
    REGION_MALFORMED = "REGION_MALFORMED"
    QUEUE_TYPE_UNKNOWN = "QUEUE_TYPE_UNKNOWN"
    CATEGORY_UNKNOWN = "CATEGORY_UNKNOWN"
    MOMENT_UNREADABLE = "MOMENT_UNREADABLE"
    NO_TIME_ZONE = "NO_TIME_ZONE"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    BEFORE_BIRTH = "BEFORE_BIRTH"
    SERIAL_OUT_OF_RANGE = "SERIAL_OUT_OF_RANGE"
    CLASS_UNKNOWN = "CLASS_UNKNOWN"
    CLASS_MISSING = "CLASS_MISSING"
    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    REQUEST_MALFORMED = "REQUEST_MALFORMED"
    TWO_REQUESTS = "TWO_REQUESTS"
    STATUS_UNKNOWN = "STATUS_UNKNOWN"
    REMOVAL_INCOMPLETE = "REMOVAL_INCOMPLETE"
    REMOVAL_NOT_MEANT = "REMOVAL_NOT_MEANT"
    REMOVED_BEFORE_REGISTERED = "REMOVED_BEFORE_REGISTERED"
    LAST_NUMBER_OUT_OF_RANGE = "LAST_NUMBER_OUT_OF_RANGE"


SENTENCES: dict[Wrong, str] = {
    Wrong.CELLS_DO_NOT_FIT: "The row has more cells than there are columns.",
    Wrong.CELL_EMPTY: "This cell must not be empty.",
    Wrong.NOT_AN_ID: "This is no id; put the one that `import-people` of auth gave.",
    Wrong.IIN_IN_FILE: "An identity number must not stand here; put the id that `import-people` of auth gave.",
    Wrong.DATE_UNREADABLE: "A date is written 2021-05-13.",
    Wrong.BIRTH_DATE_OUTSIDE: "The birth date lies in the future or before this century.",
    Wrong.REGION_MALFORMED: "A region is a short word of small Latin letters, such as almaty.",
    Wrong.QUEUE_TYPE_UNKNOWN: "The kind of queue is GENERAL, CORRECTIONAL or SANATORIUM.",
    Wrong.CATEGORY_UNKNOWN: "There is no such category.",
    Wrong.MOMENT_UNREADABLE: "A moment is written 2021-05-13T12:17:04+06:00.",
    Wrong.NO_TIME_ZONE: "The moment has no time zone; add it, or name the zone of all of them with --zone.",
    Wrong.IN_THE_FUTURE: "The moment lies in the future.",
    Wrong.BEFORE_BIRTH: "The child was registered before its birth.",
    Wrong.SERIAL_OUT_OF_RANGE: "A serial is a number from 1 to 9899999, so that new applications find numbers after it.",
    Wrong.CLASS_UNKNOWN: "The class of a privilege is E, P or G.",
    Wrong.CLASS_MISSING: "A privilege is confirmed here whose class is not given.",
    Wrong.NUMBER_MALFORMED: "An application number is written KDDO.2021.802010.1, its serial at most 9899999.",
    Wrong.REQUEST_MALFORMED: "The number of a request has letters, digits, points, strokes and dashes, at most forty.",
    Wrong.TWO_REQUESTS: "An application came through the service centre or through the portal, not through both.",
    Wrong.STATUS_UNKNOWN: "The status is QUEUED, which is meant where none is given, or REMOVED.",
    Wrong.REMOVAL_INCOMPLETE: "A removed application needs the moment of its removal in removed_at.",
    Wrong.REMOVAL_NOT_MEANT: "removed_at and last_number are of applications with the status REMOVED only.",
    Wrong.REMOVED_BEFORE_REGISTERED: "The application was removed before it was registered.",
    Wrong.LAST_NUMBER_OUT_OF_RANGE: "The last number is one from 1 to 9999999.",
}


class Invalid(Exception):
    """A row cannot be read: why, and in which column; never what stood in it."""

    def __init__(self, wrong: Wrong, column: str = "") -> None:
        super().__init__(f"{wrong} {column}: {SENTENCES[wrong]}".replace(" : ", ": "))
        self.wrong = wrong
        self.column = column
