"""A referral of an invented child, with every Kazakh letter in it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from doubles.nca.iin import make_iin
from services.referral.documents.content import OrganisationCard, PersonCard, ReferralContent, Signatory
from services.referral.documents.words import Both


def specimen(signatory: Signatory) -> ReferralContent:
    """The content that documents are made of in tests and benchmarks."""
    child = PersonCard("ӘБДІҒАЛИҚЫЗЫ", "Үміт-Нұр", "Ғаниқызы", make_iin(date(2021, 5, 13), female=True, serial=1), None)
    parent = PersonCard("ӘБДІҒАЛИЕВА", "Айгүл", "Һәкімқызы", make_iin(date(1990, 3, 4), female=True, serial=2), None)
    return ReferralContent(
        referral_id="5d2f3a52-7a0f-5b35-9a0e-1f0b7a3c0001",
        number="ALM-2026-000145",
        issued_at=datetime(2026, 11, 24, 6, 3, 4, 123000, tzinfo=UTC),
        last_day=date(2026, 12, 1),
        issuer=Both("Алматы қаласы Білім басқармасы", "Управление образования города Алматы"),
        legal_basis=Both("Негізі: қағидалар", "Основание: правила"),
        child=replace(child, birth_date=date(2021, 5, 13)),
        applicant=parent,
        organisation=OrganisationCard(
            name=Both("«№ 145 арнайы бөбекжай» КММ", "КГУ «Специальный ясли-сад № 145»"),
            bin="000740000728",
            kind=Both("Түзету балабақшасы", "Коррекционный детский сад"),
            address=Both("Сейфуллин даңғылы, 188А", "проспект Сейфуллина, 188А"),
            district="TURKSIB",
            phones=("+7 727 200 00 00",),
            website="145.example.kz",
        ),
        place_id="5d2f3a52-7a0f-4b35-9a0e-1f0b7a3c0002",
        place_type="GENERAL_USE",
        teaching="kk",
        category="SPEECH",
        group_year=2021,
        application_id="5d2f3a52-7a0f-4b35-9a0e-1f0b7a3c0003",
        application_number="KDDO.2021.802010.1",
        registered_at=datetime(2021, 5, 13, 6, 17, 4, tzinfo=UTC),
        queue_number=364,
        mode="PRIORITY",
        choice_signed_at=datetime(2026, 11, 24, 6, 3, 2, tzinfo=UTC),
        choice_sha256="ab" * 32,
        stop_list_days=10,
        policy_version="almaty@2018-05-15",
        check_url="https://zholdama.example/check/ALM-2026-000145?code=7KQ2-M4XD",
        check_code="7KQ2-M4XD",
        signatory=signatory,
        sample=True,
    )
