"""What the cabinet asks of vacancy: free places, and holding one."""

from datetime import datetime

from pydantic import BaseModel

from web.upstream import Upstream

Text = dict[str, str]


class Place(BaseModel):
    """A free place with its preschool (guide figure 9)."""

    place_id: str
    organisation_id: str
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: list[str]
    website: str | None
    latitude: float | None
    longitude: float | None
    language: str
    place_type: str
    place_type_text: Text = {}
    group_year: int
    stream_id: str
    mode: str
    deadline: datetime | None = None
    queue_number: int | None = None

    def told(self, field: str, language: str) -> str:
        """`name`, `kind` or `address` in a language; to who reads neither Kazakh nor Russian, in Russian."""
        return str(getattr(self, f"{field}_{'kk' if language == 'kk' else 'ru'}"))


class Own(BaseModel):
    """The place that the child holds or has taken."""

    hold_id: str
    place_id: str
    state: str
    hold_until: datetime


class Offer(BaseModel):
    """What a child may choose now, or the code of why nothing."""

    places: list[Place]
    nothing_because: str | None
    own: Own | None


class Held(BaseModel):
    """A place held for a child; `hold_until` is the first moment at which it is too late to sign."""

    hold_id: str
    place_id: str
    hold_until: datetime


class Vacancy:
    """The doors of vacancy that the cabinet uses."""

    def __init__(self, upstream: Upstream) -> None:
        self._ask = upstream.ask

    async def bulletin(self) -> list[Place]:
        """The free places of the city."""
        return [Place.model_validate(each) for each in (await self._ask("GET", "/bulletin")).json()]

    async def offer(self, token: str, application_id: str) -> Offer:
        """The places that the child of an application may choose now."""
        answer = await self._ask("GET", "/places", token, params={"application_id": application_id})
        return Offer.model_validate_json(answer.content)

    async def hold(self, token: str, application_id: str, place_id: str) -> Held:
        """Holds a place; the same question again gives the same hold."""
        answer = await self._ask("POST", f"/places/{place_id}/holds", token, json={"application_id": application_id})
        return Held.model_validate_json(answer.content)
