"""The card of an application (guide figure 7): two of its tabs, and leaving the queue.

Numbers and dates are queue's, names are auth's, free places are vacancy's: without auth or vacancy the card lives and
says what is missing.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.pages.deeds import done
from web.upstream import Away, Refused
from web.upstream.auth import Card as Person
from web.upstream.auth import Me
from web.upstream.queue import Card
from web.upstream.vacancy import Offer
from web.view.problems import sentence
from web.view.words import Lang
from web.visit import Visit, Visitors

log = structlog.get_logger("web")

PATH = "/applications/{application_id:uuid}"
LIVE = frozenset({"QUEUED", "NOTIFIED"})
SAID = frozenset({"removed", "declined"})
"""What a page may have just done before it led here; each has its sentence."""


@dataclass(frozen=True, slots=True)
class Family:
    """Who applied, and for whom. `contacts` are known of the person in session only."""

    applicant: Person | None
    contacts: Me | None
    child: Person | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """What may be chosen now: whether the button is shown, a choice under way, or the sentence why nothing."""

    button: bool = False
    hold_id: str = ""
    free: int = 0
    why_not: str = ""


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The tabs of what is known and of what has changed; leaving the queue."""
    router = APIRouter()
    parent = Annotated[Visit, Depends(visitors.parent)]

    @router.get(PATH)
    async def about(visit: parent, application_id: UUID, said: str = "") -> Response:
        card = await desk.queue.card(visit.token, str(application_id))
        family, offer = await asyncio.gather(_family(desk, visit.token, card), _offer(desk, visit.token, card))
        choosing = None if offer is None else _choosing(card, offer, visit.lang)
        if said == "declined" and choosing is not None and choosing.hold_id:
            choosing = Choosing()  # vacancy hears of it in a moment
        return visit.page(
            "card/about.html",
            card=card,
            family=family,
            waits=card.status in LIVE,
            since=_since(card),
            changed=_changed(card),
            choosing=choosing,
            window=_window(card, desk.clock.now()),
            said=said if said in SAID else "",
        )

    @router.get(f"{PATH}/history")
    async def history(visit: parent, application_id: UUID) -> Response:
        card = await desk.queue.card(visit.token, str(application_id))
        return visit.page("card/history.html", card=card)

    _leaving(router, desk, visitors)
    return router


def _leaving(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get(f"{PATH}/remove")
    async def ask(visit: Annotated[Visit, Depends(visitors.parent)], application_id: UUID) -> Response:
        card = await desk.queue.card(visit.token, str(application_id))
        if card.status not in LIVE:
            return visit.go(f"applications/{application_id}")
        return visit.page("card/remove.html", card=card, refused="")

    @router.post(f"{PATH}/remove")
    async def leave(visit: Annotated[Visit, Depends(visitors.anybody)], application_id: UUID) -> Response:
        async def deed(token: str) -> Response:
            try:
                await desk.queue.remove(token, str(application_id))
            except Refused as refused:
                if refused.status != HTTPStatus.CONFLICT:
                    raise
                card = await desk.queue.card(token, str(application_id))
                if card.status == "REMOVED":
                    return visit.go(f"applications/{application_id}?said=removed")
                told = sentence(visit.lang, refused.code)
                return visit.page("card/remove.html", refused.status, card=card, refused=told)
            return visit.go(f"applications/{application_id}?said=removed")

        return await done(visit, f"applications/{application_id}/remove", deed)


async def _family(desk: Desk, token: str, card: Card) -> Family | None:
    """None when auth is away."""
    ids = [card.child_id, *([card.filed_by] if card.filed_by else [])]
    try:
        me, cards = await asyncio.gather(desk.auth.me(token), desk.auth.cards(token, ids))
    except Away as away:
        log.warning("web.card_incomplete", away=away.service)
        return None
    mine = card.filed_by == me.person_id
    applicant = cards.get(card.filed_by or "") or (me if mine else None)
    return Family(applicant, me if mine else None, cards.get(card.child_id))


async def _offer(desk: Desk, token: str, card: Card) -> Offer | None:
    """None when vacancy is away; an offer of nothing when it has not heard of the application yet."""
    try:
        return await desk.vacancy.offer(token, card.application_id)
    except Away as away:
        log.warning("web.card_incomplete", away=away.service)
        return None
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return Offer(places=[], nothing_because="NOT_HEARD_YET", own=None)


def _choosing(card: Card, offer: Offer, lang: Lang) -> Choosing:
    """The button stands only when queue lets this application choose and vacancy has a place for it (R29)."""
    if offer.own is not None and offer.own.state == "HELD":
        return Choosing(hold_id=offer.own.hold_id)
    if offer.places and "choose" in card.actions:
        free = sum(place.mode == "FREE_CHOICE" for place in offer.places)
        return Choosing(button=True, free=free)
    code = card.not_invitable_because or offer.nothing_because or "NO_PLACES"
    if code == "NOT_IN_QUEUE":
        code = f"STATUS_{card.status}" if card.status not in LIVE else "NOT_HEARD_YET"
    return Choosing(why_not=sentence(lang, code))


def _since(card: Card) -> datetime:
    """Since when it stands as it does: in the queue since it was registered, whatever happened meanwhile (R9)."""
    return card.registered_at if card.status in LIVE else card.status_since


def _changed(card: Card) -> datetime:
    return max([card.status_since, *(line.at for line in card.history)])


def _window(card: Card, now: datetime) -> str:
    """How the turn stands: open, over, or none."""
    if card.invitation is None:
        return ""
    return "open" if now < card.invitation.deadline else "over"
