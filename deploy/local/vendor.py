"""Fetch the cabinet's browser libraries into `.vendor/`: `python -m deploy.local.vendor`.

`web/vendor.json` names each: package, version, the file inside the package, its integrity (SHA-384 as W3C Subresource
Integrity writes it) and, for what no page loads, `"for": "tests"`. Standard library only: image builds run it too.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.layout import ROOT, VENDOR
from deploy.local.trouble import Trouble

LIST = ROOT / "web" / "vendor.json"


@dataclass(frozen=True, slots=True)
class Library:
    """One file of one package."""

    package: str
    version: str
    file: str
    integrity: str
    tests_only: bool = False

    @property
    def name(self) -> str:
        """The file's name in `.vendor/`, and in the address under which a page loads it."""
        return Path(self.file).name

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds exactly this file."""
        path = folder / self.name
        return path.is_file() and integrity(path.read_bytes()) == self.integrity


def read(path: Path = LIST) -> list[Library]:
    """What the list names."""
    told = json.loads(path.read_text("utf-8"))
    return [
        Library(each["package"], each["version"], each["file"], each["integrity"], each.get("for") == "tests")
        for each in told
    ]


def require_ready() -> None:
    """Raise Trouble unless every library that pages load is there and unchanged."""
    for each in read():
        if not each.tests_only and not each.is_in(VENDOR):
            raise Trouble(f"The browser library {each.name} is not in {VENDOR}; run `make setup`, which fetches it.")


def integrity(content: bytes) -> str:
    """The integrity of a file (W3C Subresource Integrity 3.1)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def fetch(libraries: Sequence[Library], folder: Path, say: Callable[[str], object]) -> None:
    """Bring every library into the folder; what is there and unchanged is only looked at.

    Trouble when npm is absent, cannot fetch, or brings a file that is not the one the list means; then nothing of
    that file is kept.
    """
    missing = [each for each in libraries if not each.is_in(folder)]
    if not missing:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise Trouble(
            "npm, which fetches the cabinet's browser libraries, is absent; run `make setup` as root, which installs it."
        )
    folder.mkdir(parents=True, exist_ok=True)
    say(f"browser libraries: fetching {', '.join(f'{each.package} {each.version}' for each in missing)}")
    with tempfile.TemporaryDirectory(prefix="zholdama-vendor-") as work:
        _install(npm, missing, Path(work))
        for each in missing:
            _keep(each, Path(work) / "node_modules" / each.package, folder)
    say("browser libraries: ready")


def _install(npm: str, libraries: Sequence[Library], work: Path) -> None:
    """Let npm unpack the packages; none of their scripts runs."""
    quiet = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    named = [f"{each.package}@{each.version}" for each in libraries]
    done = subprocess.run(
        [npm, "install", *quiet, "--prefix", str(work), *named], capture_output=True, text=True, check=False, cwd=work
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise Trouble(f"npm could not fetch the browser libraries ({last}); run `make setup` again to retry.")


def _keep(library: Library, package: Path, folder: Path) -> None:
    """Copy the file and its licence, which asks to go with it."""
    source = package / library.file
    found = integrity(source.read_bytes()) if source.is_file() else "no such file"
    if found != library.integrity:
        raise Trouble(
            f"{library.file} of {library.package} {library.version} is not the file that web/vendor.json means "
            f"(expected {library.integrity}, found {found}); it is not used."
        )
    for licence in sorted(package.glob("LICEN[CS]E*"))[:1]:
        shutil.copyfile(licence, folder / f"{library.name}.LICENSE")
    fresh = folder / f".{library.name}.new"
    shutil.copyfile(source, fresh)
    fresh.rename(folder / library.name)


def main(arguments: Sequence[str]) -> int:
    """Fetch what pages load and what tests need; with `--pages` only the former. The status is 0 when all is there."""
    libraries = [each for each in read() if not (each.tests_only and "--pages" in arguments)]
    try:
        fetch(libraries, VENDOR, lambda line: print(line, flush=True))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
