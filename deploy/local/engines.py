"""The engines of one instance as programs: PostgreSQL with FerretDB in front (the MongoDB wire), and Kafka."""

import json
import shutil
import socket
import subprocess
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import broker, template
from deploy.local.inventory import FERRETDB, KAFKA, POSTGRES
from deploy.local.layout import SERVICES, Layout
from deploy.local.passwords import Passwords
from deploy.local.programs import Program
from deploy.local.trouble import Trouble

ADMIN = "admin"
SUBSCRIBER = "subscriber"
KAFKA_USERS = (*SERVICES, SUBSCRIBER)
NAMES = ("postgres", "mongo", "kafka")


def prepare_kafka(layout: Layout, passwords: Passwords) -> Program:
    """Write the broker's settings, format its data folder if it is new, and say how to run it."""
    broker.check_java()
    folder = layout.folder / "kafka"
    folder.mkdir(mode=0o700, exist_ok=True)
    _check_version(folder / "data", KAFKA.version())
    admin = passwords.word("admin/kafka")
    broker.write_settings(
        folder,
        kafka_port=layout.port("kafka"),
        controller_port=layout.port("controller"),
        admin=admin,
        controller=passwords.word("admin/controller"),
    )
    users = {broker.ADMIN: admin} | {user: passwords.word(f"{user}/kafka") for user in KAFKA_USERS}
    broker.format_data(KAFKA.home, folder, users)
    _note_version(folder / "data", KAFKA.version())
    command = broker.java_words(KAFKA.home, folder, "broker")
    return Program("kafka", command, ("kafka", "controller"), lambda: answers(layout.port("kafka")), stop_seconds=30)


def prepare_postgres(layout: Layout) -> Program:
    """Lay down the data folder of a new instance, clear what a crash left, and say how to run the server."""
    folder = layout.folder / "postgres"
    data, listening = folder / "data", folder / "socket"
    for each in (folder, listening):
        each.mkdir(mode=0o700, exist_ok=True)
    _check_version(data, POSTGRES.version())
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        fresh = folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(POSTGRES.home / "template"), str(fresh)], check=True)
        fresh.rename(data)
        _note_version(data, POSTGRES.version())
    template.configure(data, listening)
    template.own(folder)
    _forget_stranger(data)
    # Racers for one unique value end in a deadlock that PostgreSQL breaks only after this wait, one racer at a time.
    quick = ["-c", "deadlock_timeout=50ms"]
    command = [*template.unprivileged(), str(POSTGRES.home / "bin" / "postgres"), "-D", str(data), *quick]
    return Program("postgres", command, (), lambda: _postgres_answers(listening), stop_signal="INT")


def prepare_mongo(layout: Layout) -> Program:
    """Say how to run FerretDB in front of this instance's PostgreSQL."""
    folder = layout.folder / "mongo"
    folder.mkdir(mode=0o700, exist_ok=True)
    listening = layout.folder / "postgres" / "socket"
    database = f"postgres:///postgres?host={listening}&user={template.SUPERUSER}&pool_max_conns=60"
    command = [
        str(FERRETDB.home / "ferretdb"),
        f"--postgresql-url={database}",
        f"--listen-addr=127.0.0.1:{layout.port('mongo')}",
        f"--state-dir={folder}",
        "--debug-addr=-",
        "--auth",
        "--log-level=WARN",
        "--telemetry=disable",
    ]
    return Program("mongo", command, ("mongo",), lambda: answers(layout.port("mongo")), {"DO_NOT_TRACK": "1"})


def make_mongo_admin(layout: Layout, passwords: Passwords) -> None:
    """Give the administrator of the MongoDB wire its password; PostgreSQL must answer."""
    word = passwords.word("admin/mongo")
    text = f"""
        select 'create role {ADMIN} login superuser'
         where not exists (select from pg_roles where rolname = '{ADMIN}') \\gexec
        alter role {ADMIN} password '{word}';
    """
    done = template.sql(POSTGRES.home, layout.folder / "postgres" / "socket", text)
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL did not take the administrator's password: {done.stderr.strip()}")


def make_mongo_users(layout: Layout, passwords: Passwords) -> None:
    """One user per service. What a user may do beyond its own database this engine does not limit; MongoDB does."""
    client: MongoClient[dict[str, object]] = MongoClient(mongo_url(layout, ADMIN, passwords.word("admin/mongo")))
    with client:
        for service in SERVICES:
            word = passwords.word(f"{service}/mongo")
            roles = [{"role": "readWriteAnyDatabase", "db": "admin"}, {"role": "clusterAdmin", "db": "admin"}]
            try:
                client["admin"].command({"createUser": service, "pwd": word, "roles": roles})
            except OperationFailure:
                client["admin"].command({"updateUser": service, "pwd": word})
            except PyMongoError as error:
                raise Trouble(f"The MongoDB user {service} could not be made: {error}") from error


def mongo_url(layout: Layout, user: str, word: str) -> str:
    """The address of the MongoDB wire for one user."""
    return f"mongodb://{user}:{word}@127.0.0.1:{layout.port('mongo')}/?authSource=admin"


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _postgres_answers(listening: Path) -> bool:
    return (listening / ".s.PGSQL.5432").exists() and template.sql(POSTGRES.home, listening, "select 1").returncode == 0


def _forget_stranger(data: Path) -> None:
    """Remove a lock file whose process number belongs to somebody else since a crash or a reboot."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        owner = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if str(data).encode() not in owner:
        lock.unlink(missing_ok=True)


def _note_version(data: Path, version: str) -> None:
    (data.parent / "written-by.json").write_text(json.dumps({"version": version}))


def _check_version(data: Path, version: str) -> None:
    """Refuse to open data that another version wrote, before anything is touched."""
    note = data.parent / "written-by.json"
    if not data.exists() or not note.exists():
        return
    wrote = json.loads(note.read_text())["version"]
    if wrote != version:
        raise Trouble(
            f"The data in {data} were written by {data.parent.name} {wrote}, and the installed engine is {version}; "
            f"nothing was changed: install the engine of that version, or move {data.parent.parent} away to begin anew."
        )
