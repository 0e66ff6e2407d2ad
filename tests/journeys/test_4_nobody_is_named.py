"""After the stories: no IIN, name, e-mail or phone of anybody in any log, topic or key; and the search would find one."""

import base64
import binascii
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from demo.city import Person, Waiting
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from tests.journeys.canaries import everything_said, names_of
from tests.journeys.conftest import Morning, Town

CANARY = "210513600001"
MAIL_SERVER = "smtp"
"""The mail server's own log names recipients: it belongs to the post, not to us."""


def wrapped_in_a_certificate(canary: str) -> bytes:
    credential = TestAuthority().issue(Subject(canary, "ҮЛГІ", "ҮЛГІ", "ҮЛГІ"), Usage.AUTH)
    return base64.b64encode(credential.der)


WRAPPINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: b'{"x": "' + text.encode() + b'"}',
    "base64": lambda text: base64.b64encode(b"<a>" + text.encode() + b"</a> and more"),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(b"??>" + text.encode() + b"</a> and more"),
    "hex": lambda text: binascii.hexlify(b"x" + text.encode()),
    "URL encoding": lambda text: quote(f"?иин={text}").encode(),
    "escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text).encode(),
    "a PDF stream": lambda text: b"1 0 obj\nstream\n" + zlib.compress(text.encode()) + b"\nendstream",
    "UTF-16 in a PDF": lambda text: text.encode("utf-16-be"),
    "base64 in base64": lambda text: base64.b64encode(b"xy" + base64.b64encode(b"z" + text.encode() + b"abcd")),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_the_search_finds_a_canary_however_it_is_wrapped(wrapping: str) -> None:
    data = b"before " + WRAPPINGS[wrapping](CANARY) + b" after"

    assert names_of([CANARY, "210513600206"], data) == {CANARY}


def test_the_search_finds_a_canary_in_a_certificate() -> None:
    assert names_of([CANARY], wrapped_in_a_certificate(CANARY)) == {CANARY}


def test_no_topic_key_or_header_names_anybody(town: Town, morning: Morning) -> None:
    said = everything_said(town.stack.kafka())
    wanted = canaries(town, morning)

    assert {topic: names for topic, data in said.items() if (names := names_of(wanted, data))} == {}
    assert sum(map(len, said.values())) > 100_000


def test_no_log_names_anybody(town: Town, morning: Morning) -> None:
    logs = {path.stem: path.read_bytes() for path in town.stack.layout.logs.glob("*.log")}

    named = {name: names_of(canaries(town, morning), data) for name, data in logs.items() if name != MAIL_SERVER}

    assert {name: names for name, names in named.items() if names} == {}
    assert {"auth", "queue", "vacancy", "referral", "notify"} <= set(logs)


def canaries(town: Town, morning: Morning) -> list[str]:
    """Every IIN of the city; names and addresses of those who took part in the stories."""
    everybody = [person for waiting in town.city.waiting for person in (waiting.child, *waiting.guardians)]
    iins = {person.iin for person in everybody}
    taking_part = [person for waiting in in_the_stories(town) for person in (waiting.child, *waiting.guardians)]
    parents = (morning.heroine, morning.neighbour)
    addresses = {parent.email for parent in parents} | {parent.phone.removeprefix("+") for parent in parents}
    words = {name for person in taking_part for name in names(person)}
    return sorted(iins | words | addresses)


def in_the_stories(town: Town) -> tuple[Waiting, Waiting]:
    return (town.city.heroine, town.city.neighbour)


def names(person: Person) -> set[str]:
    """What tells a person from the kindergarten that is called by the same given name."""
    return {
        person.surname,
        person.patronymic,
        f"{person.given} {person.patronymic}",
        f"{person.surname} {person.given}",
    }
