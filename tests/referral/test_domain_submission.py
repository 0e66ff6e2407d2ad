"""What may be handed in as a signed document."""

from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from services.referral.domain.refusals import SignedDocumentTooLarge, SignedDocumentUnreadable
from services.referral.domain.submission import MAX_OCTETS, octets


@given(st.characters(codec="utf-8"))
@example("\ufffe")
@example("\x7f")
@example("\x1f")
def test_a_character_is_taken_exactly_when_an_xml_reader_takes_it(sign: str) -> None:
    document = f"<a>{escape(sign)}</a>"
    try:
        etree.fromstring(document.encode())
    except etree.XMLSyntaxError:
        with pytest.raises(SignedDocumentUnreadable):
            octets(document)
    else:
        assert octets(document) == document.encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), min_size=1, max_size=3))
def test_the_bound_counts_octets_and_is_itself_allowed(end: str) -> None:
    rest = MAX_OCTETS - len(end.encode())
    assert len(octets("a" * rest + end)) == MAX_OCTETS
    with pytest.raises(SignedDocumentTooLarge):
        octets("a" * (rest + 1) + end)


def test_half_a_character_is_unreadable() -> None:
    with pytest.raises(SignedDocumentUnreadable):
        octets("<a>\ud800</a>")
