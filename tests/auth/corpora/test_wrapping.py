"""No wrapped document passes, though a careless verifier is deceived by the same ones."""

import pytest
import xmlsec
from lxml import etree

from doubles.nca.certificates import Usage
from doubles.nca.keys import Credential
from services.auth.domain.verdict import Finding, Indication
from services.auth.signature import certificate
from services.auth.signature.verifier import Verifier
from tests.auth.corpora.wrapping import DS, GOOD, NAMESPACE, WRAPPINGS, element, signature
from tests.auth.hands import NOW, Hands, Road

REFERENCES = ["#good", ""]
SHAPE = {
    Finding.SIGNATURE_SHAPE,
    Finding.SIGNATURE_PLACE,
    Finding.REFERENCE_URI,
    Finding.DIGEST_VALUE,
    Finding.SIGNATURE_COUNT,
}


def careless(document: bytes, key: Credential) -> bool:
    """What a service does that asks a library whether the signature is good, and then reads the document element."""
    root = etree.fromstring(document)
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.pem, xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(next(root.iter(f"{{{DS}}}Signature")))
    except xmlsec.Error:
        return False
    return True


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("name", list(WRAPPINGS))
async def test_no_wrapped_document_passes(hands: Hands, road: Road, name: str, reference: str) -> None:
    document = WRAPPINGS[name](reference, hands.key(Usage.AUTH))
    assert b"stolen" in document
    issued = element(GOOD, "good")
    judged = await Verifier(hands.trust, road).judge(document, issued=issued, usage=certificate.Usage.LOGIN, at=NOW)
    assert judged.verdict.indication is Indication.FAILED
    assert judged.verdict.finding in SHAPE
    assert judged.signer is None
    assert road.asked == []


def test_a_careless_verifier_is_deceived_by_most_of_them(hands: Hands) -> None:
    """Else the ones above would only show that broken signatures are broken.

    The library itself stops three: a foreign child of the signature (1, 6) and an Id that stands twice (7).
    """
    key = hands.key(Usage.AUTH)
    deceived = [name for name, wrap in WRAPPINGS.items() if careless(wrap("#good", key), key)]
    assert deceived == ["xsw2", "xsw3", "xsw4", "xsw5", "xsw8"]


async def test_the_document_before_it_is_wrapped_is_good(hands: Hands, road: Road) -> None:
    plain = f'<login xmlns="{NAMESPACE}">'.encode() + GOOD + b"</login>"
    own = signature(plain, "", hands.key(Usage.AUTH))
    document = plain.replace(b"</login>", own + b"</login>")
    judged = await Verifier(hands.trust, road).judge(document, issued=plain, usage=certificate.Usage.LOGIN, at=NOW)
    assert judged.verdict.finding is None
