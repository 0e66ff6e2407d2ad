"""Brings the city into the services by their own import commands."""

import subprocess
import sys
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from demo import files
from demo.city import City
from demo.files import organisation_rows

ROOT = Path(__file__).resolve().parents[1]


Told = Callable[[str], dict[str, str]]
"""The environment of a service's process, by the service's name."""


class NotImported(Exception):
    """An import command ended with an error; its last words."""


def load_city(city: City, folder: Path, environment: Told, present: Collection[str]) -> list[str]:
    """Import what the present services can take, the two roads side by side; each command's own last words."""
    folder.mkdir(parents=True, exist_ok=True)
    office = Office(city, folder, environment, frozenset(present))
    with ThreadPoolExecutor() as pool:
        roads = [pool.submit(office.families), pool.submit(office.kindergartens)]
    return [line for road in roads for line in road.result()]


@dataclass(frozen=True, slots=True)
class Office:
    """An operator who runs the import commands."""

    city: City
    folder: Path
    environment: Told
    present: frozenset[str]

    def families(self) -> list[str]:
        """People into auth; with the ids that it gives back, the queue."""
        if "auth" not in self.present:
            return []
        people, ids = files.write(self.folder / "people.csv", files.people_rows(self.city)), self.folder / "ids.csv"
        try:
            said = [self._run("auth", "import-people", people, "--out", ids)]
        finally:
            people.unlink()
        if "queue" in self.present:
            rows = files.queue_rows(self.city, files.ids_of_families(self.city, ids))
            said.append(self._run("queue", "import-queue", files.write(self.folder / "queue.csv", rows)))
        return said

    def kindergartens(self) -> list[str]:
        """Organisations and their free places into vacancy."""
        if "vacancy" not in self.present:
            return []
        gardens = files.write(self.folder / "organisations.csv", organisation_rows(self.city))
        places = files.write(self.folder / "places.csv", files.place_rows(self.city))
        return [
            self._run("vacancy", "import-organisations", gardens),
            self._run("vacancy", "import-places", places),
        ]

    def _run(self, service: str, command: str, *words: Path | str) -> str:
        """Run a service's command as an operator does; its last line and the time it took."""
        begin = time.perf_counter()
        line = [sys.executable, "-m", f"services.{service}", command, *map(str, words)]
        done = subprocess.run(line, cwd=ROOT, env=self.environment(service), capture_output=True, text=True)
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
            raise NotImported(f"{service} {command}: {last[-1]}")
        said = done.stdout.strip().splitlines() or [""]
        return f"{service} {command}: {said[-1]} ({time.perf_counter() - begin:.1f} s)"
