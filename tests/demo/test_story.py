"""How the story is played: the exit must tell the truth."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from demo.city import make_city
from demo.door import Addresses, Refused
from demo.parent import Parent
from demo.scene import Scene
from demo.screen import Seen
from demo.story import STORY, Step, play

NOWHERE = Addresses(*["http://127.0.0.1:1"] * 9)


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    city = make_city(date(2026, 11, 25))
    heroine, neighbour, visitor = (
        Parent(NOWHERE, handle, family.guardians[0], f"{handle}@families.example", "+77000000001", "kk")
        for handle, family in (("aigerim", city.heroine), ("dauren", city.neighbour), ("dinara", city.visitor))
    )
    now = datetime(2026, 11, 25, tzinfo=UTC)
    return Scene(city, heroine, neighbour, visitor, now=lambda: now, move=lambda moment: None, folder=tmp_path)


async def well(_: Scene) -> Seen:
    return Seen("Болды", "Получилось", ["detail"])


async def badly(_: Scene) -> Seen:
    raise Refused(409, "PLACE_TAKEN", "taken")


def step(label: str, act: object, *needs: str) -> Step:
    return Step(label, label, frozenset(needs), act)  # type: ignore[arg-type]


async def test_steps_whose_services_do_not_exist_are_named_and_do_not_count_as_failed(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = await play(scene, {"auth"}, [step("1", well, "auth"), step("2", well, "auth", "vacancy")])
    assert (outcome.played, outcome.absent, outcome.failed) == (1, 1, 0)
    assert "not yet: it needs vacancy" in capsys.readouterr().out


async def test_after_a_failure_the_rest_is_not_played(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = await play(scene, set(), [step("1", well), step("2", badly), step("3", well)])
    assert (outcome.played, outcome.absent, outcome.failed) == (1, 0, 1)
    assert "FAILED: Refused: 409 PLACE_TAKEN" in capsys.readouterr().out


async def test_a_door_that_does_not_answer_fails_the_story(scene: Scene) -> None:
    outcome = await play(scene, {"auth"})
    assert outcome.failed == 1
    assert outcome.played == 0


def test_the_story_has_the_thirteen_steps_of_the_guide() -> None:
    numbers = [each.label for each in STORY if each.label.isdigit()]
    assert numbers == [str(number) for number in range(1, 14)]
