"""The XML twin of the referral for machines: the same content, signed enveloped by the same authority key.

The signature has the shape that NCALayer gives (last child of the root, one reference with an empty URI, rsa-sha256),
so whoever can read a parent's signature can read the authority's.
"""

import xmlsec
from lxml import etree

from services.referral.documents.authority import Authority
from services.referral.documents.choice import moment
from services.referral.documents.content import OrganisationCard, PersonCard, ReferralContent
from services.referral.documents.words import Both, category_name

NAMESPACE = "urn:zholdama:referral:1"


def twin(content: ReferralContent) -> bytes:
    """The unsigned document, canonical (C14N 1.0): the same content gives the same octets."""
    root = etree.Element(_name("referral"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # stubs know no default namespace
    root.set("version", "1")
    if content.sample:
        root.set("sample", "true")
    _text(root, "number", content.number)
    _text(root, "issued", moment(content.issued_at))
    _text(root, "lastDay", content.last_day.isoformat())
    _both(root, "issuer", content.issuer)
    _both(root, "legalBasis", content.legal_basis)
    _person(root, "child", content.child)
    _person(root, "applicant", content.applicant)
    _organisation(root, content.organisation)
    _place(root, content)
    _application(root, content)
    _choice(root, content)
    _text(root, "check", content.check_url)
    _text(root, "policy", content.policy_version)
    return etree.tostring(root, method="c14n")


def sign(document: bytes, authority: Authority) -> bytes:
    """The document with the authority's enveloped signature and certificate."""
    constants = xmlsec.constants
    root = etree.fromstring(document)
    signature = xmlsec.template.create(root, constants.TransformInclC14N, constants.TransformRsaSha256, ns="ds")
    root.append(signature)
    reference = xmlsec.template.add_reference(signature, constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformInclC14NWithComments)
    xmlsec.template.x509_data_add_certificate(xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature)))
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(authority.key_pem, constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(authority.certificate_der, constants.KeyDataFormatCertDer)
    context.sign(signature)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _place(root: etree._Element, content: ReferralContent) -> None:
    place = etree.SubElement(root, _name("place"), {"id": content.place_id})
    _text(place, "placeType", content.place_type)
    _text(place, "teaching", content.teaching)
    _text(place, "groupYear", str(content.group_year))
    _both(place, "category", category_name(content.category), code=content.category)


def _application(root: etree._Element, content: ReferralContent) -> None:
    application = etree.SubElement(root, _name("application"), {"id": content.application_id})
    _known(application, "number", content.application_number)
    _known(application, "registered", moment(content.registered_at) if content.registered_at else None)
    _known(application, "queueNumber", str(content.queue_number) if content.queue_number else None)
    _text(application, "mode", content.mode)


def _choice(root: etree._Element, content: ReferralContent) -> None:
    choice = etree.SubElement(root, _name("choice"))
    _text(choice, "signed", moment(content.choice_signed_at))
    _text(choice, "sha256", content.choice_sha256)


def _person(root: etree._Element, name: str, card: PersonCard) -> None:
    person = etree.SubElement(root, _name(name))
    _text(person, "surname", card.surname)
    _text(person, "given", card.given)
    _known(person, "patronymic", card.patronymic or None)
    _text(person, "iin", card.iin)
    _known(person, "birthDate", card.birth_date.isoformat() if card.birth_date else None)


def _organisation(root: etree._Element, card: OrganisationCard) -> None:
    organisation = etree.SubElement(root, _name("organisation"))
    _both(organisation, "name", card.name)
    _known(organisation, "bin", card.bin)
    _both(organisation, "kind", card.kind)
    _both(organisation, "address", card.address)
    _text(organisation, "district", card.district)
    for phone in card.phones:
        _text(organisation, "phone", phone)
    _known(organisation, "website", card.website)


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _name(name)).text = text


def _known(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        _text(parent, name, text)


def _both(parent: etree._Element, name: str, text: Both, **attributes: str) -> None:
    for language, words in (("kk", text.kk), ("ru", text.ru)):
        etree.SubElement(parent, _name(name), {"language": language, **attributes}).text = words
