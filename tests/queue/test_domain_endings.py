"""Every end of an invitation has its consequence: the table, the document and the decisions say the same."""

from pathlib import Path

import pytest

import contracts
from contracts.fields import EndReason as Said
from services.queue.domain.endings import ENDINGS, TokenGoes
from services.queue.domain.words import EndReason
from services.vacancy.domain import ledger
from services.vacancy.domain.words import EndReason as Heard
from services.vacancy.domain.words import InvitationId, StreamId

DOCUMENT = Path(contracts.__file__).parent.parent / "docs" / "invitations.md"


def test_every_reason_is_in_the_table_in_the_contract_and_at_vacancy() -> None:
    assert list(ENDINGS) == list(EndReason)
    assert [each.value for each in EndReason] == [each.value for each in Said]
    assert {each.value for each in EndReason} == {each.value for each in Heard}


def test_the_document_shows_the_table() -> None:
    written = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert written == [f"| {reason} | {each.when} | {each.token} | {each.child} |" for reason, each in ENDINGS.items()]


@pytest.mark.parametrize("reason", EndReason)
def test_vacancy_does_with_the_token_what_the_table_says(reason: EndReason) -> None:
    before = ledger.Ledger(StreamId("almaty:correctional:MOTOR:2021"))
    after = ledger.invitation_ended(before, InvitationId("i1"), Heard(reason.value))
    moved = (after.to_open - before.to_open, after.stock - before.stock)
    expected = {TokenGoes.NOWHERE: (0, 0), TokenGoes.TO_ALL: (1, 0), TokenGoes.TO_STOCK: (0, 1)}
    assert moved == expected[ENDINGS[reason].token]
