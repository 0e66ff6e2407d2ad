"""What a referral's documents say, gathered from what is known here and the two cards of auth."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from services.chassis.policy import Policies
from services.referral.documents.content import OrganisationCard, PersonCard, ReferralContent
from services.referral.documents.words import Both
from services.referral.domain.choice import Choice, PlaceCard
from services.referral.domain.referral import Referral
from services.referral.gateways import Card
from services.referral.settings import ReferralPolicy
from services.referral.store.sealed import Opened
from services.referral.usecases.desk import Desk, rules_at


@dataclass(frozen=True, slots=True)
class CheckCard:
    """What the public check shows of a child to whoever holds the document (R45)."""

    initials: str
    birth_year: int | None
    code: str


def check_card(child: Card, code: str) -> bytes:
    """The card as it is sealed away."""
    year = child.birth_date.year if child.birth_date else None
    return json.dumps(
        {"initials": _person(child).initials, "birth_year": year, "code": code}, ensure_ascii=False
    ).encode()


def read_check(kept: Opened) -> CheckCard:
    """The card as it was sealed away."""
    return CheckCard(**json.loads(kept.content))


async def of(
    desk: Desk, referral: Referral, choice: Choice, people: tuple[Card, Card], check: CheckCard, sha256: str
) -> ReferralContent:
    """The content, `people` being child and signer; rules of the day of issue, so a repeat draws the same document."""
    policy = desk.policy(referral.issued_at)
    application = _group(await desk.store.applications.get(referral.application_id), "application")
    organisation = _group(await desk.store.organisations.get(referral.organisation_id), "organisation")
    url = f"{desk.public_url}/check/{quote(referral.referral_number)}?code={check.code}"
    return ReferralContent(
        referral_id=referral.referral_id,
        number=referral.referral_number,
        issued_at=referral.issued_at,
        last_day=last_day(desk.policies, referral),
        issuer=Both(policy.own.issuer_kk, policy.own.issuer_ru),
        legal_basis=Both(policy.own.legal_basis_kk, policy.own.legal_basis_ru),
        child=_person(people[0]),
        applicant=_person(people[1]),
        organisation=_organisation(choice.place, organisation.get("bin")),
        place_id=referral.place_id,
        place_type=choice.place.place_type,
        teaching=choice.place.language,
        category=choice.place.stream_id.split(":")[2],
        group_year=choice.place.group_year,
        application_id=referral.application_id,
        application_number=application.get("number"),
        registered_at=application.get("registered_at"),
        queue_number=choice.queue_number,
        mode=referral.mode,
        choice_signed_at=choice.closed_at or referral.issued_at,
        choice_sha256=sha256,
        stop_list_days=policy.own.stop_list_days,
        policy_version=policy.version,
        check_url=url,
        check_code=check.code,
        signatory=desk.press.signatory(),
        sample=desk.press.sample,
    )


def valid_until(desk: Desk, issued_at: datetime) -> datetime:
    """24:00 of the last of the working days that a referral issued at this moment is valid (R33)."""
    policy = desk.policy(issued_at)
    calendar = policy.shared.calendar()
    return calendar.end_of(calendar.plus_working_days(calendar.local_day(issued_at), policy.own.referral_days))


def last_day(policies: Policies[ReferralPolicy], referral: Referral) -> date:
    """The last calendar day on which the referral is valid, in the city (R33)."""
    calendar = rules_at(policies, referral.issued_at).shared.calendar()
    return calendar.local_day(referral.valid_until - timedelta(milliseconds=1))


def _person(card: Card) -> PersonCard:
    return PersonCard(card.surname, card.given, card.patronymic, card.iin, card.birth_date)


def _organisation(place: PlaceCard, bin: str | None) -> OrganisationCard:
    return OrganisationCard(
        name=Both(place.name_kk, place.name_ru),
        bin=bin,
        kind=Both(place.kind_kk, place.kind_ru),
        address=Both(place.address_kk, place.address_ru),
        district=place.district,
        phones=place.phones,
        website=place.website,
    )


def _group(document: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    return {} if document is None else document[name]
