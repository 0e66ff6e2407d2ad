"""Choosing a place (guide figures 8 to 10): the notice, the list, the question; *yes* holds the place, *no* nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.pages.card import PATH
from web.pages.deeds import done
from web.upstream import Away, Refused
from web.upstream.vacancy import Offer, Place
from web.view.problems import sentence
from web.visit import Visit, Visitors

SOON_SECONDS = 10.0
"""How long *yes* waits for the document to sign before it goes on without."""
MAP = "https://www.openstreetmap.org"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a place, how many like it there are, and where it lies on a map."""

    place: Place
    count: int
    map_url: str
    site_url: str


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """From the notice to the hold."""
    router = APIRouter()
    _looking(router, desk, visitors)
    _deciding(router, desk, visitors)
    return router


def _looking(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    parent = Annotated[Visit, Depends(visitors.parent)]

    @router.get(f"{PATH}/choose")
    async def notice(visit: parent, application_id: UUID) -> Response:
        offer = await desk.vacancy.offer(visit.token, str(application_id))
        if not offer.places:
            return _nothing_to_choose(visit, str(application_id), offer)
        modes = {place.mode for place in offer.places}
        return visit.page(
            "choosing/notice.html",
            application_id=str(application_id),
            deadline=_deadline(offer),
            by_turn="PRIORITY" in modes,
            free="FREE_CHOICE" in modes,
        )

    @router.get(f"{PATH}/places")
    async def places(visit: parent, application_id: UUID) -> Response:
        offer = await desk.vacancy.offer(visit.token, str(application_id))
        if offer.own is not None:
            return _nothing_to_choose(visit, str(application_id), offer)
        return _listed(visit, str(application_id), offer)

    @router.get(f"{PATH}/places/chosen")
    async def chosen(visit: parent, application_id: UUID, place: str = "") -> Response:
        offer = await desk.vacancy.offer(visit.token, str(application_id))
        if offer.own is not None:
            return _nothing_to_choose(visit, str(application_id), offer)
        if not place:
            return _listed(visit, str(application_id), offer, "CHOOSE_A_PLACE", HTTPStatus.UNPROCESSABLE_ENTITY)
        if all(place != each.place_id for each in offer.places):
            return _gone(visit, str(application_id), offer)
        return visit.go(f"applications/{application_id}/places/{place}/confirm")


def _deciding(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get(f"{PATH}/places/{{place_id:uuid}}/confirm")
    async def question(
        visit: Annotated[Visit, Depends(visitors.parent)], application_id: UUID, place_id: UUID
    ) -> Response:
        offer = await desk.vacancy.offer(visit.token, str(application_id))
        if offer.own is not None:
            return _nothing_to_choose(visit, str(application_id), offer)
        place = next((each for each in offer.places if each.place_id == str(place_id)), None)
        if place is None:
            return _gone(visit, str(application_id), offer)
        return visit.page("choosing/confirm.html", application_id=str(application_id), place=place)

    @router.post(f"{PATH}/places/{{place_id:uuid}}/hold")
    async def yes(visit: Annotated[Visit, Depends(visitors.anybody)], application_id: UUID, place_id: UUID) -> Response:
        async def deed(token: str) -> Response:
            try:
                held = await desk.vacancy.hold(token, str(application_id), str(place_id))
            except Refused as refused:
                return await _not_held(desk, visit, str(application_id), refused)
            return visit.go(await _to_sign(desk, token, held.hold_id))

        return await done(visit, f"applications/{application_id}/places/{place_id}/confirm", deed)


async def _to_sign(desk: Desk, token: str, hold_id: str) -> str:
    """The page of signing. The place is held already: when its document is not there yet, that page waits for it."""
    try:
        await desk.referral.choice(token, hold_id, wait=SOON_SECONDS)
    except (Refused, Away):
        return f"choices/{hold_id}?new=1"
    return f"choices/{hold_id}"


async def _not_held(desk: Desk, visit: Visit, application_id: str, refused: Refused) -> Response:
    """Why not, and what is left to choose; a place that the child holds already is gone on with."""
    if refused.status != HTTPStatus.CONFLICT and refused.code != "NO_SUCH_PLACE":
        raise refused
    offer = await desk.vacancy.offer(visit.token, application_id)
    if offer.own is not None:
        return _nothing_to_choose(visit, application_id, offer)
    code = "PLACE_TAKEN" if refused.code == "NO_SUCH_PLACE" else refused.code
    return _listed(visit, application_id, offer, code, HTTPStatus.CONFLICT)


def _nothing_to_choose(visit: Visit, application_id: str, offer: Offer) -> Response:
    """Where one goes on: to the choice under way, to the documents of the place taken, or to the card, which says why."""
    if offer.own is None:
        return visit.go(f"applications/{application_id}")
    if offer.own.state == "HELD":
        return visit.go(f"choices/{offer.own.hold_id}")
    return visit.go(f"applications/{application_id}/documents")


def _gone(visit: Visit, application_id: str, offer: Offer) -> Response:
    code = "PLACE_TAKEN" if offer.places else offer.nothing_because or "NO_PLACES"
    return _listed(visit, application_id, offer, code, HTTPStatus.CONFLICT)


def _listed(visit: Visit, application_id: str, offer: Offer, code: str = "", status: int = HTTPStatus.OK) -> Response:
    """The list; `code` says why it is shown again."""
    nothing = "" if offer.places else offer.nothing_because or "NO_PLACES"
    return visit.page(
        "choosing/places.html",
        status,
        application_id=application_id,
        rows=_rows(offer.places, application_id, visit.lang),
        deadline=_deadline(offer),
        told=sentence(visit.lang, code) if code else "",
        nothing=sentence(visit.lang, nothing) if nothing and nothing != code else "",
    )


def _deadline(offer: Offer) -> datetime | None:
    """The end of the turn; None when every place is in free choice."""
    return min((place.deadline for place in offer.places if place.deadline is not None), default=None)


def _rows(places: list[Place], application_id: str, language: str) -> list[Row]:
    """Places alike in all that is shown are one line. Each family is led to another of them, so that they meet less."""
    alike: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda each: each.place_id):
        alike[place.organisation_id, place.language, place.place_type, place.mode].append(place)
    lines = []
    for group in alike.values():
        place = group[int(application_id.replace("-", ""), 16) % len(group)]
        lines.append(Row(place, len(group), _map_url(place, language), _site_url(place)))
    return sorted(lines, key=lambda row: (row.place.mode != "PRIORITY", row.place.told("name", language)))


def _map_url(place: Place, language: str) -> str:
    if place.latitude is not None and place.longitude is not None:
        at = f"{place.latitude:.6f}", f"{place.longitude:.6f}"
        return f"{MAP}/?{urlencode({'mlat': at[0], 'mlon': at[1]})}#map=17/{at[0]}/{at[1]}"
    return f"{MAP}/search?query={quote(place.told('address', language))}"


def _site_url(place: Place) -> str:
    """The website as an address to go to; it is often written without its scheme."""
    site = (place.website or "").strip()
    return site if not site or site.startswith(("https://", "http://")) else f"http://{site}"
