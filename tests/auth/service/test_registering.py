"""Guardians from a list of the register: row by row, whole rows, as often as it takes."""

import csv
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.auth.cli import commands
from services.auth.domain.guardianship import Basis
from services.auth.domain.ids import ChildId
from services.auth.domain.iin import Iin
from services.auth.store import Store
from services.auth.usecases.registering import Outcome, pairs, register
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_import import command
from tests.auth.service.test_persons import child, file, store_of
from tests.auth.service.test_roles import somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLUMNS = "guardian_iin,child_iin,guardian_surname,guardian_given"


async def test_each_row_is_told_and_a_faulty_one_changes_nothing(auth: Auth, tmp_path: Path) -> None:
    mother, headers = await auth.member()
    iin, named = child(8800)
    await file(auth, headers, iin, named)
    father, unknown, store = somebody(880).iin, child(8900)[0], store_of(auth)
    list_file = tmp_path / "guardians.csv"
    rows = [
        f"{father},{iin},ӘКЕСІ,АДАМ",
        f"{father},{iin},,",
        f"123,{iin},,",
        f"{father},{unknown},,",
        f"{iin},{iin},,",
    ]
    list_file.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
    told = ["NO_SUCH_CHILD", "GUARDIAN_IS_THE_CHILD"]

    with list_file.open(encoding="utf-8") as text:
        looked_at = [await register(store, each, NOW, dry=True) for each in pairs(csv.DictReader(text))]
    assert looked_at == ["LINKED", "LINKED", "IIN_INVALID", *told]
    assert await store.vault.by_iin(Iin(father)) is None

    code, said, complaint = await command(auth, "import-guardians", str(list_file))
    assert (code, outcomes(said)) == (1, ["LINKED", "LINKED_BEFORE", "IIN_INVALID", *told]), complaint
    assert father not in said + complaint
    assert iin not in said + complaint
    found = await store.vault.by_iin(Iin(father))
    known = await store.vault.by_iin(Iin(iin))
    assert found is not None
    assert known is not None
    assert store.vault.identity(found.state).surname == "ӘКЕСІ"
    guardianship = await store.guardianships.get(known.id)
    assert guardianship is not None
    assert set(guardianship.state.guardians) == {mother, found.id}
    assert guardianship.state.history[-1].basis is Basis.REGISTER

    again = list(pairs([{"guardian_iin": father, "child_iin": iin}]))
    assert [await register(store, each, NOW, dry=False) for each in again] == [Outcome.LINKED_BEFORE]
    same = await store.guardianships.get(ChildId(known.id))
    assert same is not None
    assert same.version == guardianship.version


def outcomes(said: str) -> list[str]:
    head, *lines = said.strip().splitlines()
    assert head == "row,outcome"
    assert [line.split(",")[0] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    return [line.split(",")[1] for line in lines]


async def test_a_dry_run_is_an_option_and_a_list_without_its_columns_is_refused_whole(tmp_path: Path) -> None:
    list_file = tmp_path / "other.csv"
    list_file.write_text("guardian\n1\n")
    result = CliRunner().invoke(commands(nothing_is_opened), ["import-guardians", str(list_file), "--dry-run"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip() == "these columns are missing: guardian_iin, child_iin"


def nothing_is_opened() -> AbstractAsyncContextManager[tuple[Store, datetime]]:
    raise AssertionError("the list is looked at first")
