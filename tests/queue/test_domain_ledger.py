"""The ledger that anybody can check and nobody can read a child from."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.queue.cli import commands
from services.queue.domain.ledger import merkle
from services.queue.domain.ledger.anonymity import (
    HIDDEN,
    PROTOCOL_LEVELS,
    QUEUE_COLUMNS,
    QUEUE_LEVELS,
    anonymised,
    manifest,
    table,
)
from services.queue.domain.ledger.days import (
    BEGINNING,
    CHUNK,
    Day,
    Proof,
    closed,
    leaf_of,
    path_of,
    proves,
    row_fields,
    unbroken,
)
from services.queue.domain.ledger.decisions import Decision, Did, Place
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status, StreamId
from services.queue.usecases.desk import Desk

VERIFIER = Path(__file__).parents[2] / "examples" / "verifier" / "verify_ledger.py"
BEGUN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
K = 5


def row(n: int, application_id: str = "a-child-of-ours") -> Decision:
    return Decision(
        stream_id=StreamId("almaty:correctional:SPEECH:2021"),
        sequence=n,
        at=BEGUN + timedelta(seconds=n),
        did=Did.ENTERED,
        rules="almaty@2018-05-15",
        salt=f"{n:032x}",
        application_id=ApplicationId(application_id),
        place=Place(PrivilegeClass.GENERAL, BEGUN, n),
        status=Status.QUEUED,
    )


def test_the_tree_is_that_of_rfc_6962() -> None:
    """The vectors of the Certificate Transparency project's own test suite."""
    inputs = [
        "", "00", "10", "2021", "3031", "40414243",
        "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]  # fmt: skip
    leaves = [merkle.leaf(bytes.fromhex(each)) for each in inputs]

    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle.root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(1, 70), st.data())
@settings(max_examples=80, deadline=None)
def test_every_leaf_is_proved_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(size)]
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    way = merkle.path(index, leaves)

    assert merkle.root_by(leaves[index], index, size, way) == merkle.root(leaves)
    if other != index:
        assert merkle.root_by(leaves[other], index, size, way) != merkle.root(leaves)
        assert merkle.root_by(leaves[index], other, size, way) != merkle.root(leaves)


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5, 5 * CHUNK])
def test_the_tree_over_chunks_is_the_tree_over_leaves(size: int) -> None:
    leaves = [sha256(n.to_bytes(4, "big")).digest() for n in range(size)]
    chunks = [leaves[at : at + CHUNK] for at in range(0, size, CHUNK)]
    heads = [merkle.root(chunk) for chunk in chunks]

    assert merkle.root(heads) == merkle.root(leaves)
    for index in (0, size // 2, size - 1):
        way = [bytes.fromhex(each) for each in path_of(index, chunks[index // CHUNK], heads)]
        assert merkle.root_by(leaves[index], index, size, way) == merkle.root(leaves)


@pytest.fixture
def published(tmp_path: Path) -> tuple[Path, Path, dict[str, Any]]:
    """Two closed days and the rows of one family, as files."""
    days, rows, previous = [], [], BEGINNING
    for number, day in enumerate(("2026-12-01", "2026-12-02")):
        of_day = [row(number * 20 + n, "a-child-of-ours" if n == 4 else f"other-{n}") for n in range(11)]
        leaves = [leaf_of(each) for each in of_day]
        head = closed(day, len(leaves), merkle.root(leaves), manifest([]), previous)
        proof = Proof(day, 4, len(leaves), path_of(4, leaves, [merkle.root(leaves)]))
        told = {name: value for name, value in row_fields(of_day[4]).items() if value is not None}
        assert proves(head, told, proof)
        assert not proves(head, told | {"serial": 1}, proof)
        assert not proves(head, told, replace(proof, path=("none",)))
        rows.append({"row": told, "proof": asdict(proof)})
        days.append(head)
        previous = head.chain
    assert unbroken(days)
    ledger, proof_file = tmp_path / "ledger.json", tmp_path / "rows.json"
    given = {"application_id": "a-child-of-ours", "rows": rows}
    ledger.write_text(json.dumps({"days": [asdict(each) for each in days]}))
    proof_file.write_text(json.dumps(given))
    return ledger, proof_file, given


@asynccontextmanager
async def closed_office() -> AsyncIterator[tuple[Desk, datetime]]:
    """Nobody may open it."""
    raise AssertionError
    yield


def verify(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The stand-alone verifier, with nothing but the standard library and the files."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_the_verifier_proves_a_familys_rows_and_refuses_a_changed_one(
    published: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    ledger, proof, given = published
    good = verify(ledger, "--proof", proof, "--before", ledger)
    assert (good.returncode, good.stdout.count("\n")) == (0, 3), good.stdout + good.stderr
    assert "2 of 2 rows are in the ledger" in good.stdout

    given["rows"][1]["row"]["registered_at"] = "2020-01-01T00:00:00.000Z"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(given))
    bad = verify(ledger, "--proof", changed)

    for told, ends in ((proof, 0), (changed, 1)):
        own = CliRunner().invoke(
            commands(closed_office, lambda: BEGUN), ["verify-ledger", str(ledger), "--proof", str(told)]
        )
        assert own.exit_code == ends, own.output
    assert bad.returncode == 1
    assert "WRONG: row 24: it is not in the ledger of 2026-12-02" in bad.stdout


@pytest.mark.parametrize("field", ["size", "root", "manifest", "previous", "day"])
def test_the_verifier_refuses_a_changed_day(published: tuple[Path, Path, dict[str, Any]], field: str) -> None:
    ledger, _, _ = published
    told = json.loads(ledger.read_text())
    told["days"][0][field] = 12 if field == "size" else "0" * 63 + "1"
    days = [Day(**each) for each in told["days"]]

    assert not unbroken(days)
    if field == "root":
        ledger.write_text(json.dumps(told))
        assert verify(ledger).returncode == 1


def test_the_verifier_refuses_a_file_that_was_not_published(tmp_path: Path) -> None:
    text = table(QUEUE_COLUMNS, [("G", "QUEUED", "2026")] * K)
    listed = manifest([("queue.csv", text)])
    (tmp_path / "manifest").write_bytes(listed)
    (tmp_path / "queue.csv").write_text(text)
    day = closed("2026-12-01", 0, merkle.root([]), listed, BEGINNING)
    (tmp_path / "ledger.json").write_text(json.dumps({"days": [asdict(day)]}))
    arguments = (tmp_path / "ledger.json", "--manifest", tmp_path / "manifest", tmp_path / "queue.csv")
    assert verify(*arguments).returncode == 0

    (tmp_path / "queue.csv").write_text(text.replace("G", "E"))

    assert verify(*arguments).returncode == 1


CELLS = st.lists(
    st.tuples(st.sampled_from("EPGGG"), st.sampled_from(["QUEUED", "NOTIFIED"]), st.dates(max_value=BEGUN.date())),
    max_size=60,
)


@given(CELLS)
@settings(max_examples=200, deadline=None)
def test_no_published_cell_holds_fewer_than_five(drawn: list[tuple[str, str, Any]]) -> None:
    cells = [(letter, status, day.isoformat()) for letter, status, day in drawn]

    for levels in (QUEUE_LEVELS, PROTOCOL_LEVELS):
        shown = anonymised(cells, levels, K)
        assert len(shown) == (len(cells) if len(cells) >= K else 0)
        assert all(count >= K for count in Counter(shown).values())


@given(st.lists(st.tuples(st.sampled_from(["2026-01-05", "2026-02-05", "2025-03-01"]), st.integers(0, 9)), max_size=40))
@settings(max_examples=100, deadline=None)
def test_behind_every_cell_stand_so_many_children_however_many_rows_each_has(drawn: list[tuple[str, int]]) -> None:
    cells, children = [(day, "PRIORITY", "o1") for day, _ in drawn], [str(child) for _, child in drawn]

    shown = anonymised(cells, PROTOCOL_LEVELS, K, children)

    assert len(shown) == (len(cells) if len(set(children)) >= K else 0)
    behind: dict[tuple[str, ...], set[str]] = {}
    for cell, child in zip(shown, children, strict=False):
        behind.setdefault(cell, set()).add(child)
    assert all(len(each) >= K for each in behind.values())


def test_one_child_with_five_referrals_is_not_published() -> None:
    assert anonymised([("2026-01-05", "PRIORITY", "o1")] * K, PROTOCOL_LEVELS, K, ["c1"] * K) == []


def test_a_few_extraordinary_among_many_do_not_stand_out() -> None:
    cells = (
        [("E", "QUEUED", "2026-01-05")] * 2 + [("G", "QUEUED", "2026-01-05")] * 7 + [("P", "QUEUED", "2026-03-01")] * 5
    )

    shown = anonymised(cells, QUEUE_LEVELS, K)

    assert shown[:2] == [(HIDDEN, HIDDEN, HIDDEN)] * 2
    assert Counter(shown)[(HIDDEN, HIDDEN, HIDDEN)] >= K
    assert ("G", "QUEUED", "2026-01") in shown
    assert anonymised(cells[:4], QUEUE_LEVELS, K) == []


def test_the_largest_cells_stay_as_fine_as_they_may() -> None:
    cells = [("G", "QUEUED", f"2025-{month:02}-01") for month in (1, 1, 1, 1, 1, 2, 3, 4, 5, 6)]

    shown = anonymised(cells, QUEUE_LEVELS, K)

    assert shown == [("G", "QUEUED", "2025-01")] * 5 + [("G", "QUEUED", "2025")] * 5
    assert table(QUEUE_COLUMNS, shown).splitlines()[:2] == [
        "number,privilege_class,status,registered",
        "1,G,QUEUED,2025-01",
    ]
