"""The office's doors, and the family's where something is signed or appealed against."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI

from contracts import access, queue, referral, vacancy
from services.chassis.testing import eventually
from tests.queue.neighbours import handed_over, hold, invite, referral_of
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

BORN = date(2022, 5, 13)
CLERK, OFFICER = new_id(), new_id()
MIDNIGHT = TUESDAY - timedelta(hours=7)
"""24:00 of Monday 30 November: a referral that was good until then runs out, and 1 December is the first day of a stop."""


@dataclass
class AuthDesk:
    """auth's door for signatures: it judges as it is told, in turn, and then every signature is good."""

    until: datetime
    verdicts: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/service-tokens")
        async def token() -> dict[str, str]:
            return {"access_token": "token", "expires_at": self.until.isoformat()}

        @app.post("/signatures")
        async def signatures(body: dict[str, str]) -> dict[str, Any]:
            self.asked.append(body)
            return {
                "signature_id": str(uuid4()),
                "indication": self.verdicts.pop(0) if self.verdicts else "PASSED",
                "sub_indication": None,
            }

        return app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def auth_desk(office: Office) -> AsyncIterator[AuthDesk]:
    desk = AuthDesk(TUESDAY + timedelta(days=3650))
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", urlsplit(office.served.frame.settings.auth_url).port))
        server = uvicorn.Server(uvicorn.Config(desk.app(), log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield desk
        server.should_exit = True
        await running


@pytest.fixture(autouse=True)
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


async def ask(
    office: Office, path: str, body: dict[str, Any] | None = None, *, role: str = "clerk", method: str = "POST"
) -> httpx.Response:
    """A clerk or an officer at a door of the office."""
    who = {"clerk": CLERK, "officer": OFFICER}.get(role, new_id())
    headers = office.identity.person(who, role)
    return await office.served.client.request(method, f"/office{path}", json=body, headers=headers)


async def done(office: Office, child: Child, deed: str, body: dict[str, Any] | None = None, **how: Any) -> Any:
    answer = await ask(office, f"/applications/{child.application_id}{deed}", body, **how)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def asks(office: Office, child: Child, deed: str, body: dict[str, Any] | None = None, **how: Any) -> Any:
    """The family at a door of its application."""
    headers = office.identity.person(child.guardian)
    path = f"/applications/{child.application_id}{deed}"
    return await office.served.client.request(how.get("method", "POST"), path, json=body, headers=headers)


async def test_a_clerk_files_for_a_family_without_a_key(office: Office) -> None:
    guardian = new_id()
    said = {"purpose": "filing", "child_id": new_id(), "birth_date": BORN.isoformat(), "guardian": guardian}
    body = {
        "statement": office.identity.token("statement", CLERK, **said),
        "queue_type": "CORRECTIONAL",
        "category": "MOTOR",
        "privilege": "SPECIAL_EDUCATIONAL_NEEDS",
        "service_centre_number": "002140517-1",
    }

    answer = await ask(office, "/applications", body)

    assert answer.status_code == 201, answer.text
    card = answer.json()
    assert (card["filed_by"], card["history"][0]["by"], card["privilege"]) == (guardian, "CLERK", None)
    assert (card["service_centre_number"], card["status"]) == ("002140517-1", "QUEUED")
    assert "conclusion" in card["office_actions"]
    (read,) = await office.ears.wait(1, access.QueueRecordReadV1, reader_id=CLERK, why="office")
    assert read.child_ids == (said["child_id"],)
    own = body | {"statement": office.filing(said["child_id"], CLERK, BORN)}
    assert (await ask(office, "/applications", own)).status_code == 403


async def test_the_doors_of_the_office_are_for_its_roles_only(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)
    door = f"/applications/{child.application_id}"
    for role in ("parent", "preschool", "support"):
        assert (await ask(office, door, method="GET", role=role)).status_code == 403
    lift = await ask(office, f"{door}:lift", {"reason": "MISTAKE"})
    assert (lift.status_code, lift.json()["code"]) == (403, "FORBIDDEN")
    unknown = await ask(office, f"/applications/{new_id()}", method="GET")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NO_SUCH_APPLICATION")


async def test_a_confirmed_privilege_moves_the_number_and_is_told(office: Office, year: int) -> None:
    _, (first, second) = await office.queue("GG", year)
    paper = {"kind": "LARGE_FAMILY", "number": "77-1", "issued_on": "2026-11-30"}

    card = await done(office, second, "/privilege", paper, method="PUT")

    assert (card["privilege"], card["privilege_confirmed_on"]) == ("LARGE_FAMILY", "2026-12-01")
    await office.ears.wait(1, queue.PrivilegeChangedV1, application_id=second.application_id)
    await office.shows(second, lambda card: (card["queue_number"], card["number_in_privilege"]) == (1, 1))
    await office.shows(first, lambda card: card["queue_number"] == 2)
    old = paper | {"kind": "TEACHER", "issued_on": "2026-10-01"}
    answer = await ask(office, f"/applications/{first.application_id}/privilege", old, method="PUT")
    assert (answer.status_code, answer.json()["code"]) == (422, "PRIVILEGE_EXPIRED")


async def test_a_conclusion_warns_and_runs_out_by_the_clock_alone(office: Office, year: int) -> None:
    stream_id, (child, other) = await office.queue("GG", year)
    paper = {"number": "PMPK-1", "issued_on": "2026-11-30", "valid_until": "2027-02-08", "category": "MOTOR"}
    card = await done(office, child, "/conclusion", paper, method="PUT")
    assert (card["conclusion"]["valid_until"], card["conclusion"]["is_expiring"]) == ("2027-02-08", False)

    await office.move(TUESDAY + timedelta(days=9))
    await office.ears.wait(1, queue.ConclusionExpiringV1, application_id=child.application_id)
    await office.move(TUESDAY + timedelta(days=70))

    card = await office.shows(child, lambda card: card["not_invitable_because"] == "CONCLUSION_EXPIRED")
    assert (card["status"], card["queue_number"], card["history_is_whole"]) == ("QUEUED", 1, True)
    (invitation,) = await invite(office, stream_id, 1)
    assert invitation.application_id == other.application_id


async def test_a_referral_that_ran_out_stops_the_child_and_the_day_brings_it_back(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(handed_over(child, invitation.invitation_id))
    await office.shows(child, lambda card: card["status"] == "NOTIFIED")
    hold_id = new_id()
    await office.tell(hold(vacancy.TakenV1, stream_id, child, invitation, hold_id))
    await office.shows(child, lambda card: card["status"] == "REFERRED")

    ran_out = referral_of(referral.StatedV1, child, hold_id, "EXPIRED")
    await office.tell(ran_out.model_copy(update={"valid_until": MIDNIGHT}), 2)

    card = await office.shows(child, lambda card: card["status"] == "STOP_LIST")
    assert (card["stopped_until"], card["queue_number"], card["actions"]) == ("2026-12-10", None, ["remove"])
    assert card["may_appeal_against"] == ["STOP_LIST"]
    await office.ears.wait(1, queue.StoppedV1, application_id=child.application_id)
    await office.move(MIDNIGHT + timedelta(days=10) - timedelta(seconds=1))
    assert (await office.card(child))["status"] == "STOP_LIST"
    await office.move(MIDNIGHT + timedelta(days=10))
    card = await office.shows(child, lambda card: card["status"] == "QUEUED")
    moves = [(line["came_from"], line["status"]) for line in card["history"] if line["came_from"] != line["status"]]
    assert moves[-3:] == [("NOTIFIED", "REFERRED"), ("REFERRED", "STOP_LIST"), ("STOP_LIST", "QUEUED")]


async def test_a_parent_leaves_by_a_signed_document_and_keeps_the_last_number(
    office: Office, year: int, auth_desk: AuthDesk
) -> None:
    _, (_, child) = await office.queue("GG", year)
    early = await asks(office, child, "/removal/signature", {"signed_xml": "<x/>"}, method="PUT")
    assert (early.status_code, early.json()["code"]) == (409, "NOTHING_TO_SIGN")
    asked = await asks(office, child, "/removal")
    assert asked.status_code == 201, asked.text
    auth_desk.verdicts = ["INDETERMINATE", "FAILED"]

    codes = []
    for _ in range(2):
        answer = await asks(office, child, "/removal/signature", {"signed_xml": "<signed/>"}, method="PUT")
        codes.append((answer.status_code, answer.json()["code"]))
    card = (await asks(office, child, "/removal/signature", {"signed_xml": "<signed/>"}, method="PUT")).json()

    assert codes == [(503, "TRY_LATER"), (422, "SIGNATURE_NOT_GOOD")]
    assert (card["status"], card["queue_number"], card["actions"]) == ("REMOVED", 2, [])
    body = auth_desk.asked[-1]
    assert (body["purpose"], body["expected_xml"], body["signer_id"]) == (
        "removal",
        asked.json()["xml"],
        child.guardian,
    )
    again = await asks(office, child, "/removal/signature", {"signed_xml": "<signed/>"}, method="PUT")
    assert again.status_code == 200
    await office.ears.wait(1, queue.RemovedV1, application_id=child.application_id)


async def test_a_removal_is_not_given_to_sign_while_a_place_is_held(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(hold(vacancy.HeldV1, stream_id, child, invitation, new_id()))
    await office.shows(child, lambda card: card["actions"] == ["choose"])

    answer = await asks(office, child, "/removal")

    assert (answer.status_code, answer.json()["code"]) == (409, "CHOICE_IN_PROGRESS")


async def test_an_appeal_is_answered_by_an_officer_with_a_reason_and_takes_effect(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)
    stop = {"reason": "NO_SHOW", "until": "2026-12-20"}
    assert (await done(office, child, ":stop", stop))["status"] == "STOP_LIST"

    opened = await asks(office, child, "/appeals", {"against": "STOP_LIST", "words": "Біз ауырып қалдық"})

    assert opened.status_code == 201, opened.text
    appeal = opened.json()
    assert appeal["answer_due"] == "2026-12-08T19:00:00Z"
    (said,) = await office.ears.wait(1, queue.AppealOpenedV1, application_id=child.application_id)
    assert (said.against, said.freezes) == ("STOP_LIST", False)
    again = await asks(office, child, "/appeals", {"against": "STOP_LIST"})
    assert (again.status_code, again.json()["code"]) == (409, "APPEAL_OPEN")
    nothing = await asks(office, child, "/appeals", {"against": "REMOVAL"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "NOTHING_TO_APPEAL")
    listed = (await ask(office, "/appeals", method="GET", role="officer")).json()
    assert appeal["appeal_id"] in {each["appeal_id"] for each in listed}
    door = f"/appeals/{appeal['appeal_id']}:decide"
    assert (await ask(office, door, {"granted": True, "reason": "ILLNESS"})).status_code == 403
    decided = (await ask(office, door, {"granted": True, "reason": "ILLNESS"}, role="officer")).json()
    assert (decided["state"], decided["decided_as"], decided["reason"]) == ("GRANTED", "officer", "ILLNESS")
    await office.shows(child, lambda card: card["status"] == "QUEUED" and card["stopped_until"] is None)
    (told,) = (await asks(office, child, "/appeals", method="GET")).json()
    assert told["state"] == "GRANTED"


async def test_an_appeal_that_is_granted_late_does_not_lift_a_later_stop(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)
    await done(office, child, ":stop", {"reason": "NO_SHOW", "until": "2026-12-20"})
    appeal = (await asks(office, child, "/appeals", {"against": "STOP_LIST"})).json()
    await done(office, child, ":lift", {"reason": "MISTAKE"}, role="officer")
    await office.move(TUESDAY + timedelta(hours=1))
    await done(office, child, ":stop", {"reason": "NO_SHOW", "until": "2026-12-15"})

    await ask(office, f"/appeals/{appeal['appeal_id']}:decide", {"granted": True, "reason": "ILLNESS"}, role="officer")

    card = await office.shows(child, lambda card: card["history"][-1]["what"] == "APPEAL_GRANTED")
    assert (card["status"], card["stopped_until"]) == ("STOP_LIST", "2026-12-15")


async def test_twins_of_one_stream_are_linked_and_others_are_not(office: Office, year: int) -> None:
    _, (first, second) = await office.queue("GG", year)
    ids = [first.application_id, second.application_id]

    linked = [await ask(office, "/twins", {"application_ids": order}) for order in (ids, ids[::-1])]

    assert linked[0].json() == linked[1].json()
    assert (await office.card(second))["has_twins"] is True
    alone = await ask(office, "/twins", {"application_ids": [ids[0], ids[0]]})
    assert (alone.status_code, alone.json()["code"]) == (422, "NOT_TWINS")


async def test_a_line_changed_in_the_collection_is_shown_as_a_broken_history(office: Office, year: int) -> None:
    _, (child,) = await office.queue("G", year)
    assert (await office.card(child))["history_is_whole"] is True
    changed = {"$set": {"history.0.by": "OFFICER"}}
    await office.desk.store.applications.collection.update_one({"_id": child.application_id}, changed)

    assert (await office.card(child))["history_is_whole"] is False


async def test_the_words_and_steps_are_told_to_every_client(office: Office) -> None:
    told = (await office.served.client.get("/statuses")).json()

    assert told["statuses"]["QUEUED"] == {"kk": "Кезекте", "ru": "В очереди", "en": "in queue"}
    leaving = [step["by"] for step in told["steps"] if (step["before"], step["after"]) == ("NOTIFIED", "REMOVED")]
    assert leaving == [["GUARDIAN", "CLERK", "OFFICER"]]
    assert {"before": "NOTIFIED", "after": "QUEUED", "by": ["SYSTEM"], "late": False} in told["steps"]
    assert told["sentences"]["TOO_OLD"]["ru"].startswith("Ребёнок")


async def test_what_cannot_be_is_refused_with_a_code(office: Office) -> None:
    future = await office.file(new_id(), date(2027, 1, 1))
    misstated = await office.file(new_id(), BORN, privilege={"kind": "TEACHER", "rank": "E"})
    await office.move(TUESDAY + timedelta(days=200))
    assert (await office.file(new_id(), BORN)).status_code == 201
    await office.move(TUESDAY)
    back = await office.file(new_id(), BORN)

    assert (future.status_code, future.json()["code"]) == (422, "BIRTH_DATE_OUTSIDE")
    assert (misstated.status_code, misstated.json()["code"]) == (422, "PRIVILEGE_MISSTATED")
    assert (back.status_code, back.json()["code"]) == (503, "CLOCK_WENT_BACK")


async def test_a_removal_from_a_paper_is_written_as_the_clerks_or_the_officers(office: Office, year: int) -> None:
    _, (child, other) = await office.queue("GG", year)
    paper = {"reason": "MOVED_AWAY", "paper_number": "12/3", "paper_date": "2026-11-30"}

    cards = [await done(office, other, ":remove", paper, role="officer"), await done(office, child, ":remove", paper)]

    last = [card["history"][-1] for card in cards]
    assert [card["status"] for card in cards] == ["REMOVED", "REMOVED"]
    assert [(line["by"], line["reason"]) for line in last] == [("OFFICER", "MOVED_AWAY"), ("CLERK", "MOVED_AWAY")]

    async def is_over() -> bool:
        return bool((await office.card(child))["may_appeal_against"] == ["REMOVAL"])

    await eventually(is_over)
