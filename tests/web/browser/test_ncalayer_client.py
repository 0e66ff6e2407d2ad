"""The client library, unchanged, in a page of the cabinet under its content policy, speaks with NCALayer over TLS."""

from typing import Any

import pytest

from doubles.ncalayer.keyboard import Behaviour
from tests.web.browser.conftest import NewParent, NewVisitor
from tests.web.browser.town import Town
from tests.web.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

# The client asks for another maker's program at an address of its own; one that is none ends that at once.
_SIGN = """async ([url, kind]) => {
  const client = new NCALayerClient(url, false);
  client.kmdHttpApiUrl = "https://:";
  try {
    const version = await client.connect();
    const signed = await client.basicsSignXML(
      NCALayerClient.basicsStoragePKCS12, "<login/>", NCALayerClient.basicsXMLParams, NCALayerClient[kind], "kk");
    return {version, signed, kmd: client.isKmd};
  } catch (error) {
    return {refused: error.message, cancelled: error.canceledByUser === true};
  } finally {
    client.wsConnection.close();
  }
}"""


async def sign(visitor: Visitor, url: str, kind: str = "basicsSignerAuthPerson") -> dict[str, Any]:
    """What the client library returns to a page that asks for a signature."""
    await visitor.go()
    await visitor.page.add_script_tag(url="/vendor/ncalayer-client.js")
    answer: dict[str, Any] = await visitor.page.evaluate(_SIGN, [url, kind])
    return answer


@pytest.fixture
def secure(town: Town) -> str:
    """The address of NCALayer that the cabinet's pages are told."""
    return town.stack.environment("web")["ZHOLDAMA_NCALAYER_URL"]


async def test_a_page_is_given_the_signed_document_of_who_sits_at_the_keyboard(
    town: Town, new_visitor: NewVisitor, new_parent: NewParent, secure: str
) -> None:
    parent, visitor = await new_parent(town.city.heroine), await new_visitor()
    await town.seat(parent.handle)
    assert secure.startswith("wss://127.0.0.1:")
    answer = await sign(visitor, secure)
    assert (answer["version"], answer["kmd"]) == ("1.4", False)
    assert "<ds:Signature" in answer["signed"][0]
    await visitor.look("signed")


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (Behaviour.CANCEL, {"refused": "cancelled by user", "cancelled": True}),
        (Behaviour.MISTYPED, {"refused": "WRONG_PASSWORD: keystore password was incorrect ()", "cancelled": False}),
    ],
)
async def test_a_person_who_does_not_sign_is_told_apart(
    town: Town, new_visitor: NewVisitor, new_parent: NewParent, secure: str, behaviour: Behaviour, told: dict[str, Any]
) -> None:
    parent, visitor = await new_parent(town.city.heroine), await new_visitor()
    await town.seat(parent.handle, behaviour)
    assert await sign(visitor, secure) == told


async def test_a_computer_without_the_program_is_told_apart(town: Town, new_visitor: NewVisitor, secure: str) -> None:
    visitor = await new_visitor()
    visitor.onlooker.forgive("WebSocket connection to")
    town.stack.stop("ncalayer")
    try:
        answer = await sign(visitor, secure)
    finally:
        town.stack.restart("ncalayer")
    assert "не установлен NCALayer" in answer["refused"]
    assert answer["cancelled"] is False


async def test_a_page_may_not_speak_to_any_other_program(new_visitor: NewVisitor) -> None:
    visitor = await new_visitor()
    visitor.onlooker.forgive("Content Security Policy|WebSocket connection to")
    assert "refused" in await sign(visitor, "wss://127.0.0.1:1/")
