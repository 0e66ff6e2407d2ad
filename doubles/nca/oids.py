"""Object identifiers of the Kazakh arc, as they stand in the certificates of НУЦ РК."""

from cryptography.x509 import ObjectIdentifier

POLICY_CA = ObjectIdentifier("1.2.398.3.3.2")
"""The generic policy: issuing CA and every certificate of the 2022 generation."""
POLICY_LEGAL_SIGN = ObjectIdentifier("1.2.398.3.3.2.1")
POLICY_LEGAL_AUTH = ObjectIdentifier("1.2.398.3.3.2.2")
POLICY_INDIVIDUAL_SIGN = ObjectIdentifier("1.2.398.3.3.2.3")
POLICY_INDIVIDUAL_AUTH = ObjectIdentifier("1.2.398.3.3.2.4")
POLICY_TSA = ObjectIdentifier("1.2.398.3.3.2.6.1")

KIND_INDIVIDUAL = ObjectIdentifier("1.2.398.3.3.4.1.1")
KIND_LEGAL = ObjectIdentifier("1.2.398.3.3.4.1.2")
ROLE_HEAD = ObjectIdentifier("1.2.398.3.3.4.1.2.1")
ROLE_CAN_SIGN = ObjectIdentifier("1.2.398.3.3.4.1.2.2")
ROLE_EMPLOYEE = ObjectIdentifier("1.2.398.3.3.4.1.2.5")

KEY_STORE = ObjectIdentifier("1.2.398.3.3.5")
"""Extension of the 2022 generation: the kind of store that the key lies in."""
KEY_STORE_FILE = bytes.fromhex("300a06082a830e0303050101")
"""Its value for a PKCS#12 file: SEQUENCE of 1.2.398.3.3.5.1.1."""

CPS = "http://pki.gov.kz/cps"
