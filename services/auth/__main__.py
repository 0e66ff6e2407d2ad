"""`python -m services.auth` serves; with a command it does that and ends."""

from services.auth.app import compose, frame, open_store
from services.auth.cli import commands
from services.auth.signature.trust import NotPinned
from services.auth.store.secrets import SecretsMissing
from services.chassis.command import command_line

if __name__ == "__main__":
    try:
        command_line(frame, compose, commands(open_store))()
    except (NotPinned, SecretsMissing) as fault:
        raise SystemExit(f"auth cannot start: {fault}") from None
