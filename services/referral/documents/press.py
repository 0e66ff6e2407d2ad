"""From a referral's content to its two sealed documents."""

import asyncio
from dataclasses import dataclass

from services.referral.documents import pdf, xml
from services.referral.documents.authority import Authority
from services.referral.documents.content import ReferralContent, Signatory
from services.referral.documents.seal import Seal, make_seal


@dataclass(frozen=True, slots=True)
class Papers:
    """The signed PDF and its signed XML twin."""

    pdf: bytes
    xml: bytes


@dataclass(frozen=True, slots=True)
class Press:
    """Draws and seals; the authority's key lives here."""

    authority: Authority
    seal: Seal
    sample: bool

    def signatory(self) -> Signatory:
        """Who seals."""
        return self.authority.signatory()

    async def make(self, content: ReferralContent, signed_choice: bytes) -> Papers:
        """Both documents, signed at the moment of issue. Raises AuthorityKeyUnusable, FontsMissing.

        Drawing and signing take some 60 ms of a core and are done beside the event loop.
        """
        drawn = await asyncio.to_thread(pdf.render, content, signed_choice)
        twin = await asyncio.to_thread(lambda: xml.sign(xml.twin(content), self.authority))
        return Papers(await self.seal.apply(drawn, content.issued_at), twin)


def make_press(authority: Authority, *, sample: bool, tsa_url: str | None) -> Press:
    """The press of one process; refuses to start without the fonts of the form."""
    pdf.require_fonts()
    return Press(authority, make_seal(authority, tsa_url), sample)
