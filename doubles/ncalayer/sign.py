"""Signs XML exactly as NCALayer does.

The signature is the last child of the document element: REC-xml-c14n-20010315, rsa-sha256, one reference with an empty
URI, enveloped-signature and c14n#WithComments, sha256, and the leaf certificate alone in KeyInfo.
"""

import xmlsec
from lxml import etree

from doubles.nca.keys import Credential

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>'


class NotXml(ValueError):
    """What was given to sign is not an XML document."""


def sign_xml(xml: str | bytes, signer: Credential) -> str:
    """Return the signed document as text. NotXml when there is nothing to sign."""
    root = _parse(xml)
    signature = _template(root)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(signer.key_pem, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(signer.der, xmlsec.constants.KeyDataFormatDer)
    context.sign(signature)
    return (DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)).decode("utf-8")


def _parse(xml: str | bytes) -> etree._Element:
    data = xml.encode("utf-8") if isinstance(xml, str) else xml
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotXml(str(error)) from error


def _template(root: etree._Element) -> etree._Element:
    constants = xmlsec.constants
    signature = xmlsec.template.create(root, constants.TransformInclC14N, constants.TransformRsaSha256, ns="ds")
    root.append(signature)
    reference = xmlsec.template.add_reference(signature, constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformInclC14NWithComments)
    data = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.template.x509_data_add_certificate(data)
    return signature
