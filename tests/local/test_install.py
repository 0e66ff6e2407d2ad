"""Installing the engines: done once, redone when something is missing, and never half."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local import broker, machine
from deploy.local.install import install, require_ready
from deploy.local.inventory import ALL, Condition, Engine
from deploy.local.trouble import Trouble

ROOT = Path(__file__).parents[2]
RECIPE = """\
set -e
mkdir "$1/lib"
echo 1.2.3 >"$1/version"
echo whole >"$1/lib/program"
echo made >>"{log}"
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A small engine whose recipe writes down each time it runs."""
    recipe = tmp_path / "recipe.sh"
    recipe.write_text(RECIPE.format(log=tmp_path / "runs"))
    return Engine("small", (recipe,), base=tmp_path / "engines")


def runs(engine: Engine) -> int:
    """How often the recipe ran."""
    return len((engine.recipe.parent / "runs").read_text().splitlines())


def test_a_second_installation_looks_and_does_nothing(engine: Engine) -> None:
    said: list[str] = []
    install(said.append, [engine])
    assert engine.condition() is Condition.READY
    assert any("small: version 1.2.3 is ready" in line for line in said)
    said.clear()
    install(said.append, [engine])
    assert runs(engine) == 1
    assert said == []


def test_a_missing_file_is_seen_and_the_engine_made_anew(engine: Engine) -> None:
    install(lambda _: None, [engine])
    (engine.home / "lib" / "program").unlink()
    assert engine.condition() is Condition.BROKEN
    with pytest.raises(Trouble, match=r"small .* is half-installed; run `make setup`"):
        require_ready([engine])
    install(lambda _: None, [engine])
    assert engine.condition() is Condition.READY
    assert runs(engine) == 2


def test_a_file_cut_short_is_seen(engine: Engine) -> None:
    install(lambda _: None, [engine])
    (engine.home / "lib" / "program").write_text("wh")
    assert engine.condition() is Condition.BROKEN


def test_an_installation_without_its_stamp_was_interrupted_and_is_redone(engine: Engine) -> None:
    install(lambda _: None, [engine])
    (engine.home / "stamp.json").unlink()
    assert engine.condition() is Condition.BROKEN
    install(lambda _: None, [engine])
    assert engine.condition() is Condition.READY


def test_a_changed_recipe_makes_the_engine_anew(engine: Engine) -> None:
    install(lambda _: None, [engine])
    with engine.recipe.open("a") as recipe:
        recipe.write("# changed\n")
    assert engine.condition() is Condition.OUTDATED
    install(lambda _: None, [engine])
    assert runs(engine) == 2


def test_a_failing_recipe_is_one_sentence_and_leaves_what_was_there(engine: Engine) -> None:
    install(lambda _: None, [engine])
    engine.recipe.write_text("echo no such version >&2\nexit 3\n")
    with pytest.raises(Trouble, match=r"Installing small failed \(no such version\); the whole log is .*small\.log"):
        install(lambda _: None, [engine])
    assert (engine.home / "lib" / "program").read_text() == "whole\n"
    assert [path.name for path in engine.base.iterdir() if path.name.startswith(".making")] == []


def test_a_killed_installation_leaves_nothing_in_the_way(engine: Engine) -> None:
    engine.recipe.write_text("mkdir $2/deep && chmod 500 $2/deep\necho begun\nsleep 60\n")
    script = (
        "from pathlib import Path\n"
        "from deploy.local.install import install\n"
        "from deploy.local.inventory import Engine\n"
        f"install(lambda line: print(line, flush=True), [Engine('small', (Path({str(engine.recipe)!r}),),"
        f" base=Path({str(engine.base)!r}))])\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        while "begun" not in process.stdout.readline():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert engine.condition() is Condition.ABSENT
    engine.recipe.write_text(RECIPE.format(log=engine.recipe.parent / "runs"))
    install(lambda _: None, [engine])
    assert engine.condition() is Condition.READY
    assert [path.name for path in engine.base.iterdir() if path.name.startswith(".making")] == []


def test_the_installed_engines_are_whole() -> None:
    assert {engine.name: engine.condition() for engine in ALL} == {engine.name: Condition.READY for engine in ALL}


def test_a_machine_without_java_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match="needs Java 17 or newer and this machine has none: install openjdk-17"):
        broker.check_java()


def test_an_old_java_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(Trouble, match=r"needs Java 17 or newer and found .*11\.0\.2"):
        broker.check_java()


def test_without_rights_a_person_is_told_which_packages_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "NEEDS", (machine.Need("such-a-package", command="no-such-command-anywhere"),))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert machine.main() == 1
    assert "as root run `apt-get install such-a-package`" in capsys.readouterr().err


def test_this_machine_has_what_the_project_needs() -> None:
    assert [need.package for need in machine.NEEDS if not need.is_met()] == []
