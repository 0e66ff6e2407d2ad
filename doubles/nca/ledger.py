"""What the authority remembers between runs: people, revocations, the last CRL number. Key pairs lie beside it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from doubles.nca import keys
from doubles.nca.certificates import Subject
from doubles.nca.keys import Credential
from doubles.nca.ocsp_answer import Revocation
from doubles.nca.revocation import Revoked


@dataclass(slots=True)
class Ledger:
    """The authority's memory; in memory only when it has no folder."""

    folder: Path | None
    people: dict[str, Subject] = field(default_factory=dict)
    revoked: Revoked = field(default_factory=dict)
    crl_number: int = 0
    _cache: dict[str, Credential] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | None) -> "Ledger":
        """Read the ledger of a folder, or begin one."""
        ledger = cls(folder)
        if folder is None or not (folder / "ledger.json").exists():
            return ledger
        told = json.loads((folder / "ledger.json").read_text("utf-8"))
        ledger.people = {handle: Subject(**person) for handle, person in told["people"].items()}
        ledger.revoked = {int(serial): _revocation(entry) for serial, entry in told["revoked"].items()}
        ledger.crl_number = told["crl_number"]
        return ledger

    def save(self) -> None:
        """Write everything but keys, whole or not at all."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {
            "people": {handle: asdict(person) for handle, person in self.people.items()},
            "revoked": {
                str(serial): {"at": entry.at.isoformat(), "reason": entry.reason.name}
                for serial, entry in self.revoked.items()
            },
            "crl_number": self.crl_number,
        }
        draft = self.folder / "ledger.json.new"
        draft.touch(0o600)
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
        draft.replace(self.folder / "ledger.json")

    def credential(self, title: str) -> Credential | None:
        """A key pair made before, or None."""
        if title not in self._cache and self.folder is not None:
            path = self.folder / f"{title}.pem"
            if path.exists():
                self._cache[title] = keys.load(path.read_bytes())
        return self._cache.get(title)

    def keep(self, title: str, credential: Credential) -> Credential:
        """Remember a key pair under its title."""
        self._cache[title] = credential
        if self.folder is not None:
            credential.write(self.folder / f"{title}.pem")
        return credential


def _revocation(entry: dict[str, Any]) -> Revocation:
    return Revocation(datetime.fromisoformat(entry["at"]), x509.ReasonFlags[entry["reason"]])
