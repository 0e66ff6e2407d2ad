"""The list of families that an operator brings, read line by line. A fault is told by line and code, never by content."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from services.auth.domain.iin import parse_iin
from services.auth.domain.person import Identity, Language, contacts, postal_address
from services.auth.domain.refusals import GuardianIsTheChild, Refusal
from services.auth.usecases.importing import FamilyRow

_NAMES = ("iin", "surname", "given", "patronymic")
REQUIRED = (*(f"child_{name}" for name in _NAMES), "child_birth_date", *(f"guardian_{name}" for name in _NAMES))
_HOMES = ("address", "residence_address")
OPTIONAL = (
    "guardian_phone",
    "guardian_email",
    "language",
    *(f"{who}_{home}" for who in ("child", "guardian") for home in _HOMES),
)


class ListUnreadable(Exception):
    """The list cannot be taken over as it is; the message says where and why."""


def families(columns: Iterable[str], lines: Iterable[Mapping[str, str | None]]) -> Iterator[FamilyRow]:
    """The lines as families; raises ListUnreadable at the first fault. Columns of other names are passed over."""
    missing = [name for name in REQUIRED if name not in set(columns)]
    if missing:
        raise ListUnreadable(f"these columns are missing: {', '.join(missing)}")
    for number, line in enumerate(lines, start=1):
        try:
            yield _family(number, {name: (line.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)})
        except Refusal as refusal:
            raise ListUnreadable(f"row {number}: {refusal.code}") from None
        except ValueError:
            raise ListUnreadable(f"row {number}: a date or a language is not readable") from None


def _family(number: int, line: Mapping[str, str]) -> FamilyRow:
    if line["child_iin"] == line["guardian_iin"]:
        raise GuardianIsTheChild
    emails, phones = ([line[name]] if line[name] else [] for name in ("guardian_email", "guardian_phone"))
    return FamilyRow(
        row=number,
        child=_identity(line, "child", date.fromisoformat(line["child_birth_date"])),
        guardian=_identity(line, "guardian", None),
        contacts=contacts(emails, phones),
        language=Language(line["language"] or Language.KAZAKH),
    )


def _identity(line: Mapping[str, str], who: str, born: date | None) -> Identity:
    number, surname, given, patronymic = (line[f"{who}_{name}"] for name in _NAMES)
    address, residence_address = (postal_address(line[f"{who}_{home}"]) for home in _HOMES)
    return Identity(parse_iin(number), surname, given, patronymic, born, address, residence_address)
