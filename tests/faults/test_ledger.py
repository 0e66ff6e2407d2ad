"""The books of a fault run notice what is lost and what is doubled."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.ledger import ISSUED, TURN, Books, Finding, Held, Side, Told, audit, repeats

STREAM = "almaty:correctional:SPEECH:2022"


def balanced() -> Books:
    """One child, invited, told, signed, told again; another one that waits."""
    books = Books(children={"a": STREAM, "b": STREAM}, promised={STREAM: 1}, turns={"a": {"i"}})
    books.told["a"] = Told(
        letters={TURN: Counter({"<1>": 1}), ISSUED: Counter({"<2>": 1})},
        sms={TURN: Counter({"one": 1}), ISSUED: Counter({"two": 1})},
    )
    books.holds["h"] = Held("a", "p", signed=True, referral_ids={"r"})
    books.bulletin["r"] = {"ISSUED"}
    books.place_state["p"] = "TAKEN"
    return books


def sides(books: Books) -> set[Side]:
    """On which sides the books do not balance."""
    return {finding.side for finding in audit(books)}


def test_books_that_balance_have_no_findings() -> None:
    assert audit(balanced()) == []


def test_a_letter_that_came_again_under_its_own_id_is_a_recognised_repeat() -> None:
    books = balanced()
    books.told["a"].letters[TURN]["<1>"] += 1
    assert (audit(books), repeats(books)) == ([], 1)


def no_letter(books: Books) -> None:
    books.told["a"].letters[TURN].clear()


def no_sms(books: Books) -> None:
    books.told["a"].sms[ISSUED].clear()


def no_referral(books: Books) -> None:
    books.holds["h"].referral_ids.clear()
    books.bulletin.clear()
    books.told["a"].letters[ISSUED].clear()
    books.told["a"].sms[ISSUED].clear()
    books.place_state["p"] = "HELD"


def turn_not_told(books: Books) -> None:
    books.promised[STREAM] = 2


def silent_bulletin(books: Books) -> None:
    books.bulletin.clear()


def return_not_heard(books: Books) -> None:
    books.returned.add("r")
    books.place_state["p"] = "PUBLISHED_PRIORITY"


def place_never_taken(books: Books) -> None:
    books.place_state["p"] = "HELD"


def story_stopped(books: Books) -> None:
    books.unfinished["b"] = "waiting for the choice"


def dead_letter(books: Books) -> None:
    books.dead_letters = 1


@pytest.mark.parametrize(
    "harm",
    [
        no_letter,
        no_sms,
        no_referral,
        turn_not_told,
        silent_bulletin,
        return_not_heard,
        place_never_taken,
        story_stopped,
        dead_letter,
    ],
)
def test_what_is_lost_is_noticed(harm: Callable[[Books], None]) -> None:
    books = balanced()
    harm(books)
    assert Side.LOST in sides(books)


def second_letter(books: Books) -> None:
    books.told["a"].letters[TURN]["<3>"] = 1


def same_sms_again(books: Books) -> None:
    books.told["a"].sms[TURN]["one"] += 1


def second_referral_of_a_hold(books: Books) -> None:
    books.holds["h"].referral_ids.add("s")
    books.bulletin["s"] = {"ISSUED"}


def second_referral_of_a_place(books: Books) -> None:
    books.holds["g"] = Held("b", "p", signed=True, referral_ids={"s"})
    books.bulletin["s"] = {"ISSUED"}
    books.told["b"] = Told(letters={ISSUED: Counter({"<9>": 1})}, sms={ISSUED: Counter({"nine": 1})})


def second_place_of_a_child(books: Books) -> None:
    books.holds["g"] = Held("a", "q", signed=True, referral_ids={"s"})
    books.bulletin["s"] = {"ISSUED"}


def referral_of_nobody(books: Books) -> None:
    books.bulletin["z"] = {"ISSUED"}


def referral_of_an_unsigned_hold(books: Books) -> None:
    books.holds["h"].signed = False


def turn_of_nobody(books: Books) -> None:
    books.promised.clear()


def taken_without_referral(books: Books) -> None:
    books.place_state["q"] = "TAKEN"


@pytest.mark.parametrize(
    "harm",
    [
        second_letter,
        same_sms_again,
        second_referral_of_a_hold,
        second_referral_of_a_place,
        second_place_of_a_child,
        referral_of_nobody,
        referral_of_an_unsigned_hold,
        turn_of_nobody,
        taken_without_referral,
    ],
)
def test_what_is_doubled_is_noticed(harm: Callable[[Books], None]) -> None:
    books = balanced()
    harm(books)
    assert Side.DOUBLED in sides(books)


def test_a_finding_says_what_it_is_about() -> None:
    books = balanced()
    dead_letter(books)
    assert audit(books) == [Finding(Side.LOST, "1 facts became dead letters")]
