"""The operator's list: read as it is meant, refused with the line and a code, never with what stands in it."""

import csv

import pytest

from services.auth.domain.person import Language
from services.auth.usecases.families import OPTIONAL, REQUIRED, ListUnreadable, families
from services.auth.usecases.importing import FamilyRow

GOOD = {
    "child_iin": "210513600001",
    "child_surname": " ҮЛГІБАЕВ ",
    "child_given": "БАЛА",
    "child_patronymic": "",
    "child_birth_date": "2021-05-13",
    "guardian_iin": "791028302728",
    "guardian_surname": "ҮЛГІБАЕВ",
    "guardian_given": "ӘКЕ",
    "guardian_patronymic": "ҮЛГІҰЛЫ",
    "guardian_phone": "8 701 000 00 00",
    "guardian_email": "family@example.kz",
    "language": "ru",
    "child_address": "",
    "child_residence_address": "Алматы қ., Сейфуллин даңғылы 188А",
    "guardian_address": " Алматы қ.,\tАбай даңғылы 1 ",
    "guardian_residence_address": "",
}


def read(*changes: dict[str, str], columns: tuple[str, ...] = (*REQUIRED, *OPTIONAL)) -> list[FamilyRow]:
    rows = [GOOD | change for change in changes]
    return list(families(columns, [{name: row[name] for name in columns} for row in rows]))


def test_a_line_is_a_child_and_a_guardian() -> None:
    (row,) = read({})
    assert (row.row, row.child.surname, str(row.child.birth_date)) == (1, "ҮЛГІБАЕВ", "2021-05-13")
    assert (row.guardian.patronymic, row.language) == ("ҮЛГІҰЛЫ", Language.RUSSIAN)
    assert (row.contacts.emails, row.contacts.phones) == (("family@example.kz",), ("+77010000000",))


def test_addresses_stand_in_one_line() -> None:
    (row,) = read({})
    assert (row.guardian.address, row.guardian.residence_address) == ("Алматы қ., Абай даңғылы 1", "")
    assert (row.child.address, row.child.residence_address) == ("", "Алматы қ., Сейфуллин даңғылы 188А")


def test_contacts_language_and_addresses_may_be_absent() -> None:
    (row,) = read({}, columns=REQUIRED)
    assert (row.contacts.emails, row.contacts.phones, row.language) == ((), (), Language.KAZAKH)
    assert (row.child.residence_address, row.guardian.address) == ("", "")
    (row,) = read({"guardian_phone": "", "guardian_email": "", "language": ""})
    assert (row.contacts.emails, row.contacts.phones, row.language) == ((), (), Language.KAZAKH)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"child_iin": "210513600002"}, "row 2: IIN_INVALID"),
        ({"guardian_iin": ""}, "row 2: IIN_INVALID"),
        ({"guardian_iin": GOOD["child_iin"]}, "row 2: GUARDIAN_IS_THE_CHILD"),
        ({"guardian_email": "family"}, "row 2: CONTACTS_INVALID"),
        ({"guardian_phone": "7"}, "row 2: CONTACTS_INVALID"),
        ({"guardian_address": "А" * 301}, "row 2: CONTACTS_INVALID"),
        ({"child_residence_address": "Абай\x07"}, "row 2: CONTACTS_INVALID"),
        ({"child_birth_date": "13.05.2021"}, "row 2: a date or a language is not readable"),
        ({"language": "de"}, "row 2: a date or a language is not readable"),
    ],
)
def test_a_fault_is_named_by_line_and_code(change: dict[str, str], why: str) -> None:
    with pytest.raises(ListUnreadable) as caught:
        read({}, change)
    assert str(caught.value) == why


def test_missing_columns_are_named_and_further_ones_passed_over() -> None:
    with pytest.raises(ListUnreadable, match="guardian_iin"):
        read({}, columns=tuple(name for name in REQUIRED if name != "guardian_iin"))
    lines = csv.DictReader([",".join(["ref", *REQUIRED]), ",".join(["a", *(GOOD[name] for name in REQUIRED)])])
    assert len(list(families(lines.fieldnames or (), lines))) == 1


def test_a_row_shows_nobody_when_printed() -> None:
    assert "ҮЛГІБАЕВ" not in repr(read({}))
    assert "210513600001" not in repr(read({}))
    assert "Абай" not in repr(read({}))
