"""The story begins anew in its own folder and touches nobody else's."""

from pathlib import Path

import pytest

from demo.stage import begin_anew
from deploy.local.stack import Stack
from deploy.local.trouble import Trouble


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a short name: an instance holds sockets, whose paths may not be long."""
    return tmp_path_factory.mktemp("run")


def test_what_an_earlier_run_left_is_removed_but_for_its_referrals(folder: Path) -> None:
    run_dir = folder / "demo"
    stack = Stack(run_dir, 23000)
    begin_anew(stack, run_dir)
    (run_dir / "demo" / "ALM-1.pdf").write_bytes(b"%PDF")
    (run_dir / "kafka").mkdir()
    (run_dir / "kafka" / "log").write_text("old")
    (run_dir / "clock.json").write_text("{}")
    begin_anew(stack, run_dir)
    assert sorted(entry.name for entry in run_dir.iterdir()) == ["demo"]
    assert (run_dir / "demo" / "ALM-1.pdf").exists()


def test_an_instance_of_somebody_else_is_left_alone(folder: Path) -> None:
    run_dir = folder / "main"
    (run_dir / "postgres").mkdir(parents=True)
    with pytest.raises(Trouble, match="did not make"):
        begin_anew(Stack(run_dir, 23000), run_dir)
    assert (run_dir / "postgres").exists()
