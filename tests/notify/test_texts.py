"""The words: every kind in every language, one SMS segment, nothing that names a child or its health."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, meta

from services.notify.domain import news
from services.notify.domain.message import (
    Kind,
    Language,
    Message,
    MessageId,
    code,
    place_withdrawn,
    referral_issued,
    turn_came,
    turn_prolonged,
)
from services.notify.gateways.texts import LONGEST_SMS_LINK, SMS_SEGMENT, TEMPLATES, Texts, Values, local_moment

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
TEXTS = Texts("https://zholdama.example/kabinet", "z" * LONGEST_SMS_LINK, "1308", ALMATY)
ONE: dict[str, Any] = {"application_id": "a", "child_id": "c", "at": NOW}
FAMILY: dict[str, Any] = {"child_id": "c", "guardians": ("m",), "said_at": NOW, "at": NOW}
PERSON: dict[str, Any] = {"person_id": "m", "at": NOW}
DIGITS = "012345"
LONGEST = {
    Kind.TURN_CAME: turn_came(invitation_id="i", queue_number=99_999, places_open=999, deadline=MIDNIGHT, **ONE),
    Kind.REFERRAL_ISSUED: referral_issued(referral_id="r", referral_number="R" * 32, valid_until=MIDNIGHT, **ONE),
    Kind.TURN_PROLONGED: turn_prolonged(invitation_id="i", outage_id="o", deadline=MIDNIGHT, **ONE),
    Kind.PLACE_WITHDRAWN: place_withdrawn(invitation_id="i", **ONE),
    Kind.CONCLUSION_EXPIRING: news.conclusion_expiring(story="s", said_at=NOW, **ONE),
    Kind.APPEAL_ANSWERED: news.appeal_answered(appeal_id="p", granted=False, said_at=NOW, **ONE),
    Kind.JOIN_ASKED: news.join_asked(request_id="q", **FAMILY),
    Kind.GUARDIAN_LINKED: news.guardian_linked(story="s", **FAMILY),
    Kind.GUARDIAN_UNLINKED: news.guardian_unlinked(story="s", unlinked_id="f", **FAMILY),
    Kind.CONFIRM_CONTACT: news.confirm_contact(confirmation_id="n", expires_at=MIDNIGHT, **PERSON),
    Kind.SIGNED_IN_FROM_NEW_PLACE: news.signed_in_from_new_place(session_id="e", said_at=MIDNIGHT, **PERSON),
    Kind.KEY_EXPIRING: news.key_expiring(valid_until=MIDNIGHT, **PERSON),
}
EVERY = list(product(Kind, Language))
FORBIDDEN = re.compile(
    r"арнайы|түзету|коррекц|специал|сөйлеу|бұзыл|нарушен|кемістіг|диагноз|инвалид|мүгедек|пмпк|ерекше|"
    r"санаты|категори|жсн|иин|аутизм|\b\d{12}\b",
    re.IGNORECASE,
)


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_kind_is_written_in_every_language(kind: Kind, language: Language) -> None:
    name, message = LONGEST[kind]
    text = TEXTS.text(name, message, language, DIGITS)
    assert all((text.subject, text.plain, text.html, text.sms))
    assert "\n" not in text.subject
    assert "\n" not in text.sms


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_an_sms_fits_one_segment_with_the_longest_values(kind: Kind, language: Language) -> None:
    name, message = LONGEST[kind]
    sms = TEXTS.text(name, message, language, DIGITS).sms
    assert len(sms.encode("utf-16-be")) // 2 <= SMS_SEGMENT, sms


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_no_text_speaks_of_health_or_identity(kind: Kind, language: Language) -> None:
    name, message = LONGEST[kind]
    text = TEXTS.text(name, message, language)
    for form in (text.subject, text.plain, text.html, text.sms):
        assert not FORBIDDEN.search(form), FORBIDDEN.search(form)


def test_a_template_can_use_nothing_but_the_closed_list_of_values() -> None:
    allowed = {each.name for each in fields(Values)} | {"subject"}
    nobodys = {"language", "code", "until", "until_short", "queue_number", "places_open", "referral_number"}
    nobodys |= {"happened", "happened_short", "confirmation_code", "granted"}
    assert allowed - {"subject"} == nobodys | {"cabinet_url", "sms_link", "support"}
    for path in TEMPLATES.rglob("*.*"):
        used = meta.find_undeclared_variables(Environment(autoescape=True).parse(path.read_text(encoding="utf-8")))
        assert used <= allowed, path


def test_no_language_has_a_template_that_another_lacks() -> None:
    names = [{path.name for path in (TEMPLATES / language).iterdir()} for language in Language]
    expected = {f"{kind.lower()}.{form}" for kind in Kind for form in ("subject.txt", "txt", "html", "sms.txt")}
    assert all(each == expected for each in names)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_html_can_be_read_aloud(kind: Kind, language: Language) -> None:
    name, message = LONGEST[kind]
    shape = _Shape()
    shape.feed(TEXTS.text(name, message, language).html)
    tags = [tag for tag, _ in shape.tags]
    assert dict(shape.tags)["html"]["lang"] == language
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert "img" not in tags
    assert "table" not in tags
    assert dict(shape.tags)["a"]["href"] == TEXTS.cabinet_url


def test_a_turn_tells_number_places_deadline_and_link() -> None:
    name, message = LONGEST[Kind.TURN_CAME]
    text = TEXTS.text(name, replace(message, queue_number=364, places_open=5), Language.KK)
    for form in (text.plain, text.html):
        assert all(value in form for value in ("364", "5", "26.11.2026 24:00", TEXTS.cabinet_url, code(name)))
    assert all(value in text.sms for value in ("№364", "5 орын", "26.11.26 24:00", TEXTS.sms_link, code(name)))


@pytest.mark.parametrize("language", Language)
def test_a_code_is_told_by_every_way_and_without_the_messages_own_code_beside_it(language: Language) -> None:
    name, message = LONGEST[Kind.CONFIRM_CONTACT]
    text = TEXTS.text(name, message, language, DIGITS)
    for form in (text.subject, text.plain, text.html, text.sms):
        assert DIGITS in form
        assert code(name) not in form
    assert "26.11.2026 24:00" in text.plain


@pytest.mark.parametrize("language", Language)
def test_a_login_from_a_new_place_tells_when_it_was(language: Language) -> None:
    name, message = LONGEST[Kind.SIGNED_IN_FROM_NEW_PLACE]
    text = TEXTS.text(name, message, language)
    assert "27.11.2026 00:00" in text.plain
    assert "27.11.26 00:00" in text.sms


@pytest.mark.parametrize(
    ("language", "granted", "words"),
    [
        (Language.KK, True, "қанағаттандырылды"),
        (Language.KK, False, "қанағаттандырылмады"),
        (Language.RU, True, "алоба удовлетворена"),
        (Language.RU, False, "алоба не удовлетворена"),
        (Language.EN, True, "appeal was granted"),
        (Language.EN, False, "appeal was refused"),
    ],
)
def test_the_answer_to_an_appeal_tells_how_it_was_decided(language: Language, granted: bool, words: str) -> None:
    name, message = LONGEST[Kind.APPEAL_ANSWERED]
    text = TEXTS.text(name, replace(message, granted=granted), language)
    assert all(words in form for form in (text.plain, text.html, text.sms))
    assert len(text.sms) <= SMS_SEGMENT


def test_midnight_is_the_end_of_the_day_and_not_the_beginning_of_the_next() -> None:
    day, hour = local_moment(MIDNIGHT, ALMATY)
    assert (f"{day:%d.%m.%Y}", hour) == ("26.11.2026", "24:00")
    day, hour = local_moment(datetime(2026, 11, 26, 18, 59, tzinfo=UTC), ALMATY)
    assert (f"{day:%d.%m.%Y}", hour) == ("26.11.2026", "23:59")


def test_a_value_cannot_bring_markup_into_the_html() -> None:
    name, message = LONGEST[Kind.REFERRAL_ISSUED]
    html = TEXTS.text(name, replace(message, referral_number="<b>&"), Language.RU).html
    assert "<b>&" not in html


def test_a_link_that_is_too_long_for_one_segment_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="at most"):
        replace(TEXTS, sms_link="z" * (LONGEST_SMS_LINK + 1))


def test_two_messages_that_read_alike_differ_by_their_code() -> None:
    first, second = (
        turn_came(invitation_id=story, queue_number=1, places_open=1, deadline=MIDNIGHT, **ONE) for story in ("i", "j")
    )
    assert TEXTS.text(*first, Language.KK).sms != TEXTS.text(*second, Language.KK).sms


def test_the_code_has_four_plain_signs() -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}", code(MessageId("ffffffff-ffff-ffff-ffff-ffffffffffff")))
    assert isinstance(LONGEST[Kind.TURN_CAME][1], Message)
