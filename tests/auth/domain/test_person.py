"""Contacts as people type them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.auth.domain import person
from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Account, Identity, Language, Sealed
from services.auth.domain.refusals import ConsentRequired, ContactsInvalid

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["+7 701 000-00-00", "8 (701) 0000000", "+77010000000"])
def test_a_phone_is_written_one_way(typed: str) -> None:
    assert person.phone_number(typed) == "+77010000000"


@pytest.mark.parametrize("typed", ["", "112", "+7701000000a", "+", "00000000000000000"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(ContactsInvalid):
        person.phone_number(typed)


@pytest.mark.parametrize("typed", ["", "a", "a@b", "a b@c.kz", "a@c.kz\nBcc: x@y.kz", "a@@c.kz", "<a@c.kz>", "a@-.kz"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ContactsInvalid):
        person.contacts([typed], [])


def test_doubles_are_dropped_and_the_first_stays_main() -> None:
    kept = person.contacts(["a@example.kz", "b@example.kz", "a@example.kz"], ["+77010000000", "87010000000"])
    assert kept.emails == ("a@example.kz", "b@example.kz")
    assert kept.phones == ("+77010000000",)


def test_email_is_required_until_it_is_given_with_consent() -> None:
    account = Account(PersonId("p"), Sealed("k", "x"), Language.KAZAKH, has_email=True)
    assert person.email_required(None)
    assert person.email_required(account)
    assert not person.email_required(Account(PersonId("p"), Sealed("k", "x"), Language.KAZAKH, True, NOW))


def test_nothing_goes_without_consent() -> None:
    with pytest.raises(ConsentRequired):
        person.ensure_consent(False)


KNOWN = Identity(Iin("210513600001"), "СЫНАҚОВА", "ӘЛИЯ", "", date(2021, 5, 13), address="Абай 1")


def test_what_was_missing_is_added_and_what_was_known_stays() -> None:
    seen = Identity(KNOWN.iin, "БАСҚА", "АТ", "", date(2000, 1, 1), address="Сейфуллин 2", residence_address="Достық 3")
    told = person.completed(KNOWN, seen)
    assert told == replace(KNOWN, residence_address="Достық 3")
    assert person.completed(told, seen) == told


def test_a_person_known_by_number_alone_gets_the_whole_name_at_once() -> None:
    told = person.completed(Identity(KNOWN.iin, "", "", address="Достық 3"), KNOWN)
    assert told == replace(KNOWN, address="Достық 3")


def test_an_address_is_written_in_one_line() -> None:
    assert person.postal_address(" Алматы қ.,\n Абай  даңғылы 1 ") == "Алматы қ., Абай даңғылы 1"
    assert person.postal_address("  ") == ""
    for typed in ("А" * 301, "Абай\x00"):
        with pytest.raises(ContactsInvalid):
            person.postal_address(typed)
