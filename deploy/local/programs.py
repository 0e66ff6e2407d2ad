"""What a supervised process is, and the supervisor's configuration for a set of them."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.broker import write_private

Probe = Callable[[], bool]
"""Asks a process whether it answers; False while it does not."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process of an instance."""

    name: str
    command: Sequence[str]
    ports: tuple[str, ...]
    """The names, in the layout, of the ports it listens on."""
    probe: Probe
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    again: bool = False
    """Whether the supervisor starts it again when it ends by itself."""
    patience: float = 60.0
    """Seconds to wait for its first answer."""


_HEAD = """\
[unix_http_server]
file={folder}/supervisor.sock
chmod=0700

[supervisord]
logfile={folder}/logs/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile={folder}/supervisord.pid
childlogdir={folder}/logs
nodaemon=true
silent=true
{user}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[include]
files={folder}/programs/*.conf
"""

_SECTION = """
[program:{name}]
command={command}
directory={folder}
environment={environment}
autostart=false
autorestart={again}
startsecs=1
startretries=5
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
stopasgroup={group}
killasgroup=true
stdout_logfile={folder}/logs/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
redirect_stderr=true
"""


def write_head(path: Path, folder: Path) -> None:
    """Write the supervisor's own file; each program has one beside it in `programs/`."""
    (folder / "programs").mkdir(mode=0o700, exist_ok=True)
    write_private(path, _HEAD.format(folder=folder, user="user=root" if os.getuid() == 0 else ""))


def write_program(folder: Path, program: Program) -> None:
    """Write the file of one program. It holds the program's environment and so is private."""
    text = _SECTION.format(
        name=program.name,
        command=_escaped(shlex.join(_tied(program))),
        folder=folder,
        environment=_environment(program.environment),
        again=str(program.again).lower(),
        stop_signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
        # PostgreSQL takes a signal to its whole group as a request to each child; only its head may be asked.
        group=str(program.name != "postgres").lower(),
    )
    write_private(folder / "programs" / f"{program.name}.conf", text)


def _tied(program: Program) -> list[str]:
    """The command, ended by the kernel should the supervisor itself be killed."""
    tie = ["setpriv", "--pdeathsig", program.stop_signal]
    words = list(program.command)
    if words[0] in ("unshare", "setpriv"):  # changing who one is forgets the tie: it goes inside
        inside = next(index for index, word in enumerate(words[1:], 1) if not word.startswith("-"))
        return [*words[:inside], *tie, *words[inside:]]
    return [*tie, *words]


def _environment(variables: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_quoted(value)}" for name, value in sorted(variables.items()))


def _quoted(value: str) -> str:
    """The supervisor knows no escapes inside quotes: the kind that does not occur in the value is taken."""
    mark = "'" if '"' in value else '"'
    return f"{mark}{_escaped(value)}{mark}"


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
