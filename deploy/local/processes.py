"""The project's own processes of an instance as programs: the services, and the doubles of other organisations."""

import functools
import sys
import urllib.error
import urllib.request

from deploy.local import environment
from deploy.local.engines import answers
from deploy.local.layout import ROOT, SERVICES, Layout
from deploy.local.passwords import Passwords
from deploy.local.programs import Program

DOUBLES = ("nca", "ncalayer", "twilio", "mailbox")
SMTP = "smtp"


def existing_services() -> list[str]:
    """The services that can be started: those with a `__main__.py`."""
    return [name for name in SERVICES if (ROOT / "services" / name / "__main__.py").exists()]


def existing_doubles() -> list[str]:
    """The doubles that can be started, the SMTP server included."""
    found = [name for name in DOUBLES if (ROOT / "doubles" / name / "__main__.py").exists()]
    if (ROOT / "doubles" / "mailbox" / "postfix.py").exists():
        found.append(SMTP)
    return found


def program(layout: Layout, passwords: Passwords, name: str) -> Program:
    """How to run a service or a double; either is started again when it dies.

    A service is ready when it says so, a double when it takes connections.
    """
    variables = environment.of(layout, passwords, name)
    port = layout.port(name)
    command = [sys.executable, "-m", f"services.{name}" if name in SERVICES else f"doubles.{name}"]
    probe = functools.partial(answers, port)
    if name in SERVICES:
        probe = functools.partial(_says_yes, f"{layout.address(name)}/readyz")
    elif name == SMTP:
        where = ["--run-dir", str(layout.folder), "--port", str(port), "--serve"]
        ungrouped = [sys.executable, "-m", "deploy.local.ungrouped"]
        command = [*ungrouped, sys.executable, "-m", "doubles.mailbox.postfix", *where]
    return Program(name, command, (name,), probe, variables, again=True)


def _says_yes(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
