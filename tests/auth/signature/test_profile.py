"""What a certificate says of itself, in both generations: key, holder, role, store."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from doubles.nca import oids
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate
from services.auth.signature.certificate import examined
from services.auth.signature.holder import Organisation, holder, organisation
from services.auth.signature.profile import (
    ORGANISATIONS,
    PEOPLE,
    Generation,
    HolderKind,
    HolderRole,
    KeyStore,
    ensure_profile,
    profile_of,
)
from services.auth.signature.trust import Trust
from tests.auth.hands import AIGERIM, DATA, NOW, Hands
from tests.auth.signature.test_certificate import remade, with_extension

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
LOGIN, SIGNING = certificate.Usage.LOGIN, certificate.Usage.SIGNING
COMPANY = replace(AIGERIM, organisation="ЖШС ҮЛГІ", bin="000140000012")
GENERATIONS = {one: TestAuthority(now=lambda: NOW, generation=one) for one in ("2019", "2022")}


def load(name: str) -> x509.Certificate:
    octets = (DATA / name).read_bytes()
    pem = octets.startswith(b"-----")
    return x509.load_pem_x509_certificate(octets) if pem else x509.load_der_x509_certificate(octets)


def told(leaf: x509.Certificate) -> tuple[object, ...]:
    found = profile_of(leaf)
    return found.usage, found.holder, found.roles, found.generation, found.store


def finding(leaf: x509.Certificate, usage: certificate.Usage, holders: frozenset[HolderKind] = PEOPLE) -> Finding:
    with pytest.raises(Rejected) as caught:
        ensure_profile(leaf, usage, holders)
    return caught.value.finding


@pytest.mark.parametrize("generation", ["2019", "2022"])
@pytest.mark.parametrize(("made", "usage"), [(Usage.AUTH, LOGIN), (Usage.SIGN, SIGNING)])
@pytest.mark.parametrize(("person", "kind"), [(AIGERIM, HolderKind.INDIVIDUAL), (COMPANY, HolderKind.ORGANISATION)])
def test_keys_and_holders_are_told_apart_in_both_generations(
    generation: str, made: Usage, usage: certificate.Usage, person: Subject, kind: HolderKind
) -> None:
    leaf = GENERATIONS[generation].issue(person, made).cert
    store = KeyStore.FILE if generation == "2022" else KeyStore.UNTOLD
    assert told(leaf) == (usage, kind, (), Generation(generation), store)
    assert profile_of(leaf).kind is (KeyKind.AUTH if made is Usage.AUTH else KeyKind.SIGN)
    other, strangers = (SIGNING if usage is LOGIN else LOGIN), (PEOPLE if person is COMPANY else ORGANISATIONS)
    assert ensure_profile(leaf, usage, PEOPLE | ORGANISATIONS) == profile_of(leaf)
    assert finding(leaf, other, PEOPLE | ORGANISATIONS) is Finding.CERTIFICATE_KEY_USAGE
    assert finding(leaf, usage, strangers) is Finding.CERTIFICATE_HOLDER_KIND


@pytest.mark.parametrize(
    ("oid", "role"),
    [
        ("1.2.398.3.3.4.1.2.1", HolderRole.HEAD),
        ("1.2.398.3.3.4.1.2.2", HolderRole.SIGNING_RIGHT),
        ("1.2.398.3.3.4.1.2.3", HolderRole.FINANCIAL_SIGNING_RIGHT),
        ("1.2.398.3.3.4.1.2.4", HolderRole.PERSONNEL_DEPARTMENT),
        ("1.2.398.3.3.4.1.2.5", HolderRole.EMPLOYEE),
    ],
)
def test_the_roles_in_an_organisation_are_read(oid: str, role: HolderRole) -> None:
    authority = GENERATIONS["2022"]
    leaf = authority.issue(replace(COMPANY, roles=(x509.ObjectIdentifier(oid),)), Usage.AUTH).cert
    trust = Trust.of(authority.anchors)
    found = examined(leaf.public_bytes(Encoding.DER), LOGIN, trust, NOW, ORGANISATIONS)
    assert organisation(found.leaf, found.profile) == Organisation("000140000012", "ЖШС ҮЛГІ", (role,))
    assert holder(found.leaf).iin == AIGERIM.iin


def test_a_role_without_an_organisation_is_none(hands: Hands) -> None:
    purposes = [oids.KIND_INDIVIDUAL, oids.ROLE_HEAD, ExtendedKeyUsageOID.CLIENT_AUTH]
    leaf = x509.load_der_x509_certificate(remade(hands, with_extension(x509.ExtendedKeyUsage(purposes))))
    assert profile_of(leaf).roles == ()


@pytest.mark.parametrize(
    ("kinds", "holder_kind"),
    [
        (["1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.2"], HolderKind.UNKNOWN),
        (["1.2.398.3.3.4.3.1"], HolderKind.UNKNOWN),
        ([], HolderKind.UNKNOWN),
        (["1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.1.1"], HolderKind.MACHINE),
        (["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.6"], HolderKind.MACHINE),
    ],
)
def test_a_key_of_both_of_neither_or_of_a_machine_is_nobodys(
    hands: Hands, kinds: list[str], holder_kind: HolderKind
) -> None:
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, *(x509.ObjectIdentifier(kind) for kind in kinds)]
    leaf = x509.load_der_x509_certificate(remade(hands, with_extension(x509.ExtendedKeyUsage(purposes))))
    assert profile_of(leaf).holder is holder_kind
    assert finding(leaf, LOGIN, PEOPLE | ORGANISATIONS) is Finding.CERTIFICATE_HOLDER_KIND


@pytest.mark.parametrize(
    ("oid", "generation", "fits"),
    [
        ("1.2.398.3.3.2.4", Generation.OF_2019, True),
        ("1.2.398.3.3.2", Generation.OF_2022, True),
        ("1.2.398.3.3.2.2", Generation.OF_2019, False),
        ("1.2.398.3.3.2.3", Generation.OF_2019, False),
        ("1.2.398.3.3.2.9", Generation.UNKNOWN, False),
        ("1.2.398.3.3", Generation.UNKNOWN, False),
    ],
)
def test_a_policy_of_2019_has_to_agree_and_that_of_2022_says_nothing(
    hands: Hands, oid: str, generation: Generation, fits: bool
) -> None:
    policies = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None)])
    leaf = x509.load_der_x509_certificate(remade(hands, with_extension(policies)))
    assert profile_of(leaf).generation is generation
    if fits:
        assert ensure_profile(leaf, LOGIN).usage is LOGIN
    else:
        assert finding(leaf, LOGIN) is Finding.CERTIFICATE_POLICY


@pytest.mark.parametrize(
    ("value", "store"),
    [
        ("300a06082a830e0303050101", KeyStore.FILE),
        ("300a06082a830e0303050102", KeyStore.OTHER),
        ("3000", KeyStore.OTHER),
        ("", KeyStore.OTHER),
        ("30", KeyStore.OTHER),
        ("0500", KeyStore.OTHER),
        ("300a06082a830e030305010100", KeyStore.OTHER),
    ],
)
def test_the_store_is_read_or_called_other_and_breaks_nothing(hands: Hands, value: str, store: KeyStore) -> None:
    told = x509.UnrecognizedExtension(oids.KEY_STORE, bytes.fromhex(value))
    leaf = x509.load_der_x509_certificate(remade(hands, with_extension(told)))
    assert profile_of(leaf).store is store


@pytest.mark.parametrize(
    "person",
    [
        replace(COMPANY, bin="00014000001"),
        replace(COMPANY, bin="12345678901X"),
        replace(COMPANY, organisation=""),
        replace(COMPANY, bin="000140000013"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(hands: Hands, person: Subject) -> None:
    leaf = hands.authority.issue(person, Usage.SIGN).cert
    with pytest.raises(Rejected) as caught:
        organisation(leaf, profile_of(leaf))
    assert caught.value.finding in {Finding.CERTIFICATE_SUBJECT, Finding.CERTIFICATE_IIN}


def test_what_the_name_says_and_what_the_purpose_says_have_to_agree(hands: Hands) -> None:
    """The name of a company with the purpose of an individual: one reader would see the person, another the company."""
    company, person = hands.authority.issue(COMPANY, Usage.AUTH), hands.key(Usage.AUTH)
    for model, purpose in ((company.cert, oids.KIND_INDIVIDUAL), (person.cert, oids.KIND_LEGAL)):
        ekus = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, purpose])
        change = with_extension(ekus)
        leaf = x509.load_der_x509_certificate(remade(hands, change, model=model))
        with pytest.raises(Rejected) as caught:
            organisation(leaf, profile_of(leaf))
        assert caught.value.finding is Finding.CERTIFICATE_SUBJECT
    assert organisation(person.cert, profile_of(person.cert)) is None


def test_the_patronymic_stands_where_others_have_the_first_name(hands: Hands) -> None:
    for person in (
        AIGERIM,
        replace(AIGERIM, patronymic=""),
        Subject(AIGERIM.iin, "ҰЛЫ ӘЛІ", "АЙ НҰР", "ҒАБИТҚЫЗЫ"),
        Subject(AIGERIM.iin, "ОДНОФАМИЛЬЕВ", ""),
    ):
        told = holder(hands.authority.issue(person, Usage.AUTH).cert)
        assert (told.surname, told.given, told.patronymic) == (person.surname, person.given, person.patronymic)


REAL = {
    "individual_valid_sign_2004_rsa.cer": (SIGNING, HolderKind.INDIVIDUAL, (), "2019", KeyStore.UNTOLD),
    "individual_valid_sign_2004_rsa_auth.cer": (LOGIN, HolderKind.INDIVIDUAL, (), "2019", KeyStore.UNTOLD),
    "ceo_valid_sign_2004_gost.cer": (SIGNING, HolderKind.ORGANISATION, (HolderRole.HEAD,), "2019", KeyStore.UNTOLD),
    "gostsigner.der": (SIGNING, HolderKind.ORGANISATION, (HolderRole.HEAD,), "2022", KeyStore.FILE),
    "tsa_rsa2022_prod.der": (None, HolderKind.UNKNOWN, (), "2022", KeyStore.FILE),
    "nca_rsa_test.crt": (None, HolderKind.UNKNOWN, (), "unknown", KeyStore.UNTOLD),
    "nca_gost2015_test.cer": (None, HolderKind.UNKNOWN, (), "2022", KeyStore.UNTOLD),
}


@pytest.mark.parametrize("name", list(REAL))
def test_real_certificates_are_read_as_they_are(name: str) -> None:
    usage, kind, roles, generation, store = REAL[name]
    assert told(load(name)) == (usage, kind, roles, Generation(generation), store)


@pytest.mark.parametrize("name", ["ceo_valid_sign_2004_gost.cer", "gostsigner.der"])
def test_a_real_organisations_certificate_names_it_with_an_invented_number(name: str) -> None:
    assert organisation(load(name), profile_of(load(name)), check_digits=False) == Organisation(
        "123456789021", 'АО "ТЕСТ"', (HolderRole.HEAD,)
    )
    with pytest.raises(Rejected) as caught:
        organisation(load(name), profile_of(load(name)))
    assert caught.value.finding is Finding.CERTIFICATE_IIN
    told = holder(load(name), check_digits=False)
    assert (told.iin, told.surname, told.given, told.patronymic) == ("123456789011", "ТЕСТОВ", "ТЕСТ", "ТЕСТОВИЧ")


@pytest.mark.parametrize("name", sorted(set(REAL) - {"individual_valid_sign_2004_rsa.cer"}))
def test_no_other_real_certificate_signs_for_a_person(name: str) -> None:
    assert finding(load(name), SIGNING) in {Finding.CERTIFICATE_KEY_USAGE, Finding.CERTIFICATE_HOLDER_KIND}


def test_every_real_certificate_is_in_the_list() -> None:
    there = {path.name for path in Path(DATA).iterdir() if path.suffix in {".cer", ".crt", ".der"}}
    assert there - {"nca_gost_test.crt"} == set(REAL)
