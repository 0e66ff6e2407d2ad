"""The choice a parent signs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.referral.documents.choice import NAMESPACE, ChoiceText, canonical
from services.referral.documents.words import Both

AT = datetime(2026, 11, 24, 6, 0, 0, 123000, tzinfo=UTC)
CHOICE = ChoiceText(
    site="https://zholdama.example",
    hold_id="h",
    application_id="a",
    place_id="p",
    organisation=Both("«№ 145 арнайы бөбекжай» КММ", "КГУ «Ясли-сад № 145»"),
    address=Both("Сейфуллин даңғылы, 188А", "проспект Сейфуллина, 188А"),
    language="kk",
    opened_at=AT,
    expires_at=AT + timedelta(minutes=20),
    nonce="00ff",
    policy_version="almaty@2018-05-15",
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=40)


def test_the_question_of_the_guide_stands_in_both_languages() -> None:
    root = etree.fromstring(canonical(CHOICE))
    asked = [each.text for each in root.iter(f"{{{NAMESPACE}}}question")]
    kk, ru = asked
    assert kk == (
        "Сіз шын мәнінде мектепалды ұйымға жолдама алғыңыз келе ме "
        "(«№ 145 арнайы бөбекжай» КММ, Сейфуллин даңғылы, 188А, Оқыту тілі - Қазақша)?"
    )
    assert ru == (
        "Вы действительно хотите получить направление в дошкольную организацию "
        "(КГУ «Ясли-сад № 145», проспект Сейфуллина, 188А, Язык обучения - Казахский)?"
    )


@given(words, words)
def test_the_octets_are_canonical_whatever_stands_in_a_name(name: str, nonce: str) -> None:
    octets = canonical(replace(CHOICE, organisation=Both(name, name), nonce=nonce))
    assert etree.tostring(etree.fromstring(octets), method="c14n") == octets


@given(words, words)
def test_two_different_choices_never_share_their_octets(first: str, second: str) -> None:
    one, other = (canonical(replace(CHOICE, place_id=place)) for place in (first, second))
    assert (one == other) == (first == second)


def test_a_time_is_written_to_the_millisecond_in_utc() -> None:
    assert b"<opened>2026-11-24T06:00:00.123Z</opened><expires>2026-11-24T06:20:00.123Z</expires>" in canonical(CHOICE)
