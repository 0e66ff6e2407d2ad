"""What this project needs of a Debian machine, and its installation: `python3 -m deploy.local.machine`.

Runs before anything of the project is installed, so it uses the standard library only. As root it installs what is
missing; otherwise it says in one sentence what a person with that right has to install. No server is left running.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_JAVA_NEEDED = 17
_ALSO_HERE = f"{os.defpath}:/usr/local/sbin:/usr/sbin:/sbin"
_POLICY = Path("/usr/sbin/policy-rc.d")
_POSTFIX_ANSWER = "postfix postfix/main_mailer_type select No configuration\n"


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package, wanted unless the command or file that it brings is there already."""

    package: str
    command: str = ""
    file: str = ""

    def is_met(self) -> bool:
        """Whether the machine has it, from this package or from elsewhere."""
        if self.package == "python3-venv":
            return importlib.util.find_spec("ensurepip") is not None
        if self.command == "java":
            return _java_version() >= _JAVA_NEEDED
        if self.command:
            return shutil.which(self.command) is not None or shutil.which(self.command, path=_ALSO_HERE) is not None
        return Path(self.file).exists()


NEEDS = (
    Need("python3-venv"),
    Need("ca-certificates", file="/etc/ssl/certs/ca-certificates.crt"),
    Need("openjdk-17-jre-headless", command="java"),
    Need("maven", command="mvn"),
    Need("postfix", command="postfix"),
    Need("poppler-utils", command="pdfsig"),
    Need("libnss3-tools", command="certutil"),
    Need("openssl", command="openssl"),
    Need("docker-compose", command="docker-compose"),
    Need("npm", command="npm"),
    Need("chromium", command="chromium"),
    Need("fonts-noto-core", file="/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"),
)


def main() -> int:
    """Install what is missing; the status is 0 when the machine then has everything."""
    missing = [need.package for need in NEEDS if not need.is_met()]
    if not missing:
        return 0
    names = " ".join(missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(
            f"This machine lacks what the project needs: as root run `apt-get install {names}`, then retry.\n"
        )
        return 1
    sys.stdout.write(f"installing {names}\n")
    sys.stdout.flush()
    with _no_servers_started():
        _answer_questions()
        if not _apt("install", missing, quiet=True) and not (_apt("update", []) and _apt("install", missing)):
            sys.stderr.write(f"apt-get could not install {names}; its own words are above.\n")
            return 1
    still = [need.package for need in NEEDS if not need.is_met()]
    if still:
        sys.stderr.write(f"Installed, yet this machine still lacks what {' '.join(still)} should bring.\n")
    return 1 if still else 0


def _apt(action: str, packages: Sequence[str], *, quiet: bool = False) -> bool:
    """Run apt-get without questions; a first try on old lists is `quiet`, since it may well fail."""
    words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "--no-install-recommends"]
    waiting = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(
        [*words, *waiting, action, *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=output,
        check=False,
    )
    return done.returncode == 0


def _answer_questions() -> None:
    """Postfix asks what kind of mail server this is: none, it is only used with the project's own configuration."""
    if shutil.which("debconf-set-selections"):
        subprocess.run(["debconf-set-selections"], input=_POSTFIX_ANSWER, text=True, check=False)


@contextmanager
def _no_servers_started() -> Iterator[None]:
    """Debian's rule for packages that would start a server on installation: here they may not."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)


def _java_version() -> int:
    if shutil.which("java") is None:
        return 0
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    sys.exit(main())
