"""Services are killed in the middle of stories, and nothing is lost or doubled. The long run is `make drill`."""

from pathlib import Path

import typer

from deploy.local.stack import Stack
from tests.faults.drill import Drill
from tests.faults.instance import today_of
from tests.faults.report import SHORT


async def test_services_killed_in_the_middle_of_stories_lose_nothing_and_double_nothing(
    whole_stack: Stack, tmp_path: Path
) -> None:
    report = await Drill(whole_stack, SHORT, typer.echo, tmp_path, today_of(whole_stack)).run()
    typer.echo("\n".join(report.lines()))
    assert report.complaints == []
