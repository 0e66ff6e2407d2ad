"""What `.engines/` holds: which engines there are, how each is made, and whether the one on disk is whole."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deploy.local import archive, template
from deploy.local.layout import ENGINES

RECIPES = Path(__file__).with_name("recipes")


class Condition(StrEnum):
    """What was found at an engine's place."""

    READY = "ready"
    ABSENT = "absent"
    BROKEN = "half-installed"
    OUTDATED = "made by another recipe"


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: the recipe that fetches or builds it and the step that readies it at its final place."""

    name: str
    sources: tuple[Path, ...]
    finish: Callable[[Path], None] | None = None
    base: Path = ENGINES

    @property
    def recipe(self) -> Path:
        """The shell script; called with the folder to fill and a folder to work in."""
        return self.sources[0]

    @property
    def home(self) -> Path:
        """Where the installed engine stands."""
        return self.base / self.name

    def digest(self) -> str:
        """A hash of everything the recipe consists of: the engine is made anew when it changes."""
        total = hashlib.sha256()
        for source in self.sources:
            total.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
        return total.hexdigest()

    def condition(self) -> Condition:
        """Compare what is on disk with what the stamp says was installed."""
        if not self.home.exists():
            return Condition.ABSENT
        try:
            stamp = json.loads((self.home / "stamp.json").read_text())
        except (OSError, ValueError):
            return Condition.BROKEN
        if stamp.get("recipe") != self.digest():
            return Condition.OUTDATED
        return Condition.READY if stamp.get("files") == _files(self.home) else Condition.BROKEN

    def stamp(self) -> None:
        """Write down that the engine is whole; the last act of an installation."""
        text = json.dumps({"recipe": self.digest(), "version": self.version(), "files": _files(self.home)})
        fresh = self.home / "stamp.json.new"
        fresh.write_text(text)
        fresh.rename(self.home / "stamp.json")

    def version(self) -> str:
        """The version that was installed, such as 4.3.0."""
        return (self.home / "version").read_text().strip()


def _files(home: Path) -> str:
    """A hash of every file's name and size: enough to see that something is missing or cut short."""
    total = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.name.startswith("stamp.json"):
            total.update(f"{path.relative_to(home)}\0{path.lstat().st_size}\0".encode())
    return total.hexdigest()


KAFKA = Engine("kafka", (RECIPES / "kafka.sh", RECIPES / "pom.xml", Path(archive.__file__)), archive.make)
POSTGRES = Engine(
    "postgres", (RECIPES / "postgres.sh", RECIPES / "newer_suite.sh", Path(template.__file__)), template.make
)
FERRETDB = Engine("ferretdb", (RECIPES / "ferretdb.sh", RECIPES / "newer_suite.sh"))
ALL = (POSTGRES, FERRETDB, KAFKA)
