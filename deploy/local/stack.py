"""One running instance of everything: engines, doubles, services and cabinet, from first start to last process gone."""

import signal
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy import topics
from deploy.local import clock, engines, environment, processes, vendor
from deploy.local.install import require_ready
from deploy.local.layout import SERVICES, TOPICS, Layout
from deploy.local.passwords import Passwords
from deploy.local.programs import Program
from deploy.local.runner import RUNNING, Runner
from deploy.local.trouble import Trouble

NAMES = (*engines.NAMES, *processes.DOUBLES, processes.SMTP, *SERVICES, processes.WEB)
"""Every process that an instance may have."""


class Stack:
    """An instance in `run_dir`, its ports counted from `port_base`.

    By default it ends with the process that made it, however that process ends; with `keep=True` its processes
    outlive the maker until `down`. Start it from the main thread: the kernel ties the processes to the thread that
    started them. Usable as a context manager, which calls `down`.
    """

    def __init__(self, run_dir: Path, port_base: int, *, keep: bool = False, topic_files: Path = TOPICS) -> None:
        self.layout = Layout(run_dir.resolve(), port_base)
        self.passwords = Passwords(self.layout.secrets)
        self._runner = Runner(self.layout, keep=keep)
        self._topic_files = topic_files
        self._web_told: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.down()

    def up_engines(self) -> None:
        """Start the engines, make their users, topics and rights, and return when they answer.

        Raises Trouble when one does not come up; then nothing is left running that did not run before.
        """
        require_ready()
        with self._runner.whole_or_nothing():
            self.layout.make_folders()
            postgres = self._runner.start([engines.prepare_postgres(self.layout)])
            kafka = self._runner.start([engines.prepare_kafka(self.layout, self.passwords)])
            self._runner.wait(postgres)
            engines.make_mongo_admin(self.layout, self.passwords)
            self._runner.wait(self._runner.start([engines.prepare_mongo(self.layout)]))
            engines.make_mongo_users(self.layout, self.passwords)
            self._runner.wait(kafka)
            self.apply_topics()

    def up_doubles(self) -> None:
        """Start the doubles of other organisations and return when they answer; the engines need not run."""
        with self._runner.whole_or_nothing():
            self._bring(processes.existing_doubles())

    def up_services(self, names: Sequence[str] | None = None) -> None:
        """Start services (all that exist when none is named) and return when each says it is ready."""
        with self._runner.whole_or_nothing():
            self._bring(processes.existing_services() if names is None else names)

    def up_web(self, told: Mapping[str, str] | None = None) -> None:
        """Start the cabinet, if it exists, and return when it says it is ready.

        `told` are settings (full names) that this instance's cabinet is given in place of the usual ones.
        """
        self._web_told = {**self._web_told, **(told or {})}
        if not processes.existing_web():
            return
        vendor.require_ready()
        with self._runner.whole_or_nothing():
            self._bring(processes.existing_web())

    def apply_topics(self) -> None:
        """Make topics and rights what the topic files say; the broker must answer."""
        topics.apply(topics.admin(self.kafka(engines.ADMIN)), topics.read_topics(self._topic_files))

    def restart(self, name: str) -> None:
        """Stop a process if it runs, start it, and return when it answers; `mongo` means both halves of that engine."""
        self.stop(name)
        self._bring(("postgres", "mongo") if name == "mongo" else (name,), one_by_one=True)

    def stop(self, name: str) -> None:
        """Stop a process if it runs, and return when it has ended; `restart` brings it back."""
        if name not in NAMES:
            raise Trouble(f"There is no process {name}; there are {', '.join(NAMES)}.")
        for member in ("mongo", "postgres") if name == "mongo" else (name,):
            self._runner.stop([member])

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a process; `mongo` means both halves of that engine.

        A killed service is started again by the supervisor; a killed engine waits for `restart`.
        """
        for member in ("mongo", "postgres") if name == "mongo" else (name,):
            self._runner.kill(member, number)

    def pid(self, name: str) -> int:
        """The process id. Trouble when the process does not run."""
        return self._runner.pid(name)

    def status(self) -> dict[str, str]:
        """The supervisor's word for each process (RUNNING, EXITED, FATAL, ...); empty when nothing is up."""
        return self._runner.states()

    def deaths(self) -> list[str]:
        """A sentence for each process that ended by itself and is not started again."""
        return [said for name in self.status() if (said := self._runner.has_died(name))]

    def down(self) -> None:
        """Stop everything in good order and return when no process of the instance is left. Data are kept."""
        self._runner.end()

    def move_clock(self, *, to: datetime | None = None, by: timedelta = timedelta(), speed: float = 1.0) -> datetime:
        """Move business time and return when every running service has done what became due meanwhile."""
        running = [name for name, state in self.status().items() if name in SERVICES and state in RUNNING]
        return clock.move(self.layout.clock_file, [self.url(name) for name in running], to=to, by=by, speed=speed)

    def environment(self, name: str) -> dict[str, str]:
        """The environment variables of a process of ours."""
        told = self._web_told if name == processes.WEB else {}
        return {**environment.of(self.layout, self.passwords, name), **told}

    def url(self, name: str) -> str:
        """The HTTP address of a service, the cabinet or a double."""
        return self.layout.address(name)

    def mongo_url(self, user: str = engines.ADMIN) -> str:
        """The address of the MongoDB wire for a service's user, or for the administrator."""
        return engines.mongo_url(self.layout, user, self.passwords.word(f"{user}/mongo"))

    def kafka(self, user: str = engines.ADMIN) -> dict[str, str]:
        """Connection settings of a Kafka user (a service, `subscriber`, `admin`), named as librdkafka names them."""
        return {
            "bootstrap.servers": f"127.0.0.1:{self.layout.port('kafka')}",
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": self.passwords.word(f"{user}/kafka"),
        }

    def _bring(self, names: Sequence[str], *, one_by_one: bool = False) -> None:
        programs = [self._program(name) for name in names]
        for batch in [[each] for each in programs] if one_by_one else [programs]:
            self._runner.wait(self._runner.start(batch))

    def _program(self, name: str) -> Program:
        if name == "kafka":
            return engines.prepare_kafka(self.layout, self.passwords)
        if name == "postgres":
            return engines.prepare_postgres(self.layout)
        if name == "mongo":
            return engines.prepare_mongo(self.layout)
        return processes.program(self.layout, name, self.environment(name))
