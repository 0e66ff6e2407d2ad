"""Talking to the supervisor of an instance: start it, tell it what to run, ask what runs."""

import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.local import leftovers
from deploy.local.programs import Program, write_head, write_program
from deploy.local.trouble import Trouble

_PATIENCE = 10.0


class Supervisor:
    """supervisord of one instance, reached by a socket in the instance's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "supervisor.sock"
        self._configuration = folder / "supervisord.conf"
        self._process: subprocess.Popen[bytes] | None = None

    def runs(self) -> bool:
        """Whether it answers."""
        if not self._socket.exists():
            return False
        try:
            self._ask("getState")
        except (OSError, xmlrpc.client.Error):
            return False
        return True

    def start(self, *, tied: bool) -> None:
        """Start it with no program yet; `tied` ends it, and all it runs, when the caller's process ends."""
        write_head(self._configuration, self._folder)
        mark = f"{leftovers.MARK}={self._folder}"
        words = ["env", mark, sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)]
        if tied:
            words = ["setpriv", "--pdeathsig", "TERM", *words]
        with (self._folder / "logs" / "supervisord.out").open("ab") as out:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd=self._folder
            )
        end = time.monotonic() + _PATIENCE
        while not self.runs():
            if self._process.poll() is not None or time.monotonic() > end:
                raise Trouble(f"The process supervisor did not start; its words are in {out.name}.")
            time.sleep(0.02)

    def tell(self, programs: Sequence[Program]) -> None:
        """Let it know these programs too; one that changed is stopped first, and none is started."""
        for program in programs:
            write_program(self._folder, program)
        added, changed, removed = self._ask("reloadConfig")[0]
        for name in (*changed, *removed):
            self.stop([name])
            self._ask("removeProcessGroup", name)
        for name in (*added, *changed):
            self._ask("addProcessGroup", name)

    def start_program(self, name: str) -> None:
        """Start a program unless it runs already; returns before it answers."""
        try:
            self._ask("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise Trouble(f"The process {name} could not be started: {fault.faultString}.") from fault

    def stop(self, names: Sequence[str]) -> None:
        """Stop programs side by side and wait until they have ended."""
        waiting = []
        for name in names:
            try:
                self._ask("stopProcess", name, False)
                waiting.append(name)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != Faults.NOT_RUNNING:
                    raise
        while any(self.describe(name)["statename"] in ("RUNNING", "STARTING", "STOPPING") for name in waiting):
            time.sleep(0.03)

    def describe(self, name: str) -> dict[str, Any]:
        """What supervisord knows of a program: statename, pid, exitstatus, spawnerr, start."""
        return cast("dict[str, Any]", self._ask("getProcessInfo", name))

    def describe_all(self) -> dict[str, dict[str, Any]]:
        """The same of every program it knows."""
        return {each["name"]: each for each in self._ask("getAllProcessInfo")}

    def shut_down(self) -> None:
        """End it and return when it has gone."""
        pid = self._ask("getPID")
        self._ask("shutdown")
        if self._process is not None:
            self._process.wait(_PATIENCE)
        end = time.monotonic() + _PATIENCE
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)

    def _ask(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        try:
            proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(proxy.supervisor, method)(*arguments)
        finally:
            if transport.connection is not None:
                transport.connection.close()
