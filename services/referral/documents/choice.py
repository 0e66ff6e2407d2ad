"""The choice a parent signs: canonical XML whose exact octets are kept and compared with what comes back (R31)."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from services.referral.documents.words import Both, language_name

NAMESPACE = "urn:zholdama:choice:1"
"""One namespace per purpose: a signature over a choice can never be taken for a login or a filing."""


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """Everything the parent's signature shall cover. Times are aware UTC; `nonce` is random and used once."""

    site: str
    hold_id: str
    application_id: str
    place_id: str
    organisation: Both
    address: Both
    language: str
    opened_at: datetime
    expires_at: datetime
    nonce: str
    policy_version: str


def question(choice: ChoiceText) -> Both:
    """The confirm question of the guide's step 10: name, address and language of instruction stand in it."""
    teaching = language_name(choice.language)
    return Both(
        kk=(
            "Сіз шын мәнінде мектепалды ұйымға жолдама алғыңыз келе ме "
            f"({choice.organisation.kk}, {choice.address.kk}, Оқыту тілі - {teaching.kk})?"
        ),
        ru=(
            "Вы действительно хотите получить направление в дошкольную организацию "
            f"({choice.organisation.ru}, {choice.address.ru}, Язык обучения - {teaching.ru})?"
        ),
    )


def canonical(choice: ChoiceText) -> bytes:
    """The octets to sign: Canonical XML 1.0, UTF-8, no comments; the same choice gives the same octets.

    Both languages stand in it, so whichever guardian signs has signed the question in a language of the state.
    """
    root = etree.Element(f"{{{NAMESPACE}}}choice", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # stubs know no default namespace
    root.set("version", "1")
    asked = question(choice)
    lines: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("site", choice.site, {}),
        ("hold", choice.hold_id, {}),
        ("application", choice.application_id, {}),
        ("place", choice.place_id, {}),
        ("organisation", choice.organisation.kk, {"language": "kk"}),
        ("organisation", choice.organisation.ru, {"language": "ru"}),
        ("address", choice.address.kk, {"language": "kk"}),
        ("address", choice.address.ru, {"language": "ru"}),
        ("teaching", choice.language, {}),
        ("question", asked.kk, {"language": "kk"}),
        ("answer", "Иә", {"language": "kk"}),
        ("question", asked.ru, {"language": "ru"}),
        ("answer", "Да", {"language": "ru"}),
        ("opened", moment(choice.opened_at), {}),
        ("expires", moment(choice.expires_at), {}),
        ("nonce", choice.nonce, {}),
        ("policy", choice.policy_version, {}),
    )
    for name, text, attributes in lines:
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}", attributes).text = text
    return etree.tostring(root, method="c14n")


def moment(at: datetime) -> str:
    """UTC with milliseconds and Z, the one form used in everything signed."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
