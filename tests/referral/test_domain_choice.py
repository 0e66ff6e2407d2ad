"""A choice: each way it can go, once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referral.domain import choice as choices
from services.referral.domain.choice import Choice, ChoiceFact, PlaceCard, Verdict
from services.referral.domain.refusals import AlreadySigned, HoldEnded, Refusal, SignatureBeingChecked
from services.referral.domain.words import (
    ApplicationId,
    ChildId,
    ChoiceState,
    HoldId,
    Indication,
    Mode,
    OrganisationId,
    PersonId,
    PlaceId,
    SignatureId,
    SubmissionId,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=20)
DAY = timedelta(hours=24)
S1, S2 = SubmissionId("s1"), SubmissionId("s2")


def opened() -> Choice:
    names = dict.fromkeys(("name_kk", "name_ru", "kind_kk", "kind_ru", "address_kk", "address_ru", "district"), "Үлгі")
    card = PlaceCard(
        place_id=PlaceId("p1"),
        organisation_id=OrganisationId("o1"),
        phones=(),
        language="kk",
        place_type="GENERAL_USE",
        group_year=2021,
        stream_id="almaty:correctional:SPEECH:2021",
        **names,
    )
    return Choice(
        hold_id=HoldId("h1"),
        place_id=PlaceId("p1"),
        application_id=ApplicationId("a1"),
        child_id=ChildId("c1"),
        held_by=PersonId("p1"),
        mode=Mode.PRIORITY,
        opened_at=NOW,
        hold_until=END,
        place=card,
    )


def verdict(indication: Indication, submission: SubmissionId = S1) -> Verdict:
    return Verdict(submission, indication, "SIG_CRYPTO_FAILURE", SignatureId("sig1"), PersonId("p2"))


def received(at: datetime = NOW) -> Choice:
    return choices.received(opened(), S1, at, DAY)[0]


def signed() -> Choice:
    return choices.judged(received(), verdict(Indication.PASSED), NOW)[0]


def test_a_good_signature_signs() -> None:
    choice, said = choices.judged(received(), verdict(Indication.PASSED), NOW)
    assert (choice.state, said) == (ChoiceState.SIGNED, (ChoiceFact.SIGNED,))
    assert (choice.signed_by, choice.signature_id) == ("p2", "sig1")
    assert choices.next_look(choice) is None


def test_a_received_signature_stops_expiry_for_a_day_at_most() -> None:
    choice = received()
    assert choices.time_came(choice, END + timedelta(hours=1)) == (choice, ())
    assert choices.next_look(choice) == NOW + DAY
    late, said = choices.time_came(choice, NOW + DAY)
    assert (late.state, said) == (ChoiceState.REJECTED, (ChoiceFact.REJECTED,))


def test_an_unclear_verdict_waits() -> None:
    choice = received()
    assert choices.judged(choice, verdict(Indication.INDETERMINATE), NOW) == (choice, ())


def test_a_bad_signature_may_be_tried_again_until_the_old_end() -> None:
    choice, said = choices.judged(received(), verdict(Indication.FAILED), END - timedelta(seconds=1))
    assert (choice.state, choice.hold_until, choice.last_refusal, said) == (
        ChoiceState.OPEN,
        END,
        "SIG_CRYPTO_FAILURE",
        (),
    )
    again, _ = choices.received(choice, S2, END - timedelta(seconds=1), DAY)
    assert (again.state, again.last_refusal) == (ChoiceState.RECEIVED, None)


def test_a_bad_signature_judged_after_the_end_expires_the_choice() -> None:
    choice, said = choices.judged(received(), verdict(Indication.FAILED), END)
    assert (choice.state, said) == (ChoiceState.EXPIRED, (ChoiceFact.EXPIRED,))


def test_the_verdict_on_another_submission_changes_nothing() -> None:
    choice = received()
    for indication in Indication:
        assert choices.judged(choice, verdict(indication, S2), NOW) == (choice, ())


def test_an_open_choice_expires_at_its_end() -> None:
    assert choices.time_came(opened(), END - timedelta(seconds=1))[1] == ()
    assert choices.time_came(opened(), END)[1] == (ChoiceFact.EXPIRED,)
    with pytest.raises(HoldEnded):
        choices.received(opened(), S1, END, DAY)


def test_the_same_signature_again_changes_nothing_and_another_waits() -> None:
    choice = received()
    assert choices.received(choice, S1, NOW, DAY) == (choice, ())
    with pytest.raises(SignatureBeingChecked):
        choices.received(choice, S2, NOW, DAY)
    assert choices.received(signed(), S2, END + DAY, DAY) == (signed(), ())


def test_an_open_choice_ends_when_its_maker_was_unlinked() -> None:
    unlinked = frozenset({opened().held_by, PersonId("p9")})
    closed, said = choices.guardians_changed(opened(), unlinked, NOW)
    assert (closed.state, said) == (ChoiceState.DECLINED, (ChoiceFact.DECLINED,))
    for begun in (received(), signed(), closed):
        assert choices.guardians_changed(begun, unlinked, NOW) == (begun, ())


def test_an_open_choice_stays_while_its_maker_was_not_unlinked() -> None:
    for others in (frozenset[PersonId](), frozenset({PersonId("p9")})):
        assert choices.guardians_changed(opened(), others, NOW) == (opened(), ())


def test_a_choice_is_declined_only_while_open() -> None:
    choice, said = choices.declined(opened(), NOW)
    assert (choice.state, said) == (ChoiceState.DECLINED, (ChoiceFact.DECLINED,))
    assert choices.declined(choice, NOW) == (choice, ())
    with pytest.raises(SignatureBeingChecked):
        choices.declined(received(), NOW)
    with pytest.raises(AlreadySigned):
        choices.declined(signed(), NOW)
    with pytest.raises(HoldEnded):
        choices.declined(choices.time_came(opened(), END)[0], END)


ACTS = st.sampled_from(["sign", "other", "good", "bad", "unclear", "decline", "time"])


@given(st.lists(st.tuples(ACTS, st.integers(0, 10)), max_size=30))
def test_whatever_happens_a_choice_ends_at_most_once(acts: list[tuple[str, int]]) -> None:
    choice, at, ends = opened(), NOW, 0
    for act, minutes in acts:
        at += timedelta(minutes=minutes)
        try:
            match act:
                case "sign" | "other":
                    choice, said = choices.received(choice, S1 if act == "sign" else S2, at, DAY)
                case "decline":
                    choice, said = choices.declined(choice, at)
                case "time":
                    choice, said = choices.time_came(choice, at)
                case _:
                    found = {"good": Indication.PASSED, "bad": Indication.FAILED, "unclear": Indication.INDETERMINATE}
                    choice, said = choices.judged(choice, verdict(found[act]), at)
        except Refusal:
            continue
        ends += len(said)
    assert ends == (choices.next_look(choice) is None)
