"""What each process of an instance is told by its environment (prefix ZHOLDAMA_)."""

import hashlib
import json

from deploy.local.engines import mongo_url
from deploy.local.layout import POLICIES, ROOT, SERVICES, VENDOR, Layout
from deploy.local.passwords import Passwords

TWILIO_ACCOUNT = "AC" + "0" * 32
"""The only account of the Twilio double; not a secret."""


def of(layout: Layout, passwords: Passwords, name: str) -> dict[str, str]:
    """The environment of a process; a service and the cabinet are told their own secrets only."""
    passwords.key("referral/documents.key")
    common = {"PORT": str(layout.port(name)), "CLOCK_FILE": str(layout.clock_file), "RUN_DIR": str(layout.folder)}
    variables = common | (_of_every_service(layout, passwords, name) if name in SERVICES else {})
    variables |= _own(layout, passwords).get(name, {})
    variables |= _of_web(layout, passwords) if name == "web" else {}
    return {f"ZHOLDAMA_{key}": value for key, value in variables.items()} | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def _of_every_service(layout: Layout, passwords: Passwords, service: str) -> dict[str, str]:
    return {
        "PROFILE": "test",
        "MONGO_URL": mongo_url(layout, service, passwords.word(f"{service}/mongo")),
        "MONGO_DATABASE": service,
        "KAFKA_BOOTSTRAP": f"127.0.0.1:{layout.port('kafka')}",
        "KAFKA_USERNAME": service,
        "KAFKA_PASSWORD": passwords.word(f"{service}/kafka"),
        "KAFKA_SECURITY": "SASL_PLAINTEXT",
        "AUTH_URL": layout.address("auth"),
        "SERVICE_SECRET": passwords.word(f"{service}/service"),
        "SECRETS_DIR": str(passwords.folder_of(service)),
        "POLICY_DIR": str(POLICIES),
    }


def _own(layout: Layout, passwords: Passwords) -> dict[str, dict[str, str]]:
    """What only one process is told."""
    nca = layout.address("nca")
    twilio = {"TWILIO_ACCOUNT_SID": TWILIO_ACCOUNT, "TWILIO_AUTH_TOKEN": passwords.word("twilio/token")}
    return {
        "nca": {"NCA_URL": nca},
        "ncalayer": {"NCA_URL": nca, "NCALAYER_WSS_PORT": str(layout.port("ncalayer-wss"))},
        "twilio": twilio,
        "auth": {
            "SITE": "zholdama.example",
            "TRUSTED_PROXIES": '["127.0.0.1/32"]',
            # One machine plays a whole city: everybody comes from the same address.
            "SEARCHES_PER_MINUTE": "6000",
            "CHALLENGES_PER_MINUTE": "6000",
            "LOGINS_PER_MINUTE": "6000",
            "LOGINS_OF_A_PERSON_PER_MINUTE": "600",
            "NCA_ANCHORS": str(layout.folder / "nca" / "anchors"),
            "OCSP_URL": f"{nca}/ocsp/",
            "CRL_URL": f"{nca}/crl/nca_rsa.crl",
            "CRL_DELTA_URL": f"{nca}/crl/nca_d_rsa.crl",
            "SERVICE_DIGESTS": json.dumps(_digests(passwords)),
        },
        "referral": {
            "PUBLIC_URL": layout.address("referral"),
            "AUTHORITY_STORE": str(layout.folder / "nca" / "authority" / "department.p12"),
            "AUTHORITY_PASSWORD_FILE": str(layout.folder / "nca" / "authority" / "department.password"),
            "TSA_URL": f"{nca}/tsp/",
        },
        "notify": twilio
        | {
            "TWILIO_URL": layout.address("twilio"),
            "SMS_FROM": "+77270000000",
            "SMS_LINK": "zholdama.kz",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(layout.port("smtp")),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "no-reply@zholdama.example",
            "MAIL_FROM_NAME": "Zholdama",
            "CABINET_URL": f"{layout.address('web')}/",
            "SUPPORT_CONTACT": "1308 (Open Almaty)",
        },
    }


def _of_web(layout: Layout, passwords: Passwords) -> dict[str, str]:
    """What the cabinet is told: where the services and the invented NCALayer are, and what seals its cookie."""
    passwords.seal("web/cookie_keys")
    return {
        "PROFILE": "test",
        **{f"{name.upper()}_URL": layout.address(name) for name in SERVICES},
        "SECRETS_DIR": str(passwords.folder_of("web")),
        "VENDOR_DIR": str(VENDOR),
        "NCALAYER_URL": f"ws://127.0.0.1:{layout.port('ncalayer')}/",
        "KEYS_PAGE": f"{layout.address('ncalayer')}/",
        "SECURE_COOKIES": "false",
    }


def _digests(passwords: Passwords) -> dict[str, str]:
    """What auth keeps of the other services' secrets."""
    words = {name: passwords.word(f"{name}/service") for name in SERVICES}
    return {name: hashlib.sha256(word.encode()).hexdigest() for name, word in words.items()}
