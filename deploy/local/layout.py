"""Where an instance keeps its things, and which port each of its processes listens on."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ROOT / ".engines"
RUN = ROOT / ".run"
VENDOR = ROOT / ".vendor"
TOPICS = ROOT / "contracts" / "topics"
POLICIES = ROOT / "contracts" / "policies"

OFFSETS = {
    "auth": 1,
    "queue": 2,
    "vacancy": 3,
    "referral": 4,
    "notify": 5,
    "web": 6,
    "nca": 20,
    "ncalayer": 21,
    "ncalayer-wss": 24,
    "twilio": 22,
    "mailbox": 23,
    "smtp": 25,
    "mongo": 27,
    "kafka": 92,
    "controller": 93,
}
"""Port of each process, counted from the port base of its instance."""

SERVICES = ("auth", "queue", "vacancy", "referral", "notify")
DEFAULT_PORT_BASE = 18000
HIGHEST_PORT = 32767
"""Above it the kernel hands out ports to outgoing connections and could take one of ours between two starts."""

_LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders and ports of one instance."""

    folder: Path
    port_base: int

    def __post_init__(self) -> None:
        if not 1024 <= self.port_base <= HIGHEST_PORT - max(OFFSETS.values()):
            raise Trouble(
                f"The port base {self.port_base} leaves no room between 1024 and {HIGHEST_PORT}; "
                f"set ZHOLDAMA_PORT_BASE to a number in between, such as {DEFAULT_PORT_BASE}."
            )
        longest = len(str(self.folder / "postgres" / "socket" / ".s.PGSQL.5432"))
        if longest > _LONGEST_SOCKET_PATH:
            raise Trouble(
                f"The path {self.folder} is {longest - _LONGEST_SOCKET_PATH} characters too long for a socket; "
                "put the project into a folder with a shorter path."
            )

    def port(self, name: str) -> int:
        """The TCP port of a process on 127.0.0.1."""
        return self.port_base + OFFSETS[name]

    def address(self, name: str) -> str:
        """The address other processes of this machine use for a service or a double."""
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys, readable by their owner only."""
        return self.folder / "secrets"

    @property
    def clock_file(self) -> Path:
        """The test clock that every process of the instance reads."""
        return self.folder / "clock.json"

    def make_folders(self) -> None:
        """Create the instance's folders.

        The outermost may be passed through, not listed, by others: PostgreSQL may have to run as somebody else.
        Everything in it is closed.
        """
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for folder in (self.logs, self.secrets):
            folder.mkdir(mode=0o700, exist_ok=True)
