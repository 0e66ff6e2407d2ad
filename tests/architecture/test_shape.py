"""Every service has the same files; sizes stay readable. A convention is a test with an exact list of exceptions."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("auth", "queue", "vacancy", "referral", "notify")
SHAPE = frozenset(
    {"__init__", "__main__", "settings", "domain", "usecases", "store", "events", "consumer", "api", "app"}
)
OPTIONAL = frozenset({"gateways", "cli"})
CARD = ("Owns:", "Hears:", "Says:", "Never:")

NOT_YET_BORN: frozenset[str] = frozenset()
"""Services without code yet; empty when all five live."""

MORE_ROOMS = {
    "auth": {"signature"},  # the verifier of the national signature: cryptography, so not in the pure domain
    "referral": {"documents"},  # rendering and sealing of the referral: typst, pyHanko
    "notify": {"templates"},  # texts in kk and ru, no code
}
"""Rooms a service has beside the shape, each for a reason."""

FILE_HARD_LIMIT = 400
FUNCTION_HARD_LIMIT = 60
FILE_P90 = 250
FUNCTION_P90 = 35
COMPOSITION_ROOT_LIMIT = 80

SOURCES = sorted(
    path
    for folder in ("services", "contracts", "doubles", "demo", "deploy", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)


def rooms(service: str) -> set[str]:
    folder = ROOT / "services" / service
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py"}
    return names | {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}


@pytest.mark.parametrize("service", sorted(set(SERVICES) - NOT_YET_BORN))
def test_a_service_has_exactly_the_rooms_of_the_shape(service: str) -> None:
    assert rooms(service) - OPTIONAL - MORE_ROOMS.get(service, set()) == SHAPE


@pytest.mark.parametrize("service", sorted(NOT_YET_BORN))
def test_a_service_listed_as_not_yet_born_has_no_code(service: str) -> None:
    assert not (ROOT / "services" / service).exists()


def test_every_further_room_in_the_list_exists() -> None:
    for service, more in MORE_ROOMS.items():
        assert more <= rooms(service)


@pytest.mark.parametrize("service", sorted(set(SERVICES) - NOT_YET_BORN))
def test_a_service_begins_with_its_card(service: str) -> None:
    card = ast.get_docstring(ast.parse((ROOT / "services" / service / "__init__.py").read_text())) or ""

    assert tuple(line.split()[0] for line in card.splitlines() if line.split() and line.split()[0] in CARD) == CARD
    assert len(card.splitlines()) <= 6


def test_there_are_no_services_besides_the_five_and_the_chassis() -> None:
    folders = {path.name for path in (ROOT / "services").iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == (set(SERVICES) - NOT_YET_BORN) | {"chassis"}


@pytest.mark.parametrize("service", sorted(set(SERVICES) - NOT_YET_BORN))
def test_a_composition_root_is_one_screen(service: str) -> None:
    assert len((ROOT / "services" / service / "app.py").read_text().splitlines()) <= COMPOSITION_ROOT_LIMIT


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in SOURCES}

    assert [str(path) for path, length in lengths.items() if length > FILE_HARD_LIMIT] == []
    assert ninth_tenth(list(lengths.values())) <= FILE_P90


def test_functions_are_short() -> None:
    lengths = [
        (f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not holds_doors(node)
    ]

    assert [name for name, length in lengths if length > FUNCTION_HARD_LIMIT] == []
    assert ninth_tenth([length for _, length in lengths]) <= FUNCTION_P90


def holds_doors(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A function that only registers doors or handlers is measured by what it holds, not as a whole."""
    return any(isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) for inner in node.body)


def ninth_tenth(values: list[int]) -> int:
    return sorted(values)[int(len(values) * 0.9)]


def test_tests_need_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_nothing_names_a_registry_or_an_absolute_path() -> None:
    hosts = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "npmjs" + ".",
        "maven" + ".org",
        "golang" + ".org",
        "deb." + "debian.org",
    )
    roots = ("/wo" + "rk/", "/ro" + "ot/")
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if any(host in line for host in hosts) or any(root in line for root in roots)
    ]

    assert lines == []


def tracked() -> list[Path]:
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in files if path.is_file() and path.suffix not in {".pdf", ".png", ".der", ".crl"}]
