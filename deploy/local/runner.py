"""The life of an instance's processes: started under the supervisor, awaited, signalled, and gone at the end."""

import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.local import leftovers
from deploy.local.layout import ENGINES, Layout
from deploy.local.programs import Program
from deploy.local.supervisor import Supervisor
from deploy.local.trouble import Trouble

RUNNING = ("RUNNING", "STARTING")
_RESTLESS = (*RUNNING, "BACKOFF")
_STOPPED_FIRST = ("auth", "queue", "vacancy", "referral", "notify", "web")
_STOPPED_LAST = (("mongo", "kafka"), ("postgres",))
_TAIL_LINES = 4


class Runner:
    """The processes of one instance. `keep` lets them outlive the process that started them."""

    def __init__(self, layout: Layout, *, keep: bool) -> None:
        self._layout = layout
        self._keep = keep
        self._supervisor = Supervisor(layout.folder)

    def start(self, programs: Sequence[Program]) -> Sequence[Program]:
        """Start programs that do not run yet; returns them at once, before they answer."""
        self._begin()
        states = self.states()
        for program in programs:
            if states.get(program.name) not in RUNNING:
                self._check_ports(program)
        self._supervisor.tell(programs)
        for program in programs:
            self._supervisor.start_program(program.name)
        return programs

    def wait(self, programs: Sequence[Program]) -> None:
        """Return when each program answers. Trouble as soon as one has ended, or its patience is over."""
        begun = time.monotonic()
        for program in programs:
            while not program.probe():
                state = self._supervisor.describe(program.name)["statename"]
                if state not in _RESTLESS:
                    raise Trouble(f"The process {program.name} ended while starting. {self._last_words(program.name)}")
                if time.monotonic() - begun > program.patience:
                    raise Trouble(f"The process {program.name} does not answer. {self._last_words(program.name)}")
                time.sleep(0.03)

    def stop(self, names: Sequence[str]) -> None:
        """Stop processes, side by side, and return when they have ended."""
        if self._supervisor.runs():
            self._supervisor.stop(names)

    def end(self) -> None:
        """Stop everything, services first and engines last, and return when no process of the instance is left."""
        if self._supervisor.runs():
            running = {name for name, state in self.states().items() if state in _RESTLESS}
            last = {name for names in _STOPPED_LAST for name in names}
            doubles = running.difference(_STOPPED_FIRST, last)
            for names in (_STOPPED_FIRST, sorted(doubles), *_STOPPED_LAST):
                self._supervisor.stop([name for name in names if name in running])
            self._supervisor.shut_down()
        leftovers.end(self._layout.folder, ENGINES)

    def pid(self, name: str) -> int:
        """The process id. Trouble when the process does not run."""
        state, pid = "stopped", 0
        if self.states().get(name):
            said = self._supervisor.describe(name)
            state, pid = said["statename"], said["pid"]
        if state not in RUNNING or not pid:
            raise Trouble(f"The process {name} does not run ({state.lower()}).")
        return int(pid)

    def kill(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process and to its children that lead groups of their own."""
        pid = self.pid(name)
        children = leftovers.children(pid) if name == "postgres" else []
        for each in (pid, *children):
            leftovers.send(each, number)

    def states(self) -> dict[str, str]:
        """The supervisor's word for each process (RUNNING, EXITED, FATAL, ...); empty when nothing is up."""
        if not self._supervisor.runs():
            return {}
        return {name: said["statename"] for name, said in self._supervisor.describe_all().items()}

    def has_died(self, name: str) -> str | None:
        """A sentence about a process that ended by itself and is not started again; None otherwise."""
        state = self.states().get(name)
        if state in (*_RESTLESS, "STOPPED", "STOPPING", None):
            return None
        return f"The process {name} died; its data are kept: run `make up` to start it again. {self._last_words(name)}"

    @contextmanager
    def whole_or_nothing(self) -> Iterator[None]:
        """What a failed or interrupted start has begun is stopped, unless the instance ran before."""
        ran_before = self._supervisor.runs()
        try:
            yield
        except BaseException:
            if not ran_before:
                self.end()
            raise

    def _begin(self) -> None:
        if not self._supervisor.runs():
            self._layout.make_folders()
            leftovers.end(self._layout.folder, ENGINES)
            self._supervisor.start(tied=not self._keep)

    def _check_ports(self, program: Program) -> None:
        for name in program.ports:
            port = self._layout.port(name)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise Trouble(
                        f"Port {port} for {name} is taken by another program; end that program, "
                        f"or set ZHOLDAMA_PORT_BASE (now {self._layout.port_base}) to move all ports."
                    ) from None

    def _last_words(self, name: str) -> str:
        log = self._layout.logs / f"{name}.log"
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        return f"Its log {log} ends with: {' | '.join(lines[-_TAIL_LINES:]) or 'nothing'}"
