"""The referral as PDF, looked at with tools that are not ours."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from services.referral.documents import form, pdf
from services.referral.documents.content import ReferralContent, sections
from services.referral.documents.words import Both, district_name, last_day

CHOICE = "<choice>Иә</choice>".encode()


def text_of(drawn: bytes, folder: Path) -> str:
    """The words of the page in reading order, without line ends."""
    (folder / "referral.pdf").write_bytes(drawn)
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-raw", folder / "referral.pdf", "-"], capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def test_the_same_input_gives_the_same_octets(content: ReferralContent) -> None:
    assert pdf.render(content, CHOICE) == pdf.render(content, CHOICE)


def test_every_field_is_readable_in_kazakh_and_in_russian(content: ReferralContent, tmp_path: Path) -> None:
    text = text_of(pdf.render(content, CHOICE), tmp_path)
    for section in sections(content):
        for line in section.lines:
            assert line.label.kk in text
            assert line.label.ru in text
            assert line.value.kk in text
            assert line.value.ru in text


def test_the_absolute_last_day_and_what_to_bring_are_printed(content: ReferralContent, tmp_path: Path) -> None:
    text = text_of(pdf.render(content, CHOICE), tmp_path)
    assert "2026 жылғы 1 желтоқсанға (сейсенбі) дейін, осы күнді қоса алғанда" in text
    assert "по 1 декабря 2026 года (вторник) включительно" in text
    assert last_day(content.last_day).kk in text
    for item in form.BRING:
        assert item.kk in text
        assert item.ru in text


def test_a_sample_claims_no_legal_force_and_a_real_document_does(content: ReferralContent, tmp_path: Path) -> None:
    sample = text_of(pdf.render(content, CHOICE), tmp_path)
    real = text_of(pdf.render(replace(content, sample=False), CHOICE), tmp_path)
    assert form.NO_LEGAL_FORCE.ru in sample
    assert form.EQUAL_TO_PAPER.kk not in sample
    assert form.EQUAL_TO_PAPER.kk in real
    assert form.EQUAL_TO_PAPER.ru in real


def test_the_parents_signed_choice_travels_inside(content: ReferralContent, tmp_path: Path) -> None:
    (tmp_path / "referral.pdf").write_bytes(pdf.render(content, CHOICE))
    out = tmp_path / "choice.xml"
    subprocess.run(["pdfdetach", "-save", "1", "-o", out, tmp_path / "referral.pdf"], check=True, capture_output=True)
    assert out.read_bytes() == CHOICE


def test_it_declares_pdf_a_3b_and_fits_one_page(content: ReferralContent, tmp_path: Path) -> None:
    drawn = pdf.render(content, CHOICE)
    (tmp_path / "referral.pdf").write_bytes(drawn)
    info = subprocess.run(["pdfinfo", tmp_path / "referral.pdf"], capture_output=True, check=True).stdout.decode()
    assert "Pages:           1" in info
    metadata = subprocess.run(
        ["pdfinfo", "-meta", tmp_path / "referral.pdf"], capture_output=True, check=True
    ).stdout.decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in metadata.replace("\n", "")


def test_a_name_written_like_markup_stays_a_name(content: ReferralContent, tmp_path: Path) -> None:
    strange = replace(content, child=replace(content.child, surname='#panic("x") *[]* \\ $a_1$'))
    assert strange.child.surname in text_of(pdf.render(strange, CHOICE), tmp_path)


@pytest.mark.parametrize("word", ["TURKSIB", "turksib", "Түрксіб", "Турксибский"])
def test_a_district_is_named_in_both_languages_however_it_came(word: str) -> None:
    assert district_name(word) == Both("Түрксіб", "Турксибский")


def test_a_word_that_is_no_district_is_printed_as_it_came() -> None:
    assert district_name("Талғар") == Both("Талғар", "Талғар")
