"""The direction of imports is kept by import-linter, and import-linter is seen to refuse each way of breaking it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("services", "contracts", "doubles", "demo", "deploy", "web")

BREACHES = {
    "a service imports another": ("services/queue/usecases/__init__.py", "import services.vacancy.domain", "import each other"),
    "a domain imports the driver": ("services/vacancy/domain/__init__.py", "import motor.motor_asyncio", "domain is pure"),
    "a domain imports the chassis": ("services/queue/domain/__init__.py", "import services.chassis.clock", "domain is pure"),
    "a store is used by a domain": ("services/referral/domain/__init__.py", "import services.referral.store", "data flows one way"),
    "a service opens the database itself": ("services/notify/store.py", "import motor.motor_asyncio", "only the chassis talks"),
    "the chassis learns of a service": ("services/chassis/http.py", "import services.auth.domain", "the chassis knows no service"),
    "a contract imports a service": ("contracts/queue.py", "import services.queue.domain", "contracts import nothing of ours"),
    "the demo takes a back door": ("demo/__init__.py", "import services.chassis.clock", "public doors only"),
    "the cabinet takes a back door": ("web/desk.py", "import services.queue.domain", "the cabinet asks the services"),
}  # fmt: skip


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_import_goes_the_way_it_should(copy: Path) -> None:
    result = lint(copy)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_refused(copy: Path, breach: str) -> None:
    name, line, contract = BREACHES[breach]
    file = copy / name
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        result = lint(copy)
    finally:
        file.write_text(before)

    assert result.returncode != 0
    broken = [said for said in result.stdout.splitlines() if said.endswith("BROKEN")]
    assert any(contract in said for said in broken), result.stdout
