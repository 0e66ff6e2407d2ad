"""Invented people, one authority and one referral for the tests of this service."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from doubles.nca.authority import TestAuthority
from doubles.nca.iin import make_iin
from services.referral.documents.authority import Authority, load_authority
from services.referral.documents.content import OrganisationCard, PersonCard, ReferralContent
from services.referral.documents.words import Both

Serving = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[str]]

PASSWORD = "invented password"


@pytest.fixture(scope="session")
def nca() -> TestAuthority:
    """A test certification authority in memory, on real time."""
    return TestAuthority()


@pytest.fixture(scope="session")
def authority_files(nca: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A secrets folder with the department's key store and its password, and the anchors."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "department.p12").write_bytes(nca.city_department().pkcs12(PASSWORD, nca.anchors))
    (folder / "department.password").write_text(PASSWORD + "\n", encoding="utf-8")
    nca.write_anchors(folder / "anchors")
    return folder


@pytest.fixture(scope="session")
def authority(authority_files: Path) -> Authority:
    """The department's key as the service loads it."""
    return load_authority(authority_files / "department.p12", authority_files / "department.password")


@pytest.fixture
def content(authority: Authority) -> ReferralContent:
    """A referral of an invented child, with every Kazakh letter in it."""
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
        signatory=authority.signatory(),
        sample=True,
    )


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Serves an application on a free port; the address is what the block is given."""

    @contextlib.asynccontextmanager
    async def serving(app: FastAPI) -> AsyncIterator[str]:
        """Serves an application on a free port."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
            running = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            await running

    return serving
