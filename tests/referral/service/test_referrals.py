"""From a taken place to a signed referral, on real engines."""

import asyncio
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts import vacancy
from contracts.fields import Status
from services.chassis.testing import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFERRAL = "zholdama.referral.referral.v1"


async def said(house: Any, family: Any, *types: str) -> list[Any]:
    """What was said of the family's referrals, once it is as much as is expected."""

    async def enough() -> list[Any]:
        facts = await house.said(REFERRAL, family)
        return facts if len(facts) >= len(types) else []

    facts = await eventually(enough)
    assert [fact.type for fact in facts] == [f"referral.referral.{each}.v1" for each in types]
    return facts


def looked_at(pdf: bytes, folder: Path, root: Path | None) -> tuple[str, str]:
    """What poppler says of the signature, with that root alone, and the text of the page."""
    path, nss = folder / "referral.pdf", f"sql:{folder}"
    path.write_bytes(pdf)
    subprocess.run(["certutil", "-N", "-d", nss, "--empty-password"], check=True)
    if root is not None:
        subprocess.run(["certutil", "-A", "-d", nss, "-n", "root", "-t", "C,C,C", "-i", str(root)], check=True)
    verdict = subprocess.run(["pdfsig", "-no-ocsp", "-nssdir", nss, path], capture_output=True, check=False)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return verdict.stdout.decode(), text.stdout.decode()


async def test_a_taken_place_gives_one_referral_though_everything_comes_twice(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    assert re.fullmatch(r"ALM-20\d\d-\d{6}", referral["referral_number"])
    assert (referral["state"], referral["valid"], referral["mode"]) == ("ISSUED", True, "PRIORITY")
    (fact,) = await said(house, family, "issued")
    assert fact.document_sha256 == referral["document_sha256"]
    assert len(await house.tab(family)) == 1


async def test_it_is_valid_for_five_working_days_after_the_day_of_issue(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    (fact,) = await said(house, family, "issued")
    policy = house.service.frame.settings
    assert policy.policy_profile == "almaty"
    local_end = fact.valid_until.astimezone(fact.valid_until.tzinfo) + timedelta(hours=5)
    assert (local_end.hour, local_end.minute) == (0, 0)
    assert (local_end - timedelta(days=1)).date().isoformat() == referral["last_day"]
    assert timedelta(days=5) < fact.valid_until - fact.issued_at < timedelta(days=16)


async def test_the_pdf_and_its_twin_are_the_authoritys(house: Any, tmp_path: Path, authority_files: Path) -> None:
    family = await house.family()
    referral = await house.issued(family)
    answer = await house.get(family.father, referral["documents"]["pdf"])
    assert answer.headers["content-type"] == "application/pdf"
    again = await house.get(family.father, referral["documents"]["pdf"], **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    root = authority_files / "anchors" / "root.pem"
    verdict, text = await asyncio.to_thread(looked_at, answer.content, tmp_path, root)
    assert "Signature is Valid" in verdict
    assert "Certificate is Trusted" in verdict
    for word in (referral["referral_number"], family.number, "СЫНАҚОВА ҮМІТ СЕРІКҚЫЗЫ", "364"):
        assert word in text
    twin = await house.get(family.mother, referral["documents"]["xml"])
    assert f"<number>{referral['referral_number']}</number>" in twin.text
    assert "SignatureValue" in twin.text


async def test_a_referral_waits_for_auth_and_is_issued_when_it_is_back(house: Any) -> None:
    family = await house.family()
    hold = await house.signed(family)
    house.auth.down = True
    await house.say.vacancy.say(vacancy.TakenV1(**hold), 2)
    assert (await house.state(family, hold["hold_id"], 2))["referral_id"] is None
    assert await house.tab(family) == []
    house.auth.down = False
    assert (await house.state(family, hold["hold_id"], 20))["referral_id"]


async def test_a_taken_that_comes_too_early_is_kept_until_the_choice_is_signed(house: Any) -> None:
    family = await house.family()
    hold = house.hold(family)
    strangers = await settled(house)
    await house.say.vacancy.say(vacancy.TakenV1(**hold), 2)

    async def parked() -> bool:
        return bool((await house.service.frame.parking.waiting())[0] == strangers + 1)

    await eventually(parked)
    await house.say.vacancy.say(vacancy.HeldV1(**hold), 1)
    assert (await house.state_when_open(family, hold["hold_id"]))["state"] == "OPEN"
    await house.sign(family, hold["hold_id"])
    assert (await house.state(family, hold["hold_id"], 20))["referral_id"]

    async def called_for() -> bool:
        return bool((await house.service.frame.parking.waiting())[0] == strangers)

    await eventually(called_for)


async def settled(house: Any) -> int:
    """How many facts of other stories wait here, once their number stands still."""
    count, before = (await house.service.frame.parking.waiting())[0], -1
    while count != before:
        await asyncio.sleep(0.5)
        before, count = count, (await house.service.frame.parking.waiting())[0]
    return int(count)


async def test_a_family_that_left_the_queue_meanwhile_has_its_referral_returned_at_once(house: Any) -> None:
    family = await house.family()
    hold = await house.signed(family)
    await house.application(family, Status.REMOVED, 2)

    async def heard() -> bool:
        known = await house.service.frame.database.projections("applications").get(family.application_id)
        return bool(known and known["application"]["status"] == "REMOVED")

    await eventually(heard)
    await house.say.vacancy.say(vacancy.TakenV1(**hold), 2, times=2)
    await said(house, family, "issued", "returned")


async def test_a_referral_already_out_is_returned_when_the_family_leaves_the_queue(house: Any) -> None:
    family = await house.family()
    await house.issued(family)
    await house.application(family, Status.REMOVED, 2)
    await said(house, family, "issued", "returned")


async def test_a_returned_referral_frees_the_child_for_another_one(house: Any) -> None:
    family = await house.family()
    first = await house.issued(family)
    path = f"/referrals/{first['referral_id']}:return"
    answers = [await house.post(family.mother, path) for _ in range(2)]
    assert [(each.status_code, each.json()["state"]) for each in answers] == [(200, "RETURNED")] * 2
    second = await house.issued(family)
    assert second["referral_number"] != first["referral_number"]
    await said(house, family, "issued", "returned", "issued")
    assert [each["state"] for each in await house.tab(family)] in (["ISSUED", "RETURNED"], ["RETURNED", "ISSUED"])


@pytest.mark.parametrize("door", ["tab", "pdf", "xml", "return"])
async def test_a_stranger_cannot_tell_that_a_referral_exists(house: Any, door: str) -> None:
    family = await house.family()
    referral = await house.issued(family)
    stranger = str(uuid4())
    paths = {
        "tab": f"/applications/{family.application_id}/documents",
        "pdf": referral["documents"]["pdf"],
        "xml": referral["documents"]["xml"],
        "return": f"/referrals/{referral['referral_id']}:return",
    }
    ask = house.post if door == "return" else house.get
    answer = await ask(stranger, paths[door])
    assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_REFERRAL")
    assert answer.json()["detail"] == "There is no such referral, or it is not shown to you."


async def test_the_public_check_shows_the_child_only_to_whoever_holds_the_paper(house: Any, tmp_path: Path) -> None:
    family = await house.family()
    referral = await house.issued(family)
    pdf = (await house.get(family.mother, referral["documents"]["pdf"])).content
    _, text = await asyncio.to_thread(looked_at, pdf, tmp_path, None)
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", text)
    assert code is not None
    client, path = house.service.client, f"/check/{referral['referral_number']}"
    anybody = (await client.get(path)).json()
    holder = (await client.get(path, params={"code": code.group()})).json()
    assert (anybody["valid"], anybody["child_initials"], anybody["child_birth_year"]) == (True, None, None)
    assert (holder["child_initials"], holder["child_birth_year"]) == ("С. Ү. С.", 2021)
    assert set(holder) == set(anybody)
    assert "СЫНАҚОВА" not in str(holder)
    unknown = await client.get("/check/ALM-2026-999999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NO_SUCH_REFERRAL")


async def test_it_is_no_longer_valid_after_its_last_day(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    (fact,) = await said(house, family, "issued")
    house.clock.move(fact.valid_until - house.clock.now())
    checked = (await house.service.client.get(f"/check/{referral['referral_number']}")).json()
    assert checked["valid"] is False
    refused = await house.post(family.mother, f"/referrals/{referral['referral_id']}:return")
    assert (refused.status_code, refused.json()["code"]) == (409, "REFERRAL_OVER")
    assert refused.json()["detail"] == "The referral is no longer valid and cannot be returned."


async def test_nothing_readable_of_a_person_lies_in_the_database(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    database = house.service.frame.database
    raw = [
        await database.records("documents").get(f"{referral['referral_id']}:{kind}") for kind in ("pdf", "xml", "check")
    ]
    raw.append(await database.records("referrals").get(referral["referral_id"]))
    for document in raw:
        assert document is not None
        for word in ("СЫНАҚОВА", house.auth.cards[family.child_id]["iin"]):
            assert word.encode() not in repr(document).encode()
            assert word.encode() not in bytes(document.get("box", b""))


async def test_who_looked_at_the_documents_is_told_to_auth_once_a_session(house: Any) -> None:
    family = await house.family()
    referral = await house.issued(family)
    for _ in range(2):
        await house.get(family.father, referral["documents"]["pdf"])

    async def told() -> list[Any]:
        told = house.told("zholdama.referral.access.v1")
        return [each for _, each in told if each.reader_id == family.father and each.why == "document_pdf"]

    (fact,) = await eventually(told)
    assert fact.child_ids == (family.child_id,)


async def test_numbers_are_never_given_twice_under_pressure(house: Any) -> None:
    numbers = house.service.frame.database.counters("numbers")
    now = house.clock.now()
    given = await asyncio.gather(*(numbers.next("TST-2026", at=now) for _ in range(50)))
    assert sorted(serial for serial, _ in given) == list(range(1, 51))


async def test_the_same_hold_never_gives_two_referrals_however_many_take_part(house: Any) -> None:
    family = await house.family()
    hold = await house.signed(family)
    taken = vacancy.TakenV1(**hold)
    for sequence in (2, 3, 4):
        await house.say.vacancy.say(taken, sequence, times=2)
    assert (await house.state(family, hold["hold_id"], 20))["referral_id"]
    await said(house, family, "issued")
    assert len(await house.tab(family)) == 1


async def test_a_number_that_was_given_before_is_passed_over(house: Any) -> None:
    first = await house.issued(await house.family())
    used = int(first["referral_number"][-6:])
    stored = await house.service.parts.aggregates[1].get(first["referral_id"])
    taken = f"{first['referral_number'][:-6]}{used + 1:06d}"
    other = str(uuid4())
    squatter = replace(stored.state, referral_id=other, referral_number=taken, active_child=None)
    await house.service.parts.aggregates[1].add(other, squatter, at=house.clock.now())
    second = await house.issued(await house.family())
    assert int(second["referral_number"][-6:]) > used + 1
