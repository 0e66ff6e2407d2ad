"""The initialised PostgreSQL data folder that every new instance copies: made once, when the engine is installed."""

import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

from deploy.local.trouble import Trouble

SUPERUSER = "postgres"
_NOBODY = 65534

_SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
port = 5432
max_connections = 120
max_worker_processes = 20
shared_buffers = 128MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 512MB
fsync = on
synchronous_commit = on
password_encryption = 'scram-sha-256'
timezone = 'GMT'
log_timezone = 'GMT'
log_min_messages = warning
log_min_error_statement = panic
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.use_background_workers = on
cron.log_run = off
cron.log_statement = off
documentdb.localhost_connection_string = 'host={socket}'
"""


@cache
def unprivileged() -> tuple[str, ...]:
    """The words before a PostgreSQL command, which refuses to run as root.

    A user namespace gives root another number inside and leaves files to their owner; where the kernel forbids
    namespaces the server runs as nobody and owns its data folder.
    """
    if subprocess.run(["id", "-u"], capture_output=True, check=True).stdout.strip() != b"0":
        return ()
    namespace = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0:
        return namespace
    return ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")


def own(folder: Path) -> None:
    """Give a folder to the user under whom the server runs, where that is not the caller.

    Raises Trouble when that user cannot reach it.
    """
    if "setpriv" not in unprivileged():
        return
    subprocess.run(["chown", "-R", f"{_NOBODY}:{_NOBODY}", str(folder)], check=True)
    if subprocess.run([*unprivileged(), "test", "-x", str(folder)], check=False).returncode != 0:
        raise Trouble(
            f"PostgreSQL refuses to run as root, and as nobody it cannot reach {folder}; "
            "put the project into a folder that every user may enter, such as one in /srv."
        )


def configure(data: Path, socket: Path) -> None:
    """Write the settings of a server that listens on one socket in a folder of its own, and on no port."""
    (data / "zholdama.conf").write_text(_SETTINGS.format(socket=socket))


def sql(home: Path, socket: Path, text: str, *, timeout: float = 30) -> subprocess.CompletedProcess[str]:
    """Run statements as the superuser. The text travels by standard input: it may hold passwords."""
    command = [str(home / "bin" / "psql"), "-h", str(socket), "-U", SUPERUSER, "-d", "postgres"]
    flags = ["-XAtq", "-v", "ON_ERROR_STOP=1"]
    return subprocess.run([*command, *flags], input=text, text=True, capture_output=True, check=False, timeout=timeout)


def make(home: Path) -> None:
    """Initialise a data folder, start the server on it, add the DocumentDB extension, and stop it."""
    work = home / "making"
    data, socket, log = work / "data", work / "socket", work / "log"
    shutil.rmtree(work, ignore_errors=True)
    for folder in (work, data, socket):
        folder.mkdir(mode=0o700)
    own(work)
    with log.open("wb") as out:
        _run([*unprivileged(), str(home / "bin" / "initdb"), "-D", str(data), "-U", SUPERUSER, "-A", "trust",
              "-E", "UTF8", "--locale=C"], out)  # fmt: skip
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("include 'zholdama.conf'\n")
        configure(data, socket)
        own(work)
        server = subprocess.Popen(
            [*unprivileged(), "setpriv", "--pdeathsig", "INT", str(home / "bin" / "postgres"), "-D", str(data)],
            stdout=out,
            stderr=out,
        )
        try:
            _extend(home, socket, server)
        finally:
            server.send_signal(2)
            server.wait(30)
    data.rename(home / "template")
    shutil.rmtree(work)


def _run(command: list[str], out: object) -> None:
    if subprocess.run(command, stdout=out, stderr=out, check=False).returncode != 0:  # type: ignore[call-overload]
        raise Trouble(f"{Path(command[-1]).name} failed.")


def _extend(home: Path, socket: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if sql(home, socket, "select 1").returncode == 0:
            break
        if server.poll() is not None:
            raise Trouble(f"The freshly unpacked PostgreSQL ended at once; its log is {home / 'making' / 'log'}.")
        time.sleep(0.05)
    done = sql(home, socket, "set client_min_messages = warning; create extension documentdb cascade;", timeout=120)
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL did not take the DocumentDB extension: {done.stderr.strip()}")
