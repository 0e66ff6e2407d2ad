"""Doors of the decision log: why a number changed and the own rows for the family, the ledger for everybody."""

import csv
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, BaseModel

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.queue.api import causes
from services.queue.domain.ledger.causes import Share
from services.queue.domain.words import ApplicationId, PersonId, StreamId
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger import showing

LOOKERS = frozenset({"clerk", "officer"})
"""Staff who may ask for any application."""

CSV = "text/csv; charset=utf-8"


class CauseAnswer(BaseModel):
    """One kind of cause; `change` below zero is nearer to the front."""

    cause: str
    privilege_class: str | None
    count: int
    change: int
    text: dict[str, str]


class ForecastAnswer(BaseModel):
    """First and last day on which the turn may come, from so many stretches of four weeks of the past."""

    earliest: date
    latest: date | None
    windows: int


class WhyAnswer(BaseModel):
    """The causes add up: number_now - number_then = the sum of their changes, a missing number counting as 0 (R20)."""

    application_id: str
    since: datetime
    until: datetime
    number_then: int | None
    number_now: int | None
    difference: int
    causes: list[CauseAnswer]
    forecast: ForecastAnswer | None
    forecast_text: dict[str, str]
    rules: str


class ProofAnswer(BaseModel):
    """Audit path of RFC 6962, 2.1.1, from the row's neighbour up."""

    day: str
    index: int
    size: int
    path: list[str]


class RowAnswer(BaseModel):
    """A row and its proof; none before its day is closed."""

    row: dict[str, Any]
    proof: ProofAnswer | None


class RowsAnswer(BaseModel):
    """All rows of the decision log about one application."""

    application_id: str
    rows: list[RowAnswer]


class DayAnswer(BaseModel):
    """A closed day; see docs/ledger.md."""

    day: str
    size: int
    root: str
    manifest: str
    previous: str
    chain: str


class LedgerAnswer(BaseModel):
    """The closed days in their order."""

    days: list[DayAnswer]


class PublishedAnswer(BaseModel):
    """Of which streams there is a file, and how many rows it has."""

    stream_id: str
    day: str
    name: str
    rows: int


class TableAnswer(BaseModel):
    """A published file as rows; `*` is what may not be shown."""

    stream_id: str
    day: str
    rows: list[dict[str, str]]


def ledger_doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """All of them."""
    router = APIRouter(tags=["ledger"])
    _of_the_family(router, desk, tokens, reads, clock)
    _of_everybody(router, desk)
    return router


def _of_the_family(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    person_in_session = Annotated[Person, Depends(tokens.person)]

    @router.get("/applications/{application_id}/why")
    async def why(
        application_id: str,
        person: person_in_session,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> WhyAnswer:
        """Why the number is another than it was, and when the turn may come; for guardians, clerks and officers."""
        now = clock.now()
        asker = None if person.roles & LOOKERS else PersonId(person.person_id)
        application = await showing.application_of(desk, asker, ApplicationId(application_id))
        told = await showing.why(desk, application, (since, until), now)
        if asker is None:
            await reads.by_other(person.person_id, [application.child_id], "why", now)
        else:
            await reads.by_guardian(person, [application.child_id], "why", now)
        return _why(told)

    @router.get("/applications/{application_id}/ledger")
    async def own_rows(application_id: str, person: person_in_session) -> RowsAnswer:
        """The rows about the own child, with the proofs that they stand in the ledger."""
        asked, now = ApplicationId(application_id), clock.now()
        application = await showing.application_of(desk, PersonId(person.person_id), asked)
        rows = [RowAnswer.model_validate(asdict(each)) for each in await showing.own_rows(desk, asked)]
        await reads.by_guardian(person, [application.child_id], "ledger", now)
        return RowsAnswer(application_id=application_id, rows=rows)


def _of_everybody(router: APIRouter, desk: Desk) -> None:
    kinds = Literal["queue", "protocol"]

    @router.get("/public/ledger")
    async def days(since: Annotated[str, Query(pattern=r"^\d{4}-\d{2}-\d{2}$")] = "0000-00-00") -> LedgerAnswer:
        """The closed days, each chained to the one before."""
        return LedgerAnswer(days=[DayAnswer(**asdict(each)) for each in await showing.days(desk, since)])

    @router.get("/public/ledger/{day}/manifest", response_class=PlainTextResponse)
    async def manifest(day: str) -> PlainTextResponse:
        """The files published with a day and their digests, in the form of `sha256sum`."""
        return PlainTextResponse(await showing.manifest_of(desk, day))

    @router.get("/public/{kind}")
    async def listed(kind: kinds) -> list[PublishedAnswer]:
        """Which streams are shown: the anonymised queue, or the protocol of issued referrals."""
        return [
            PublishedAnswer(stream_id=each.stream_id, day=each.day, name=each.name, rows=each.text.count("\n") - 1)
            for each in await showing.published(desk, kind)
        ]

    @router.get("/public/{kind}/{stream_id}.csv", response_class=PlainTextResponse)
    async def file(kind: kinds, stream_id: str) -> PlainTextResponse:
        """The very file that the day's list names."""
        found = await showing.one_published(desk, kind, StreamId(stream_id))
        name = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return PlainTextResponse(found.text, media_type=CSV, headers=name)

    @router.get("/public/{kind}/{stream_id}")
    async def rows(kind: kinds, stream_id: str) -> TableAnswer:
        """The same as rows."""
        found = await showing.one_published(desk, kind, StreamId(stream_id))
        return TableAnswer(stream_id=stream_id, day=found.day, rows=list(csv.DictReader(found.text.splitlines())))


def _why(told: showing.Why) -> WhyAnswer:
    explanation, band = told.explanation, told.band
    return WhyAnswer(
        application_id=told.application.application_id,
        since=explanation.since,
        until=explanation.until,
        number_then=explanation.number_then,
        number_now=explanation.number_now,
        difference=explanation.difference,
        causes=[_cause(each) for each in explanation.shares],
        forecast=ForecastAnswer(**asdict(band)) if band else None,
        forecast_text=causes.outlook(band),
        rules=told.rules,
    )


def _cause(share: Share) -> CauseAnswer:
    return CauseAnswer(
        cause=share.cause,
        privilege_class=share.privilege,
        count=share.count,
        change=share.change,
        text=causes.sentence(share),
    )
