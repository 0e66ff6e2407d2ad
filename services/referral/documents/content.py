"""What a referral says, before it is drawn: one value from which the PDF and its XML twin are both made."""

from dataclasses import dataclass
from datetime import date, datetime

from services.referral.documents.words import (
    Both,
    category_name,
    day_and_hour,
    district_name,
    language_name,
    mode_name,
    place_type_name,
    same,
    short_day,
)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as the vault of auth knows them; only ever held in memory and in sealed documents."""

    surname: str
    given: str
    patronymic: str
    iin: str
    birth_date: date | None

    @property
    def full_name(self) -> str:
        """Surname first, as on the paper form."""
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)

    @property
    def initials(self) -> str:
        """All that the public check may show of a name (R45)."""
        return " ".join(f"{part[0]}." for part in (self.surname, self.given, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """The preschool that the child is sent to."""

    name: Both
    bin: str | None
    kind: Both
    address: Both
    district: str
    phones: tuple[str, ...]
    website: str | None


@dataclass(frozen=True, slots=True)
class Signatory:
    """The authority's certificate, as it is named in the signature block."""

    owner: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class ReferralContent:
    """All fields of the document. Times are aware UTC; `last_day` is the last valid day in Almaty, included (R33)."""

    referral_id: str
    number: str
    issued_at: datetime
    last_day: date
    issuer: Both
    legal_basis: Both
    child: PersonCard
    applicant: PersonCard
    organisation: OrganisationCard
    place_id: str
    place_type: str
    teaching: str
    category: str
    group_year: int
    application_id: str
    application_number: str | None
    registered_at: datetime | None
    queue_number: int | None
    mode: str
    choice_signed_at: datetime
    choice_sha256: str
    stop_list_days: int
    policy_version: str
    check_url: str
    check_code: str
    signatory: Signatory
    sample: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One printed field: its name and its value in both languages."""

    label: Both
    value: Both


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields under one heading."""

    heading: Both
    lines: tuple[Line, ...]


def sections(content: ReferralContent) -> tuple[Section, ...]:
    """The printed fields in the order of the paper form; a field nobody knows is left out rather than left blank."""
    return (
        Section(Both("Бала", "Ребёнок"), _child(content)),
        Section(Both("Мектепке дейінгі ұйым", "Дошкольная организация"), _organisation(content)),
        Section(Both("Өтініш", "Заявление"), _application(content)),
    )


def _child(content: ReferralContent) -> tuple[Line, ...]:
    child = content.child
    born = Line(Both("Туған күні", "Дата рождения"), same(short_day(child.birth_date))) if child.birth_date else None
    return _known(
        Line(Both("Тегі, аты-жөні", "ФИО"), same(child.full_name)) if child.full_name else None,
        Line(Both("ЖСН", "ИИН"), same(child.iin)),
        born,
    )


def _organisation(content: ReferralContent) -> tuple[Line, ...]:
    card = content.organisation
    reach = (*card.phones, card.website) if card.website else card.phones
    return _known(
        Line(Both("Атауы", "Наименование"), card.name),
        Line(Both("БСН", "БИН"), same(card.bin)) if card.bin else None,
        Line(Both("Түрі", "Тип"), card.kind),
        Line(Both("Мекенжайы", "Адрес"), card.address),
        Line(Both("Ауданы", "Район"), district_name(card.district)),
        Line(Both("Байланыс", "Связь"), same(" · ".join(reach))) if reach else None,
        Line(Both("Топтың жылы", "Год группы"), same(str(content.group_year))),
        Line(Both("Санаты", "Категория"), category_name(content.category)),
        Line(Both("Оқыту тілі", "Язык обучения"), language_name(content.teaching)),
        Line(Both("Орын түрі", "Тип места"), place_type_name(content.place_type)),
    )


def _application(content: ReferralContent) -> tuple[Line, ...]:
    number, registered, place = content.application_number, content.registered_at, content.queue_number
    applicant = content.applicant.full_name
    return _known(
        Line(Both("Өтініш беруші", "Заявитель"), same(applicant)) if applicant else None,
        Line(Both("Өтініш нөмірі", "Номер заявления"), same(number)) if number else None,
        Line(Both("Тіркелген күні", "Дата регистрации"), same(day_and_hour(registered))) if registered else None,
        Line(Both("Кезек нөмірі*", "Номер очереди*"), same(str(place))) if place else None,
        Line(Both("Орын берілуі", "Место получено"), mode_name(content.mode)),
        Line(Both("Қол қойылды", "Выбор подписан"), same(day_and_hour(content.choice_signed_at))),
    )


def _known(*lines: Line | None) -> tuple[Line, ...]:
    return tuple(line for line in lines if line is not None)
