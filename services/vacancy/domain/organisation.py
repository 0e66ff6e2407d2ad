"""A preschool: its public card."""

from dataclasses import dataclass

from services.vacancy.domain.words import OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What the list of places shows of the preschool (figure 9 of the parents' guide)."""

    organisation_id: OrganisationId
    name_kk: str
    name_ru: str
    bin: str
    """Business identification number, twelve digits."""
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: tuple[str, ...] = ()
    website: str | None = None
    latitude: float | None = None
    longitude: float | None = None
