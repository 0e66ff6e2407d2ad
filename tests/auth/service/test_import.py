"""The operator's commands, in a process of their own as an operator runs them."""

import asyncio
import csv
import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest

from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.usecases.families import families
from services.auth.usecases.importing import Imported, import_families
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_persons import store_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

BORN = date(2020, 9, 1)
COLUMNS = (
    "child_iin,child_surname,child_given,child_patronymic,child_birth_date,"
    "guardian_iin,guardian_surname,guardian_given,guardian_patronymic,guardian_phone,guardian_email,language"
)


def environment(auth: Auth) -> dict[str, str]:
    settings = auth.settings
    told = {
        "PROFILE": "test",
        "PORT": "1",
        "MONGO_URL": settings.mongo_url.get_secret_value(),
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "KAFKA_USERNAME": settings.kafka_username,
        "KAFKA_PASSWORD": settings.kafka_password.get_secret_value(),
        "KAFKA_SECURITY": "SASL_PLAINTEXT",
        "AUTH_URL": settings.auth_url,
        "SERVICE_SECRET": "x",
        "SECRETS_DIR": str(settings.secrets_dir),
        "SITE": settings.site,
        "NCA_ANCHORS": str(settings.nca_anchors),
        "OCSP_URL": str(settings.ocsp_url),
        "CRL_URL": str(settings.crl_url),
        "SERVICE_DIGESTS": json.dumps(settings.service_digests),
    }
    return {"PATH": os.environ["PATH"]} | {f"ZHOLDAMA_{name}": value for name, value in told.items()}


async def command(
    auth: Auth, *arguments: str, given: str = "", told: dict[str, str] | None = None
) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.auth",
        *arguments,
        env=environment(auth) | (told or {}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode())
    return process.returncode or 0, out.decode(), err.decode()


def invented(count: int) -> list[str]:
    rows = []
    for number in range(count):
        child = make_iin(BORN, female=bool(number % 2), serial=1 + number * 7)
        guardian = make_iin(date(1990, 3, 3), female=True, serial=1 + (number // 2) * 7)
        rows.append(
            f"{child},ҮЛГІБАЕВ,БАЛА{number},,{BORN.isoformat()},{guardian},ҮЛГІБАЕВА,АНА{number // 2},,"
            f"+7701{number // 2:07d},family{number // 2}@example.kz,{'kk' if number % 3 else 'ru'}"
        )
    return rows


async def imported(auth: Auth, folder: Path, rows: list[str]) -> tuple[list[dict[str, str]], str]:
    file, out = folder / "people.csv", folder / "ids.csv"
    file.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
    code, said, complaint = await command(auth, "import-people", str(file), "--out", str(out))
    assert code == 0, complaint
    with out.open() as text:
        return list(csv.DictReader(text)), said + complaint + out.read_text()


async def test_families_are_taken_over_and_again_without_change(auth: Auth, tmp_path: Path) -> None:
    rows = invented(120)
    first, told = await imported(auth, tmp_path, rows)
    assert len({one["child_id"] for one in first}) == 120
    assert len({one["guardian_ids"] for one in first}) == 60
    assert first[0]["birth_date"] == "2020-09-01"
    again, _ = await imported(auth, tmp_path, rows)
    assert again == first
    for word in ("ҮЛГІБАЕВ", "family1@", "+7701", rows[0].split(",")[0], rows[5].split(",")[5]):
        assert word not in told


async def taken_over(auth: Auth, rows: list[str], columns: str = COLUMNS) -> list[Imported]:
    """The same in this process."""
    lines = csv.DictReader([columns, *rows])
    return await import_families(store_of(auth), list(families(lines.fieldnames or (), lines)), NOW)


async def test_a_second_guardian_joins_the_first(auth: Auth) -> None:
    row = invented(1)[0]
    father = make_iin(date(1989, 3, 3), female=False, serial=400)
    both = await taken_over(auth, [row, row.replace(row.split(",")[5], father)])
    assert len(both[0].guardian_ids) in {1, 2}
    assert len((await taken_over(auth, [row]))[0].guardian_ids) == 2


async def test_an_imported_guardian_logs_in_as_the_same_person(auth: Auth) -> None:
    row = invented(3)[2]
    (taken,) = await taken_over(auth, [row])
    person_id, headers = await auth.member(Subject(row.split(",")[5], "ҮЛГІБАЕВА", "АНА1"))
    assert person_id in taken.guardian_ids
    me = (await auth.client.get("/me", headers=headers)).json()
    assert taken.child_id in [child["person_id"] for child in me["children"]]


async def test_contacts_of_a_paper_never_overwrite_a_persons_own_word(auth: Auth) -> None:
    row = invented(5)[4]
    await auth.member(Subject(row.split(",")[5], "ҮЛГІБАЕВА", "АНА2"), email="own@example.kz")
    (taken,) = await taken_over(auth, [row])
    told = await auth.client.get(f"/children/{taken.child_id}:contacts", headers=await auth.as_service("notify"))
    assert [one["emails"] for one in told.json()] == [["own@example.kz"]]


async def test_a_clerk_is_given_the_role_before_the_first_login(auth: Auth) -> None:
    iin = make_iin(date(1980, 6, 6), female=True, serial=900)
    code, said, complaint = await command(auth, "grant-role", "clerk", "--iin-file", "-", given=iin)
    assert code == 0, complaint
    told = await auth.enter(Subject(iin, "ҚЫЗМЕТКЕР", "АДАМ"))
    assert said.strip() == told["person_id"]
    me = await auth.client.get("/me", headers={"Authorization": f"Bearer {told['access_token']}"})
    assert (me.json()["roles"], me.json()["surname"]) == (["clerk"], "ҚЫЗМЕТКЕР")


async def test_the_chains_are_walked_and_found_whole(auth: Auth) -> None:
    code, said, _ = await command(auth, "check-access-log")
    assert code == 0, said
    assert "queue: " in said


async def test_the_guardians_are_said_again_for_newcomers(auth: Auth) -> None:
    code, said, complaint = await command(auth, "announce")
    assert code == 0, complaint
    assert int(said.split()[0]) >= 1


async def test_what_is_missing_is_said_in_one_sentence(auth: Auth, tmp_path: Path) -> None:
    production = {"ZHOLDAMA_PROFILE": "production", "ZHOLDAMA_SECRETS_DIR": str(tmp_path / "empty")}
    code, _, complaint = await command(auth, "announce", told=production)
    assert code == 1
    assert complaint.strip().splitlines() == [
        f"auth cannot start: {tmp_path / 'empty' / 'vault/k1.key'} is missing; `make-secrets` makes it"
    ]
    assert (await command(auth, "make-secrets", told=production))[0] == 0
    code, _, complaint = await command(auth, "announce", told=production | {"ZHOLDAMA_NCA_ANCHORS": str(tmp_path)})
    assert code == 1
    assert complaint.startswith("auth cannot start: there is no root certificate")
