"""The referral as PDF/A-3b, with the parent's signed choice attached (ISO 19005-3), in two languages."""

import io
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import segno
import typst

from services.referral.documents import form
from services.referral.documents.content import Line, ReferralContent, sections
from services.referral.documents.words import ALMATY, Both, day_and_hour, last_day, same

FAMILIES = ("Noto Serif", "Noto Sans")
"""Both hold every Kazakh letter; Debian has them in fonts-noto-core."""

_TEMPLATE = Path(__file__).with_name("referral.typ")


class FontsMissing(RuntimeError):
    """The machine lacks a font of the form; a referral in another font could lose Kazakh letters."""


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    missing = sorted(set(FAMILIES) - set(fonts.families()))
    if missing:
        raise FontsMissing(f"fonts are not installed: {', '.join(missing)}; install the package fonts-noto-core")
    return fonts


def require_fonts() -> None:
    """Fail at start, not at the first family. Raises FontsMissing."""
    _fonts()


def render(content: ReferralContent, signed_choice: bytes) -> bytes:
    """Draw the referral; the same arguments give the same octets (the document's date is the day of issue).

    One line feed ends the file: an incremental update by a signer starts right after `%%EOF`, and without it the
    signed file breaks rule 6.1.9-1 of PDF/A.
    """
    drawn = typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(_fields(content, signed_choice), ensure_ascii=False)},
        pdf_standards=["a-3b"],
        timestamp=int(content.issued_at.timestamp()),
    )
    if not isinstance(drawn, bytes):
        raise TypeError("the form must give one file")
    return drawn + b"\n"


def _fields(content: ReferralContent, signed_choice: bytes) -> dict[str, object]:
    # The QR is drawn as paths, not as a picture: no resampling, no transparency.
    picture = io.BytesIO()
    segno.make(content.check_url, error="m").save(picture, kind="svg", border=2, xmldecl=False)
    issued = content.issued_at.astimezone(ALMATY)
    return {
        "title": f"{form.TITLE.kk} / {form.TITLE.ru} № {content.number}",
        "author": f"{content.issuer.kk} / {content.issuer.ru}",
        "subject": form.SUBTITLE.ru,
        "date": [issued.year, issued.month, issued.day],
        "heading": asdict(form.TITLE),
        "subtitle": asdict(form.SUBTITLE),
        "issuer": asdict(content.issuer),
        "number": content.number,
        "issued": asdict(Both("Берілген уақыты", "Выдано")),
        "issued_at": day_and_hour(issued),
        "sends": asdict(form.sends(content)),
        "basis": asdict(content.legal_basis),
        "sections": [asdict(section) for section in sections(content)],
        "number_note": asdict(form.NUMBER_NOTE if content.queue_number else same("")),
        "validity": asdict(Both("Жолдаманың жарамды мерзімі", "Направление действительно")),
        "last_day": asdict(last_day(content.last_day)),
        "to_bring": asdict(form.TO_BRING),
        "bring": [asdict(item) for item in form.BRING],
        "warning": asdict(form.warning(content)),
        "signed": asdict(form.SIGNED),
        "signatory": [asdict(line) for line in _signatory(content)],
        "check": asdict(form.CHECK),
        "check_url": content.check_url,
        "check_text": content.check_url.split("?", 1)[0],
        "check_code": content.check_code,
        "enclosed": asdict(form.enclosed(content)),
        "foot": asdict(form.foot(content)),
        "qr": picture.getvalue().decode(),
        "choice": signed_choice.decode(),
        "sample": form.SAMPLE if content.sample else None,
    }


def _signatory(content: ReferralContent) -> tuple[Line, ...]:
    by = content.signatory
    return (
        Line(Both("Иесі", "Владелец"), same(by.owner)),
        Line(Both("Берген орталық", "Издатель"), same(by.issuer)),
        Line(Both("Сериялық нөмірі", "Серийный номер"), same(by.serial)),
        Line(Both("Мерзімі", "Срок"), same(f"{day_and_hour(by.not_before)} – {day_and_hour(by.not_after)}")),
    )
