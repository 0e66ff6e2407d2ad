"""How many parts a text message is sent and billed in (3GPP TS 23.038: GSM 7-bit, else UCS-2)."""

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each takes two places."""

GSM_ONE, GSM_MANY = 160, 153
UCS_ONE, UCS_MANY = 70, 67


def is_gsm(text: str) -> bool:
    """True when every character is in the GSM 7-bit alphabet; Kazakh and Russian never are."""
    return all(character in GSM_BASIC or character in GSM_EXTENDED for character in text)


def count_segments(text: str) -> int:
    """Parts needed for a text; an empty text still takes one."""
    if is_gsm(text):
        length, one, many = len(text) + sum(character in GSM_EXTENDED for character in text), GSM_ONE, GSM_MANY
    else:
        length, one, many = len(text.encode("utf-16-be")) // 2, UCS_ONE, UCS_MANY
    return 1 if length <= one else -(-length // many)
